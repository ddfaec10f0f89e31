/** Sign-in and sign-out by better-auth, with our own limits and errors; none of its other addresses is open. */

import { z } from 'zod'
import { pagePaths } from '#domain/page-paths.ts'
import type { ProblemCode } from '#domain/problems.ts'
import { ApiProblem, problemResponse } from '../http/api-problem.ts'
import type { Api, ApiContext } from '../http/api-env.ts'
import { clientAddress } from '../http/client-address.ts'
import { readableJson } from '../http/readable-json.ts'
import type { ApiDeps } from '../deps.ts'
import { nameOf, recordEvent } from '#services/audit/record-event.ts'
import { visitorOf } from '../audit/audit-actor.ts'
import { askAuth } from './ask-auth.ts'
import { createKnownDevices } from './known-device.ts'
import { passwordRoutes } from './password-routes.ts'
import { passwordWork, requirePasswordSignIn } from './password-work.ts'
import { createIdentityProvider } from './provider/identity-provider.ts'
import { providerRoutes } from './provider/provider-routes.ts'
import { createSignInLimit } from './sign-in-limit.ts'
import { passCookies } from './start-session.ts'
import { maxPasswordLength } from '#domain/schemas/password-schema.ts'

export function authRoutes(api: Api, deps: ApiDeps): void {
  const { auth, environment, prisma } = deps
  const limit = createSignInLimit(prisma, deps.now)
  const devices = createKnownDevices(deps)
  const provider = createIdentityProvider(environment, deps.now)

  api.use('/api/auth/*', readableJson)

  api.post('/api/auth/sign-in/email', async (context) => {
    requirePasswordSignIn(environment)
    const { email, password } = credentials.parse(await context.req.json().catch(() => ({})))
    if (email === '' || password === '') throw new ApiProblem('wrong_credentials')
    const client = clientAddress(context, environment.TRUSTED_PROXY_HOPS)
    const attempt = { email, client, device: await devices.of(context, email) }
    await limit.begin(attempt)
    const response = await passwordWork(() => askBetterAuth(context, { email, password })).catch(
      async (error: unknown) => {
        await limit.withdrawn(attempt)
        throw error
      },
    )
    // 403: the password was right, and the account is deactivated.
    if (response.ok || response.status === 403) await limit.accepted(attempt)
    const refusal = await refusalOf(context, response)
    const user = await prisma.user.findUnique({ where: { email: email.toLowerCase() } })
    const isKnown = user !== null && (response.ok || response.status === 403)
    const who = { id: isKnown ? user.id : null, name: isKnown ? nameOf(user) : email, via: 'none' } as const
    await recordEvent(prisma, visitorOf(context, environment, who), {
      kind: response.ok ? 'signed_in' : 'sign_in_refused',
      details: response.ok ? {} : { status: response.status },
    })
    if (refusal) return refusal
    await devices.remember(context, email)
    return context.json({}, 200)
  })

  api.post('/api/auth/sign-out', async (context) => {
    const returnTo = environment.PUBLIC_URL + pagePaths.signIn
    const session = await askAuth(() => auth.api.getSession({ headers: context.req.raw.headers }))
    const refusal = await refusalOf(context, await askBetterAuth(context, {}))
    if (refusal) return refusal
    if (session) {
      const who = { id: session.user.id, name: nameOf(session.user), via: 'session' } as const
      await recordEvent(prisma, visitorOf(context, environment, who), { kind: 'signed_out' })
    }
    const goesOn = session?.session.viaProvider && provider
    return context.json({ continue_at: goesOn ? await provider.signOutUrl(returnTo) : null }, 200)
  })

  passwordRoutes(api, deps)
  providerRoutes(api, deps, provider)

  async function askBetterAuth(context: ApiContext, body: object): Promise<Response> {
    const headers = new Headers(context.req.raw.headers)
    headers.set('content-type', 'application/json')
    headers.delete('content-length')
    // It requires an Origin beside a cookie. Browsers send one with each POST, and app.ts has refused foreign ones. A
    // program that sends none (a script with a cookie jar) cannot be misled by another site: it gets our own.
    if (!headers.has('origin') && !headers.has('sec-fetch-site')) {
      headers.set('origin', new URL(environment.PUBLIC_URL).origin)
    }
    const request = new Request(new URL(context.req.path, context.req.url), {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    return askAuth(() => auth.handler(request))
  }
}

const text = z.string().catch('')
const credentials = z
  .object({
    email: text.transform((email) => (email.length > 254 ? '' : email.trim())),
    // Longer ones are never set: hashing them would only cost.
    password: text.transform((password) => (password.length > maxPasswordLength ? '' : password)),
  })
  .catch({ email: '', password: '' })

const betterAuthError = z.object({ code: z.string() }).catch({ code: '' })

const knownCodes: Readonly<Record<string, ProblemCode>> = {
  INVALID_EMAIL_OR_PASSWORD: 'wrong_credentials',
  INVALID_EMAIL: 'wrong_credentials',
  ACCOUNT_DEACTIVATED: 'account_deactivated',
  INVALID_ORIGIN: 'origin_refused',
  MISSING_OR_NULL_ORIGIN: 'origin_refused',
}
const codesByStatus: Readonly<Record<number, ProblemCode>> = {
  400: 'bad_request',
  401: 'unauthenticated',
  403: 'forbidden',
}

/** Sets its cookies. @returns its error as a problem, null when it has none. */
async function refusalOf(context: ApiContext, response: Response): Promise<Response | null> {
  passCookies(context, response.headers)
  if (response.ok) return null
  const { code } = betterAuthError.parse(await response.json().catch(() => ({})))
  return problemResponse(
    context,
    new ApiProblem(knownCodes[code] ?? codesByStatus[response.status] ?? 'internal_error'),
  )
}
