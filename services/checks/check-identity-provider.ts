/** The organisation's identity provider, where there is one: whether it describes itself as the issuer that is named. */

import { z } from 'zod'
import type { Environment } from '#config/environment.ts'
import { causeOf, findingsOf, wordsOf, type Finding } from './finding.ts'

const timeoutMs = 8_000
const { ok, fault } = findingsOf('identity_provider')
const descriptionSchema = z.object({ issuer: z.string(), token_endpoint: z.url() })
const slashless = (address: string) => address.replace(/\/+$/, '')

export async function checkIdentityProvider({
  OIDC_ISSUER: issuer,
  PASSWORD_SIGN_IN,
}: Pick<Environment, 'OIDC_ISSUER' | 'PASSWORD_SIGN_IN'>): Promise<Finding[]> {
  if (!issuer) return []
  const meanwhile = PASSWORD_SIGN_IN ? 'only passwords sign in' : 'nobody signs in'
  let answer: Response
  try {
    const address = `${slashless(issuer)}/.well-known/openid-configuration`
    answer = await fetch(address, { signal: AbortSignal.timeout(timeoutMs) })
  } catch (error) {
    return [
      fault(
        'identity_provider_away',
        `${issuer} cannot be reached: ${wordsOf(causeOf(error))}`,
        `Let this machine reach it, or correct OIDC_ISSUER; meanwhile ${meanwhile}`,
      ),
    ]
  }
  const { data } = descriptionSchema.safeParse(await answer.json().catch(() => null))
  if (answer.ok && data && slashless(data.issuer) === slashless(issuer))
    return [ok(`${issuer} describes itself`)]
  return [
    fault(
      'identity_provider_wrong',
      data
        ? `${issuer} calls itself ${data.issuer}`
        : `${issuer} answers ${answer.status}, and no description of itself`,
      'Set OIDC_ISSUER to the issuer as the provider writes it; its page of settings names it',
    ),
  ]
}
