/** The security headers of every answer. */

import { createMiddleware } from 'hono/factory'
import { secureHeaders } from 'hono/secure-headers'
import type { Environment } from '#config/environment.ts'
import type { ApiEnv } from './api-env.ts'

const basic = secureHeaders({
  xFrameOptions: 'DENY',
  referrerPolicy: 'no-referrer',
  // Set below, under https alone.
  strictTransportSecurity: false,
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'unsafe-inline'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
  },
})

/** Answers of the API are never cached; a route that may be cached, or needs a wider policy, sets its own header. */
export function securityHeaders(environment: Pick<Environment, 'PUBLIC_URL' | 'HSTS_INCLUDE_SUBDOMAINS'>) {
  const secure = environment.PUBLIC_URL.startsWith('https://')
  const transport = `max-age=31536000${environment.HSTS_INCLUDE_SUBDOMAINS ? '; includeSubDomains' : ''}`
  return createMiddleware<ApiEnv>(async (context, next) => {
    await basic(context, async () => {
      await next()
    })
    const ownPolicy = context.get('contentSecurityPolicy')
    if (ownPolicy) context.header('content-security-policy', ownPolicy)
    if (secure) context.header('strict-transport-security', transport)
    if (!context.res.headers.has('cache-control')) context.header('cache-control', 'no-store')
  })
}
