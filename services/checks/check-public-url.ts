/** The address that people, mails and proxies use: whether this product's API answers there. */

import { z } from 'zod'
import type { Environment } from '#config/environment.ts'
import { causeOf, findingsOf, wordsOf, type Finding } from './finding.ts'

const timeoutMs = 5_000
const { ok, fault } = findingsOf('public_url')
const aliveSchema = z.object({ status: z.literal('ok') })

export async function checkPublicUrl({
  PUBLIC_URL: url,
}: Pick<Environment, 'PUBLIC_URL'>): Promise<Finding[]> {
  let answer: Response
  try {
    answer = await fetch(`${url}/healthz`, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
  } catch (error) {
    return [
      fault(
        'public_url_away',
        `${url} cannot be reached from here: ${wordsOf(causeOf(error))}`,
        'Start the API, or correct PUBLIC_URL; where only browsers outside reach it, open it in one',
      ),
    ]
  }
  const body: unknown = await answer.json().catch(() => null)
  if (answer.ok && aliveSchema.safeParse(body).success) return [ok(`${url} is answered by the API`)]
  return [
    fault(
      'public_url_wrong',
      `${url}/healthz is answered by something else (${answer.status})`,
      'Set PUBLIC_URL to the address at which the proxy passes on to the API: links in mails, cookies and sign-in use it',
    ),
  ]
}
