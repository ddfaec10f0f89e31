import { createMiddleware } from 'hono/factory'
import { matchedRoutes } from 'hono/route'
import { inServerSpan } from '#adapters/tracing/spans.ts'
import type { ApiContext, ApiEnv } from './api-env.ts'

/** Asked every few seconds by whoever watches over the process. */
const probe = /\/(?:healthz|readyz|livez)$/

/** A span a request, named by the route's pattern: an address itself may hold a token. Goes on with a proxy's trace. */
export const traceRequests = createMiddleware<ApiEnv>(async (context, next) => {
  const { method, path } = context.req
  if (probe.test(path)) return next()
  const traceparent = context.req.header('traceparent')
  await inServerSpan(method, traceparent === undefined ? {} : { traceparent }, async (span) => {
    await next()
    const route = routeOf(context)
    span.updateName(`${method} ${route}`)
    span.setAttributes({
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': context.res.status,
    })
  })
})

/** The pattern of the route that answered, `none` without one. */
export function routeOf(context: ApiContext): string {
  const handlers = matchedRoutes(context).filter(({ method }) => method !== 'ALL')
  return handlers.at(-1)?.path ?? 'none'
}
