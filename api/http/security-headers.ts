/** The security headers of every answer. */

import { createMiddleware } from 'hono/factory'
import { secureHeaders } from 'hono/secure-headers'
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
export function securityHeaders(publicUrl: string) {
  const secure = publicUrl.startsWith('https://')
  return createMiddleware<ApiEnv>(async (context, next) => {
    await basic(context, async () => {
      await next()
    })
    const ownPolicy = context.get('contentSecurityPolicy')
    if (ownPolicy) context.header('content-security-policy', ownPolicy)
    if (secure) context.header('strict-transport-security', 'max-age=31536000; includeSubDomains')
    if (!context.res.headers.has('cache-control')) context.header('cache-control', 'no-store')
  })
}
