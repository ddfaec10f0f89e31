/**
 * One line and one sample of the metrics per request; the line has the route's pattern instead of the URL: paths hold
 * tokens, queries personal data.
 */

import { createMiddleware } from 'hono/factory'
import { Histogram } from 'prom-client'
import type { Logger } from '#config/logger.ts'
import { metrics } from '#services/monitoring/report-metrics.ts'
import type { ApiContext, ApiEnv } from './api-env.ts'
import { routeOf } from './trace-requests.ts'

const requests = new Histogram({
  name: 'rapporteur_http_request_seconds',
  help: 'Requests until their answer begins, by class of status: 2xx, 3xx, 4xx, 5xx',
  labelNames: ['status'],
  buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
  registers: [metrics],
})

export function accessLog(logger: Logger) {
  return createMiddleware<ApiEnv>(async (context, next) => {
    const startedAt = performance.now()
    await next()
    const { status } = context.res
    const ms = performance.now() - startedAt
    requests.observe({ status: `${Math.floor(status / 100)}xx` }, ms / 1000)
    logger[status >= 500 ? 'error' : 'info'](
      {
        requestId: context.get('requestId'),
        method: context.req.method,
        route: routeOf(context),
        ...subjectOf(context),
        status,
        ms: Math.round(ms),
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
