/** The actions on a definition besides editing: run, test, preview, read its log. */

import { createRoute, z } from '@hono/zod-openapi'
import type { CsvChoices } from '#domain/csv-options.ts'
import { matchLocale } from '#domain/locale.ts'
import { pageQuerySchema, pageSchema } from '#domain/schemas/page-schema.ts'
import { deliveryEntrySchema, reportSchema } from '#domain/schemas/report-schema.ts'
import { timingPreviewInputSchema, timingPreviewSchema } from '#domain/schemas/scheduled-report-schema.ts'
import { describeSpread } from '#domain/timing/describe-timing.ts'
import { describeTiming } from '#domain/timing/describe-timing.ts'
import { nextRuns } from '#domain/timing/next-runs.ts'
import { timingWarnings } from '#domain/timing/timing-warnings.ts'
import { createReportRow, type NewReport } from '#services/reports/create-report-row.ts'
import type { Prisma } from '#prisma/client/client.ts'
import { recordEvent } from '#services/audit/record-event.ts'
import { actorOf } from '../audit/audit-actor.ts'
import type { Api, ApiContext, Person } from '../http/api-env.ts'
import { invalid } from '../http/api-problem.ts'
import { type DefinitionWithOwner, findDefinition, requireActiveOwner, subjectOf } from './edit-definition.ts'
import { ownerAs, readTiming, timingInputFrom, unknownType, usableType } from './complete-definition.ts'
import { deliveryEntryJson, logFor } from '../reports/report-json.ts'
import type { ApiDeps } from '../deps.ts'
import { createOnce } from '../http/create-once.ts'
import { startedReport } from '../reports/started-report.ts'
import { requireAllowedRecipients, requireQuota } from '../recipients/require-recipients.ts'
import { personFrom } from '../auth/require-person.ts'
import {
  idempotencyHeaders,
  idParams,
  jsonBody,
  jsonResponse,
  problemResponses,
  security,
} from '../http/openapi-parts.ts'
import { Report } from '../reports/report-routes.ts'

const base = '/v1/admin/scheduled-reports'
const tags = ['Scheduled reports']

const preview = createRoute({
  method: 'post',
  path: `${base}/preview`,
  operationId: 'previewTiming',
  tags,
  summary: 'A timing in words, and its next five runs',
  description:
    'The runs are the times due, which a report is for; each starts up to `spread_minutes` later, and `warnings` says ' +
    'so in a sentence.',
  security,
  request: { body: jsonBody(timingPreviewInputSchema.openapi('TimingPreviewInput')) },
  responses: {
    200: jsonResponse(timingPreviewSchema.openapi('TimingPreview'), 'The runs the engine will make'),
    ...problemResponses(400, 413, 415, 422),
  },
})

const run = createRoute({
  method: 'post',
  path: `${base}/{id}/run`,
  operationId: 'runScheduledReport',
  tags,
  summary: 'Run now',
  description: '409 `owner_inactive` while its owner’s account is deactivated: it would have no owner.',
  security,
  request: { params: idParams, headers: idempotencyHeaders },
  responses: { 202: jsonResponse(Report, 'Its report, queued'), ...problemResponses(404, 409, 422, 429) },
})

const test = createRoute({
  method: 'post',
  path: `${base}/{id}/test`,
  operationId: 'testScheduledReport',
  tags,
  summary: 'Send a test to oneself alone',
  description: 'Runs as the person who asks, and is mailed to them alone.',
  security,
  request: { params: idParams, headers: idempotencyHeaders },
  responses: { 202: jsonResponse(Report, 'Its report, queued'), ...problemResponses(404, 409, 422, 429) },
})

const logs = createRoute({
  method: 'get',
  path: `${base}/{id}/logs`,
  operationId: 'listDeliveryLogs',
  tags,
  summary: 'Its deliveries, newest first, from workflow history',
  security,
  request: { params: idParams, query: pageQuerySchema(15) },
  responses: {
    200: jsonResponse(pageSchema(deliveryEntrySchema.openapi('DeliveryEntry')), 'The page'),
    ...problemResponses(404, 422),
  },
})

export function scheduledReportActionRoutes(api: Api, deps: ApiDeps): void {
  const { prisma, engine } = deps

  api.openapi(preview, (context) => {
    const input = context.req.valid('json')
    const locale = input.locale ?? context.get('locale')
    const parsed = readTiming(timingInputFrom(input, context.get('person').timeZone))
    if (!parsed.ok) throw invalid(parsed.issues)
    const { timing } = parsed
    const now = deps.now()
    const spreadMinutes = input.spread_minutes ?? deps.environment.SCHEDULE_SPREAD_MINUTES
    const spread = describeSpread(spreadMinutes, locale)
    return context.json(
      {
        description: describeTiming(timing, locale),
        next_runs: nextRuns(timing, now, 5).map((date) => date.toISOString()),
        spread_minutes: spreadMinutes,
        warnings: [...timingWarnings(timing, locale, now), ...(spread === '' ? [] : [spread])],
      },
      200,
    )
  })

  const queue = async (
    context: ApiContext,
    row: DefinitionWithOwner,
    report: (type: string) => NewReport,
    as: Person,
  ) => {
    const definition = usableType(row.type, as, deps.catalogue)
    if (!definition) throw invalid([unknownType(row.type)])
    const title = definition.title[matchLocale(row.locale)]
    const body = await createOnce(context, deps, {
      create: async (database) => {
        const wanted = report(title)
        await requireQuota(database, deps, context.get('person'), wanted.recipients.length)
        const created = await createReportRow(database, wanted)
        await recordEvent(database, actorOf(context, deps.environment), {
          kind: created.origin === 'test' ? 'scheduled_report_tested' : 'scheduled_report_run',
          subject: subjectOf(row),
          details: { number: created.number, recipients: created.recipients },
        })
        return String(created.number)
      },
      answer: async (number) => startedReport(Number(number), deps),
    })
    return reportSchema.parse(body)
  }

  api.openapi(run, async (context) => {
    const row = await findDefinition(prisma, context.req.valid('param').id, context.get('person'))
    requireActiveOwner(row)
    await requireAllowedRecipients(deps, row.owner, row.recipients)
    const report = (title: string): NewReport => ({
      ...snapshotOf(row, title),
      origin: 'run_now',
      ownerId: row.ownerId,
      scheduledReport: row,
      recipients: row.recipients,
    })
    return context.json(
      await queue(context, row, report, ownerAs(context.get('person'), personFrom(row.owner))),
      202,
    )
  })

  api.openapi(test, async (context) => {
    const person = context.get('person')
    const row = await findDefinition(prisma, context.req.valid('param').id, person)
    // Without the definition: a test is neither its last run nor in its log.
    const report = (title: string): NewReport => ({
      ...snapshotOf(row, title),
      origin: 'test',
      ownerId: person.id,
      recipients: [person.email],
      // A test that is not sent, because there are no rows, would look like a failure.
      onlyIfRows: false,
    })
    return context.json(await queue(context, row, report, person), 202)
  })

  api.openapi(logs, async (context) => {
    const row = await findDefinition(prisma, context.req.valid('param').id, context.get('person'))
    const { page, page_size: pageSize } = context.req.valid('query')
    const where = { scheduledReportId: row.id }
    const [reports, total] = await Promise.all([
      prisma.report.findMany({
        include: { deliveries: true },
        where,
        orderBy: { number: 'desc' },
        skip: (page - 1) * pageSize,
        take: pageSize,
      }),
      prisma.report.count({ where }),
    ])
    const logs = reports.length === 0 ? [] : await engine.deliveryLogs(reports)
    const items = logs.flatMap((log) => {
      const report = reports.find(({ number }) => number === log.number)
      return report ? [deliveryEntryJson(logFor(context.get('person'), log), report)] : []
    })
    return context.json({ items, total, page, page_size: pageSize }, 200)
  })
}

function snapshotOf(row: DefinitionWithOwner, title: string) {
  return {
    title,
    type: row.type,
    format: row.format,
    csv: row.format === 'csv' ? (row.csv as CsvChoices | null) : null,
    columns: row.columns,
    filters: z.record(z.string(), z.unknown()).parse(row.filters) as Prisma.InputJsonObject,
    locale: row.locale,
    timeZone: row.timeZone,
    subject: row.subject,
    message: row.message,
    onlyIfRows: row.onlyIfRows,
  }
}
