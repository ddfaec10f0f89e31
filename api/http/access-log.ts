/** One line per request, with the route's pattern instead of the URL: paths hold tokens, queries personal data. */

import { createMiddleware } from 'hono/factory'
import { matchedRoutes } from 'hono/route'
import type { Logger } from '#config/logger.ts'
import type { ApiContext, ApiEnv } from './api-env.ts'

export function accessLog(logger: Logger) {
  return createMiddleware<ApiEnv>(async (context, next) => {
    const startedAt = performance.now()
    await next()
    const { status } = context.res
    logger[status >= 500 ? 'error' : 'info'](
      {
        requestId: context.get('requestId'),
        method: context.req.method,
        route: routeOf(context),
        status,
        ms: Math.round(performance.now() - startedAt),
        person: context.get('person')?.id,
      },
      'request',
    )
  })
}

function routeOf(context: ApiContext): string {
  const handlers = matchedRoutes(context).filter(({ method }) => method !== 'ALL')
  return handlers.at(-1)?.path ?? 'none'
}
