/** The HTTP API, built from its ports; tests call `app.request()`, server.ts gives it a port. */

import { OpenAPIHono } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import type { FieldIssue } from '#domain/problems.ts'
import { fieldIssues } from '#domain/schemas/issue-message.ts'
import { accessLog } from './access-log.ts'
import { ApiProblem, invalid, notFound } from './api-problem.ts'
import type { Api, ApiEnv } from './api-env.ts'
import type { ApiDeps } from './deps.ts'
import { answerError, answerNotFound } from './error-answers.ts'
import { readableJson } from './json-body.ts'
import { isForeign } from './origins.ts'
import { requireAdmin, requirePerson } from './person.ts'
import { requestContext } from './request-context.ts'
import { authRoutes } from './routes/auth.ts'
import { configurationRoutes } from './routes/configuration.ts'
import { dashboardRoutes } from './routes/dashboard.ts'
import { docsRoutes } from './routes/docs.ts'
import { healthRoutes } from './routes/health.ts'
import { linkRoutes } from './routes/links.ts'
import { meRoutes } from './routes/me.ts'
import { reportEventRoutes, type ReportFeed } from './routes/report-events.ts'
import { reportTypeRoutes } from './routes/report-types.ts'
import { reportRoutes } from './routes/reports.ts'
import { scheduledReportActionRoutes } from './routes/scheduled-report-actions.ts'
import { scheduledReportOccurrenceRoutes } from './routes/scheduled-report-occurrences.ts'
import { scheduledReportRoutes } from './routes/scheduled-reports.ts'
import { userRoutes } from './routes/users.ts'
import { securityHeaders } from './security-headers.ts'
import { webPages } from './web-pages.ts'

const maxBodyBytes = 1_000_000

export function createApp(deps: ApiDeps, feed: ReportFeed): Api {
  const api: Api = new OpenAPIHono<ApiEnv>({ defaultHook: onInvalid, strict: false })
  const { logger, environment } = deps

  api.use(requestContext, accessLog(logger), securityHeaders(environment.PUBLIC_URL))
  api.use(async ({ req }, next) => {
    const safe = ['GET', 'HEAD', 'OPTIONS'].includes(req.method)
    // A mail program's one-click unsubscription comes from anywhere, and its token is its right.
    if (!safe && !req.path.startsWith('/u/') && isForeign(environment.PUBLIC_URL, req.raw.headers)) {
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

  api.use('/v1/*', requirePerson(deps))
  api.use('/v1/admin/*', requireAdmin)
  api.use('/v1/*', readableJson)
  meRoutes(api, deps)
  reportTypeRoutes(api, deps)
  scheduledReportActionRoutes(api, deps)
  scheduledReportOccurrenceRoutes(api, deps)
  scheduledReportRoutes(api, deps)
  userRoutes(api, deps)
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

/** What a schema refuses. A path parameter that cannot name anything names nothing: 404. */
function onInvalid({ success, target, error, data }: Invalid): void {
  if (success || !error) return
  if (target === 'param') throw notFound()
  const issues: FieldIssue[] = fieldIssues(error, data)
  throw invalid(issues)
}
