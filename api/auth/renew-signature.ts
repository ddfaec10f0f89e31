/**
 * A session whose cookie was signed before AUTH_SECRET was changed goes on: the request is seen as if its cookie were
 * signed with the present secret. Within a day of use better-auth renews the cookie itself.
 */

import { getSignedCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { parse, serializeSigned } from 'hono/utils/cookie'
import { authSecrets } from '#config/secrets.ts'
import type { ApiEnv } from '../http/api-env.ts'
import { sessionCookieOf } from '../http/path-below.ts'
import type { ApiDeps } from '../deps.ts'

export function renewSignature({ environment }: Pick<ApiDeps, 'environment'>) {
  const [present, ...previous] = authSecrets(environment)
  const cookieName = sessionCookieOf(environment.PUBLIC_URL)
  return createMiddleware<ApiEnv>(async (context, next) => {
    for (const secret of previous) {
      const token = await getSignedCookie(context, secret, cookieName)
      if (!token) continue
      const others = Object.entries(parse(context.req.header('cookie') ?? '')).filter(
        ([name]) => name !== cookieName,
      )
      const pairs = others.map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      pairs.push(await serializeSigned(cookieName, token, present))
      context.req.raw.headers.set('cookie', pairs.join('; '))
      break
    }
    await next()
  })
}
