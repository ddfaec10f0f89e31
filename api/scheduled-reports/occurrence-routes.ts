/** The occurrences of a definition: the past ones, and the backfill of a past period. */

import { createRoute, z } from '@hono/zod-openapi'
import { wholeNumber } from '#domain/schemas/page-schema.ts'
import {
  backfillInputSchema,
  backfillPreviewSchema,
  backfillSchema,
  occurrenceSchema,
} from '#domain/schemas/scheduled-report-schema.ts'
import { backfillLimit, planBackfill } from '#services/occurrences/backfill-occurrences.ts'
import type { BackfilledOccurrence } from '#services/engine.ts'
import { recordEvent } from '#services/audit/record-event.ts'
import { actorOf } from '../audit/audit-actor.ts'
import type { Api, ApiContext } from '../http/api-env.ts'
import { ApiProblem, invalid } from '../http/api-problem.ts'
import { countUnsent } from '#services/recipients/recipient-quota.ts'
import { requireAllowedRecipients, requireQuota } from '../recipients/require-recipients.ts'
import { type DefinitionWithOwner, findDefinition, requireActiveOwner, subjectOf } from './edit-definition.ts'
import { periodOfReport, relativePeriodOf } from './relative-period.ts'
import type { ApiDeps } from '../deps.ts'
import { reportJson, withoutLog } from '../reports/report-json.ts'
import { idParams, jsonBody, jsonResponse, problemResponses, security } from '../http/openapi-parts.ts'

const base = '/v1/admin/scheduled-reports'
const tags = ['Scheduled reports']
const reportStatusSchema = backfillPreviewSchema.shape.occurrences.element.shape.status
/** A backfill starts a report for each occurrence: a year of a daily one, not a decade of an hourly one. */
const maxBackfillMs = 366 * 24 * 60 * 60 * 1000
const maxOccurrences = 200

const BackfillInput = backfillInputSchema.openapi('BackfillInput')
const Backfill = backfillSchema.openapi('Backfill')
const BackfillPreview = backfillPreviewSchema.openapi('BackfillPreview')

const occurrences = createRoute({
  method: 'get',
  path: `${base}/{id}/occurrences`,
  operationId: 'listOccurrences',
  tags,
  summary: 'Its last reports in brief, newest first',
  description: 'Result, duration, rows and size of each, to be drawn over time. Deliveries in full: `/logs`.',
  security,
  request: { params: idParams, query: z.object({ limit: wholeNumber(1, maxOccurrences).default(60) }) },
  responses: {
    200: jsonResponse(
      z.object({ items: z.array(occurrenceSchema.openapi('Occurrence')) }),
      'At most `limit` of them',
    ),
    ...problemResponses(404, 422),
  },
})

const backfill = createRoute({
  method: 'post',
  path: `${base}/{id}/backfill`,
  operationId: 'backfillScheduledReport',
  tags,
  summary: 'Run the occurrences of a past period',
  description:
    'Those that have no report or were skipped are started, those that failed or were cancelled are relaunched. ' +
    'Those completed are left alone; with `again` each is run once more under a new N°, and mailed once more. ' +
    'Occurrences of an earlier timing count where their report is to be started, relaunched or repeated. Each ' +
    'has its own nominal time, so that relative periods are those of that day. ' +
    `At most 366 days and ${backfillLimit} occurrences. 409 \`owner_inactive\`: it would have no owner.`,
  security,
  request: { params: idParams, body: jsonBody(BackfillInput) },
  responses: {
    202: jsonResponse(Backfill, 'Every occurrence of the period'),
    ...problemResponses(400, 404, 409, 413, 415, 422, 429, 503),
  },
})

const previewBackfill = createRoute({
  method: 'post',
  path: `${base}/{id}/backfill/preview`,
  operationId: 'previewBackfill',
  tags,
  summary: 'What a backfill of a period would do',
  description: 'Starts nothing. Says of each occurrence what would be done, and which days it would report.',
  security,
  request: { params: idParams, body: jsonBody(BackfillInput) },
  responses: {
    200: jsonResponse(BackfillPreview, 'Every occurrence of the period'),
    ...problemResponses(400, 404, 413, 415, 422),
  },
})

export function scheduledReportOccurrenceRoutes(api: Api, deps: ApiDeps): void {
  const { prisma, engine } = deps

  api.openapi(occurrences, async (context) => {
    const row = await findDefinition(prisma, context.req.valid('param').id, context.get('person'))
    const rows = await prisma.report.findMany({
      where: { scheduledReportId: row.id },
      orderBy: { number: 'desc' },
      take: context.req.valid('query').limit,
      omit: withoutLog,
    })
    const items = rows.map((report) => {
      const { number, status, delivery, scheduled_for, row_count, size_bytes } = reportJson(report)
      return {
        number,
        status,
        delivery,
        scheduled_for,
        origin: occurrenceSchema.shape.origin.parse(report.origin),
        started_at: report.startedAt?.toISOString() ?? null,
        finished_at: report.finishedAt?.toISOString() ?? null,
        row_count,
        size_bytes,
      }
    })
    return context.json({ items }, 200)
  })

  /** Plans a backfill. One that is too large is refused, rather than cut short without a word. */
  const plan = async (context: ApiContext, id: string, input: z.infer<typeof backfillInputSchema>) => {
    const row = await findDefinition(prisma, id, context.get('person'))
    const period = { from: new Date(input.from), to: new Date(input.to), again: input.again }
    checkPeriod(period.from, period.to, deps.now())
    const planned = await planBackfill(prisma, row, period, backfillLimit + 1)
    if (planned.length > backfillLimit) throw tooMany()
    return { row, period, planned }
  }

  /** How many recipients a backfill writes to. */
  const countWrittenTo = async (
    row: DefinitionWithOwner,
    planned: Awaited<ReturnType<typeof planBackfill>>,
  ): Promise<number> => {
    const anew = planned.filter(({ action }) => action === 'started' || action === 'repeated')
    const relaunched = planned.flatMap(({ action, report }) =>
      action === 'relaunched' && report ? [report.number] : [],
    )
    return anew.length * row.recipients.length + (await countUnsent(prisma, relaunched))
  }

  api.openapi(previewBackfill, async (context) => {
    const { row, planned } = await plan(context, context.req.valid('param').id, context.req.valid('json'))
    const periodAt = relativePeriodOf(row, deps.catalogue)
    const occurrences = planned.map((occurrence) => {
      const { scheduledFor, action, report } = occurrence
      // A relaunch goes on with the report as it was made, whatever the definition says now.
      const own = action === 'relaunched' && report
      return {
        ...occurrenceJson(occurrence),
        number: report?.number ?? null,
        status: reportStatusSchema.parse(report?.status ?? null),
        period: own
          ? periodOfReport(report, scheduledFor, deps.catalogue)
          : (periodAt?.(scheduledFor) ?? null),
      }
    })
    return context.json({ occurrences }, 200)
  })

  api.openapi(backfill, async (context) => {
    const { row, period, planned } = await plan(
      context,
      context.req.valid('param').id,
      context.req.valid('json'),
    )
    requireActiveOwner(row)
    await requireAllowedRecipients(deps, row.owner, row.recipients)
    await requireQuota(prisma, deps, context.get('person'), await countWrittenTo(row, planned))
    const outcome = await engine.backfill(row.id, period)
    if (!outcome.ok) throw new ApiProblem(outcome.code)
    await recordEvent(prisma, actorOf(context, deps.environment), {
      kind: 'scheduled_report_backfilled',
      subject: subjectOf(row),
      details: {
        from: period.from.toISOString(),
        to: period.to.toISOString(),
        occurrences: outcome.occurrences.length,
      },
    })
    return context.json({ occurrences: outcome.occurrences.map(occurrenceJson) }, 202)
  })
}

function occurrenceJson({ scheduledFor, action }: BackfilledOccurrence) {
  return { scheduled_for: scheduledFor.toISOString(), action }
}

function checkPeriod(from: Date, to: Date, now: Date): void {
  if (from > to) {
    const message = { fr: 'La fin précède le début.', en: 'The end is before the beginning.' }
    throw invalid([{ path: 'to', message }])
  }
  if (to > now) {
    const message = { fr: 'Ne peut pas être dans l’avenir.', en: 'May not be in the future.' }
    throw invalid([{ path: 'to', message }])
  }
  if (to.getTime() - from.getTime() > maxBackfillMs) {
    const message = { fr: 'La période dépasse 366 jours.', en: 'The period is longer than 366 days.' }
    throw invalid([{ path: 'from', message }])
  }
}

function tooMany() {
  const message = {
    fr: `La période compte plus de ${backfillLimit} occurrences. Demandez-la en plusieurs fois.`,
    en: `The period has more than ${backfillLimit} occurrences. Ask for it in parts.`,
  }
  return invalid([{ path: 'to', message }])
}
