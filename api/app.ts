/** The HTTP API, built from its dependencies; tests call `app.request()`, server.ts makes it listen. */

import { OpenAPIHono } from '@hono/zod-openapi'
import type { FieldIssue } from '#domain/problems.ts'
import { fieldIssues } from '#domain/schemas/field-issues.ts'
import { accessLog } from './http/access-log.ts'
import { admitInTurn } from './http/admit-in-turn.ts'
import { basePathOf, pathBelow } from './http/path-below.ts'
import { ApiProblem, invalid } from './http/api-problem.ts'
import type { Api, ApiContext, ApiEnv } from './http/api-env.ts'
import type { ApiDeps } from './deps.ts'
import { answerError, answerNotFound } from './http/answer-error.ts'
import { traceRequests } from './http/trace-requests.ts'
import { limitBody, maxAnonymousBodyBytes, maxBodyBytes } from './http/limit-body.ts'
import { readableJson } from './http/readable-json.ts'
import { isForeign, isFromTemporalWeb } from './http/origins.ts'
import { requireAdmin, requirePerson } from './auth/require-person.ts'
import { requestContext } from './http/request-context.ts'
import { auditRoutes } from './audit/audit-routes.ts'
import { authRoutes } from './auth/auth-routes.ts'
import { catalogueRoutes } from './system/catalogue-routes.ts'
import { codecRoutes } from './system/codec-routes.ts'
import { configurationRoutes } from './system/configuration-routes.ts'
import { dashboardRoutes } from './dashboard/dashboard-routes.ts'
import { docsRoutes } from './system/docs-routes.ts'
import { healthRoutes } from './system/health-routes.ts'
import { linkRoutes } from './links/link-routes.ts'
import { ownAccessRoutes } from './auth/own-access-routes.ts'
import { meRoutes } from './auth/me-routes.ts'
import { createOpenStreams } from './reports/open-streams.ts'
import { reportEventRoutes, type ReportFeed } from './reports/report-event-routes.ts'
import { attributeRoutes } from './data/attribute-routes.ts'
import { createDataReaders } from './data/data-readers.ts'
import { reportTypeRoutes } from './data/report-type-routes.ts'
import { reportRoutes } from './reports/report-routes.ts'
import { scheduledReportActionRoutes } from './scheduled-reports/scheduled-report-action-routes.ts'
import { scheduledReportOccurrenceRoutes } from './scheduled-reports/occurrence-routes.ts'
import { scheduledReportRoutes } from './scheduled-reports/scheduled-report-routes.ts'
import { renewSignature } from './auth/renew-signature.ts'
import { userRoutes } from './people/people-routes.ts'
import { securityHeaders } from './http/security-headers.ts'
import { webPages } from './http/web-pages.ts'

export function createApp(deps: ApiDeps, feed: ReportFeed): Api {
  const { logger, environment } = deps
  const api: Api = new OpenAPIHono<ApiEnv>({
    defaultHook: onInvalid(() => api),
    getPath: pathBelow(environment.PUBLIC_URL),
  })

  api.use(traceRequests, requestContext, accessLog(logger), securityHeaders(environment))
  healthRoutes(api, deps)
  api.use(admitInTurn())
  api.use(async ({ req }, next) => {
    const safe = ['GET', 'HEAD', 'OPTIONS'].includes(req.method)
    const { headers } = req.raw
    // Mail programs post one-click unsubscriptions from any origin; the token authorises them.
    const isOpen =
      req.path.startsWith('/u/') || isFromTemporalWeb(environment.TEMPORAL_WEB_URL, req.path, headers)
    if (!safe && !isOpen && isForeign(environment.PUBLIC_URL, headers)) {
      throw new ApiProblem('origin_refused')
    }
    await next()
  })
  const limitAnonymousBody = limitBody(maxAnonymousBodyBytes)
  // Under /v1 a body is read only once it is known who sends it.
  api.use((context, next) =>
    context.req.path.startsWith('/v1/') ? next() : limitAnonymousBody(context, next),
  )
  api.onError((error, context) => answerError(error, context, logger))
  const pages = webPages(basePathOf(environment.PUBLIC_URL))
  api.notFound(async (context) => (await pages.notFound(context)) ?? answerNotFound(api, context))

  api.use(renewSignature(deps))
  docsRoutes(api, deps)
  authRoutes(api, deps)
  linkRoutes(api, deps)
  pages.routes(api)
  configurationRoutes(api, deps)
  codecRoutes(api, deps)
  // With another method they need no session either.
  for (const path of ['/v1/configuration', '/v1/openapi.json']) {
    api.all(path, (context) => answerNotFound(api, context))
  }

  api.use('/v1/*', requirePerson(deps))
  api.use('/v1/admin/*', requireAdmin)
  api.use('/v1/*', limitBody(maxBodyBytes), readableJson)
  meRoutes(api, deps)
  ownAccessRoutes(api, deps)
  // Shared: a person's turns are counted over all that read the data.
  const readers = createDataReaders(deps)
  reportTypeRoutes(api, deps, readers)
  attributeRoutes(api, deps, readers)
  scheduledReportActionRoutes(api, deps)
  scheduledReportOccurrenceRoutes(api, deps)
  scheduledReportRoutes(api, deps)
  userRoutes(api, deps)
  auditRoutes(api, deps)
  dashboardRoutes(api, deps)
  catalogueRoutes(api, deps)
  reportEventRoutes(api, feed, createOpenStreams(deps))
  reportRoutes(api, deps)
  return api
}

interface Invalid {
  target: string
  success: boolean
  error?: Parameters<typeof fieldIssues>[0]
  data?: unknown
}

/**
 * Answers what a schema refuses: 422; for a path parameter 404, since nothing has a name of that form, or 405 where
 * the path is that of a route with other methods.
 */
function onInvalid(api: () => Api) {
  return ({ success, target, error, data }: Invalid, context: ApiContext): Response | undefined => {
    if (success || !error) return undefined
    if (target === 'param') return answerNotFound(api(), context)
    const issues: FieldIssue[] = fieldIssues(error, data)
    throw invalid(issues)
  }
}
