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
        ...subjectOf(context),
        status,
        ms: Math.round(performance.now() - startedAt),
        person: context.get('person')?.id,
      },
      'request',
    )
  })
}

/** Of the parts of a path, those that an operator looks for, and that say nothing of a person. */
function subjectOf({ req }: ApiContext): { number?: number; scheduledReportId?: string } {
  const [, number] = /^\/v1\/reports\/(\d{1,10})(?:\/|$)/.exec(req.path) ?? []
  const [, id] = /^\/v1\/admin\/scheduled-reports\/([\da-f-]{36})(?:\/|$)/i.exec(req.path) ?? []
  return { number: number === undefined ? undefined : Number(number), scheduledReportId: id }
}

function routeOf(context: ApiContext): string {
  const handlers = matchedRoutes(context).filter(({ method }) => method !== 'ALL')
  return handlers.at(-1)?.path ?? 'none'
}
