/** better-auth's routes, with our limit on refused sign-ins and errors as problems. */

import { z } from 'zod'
import type { ProblemCode } from '#domain/problems.ts'
import { ApiProblem, problemResponse } from '../http/api-problem.ts'
import { askAuth } from './ask-auth.ts'
import type { Api, ApiContext } from '../http/api-env.ts'
import { clientAddress } from '../http/client-address.ts'
import type { ApiDeps } from '../deps.ts'
import { readableJson } from '../http/readable-json.ts'
import { createSignInLimit } from './sign-in-limit.ts'

export function authRoutes(api: Api, deps: ApiDeps): void {
  const { auth, environment, prisma } = deps
  const limit = createSignInLimit(prisma, deps.now)

  api.use('/api/auth/*', readableJson)

  api.post('/api/auth/sign-in/email', async (context) => {
    const { email } = emailOnly.parse(await context.req.json().catch(() => ({})))
    const attempt = { email, client: clientAddress(context, environment.TRUSTED_PROXY_HOPS) }
    await limit.check(attempt)
    const response = await askBetterAuth(context)
    if (response.status === 401) await limit.refused(attempt)
    if (response.ok) await limit.accepted(attempt)
    return asProblem(context, response)
  })

  api.on(['GET', 'POST'], '/api/auth/*', async (context) => {
    return asProblem(context, await askBetterAuth(context))
  })

  async function askBetterAuth(context: ApiContext): Promise<Response> {
    const request = await withOrigin(context)
    return askAuth(() => auth.handler(request))
  }

  /**
   * better-auth requires an Origin beside a cookie. Browsers send one with each POST, and app.ts has refused foreign
   * ones. A program that sends none (a script with a cookie jar) cannot be misled by another site: it gets our own.
   */
  async function withOrigin({ req }: ApiContext): Promise<Request> {
    const headers = new Headers(req.raw.headers)
    const isBrowser = headers.has('origin') || headers.has('sec-fetch-site')
    if (!isBrowser) headers.set('origin', new URL(environment.PUBLIC_URL).origin)
    const body = req.method === 'GET' ? undefined : await req.text()
    return new Request(req.url, { method: req.method, headers, body })
  }
}

const emailOnly = z.object({ email: z.string().max(320).catch('') }).catch({ email: '' })
const betterAuthError = z.object({ code: z.string().catch(''), message: z.string().catch('') })

const knownCodes: Readonly<Record<string, ProblemCode>> = {
  INVALID_EMAIL_OR_PASSWORD: 'wrong_credentials',
  INVALID_EMAIL: 'wrong_credentials',
  INVALID_API_KEY: 'invalid_api_key',
  INVALID_ORIGIN: 'origin_refused',
  MISSING_OR_NULL_ORIGIN: 'origin_refused',
}
const codesByStatus: Readonly<Record<number, ProblemCode>> = {
  400: 'bad_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'body_too_large',
  415: 'unsupported_media_type',
  422: 'validation_failed',
  429: 'too_many_attempts',
}

/** Turns errors into problems; better-auth's own message is kept when we have no better one. */
async function asProblem(context: ApiContext, response: Response): Promise<Response> {
  if (response.status < 400) return response
  const { code, message } = betterAuthError
    .catch({ code: '', message: '' })
    .parse(await response.json().catch(() => ({})))
  const known = knownCodes[code]
  const ours = known ?? codesByStatus[response.status] ?? 'internal_error'
  const detail = !known && message !== '' && response.status < 500 ? { fr: message, en: message } : undefined
  const problem = problemResponse(context, new ApiProblem(ours, { detail }))
  for (const cookie of response.headers.getSetCookie()) problem.headers.append('set-cookie', cookie)
  return problem
}
