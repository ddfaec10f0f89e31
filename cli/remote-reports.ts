/** `rapporteur reports …` */

import { canRelaunch, isSettled } from '#domain/report-status.ts'
import type { DeliveryLog, ReportJson } from '#domain/schemas/report-schema.ts'
import { moment, table, type Answer } from './answer.ts'
import type { ApiClient } from './connect-api.ts'
import { UsageError } from './command-error.ts'
import { inBulk } from './in-bulk.ts'

export interface ReportFilter {
  status?: string
  type?: string
  /** `all`, or a person's id; one's own unless given. */
  owner?: string
  /** Of a scheduled report, by its id. */
  schedule?: string
  /** A moment, or how long ago, such as 12h or 7d. */
  since?: string
  limit?: string
}

const defaultLimit = 50
const units = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const

export async function listReports(api: ApiClient, filter: ReportFilter): Promise<Answer> {
  const reports = await found(api, filter, defaultLimit)
  const rows = reports.map((report) => [
    `N° ${report.number}`,
    report.status + (report.delivery === 'partial' ? ' (partly delivered)' : ''),
    moment(report.requested_at),
    report.type,
    report.failure?.code ?? report.skip_reason ?? (report.stuck ? 'stuck' : ''),
    report.title,
  ])
  return { json: reports, text: rows.length === 0 ? 'No reports.' : table(rows) }
}

export async function showReport(api: ApiClient, number: string): Promise<Answer> {
  const path = `/v1/reports/${readNumber(number)}`
  const report = await api.call<ReportJson>(path)
  const log = await api.call<DeliveryLog>(`${path}/log`)
  const about = [
    ['N°', `${report.number}, ${report.title} (${report.type})`],
    ['status', `${report.status}, delivery ${report.delivery}`],
    ['requested', moment(report.requested_at)],
    ...(report.scheduled_for ? [['scheduled for', moment(report.scheduled_for)]] : []),
    ...(report.row_count === null ? [] : [['rows', String(report.row_count)]]),
    ...(report.failure ? [['failure', `${report.failure.message} (${report.failure.code})`]] : []),
    ...(report.stuck ? [['stuck', `${report.stuck.reason}, since ${moment(report.stuck.since)}`]] : []),
    ['workflow', log.temporal_url ?? log.workflow_id],
  ]
  const phases = log.phases.map(({ phase, status, attempts, error, cause }) => [
    phase,
    status,
    `${attempts} attempts`,
    cause ?? error ?? '',
  ])
  const recipients = log.recipients.map(({ email, status, response, error }) => [
    email,
    status,
    error ?? response ?? '',
  ])
  const parts = [about, phases, recipients].filter((part) => part.length > 0)
  return { json: { ...report, log }, text: parts.map(table).join('\n\n') }
}

export async function relaunchReports(
  api: ApiClient,
  numbers: readonly string[],
  options: ReportFilter & { yes?: boolean; resendUncertain?: boolean },
): Promise<Answer> {
  const query = options.resendUncertain ? { resend_uncertain: 'true' } : {}
  return await inBulk({
    items: await chosen(api, numbers, { status: 'failed', ...options }, ({ status, delivery }) =>
      canRelaunch(status, delivery),
    ),
    isNamed: numbers.length > 0,
    isConfirmed: options.yes === true,
    verb: 'relaunch',
    nameOf,
    act: ({ number }) => api.call<ReportJson>(`/v1/reports/${number}/relaunch`, { method: 'POST', query }),
  })
}

export async function cancelReports(
  api: ApiClient,
  numbers: readonly string[],
  options: ReportFilter & { yes?: boolean },
): Promise<Answer> {
  return await inBulk({
    items: await chosen(
      api,
      numbers,
      { status: 'queued,running', ...options },
      ({ status }) => !isSettled(status),
    ),
    isNamed: numbers.length > 0,
    isConfirmed: options.yes === true,
    verb: 'cancel',
    nameOf,
    act: ({ number }) => api.call<ReportJson>(`/v1/reports/${number}/cancel`, { method: 'POST' }),
  })
}

function nameOf({ number, title, status, failure }: ReportJson): string {
  return `N° ${number} ${title} (${failure?.code ?? status})`
}

/** Those named, as they are; or those that the filter finds and the action is for. */
async function chosen(
  api: ApiClient,
  numbers: readonly string[],
  filter: ReportFilter,
  isFor: (report: ReportJson) => boolean,
): Promise<ReportJson[]> {
  if (numbers.length === 0) return (await found(api, filter, Infinity)).filter(isFor)
  const named = ['type', 'owner', 'schedule', 'since'].filter((name) => name in filter)
  if (named.length > 0) throw new UsageError(`Give numbers or a filter (--${named.join(', --')}), not both`)
  const all: ReportJson[] = []
  for (const number of numbers) all.push(await api.call<ReportJson>(`/v1/reports/${readNumber(number)}`))
  return all
}

/** Newest first. */
async function found(api: ApiClient, filter: ReportFilter, atMost: number): Promise<ReportJson[]> {
  const { status, type, owner, schedule, since } = filter
  const limit = filter.limit === undefined ? atMost : readNumber(filter.limit)
  const from = since === undefined ? -Infinity : momentBefore(since)
  // By number: what is asked for meanwhile moves one from a page to the next.
  const reports = new Map<number, ReportJson>()
  const isOlder = ({ requested_at: at }: ReportJson) => Date.parse(at) < from
  for await (const report of api.list('/v1/reports', { status, type, owner, sort: '-number' }, isOlder)) {
    if (reports.size >= limit) break
    if (schedule === undefined || report.scheduled_report_id === schedule) reports.set(report.number, report)
  }
  return [...reports.values()]
}

function readNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new UsageError(`"${text}" is no number`)
}

function momentBefore(since: string): number {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(since) ?? []
  const at = count ? Date.now() - Number(count) * units[unit as keyof typeof units] : Date.parse(since)
  if (Number.isFinite(at)) return at
  throw new UsageError(`--since: "${since}" is no moment: write 12h, 7d or 2026-11-29T08:00Z`)
}
