/** « Mes Rapports »: what the signed-in person asked for, and what their definitions made. */

import { createRoute, z } from '@hono/zod-openapi'
import type { Prisma, Report as ReportRow } from '#prisma/client/client.ts'
import { reportStatuses } from '#domain/report-status.ts'
import type { Localized } from '#domain/locale.ts'
import { localizedIssue } from '#domain/schemas/bounded-text.ts'
import { pageQuerySchema, pageSchema } from '#domain/schemas/page-schema.ts'
import { recipientIssues } from '#domain/schemas/recipients.ts'
import { deliveryLogSchema, reportSchema } from '#domain/schemas/report-schema.ts'
import { defaultReportSort, reportSorts } from '#domain/report-sort.ts'
import {
  downloadSchema,
  reportRequestSchema,
  type ReportRequest,
} from '#domain/schemas/report-request-schema.ts'
import { parseTimeZone } from '#domain/timing/time-zone.ts'
import { createReportRow, type NewReport } from '#services/reports/create-report-row.ts'
import { checkColumnsAndFilters } from '#catalogue/report-configuration.ts'
import { recordEvent } from '#services/audit/record-event.ts'
import type { AuditKind } from '#domain/audit-kinds.ts'
import { actorOf, reportSubject } from '../audit/audit-actor.ts'
import { countUnsent } from '#services/recipients/recipient-quota.ts'
import { recipientRulesFor } from '#services/recipients/recipient-rules.ts'
import { whoLeft } from '#services/recipients/request-unsubscriptions.ts'
import { requireQuota, returnQuota } from '../recipients/require-recipients.ts'
import type { Api, ApiContext, Person } from '../http/api-env.ts'
import { ApiProblem, invalid, notFound } from '../http/api-problem.ts'
import { defaultColumns, unknownType, usableType } from '../scheduled-reports/complete-definition.ts'
import type { ApiDeps } from '../deps.ts'
import { downloadOf, requireOpenFile } from './download.ts'
import { createOnce } from '../http/create-once.ts'
import { logFor, reportJson, type ListedReport } from './report-json.ts'
import { liveProgress } from './live-progress.ts'
import { sortedReports } from './sorted-reports.ts'
import { startedReport } from './started-report.ts'
import {
  idempotencyHeaders,
  jsonBody,
  jsonResponse,
  numberParams,
  problemResponses,
  security,
} from '../http/openapi-parts.ts'

export const Report = reportSchema.openapi('Report')
export const DeliveryLog = deliveryLogSchema.openapi('DeliveryLog')
const tags = ['Reports']
const statusList = z
  .string()
  .superRefine((text, context) => {
    if (!text.split(',').every((one) => reportStatuses.some((status) => status === one))) {
      const choices = reportStatuses.join(', ')
      const message = {
        fr: `Un ou plusieurs de : ${choices}, séparés par des virgules.`,
        en: `One or more of: ${choices}, separated by commas.`,
      }
      context.addIssue(localizedIssue(message))
    }
  })
  .transform((text) => text.split(','))
  .openapi({
    type: 'string',
    pattern: `^(${reportStatuses.join('|')})(,(${reportStatuses.join('|')}))*$`,
    description: 'One or more statuses, separated by commas',
  })

const list = createRoute({
  method: 'get',
  path: '/v1/reports',
  operationId: 'listReports',
  tags,
  summary: 'My reports, newest first unless sorted',
  description:
    'Skipped occurrences belong to the delivery log: they are listed when `status` names them. 403 for reports of others, ' +
    'unless one is an administrator.',
  security,
  request: {
    query: pageQuerySchema(15).extend({
      status: statusList.optional(),
      type: z.string().max(100).optional().openapi({ description: 'A report type’s key' }),
      owner: z.string().max(100).optional().openapi({
        description: '`all`, or a user’s id, for administrators; one’s own unless given',
      }),
      sort: z
        .enum(reportSorts)
        .default(defaultReportSort)
        .openapi({ description: 'A hyphen before it sorts downwards; newest first among equals' }),
    }),
  },
  responses: { 200: jsonResponse(pageSchema(Report), 'The page'), ...problemResponses(403, 422) },
})

const create = createRoute({
  method: 'post',
  path: '/v1/reports',
  operationId: 'requestReport',
  tags,
  summary: 'Ask for a report',
  security,
  request: { headers: idempotencyHeaders, body: jsonBody(reportRequestSchema.openapi('ReportRequest')) },
  responses: {
    202: jsonResponse(Report, 'Queued; `Location` says where to follow it'),
    ...problemResponses(400, 409, 413, 415, 422, 429),
  },
})

const get = createRoute({
  method: 'get',
  path: '/v1/reports/{number}',
  operationId: 'getReport',
  tags,
  summary: 'One report',
  description: 'For a running one with its phase, attempt and rows, straight from the engine.',
  security,
  request: { params: numberParams },
  responses: { 200: jsonResponse(Report, 'The report'), ...problemResponses(404) },
})

const getLog = createRoute({
  method: 'get',
  path: '/v1/reports/{number}/log',
  operationId: 'getDeliveryLog',
  tags,
  summary: 'How one report went',
  description:
    'Its phases with their attempts and its recipients with the mail server’s answers, from workflow history. ' +
    '`temporal_url` is for administrators.',
  security,
  request: { params: numberParams },
  responses: { 200: jsonResponse(DeliveryLog, 'Its delivery log'), ...problemResponses(404) },
})

const relaunch = createRoute({
  method: 'post',
  path: '/v1/reports/{number}/relaunch',
  operationId: 'relaunchReport',
  tags,
  summary: 'Relaunch',
  description:
    'Goes on at the step that failed; mails go to those who have not had it. Those who perhaps have it ' +
    '(`uncertain`) are written to with `resend_uncertain=true` alone, and may then get it twice.',
  security,
  request: {
    params: numberParams,
    query: z.object({ resend_uncertain: z.enum(['true', 'false']).default('false') }),
  },
  responses: { 202: jsonResponse(Report, 'Taken up'), ...problemResponses(404, 409, 422, 429, 503) },
})

const cancel = createRoute({
  method: 'post',
  path: '/v1/reports/{number}/cancel',
  operationId: 'cancelReport',
  tags,
  summary: 'Cancel',
  security,
  request: { params: numberParams },
  responses: { 202: jsonResponse(Report, 'Being cancelled'), ...problemResponses(404, 409, 503) },
})

const download = createRoute({
  method: 'post',
  path: '/v1/reports/{number}/download-url',
  operationId: 'createDownloadUrl',
  tags,
  summary: 'A short-lived address of its file',
  security,
  request: { params: numberParams },
  responses: {
    200: jsonResponse(downloadSchema.openapi('Download'), 'Valid for five minutes'),
    ...problemResponses(404, 409, 410, 503),
  },
})

export function reportRoutes(api: Api, deps: ApiDeps): void {
  const { prisma, engine } = deps

  /** The person's own report; administrators may open any. */
  const find = async (context: ApiContext, number: number): Promise<ReportRow> => {
    const person = context.get('person')
    const row = await prisma.report.findUnique({ where: { number } })
    if (!row || (person.role !== 'admin' && row.ownerId !== person.id)) throw notFound()
    return row
  }
  const record = (
    context: ApiContext,
    database: Prisma.TransactionClient,
    kind: AuditKind,
    row: Pick<ReportRow, 'number' | 'title'>,
  ) => recordEvent(database, actorOf(context, deps.environment), { kind, subject: reportSubject(row) })
  const withProgress = async (row: ListedReport) => {
    return reportJson(row, await liveProgress(engine, row))
  }

  api.openapi(list, async (context) => {
    const person = context.get('person')
    const query = context.req.valid('query')
    const { page, page_size: pageSize, status, type, sort, owner = person.id } = query
    if (owner !== person.id && person.role !== 'admin') throw new ApiProblem('forbidden')
    const where: Prisma.ReportWhereInput = {
      ...(owner === 'all' ? {} : { ownerId: owner }),
      status: status ? { in: status } : { not: 'skipped' },
      ...(type === undefined ? {} : { type }),
    }
    const [rows, total] = await Promise.all([
      sortedReports(prisma, where, {
        sort,
        locale: context.get('locale'),
        skip: (page - 1) * pageSize,
        take: pageSize,
      }),
      prisma.report.count({ where }),
    ])
    const items = await Promise.all(rows.map(withProgress))
    return context.json({ items, total, page, page_size: pageSize }, 200)
  })

  api.openapi(create, async (context) => {
    const person = context.get('person')
    const report = await requestedReport(context.req.valid('json'), person, deps)
    const body = await createOnce(context, deps, {
      create: async (database) => {
        await requireQuota(database, deps, person, report.recipients.length)
        const row = await createReportRow(database, report)
        await record(context, database, 'report_requested', row)
        return String(row.number)
      },
      answer: async (number) => startedReport(Number(number), deps),
    })
    return context.json(reportSchema.parse(body), 202)
  })

  api.openapi(get, async (context) => {
    const row = await find(context, context.req.valid('param').number)
    return context.json(await withProgress(row), 200)
  })

  api.openapi(getLog, async (context) => {
    const row = await find(context, context.req.valid('param').number)
    const [log] = await engine.deliveryLogs([row])
    if (!log) throw notFound()
    return context.json(logFor(context.get('person'), log), 200)
  })

  api.openapi(relaunch, async (context) => {
    const row = await find(context, context.req.valid('param').number)
    const { number } = row
    const person = context.get('person')
    // It mails the file that is there.
    requireOpenFile(person, row, deps.catalogue)
    const resendUncertain = context.req.valid('query').resend_uncertain === 'true'
    const count = await countUnsent(prisma, [number], { resendUncertain })
    await requireQuota(prisma, deps, person, count)
    const outcome = await engine.relaunchReport(number, { resendUncertain })
    if (!outcome.ok) {
      await returnQuota(deps, person, count)
      throw new ApiProblem(outcome.code)
    }
    await record(context, prisma, 'report_relaunched', row)
    return context.json(reportJson(await find(context, number)), 202)
  })

  api.openapi(cancel, async (context) => {
    const row = await find(context, context.req.valid('param').number)
    const { number } = row
    const outcome = await engine.cancelReport(number)
    if (!outcome.ok) throw new ApiProblem(outcome.code)
    await record(context, prisma, 'report_cancelled', row)
    return context.json(reportJson(await find(context, number)), 202)
  })

  api.openapi(download, async (context) => {
    const row = await find(context, context.req.valid('param').number)
    requireOpenFile(context.get('person'), row, deps.catalogue)
    const { url, expiresAt, file } = await downloadOf(row, deps)
    // Before the address is handed out, so that no download is without its entry.
    await record(context, prisma, 'report_downloaded', row)
    return context.json(
      {
        url,
        expires_at: expiresAt.toISOString(),
        size_bytes: file.sizeBytes,
        generated_at: file.generatedAt.toISOString(),
        file_name: file.fileName,
      },
      200,
    )
  })
}

/** @throws ApiProblem `validation_failed` with every field that is wrong. */
async function requestedReport(input: ReportRequest, person: Person, deps: ApiDeps): Promise<NewReport> {
  const { prisma, catalogue, environment } = deps
  const definition = usableType(input.type, person, catalogue)
  const filters = input.filters ?? {}
  const recipients = input.recipients ?? [person.email]
  const zone = parseTimeZone(input.time_zone ?? person.timeZone)
  const issues = [
    ...(definition
      ? checkColumnsAndFilters(definition, { columns: input.columns, filters })
      : [unknownType(input.type)]),
    ...(zone.ok ? [] : [{ path: 'time_zone', message: zone.message }]),
    ...recipientIssues(recipients, await recipientRulesFor(prisma, environment, person, recipients)),
    ...(await whoLeft(prisma, person, recipients)).map((email) => ({
      path: `recipients.${recipients.indexOf(email)}`,
      message: hasLeft(email),
    })),
  ]
  if (issues.length > 0 || !definition || !zone.ok) {
    throw invalid(issues.map((issue) => ({ ...issue, path: issue.path.replace(/^filters_json/, 'filters') })))
  }
  const locale = input.locale ?? person.locale
  return {
    origin: 'request',
    ownerId: person.id,
    title: definition.title[locale],
    type: definition.key,
    format: input.format,
    csv: input.format === 'csv' ? (input.csv ?? null) : null,
    columns: input.columns ?? defaultColumns(definition),
    filters: filters as Prisma.InputJsonObject,
    recipients,
    locale,
    timeZone: zone.timeZone,
    subject: input.subject || null,
    message: input.message || null,
  }
}

function hasLeft(email: string): Localized {
  return {
    fr: `${email} ne veut plus recevoir les rapports que vous lui envoyez, et peut seul revenir sur ce choix.`,
    en: `${email} no longer wants the reports that you send, and alone can undo that.`,
  }
}
