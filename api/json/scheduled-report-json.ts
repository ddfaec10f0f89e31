/** A definition as clients see it: its row, its owner, and how its last report ended. */

import type { PrismaClient, ScheduledReport } from '#prisma/client/client.ts'
import { matchLocale, type Locale } from '#domain/locale.ts'
import { reportStatuses, type ReportStatus } from '#domain/report-status.ts'
import { scheduledReportSchema, type ScheduledReportJson } from '#domain/schemas/scheduled-report.ts'
import { describeTiming } from '#domain/timing/describe-timing.ts'
import type { Catalogue } from '#reports/catalogue.ts'
import { nextRunOf, timingOf } from '../definitions/timing-input.ts'

export type OwnedScheduledReport = ScheduledReport & { owner: { name: string } }

interface LastReport {
  at: Date
  status: ReportStatus
}

interface View {
  prisma: PrismaClient
  catalogue: Catalogue
  /** Language of the sentences. */
  locale: Locale
  now: Date
}

export async function scheduledReportsJson(
  rows: readonly OwnedScheduledReport[],
  view: View,
): Promise<ScheduledReportJson[]> {
  const last = await lastReports(
    rows.map((row) => row.id),
    view.prisma,
  )
  return rows.map((row) => toJson(row, last.get(row.id) ?? null, view))
}

function toJson(row: OwnedScheduledReport, last: LastReport | null, view: View): ScheduledReportJson {
  const timing = timingOf(row)
  const shape = scheduledReportSchema.shape
  return {
    id: row.id,
    user_id: row.ownerId,
    user_name: row.owner.name,
    name: row.name,
    type: row.type,
    type_title: view.catalogue.get(row.type)?.title[view.locale] ?? row.type,
    frequency: shape.frequency.parse(row.frequency),
    time: row.time,
    weekdays: row.weekdays,
    month_day: row.monthDay === 'last' ? 'last' : Number(row.monthDay),
    cron_expression: row.cronExpression,
    time_zone: row.timeZone,
    description: timing ? describeTiming(timing, view.locale) : '',
    recipients: row.recipients,
    format: shape.format.parse(row.format),
    columns: row.columns,
    filters_json: shape.filters_json.parse(row.filters),
    locale: matchLocale(row.locale),
    enabled: row.enabled,
    pause_note: row.pauseNote,
    missed_runs: shape.missed_runs.parse(row.missedRuns),
    only_if_rows: row.onlyIfRows,
    subject: row.subject,
    message: row.message,
    last_run: last?.at.toISOString() ?? null,
    last_status: last?.status ?? null,
    next_run: nextRunOf(row, view.now)?.toISOString() ?? null,
    sync: row.appliedVersion === row.version ? 'applied' : 'pending',
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  }
}

/** The newest report of each definition: one index look-up a definition. */
async function lastReports(ids: readonly string[], prisma: PrismaClient): Promise<Map<string, LastReport>> {
  if (ids.length === 0) return new Map()
  const rows = await prisma.$queryRaw<{ id: string; at: Date; status: string }[]>`
    SELECT definition.id::text, newest.status, coalesce(newest.started_at, newest.requested_at) AS at
    FROM unnest(${[...ids]}::uuid[]) AS definition (id)
    CROSS JOIN LATERAL (
      SELECT status, started_at, requested_at FROM report
      WHERE scheduled_report_id = definition.id
      ORDER BY number DESC LIMIT 1
    ) AS newest`
  return new Map(
    rows.flatMap(({ id, at, status }) => {
      const known = reportStatuses.find((one) => one === status)
      return known ? [[id, { at, status: known }]] : []
    }),
  )
}
