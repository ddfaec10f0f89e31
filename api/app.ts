/** The HTTP API, built from its dependencies; tests call `app.request()`, server.ts makes it listen. */

import { OpenAPIHono } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import type { FieldIssue } from '#domain/problems.ts'
import { fieldIssues } from '#domain/schemas/field-issues.ts'
import { accessLog } from './http/access-log.ts'
import { ApiProblem, invalid, notFound } from './http/api-problem.ts'
import type { Api, ApiEnv } from './http/api-env.ts'
import type { ApiDeps } from './deps.ts'
import { answerError, answerNotFound } from './http/answer-error.ts'
import { readableJson } from './http/readable-json.ts'
import { isForeign, isFromTemporalWeb } from './http/origins.ts'
import { requireAdmin, requirePerson } from './auth/require-person.ts'
import { requestContext } from './http/request-context.ts'
import { auditRoutes } from './audit/audit-routes.ts'
import { authRoutes } from './auth/auth-routes.ts'
import { codecRoutes } from './system/codec-routes.ts'
import { configurationRoutes } from './system/configuration-routes.ts'
import { dashboardRoutes } from './dashboard/dashboard-routes.ts'
import { docsRoutes } from './system/docs-routes.ts'
import { healthRoutes } from './system/health-routes.ts'
import { linkRoutes } from './links/link-routes.ts'
import { ownAccessRoutes } from './auth/own-access-routes.ts'
import { meRoutes } from './auth/me-routes.ts'
import { reportEventRoutes, type ReportFeed } from './reports/report-event-routes.ts'
import { reportTypeRoutes } from './data/report-type-routes.ts'
import { reportRoutes } from './reports/report-routes.ts'
import { scheduledReportActionRoutes } from './scheduled-reports/scheduled-report-action-routes.ts'
import { scheduledReportOccurrenceRoutes } from './scheduled-reports/occurrence-routes.ts'
import { scheduledReportRoutes } from './scheduled-reports/scheduled-report-routes.ts'
import { userRoutes } from './people/people-routes.ts'
import { securityHeaders } from './http/security-headers.ts'
import { webPages } from './http/web-pages.ts'

const maxBodyBytes = 1_000_000

export function createApp(deps: ApiDeps, feed: ReportFeed): Api {
  const api: Api = new OpenAPIHono<ApiEnv>({ defaultHook: onInvalid, strict: false })
  const { logger, environment } = deps

  api.use(requestContext, accessLog(logger), securityHeaders(environment.PUBLIC_URL))
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
  api.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => {
        throw new ApiProblem('body_too_large')
      },
    }),
  )
  api.onError((error, context) => answerError(error, context, logger))
  const pages = webPages()
  api.notFound(async (context) => (await pages.notFound(context)) ?? answerNotFound(api, context))

  healthRoutes(api, deps)
  docsRoutes(api, deps)
  authRoutes(api, deps)
  linkRoutes(api, deps)
  pages.routes(api)
  configurationRoutes(api, deps)
  codecRoutes(api, deps)

  api.use('/v1/*', requirePerson(deps))
  api.use('/v1/admin/*', requireAdmin)
  api.use('/v1/*', readableJson)
  meRoutes(api, deps)
  ownAccessRoutes(api, deps)
  reportTypeRoutes(api, deps)
  scheduledReportActionRoutes(api, deps)
  scheduledReportOccurrenceRoutes(api, deps)
  scheduledReportRoutes(api, deps)
  userRoutes(api, deps)
  auditRoutes(api, deps)
  dashboardRoutes(api, deps)
  reportEventRoutes(api, feed)
  reportRoutes(api, deps)
  return api
}

interface Invalid {
  target: string
  success: boolean
  error?: Parameters<typeof fieldIssues>[0]
  data?: unknown
}

/** Answers what a schema refuses: 422, or 404 for a path parameter, since nothing has a name of that form. */
function onInvalid({ success, target, error, data }: Invalid): void {
  if (success || !error) return
  if (target === 'param') throw notFound()
  const issues: FieldIssue[] = fieldIssues(error, data)
  throw invalid(issues)
}
