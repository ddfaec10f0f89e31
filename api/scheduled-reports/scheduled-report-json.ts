/** A definition as clients see it: its row, its owner, and how its last report ended. */

import type { PrismaClient, ScheduledReport } from '#prisma/client/client.ts'
import { matchLocale, type Locale } from '#domain/locale.ts'
import { describePause, type PauseReason } from '#domain/pause-reason.ts'
import { mayOwn } from '#domain/viewer.ts'
import { scheduledReportSchema, type ScheduledReportJson } from '#domain/schemas/scheduled-report-schema.ts'
import { describeTiming } from '#domain/timing/describe-timing.ts'
import { nextRunOf, timingOf } from '#services/definitions/stored-timing.ts'
import type { Catalogue } from '#catalogue/load-catalogue.ts'
import { recentReports, type RecentReportRow } from './recent-reports.ts'

export type OwnedScheduledReport = ScheduledReport & {
  owner: { name: string; banned: boolean; role: string }
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
  const recent = await recentReports(
    rows.map((row) => row.id),
    view.prisma,
  )
  return rows.map((row) => toJson(row, recent.get(row.id) ?? [], view))
}

function toJson(
  row: OwnedScheduledReport,
  recent: readonly RecentReportRow[],
  view: View,
): ScheduledReportJson {
  const [last] = recent
  const timing = timingOf(row)
  const shape = scheduledReportSchema.shape
  return {
    id: row.id,
    user_id: row.ownerId,
    user_name: row.owner.name,
    owner_active: mayOwn(row.owner),
    name: row.name,
    type: row.type,
    type_title: view.catalogue.get(row.type)?.title[view.locale] ?? row.type,
    type_gone: view.catalogue.get(row.type) === undefined,
    frequency: shape.frequency.parse(row.frequency),
    time: row.time,
    weekdays: row.weekdays,
    month_day: row.monthDay === 'last' ? 'last' : Number(row.monthDay),
    cron_expression: row.cronExpression,
    time_zone: row.timeZone,
    description: timing ? describeTiming(timing, view.locale) : '',
    recipients: row.recipients,
    format: shape.format.parse(row.format),
    csv: shape.csv.catch(null).parse(row.csv),
    columns: row.columns,
    filters_json: shape.filters_json.parse(row.filters),
    locale: matchLocale(row.locale),
    enabled: row.enabled,
    pause_note: describePause(row.pauseReason as PauseReason | null, view.locale),
    missed_runs: shape.missed_runs.parse(row.missedRuns),
    only_if_rows: row.onlyIfRows,
    spread_minutes: row.spreadMinutes,
    pause_after_failures: row.pauseAfterFailures,
    subject: row.subject,
    message: row.message,
    last_run: last?.at.toISOString() ?? null,
    last_status: last?.status ?? null,
    next_run: nextRunOf(row, view.now)?.toISOString() ?? null,
    recent: recent.map(({ number, status, delivery, scheduled_for }) => ({
      number,
      status,
      delivery,
      scheduled_for,
    })),
    sync: row.appliedVersion === row.version ? 'applied' : 'pending',
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  }
}
