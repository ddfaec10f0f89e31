/** A report's row as clients see it. */

import type { Viewer } from '#domain/report-type.ts'
import { isSettled } from '#domain/report-status.ts'
import type { Report } from '#prisma/client/client.ts'
import {
  type DeliveryEntry,
  deliveryEntrySchema,
  type DeliveryLog,
  reportFailureSchema,
  type ReportJson,
  type ReportProgress,
  reportSchema,
} from '#domain/schemas/report-schema.ts'

/** A report without its archived log, which may be a hundred times larger than the rest: for lists. */
export type ListedReport = Omit<Report, 'archivedLog'>
export const withoutLog = { archivedLog: true } as const

export function reportJson(row: ListedReport, progress: ReportProgress | null = null): ReportJson {
  const shape = reportSchema.shape
  return {
    number: row.number,
    type: row.type,
    title: row.title,
    status: shape.status.parse(row.status),
    column_count: row.columns.length,
    format: shape.format.parse(row.format),
    csv: shape.csv.catch(null).parse(row.csv),
    requested_at: row.requestedAt.toISOString(),
    scheduled_for: row.scheduledFor?.toISOString() ?? null,
    // A file that retention removed is not available any more.
    file_available_at: (row.fileRemovedAt ? null : row.fileAvailableAt)?.toISOString() ?? null,
    file_removed_at: row.fileRemovedAt?.toISOString() ?? null,
    size_bytes: row.sizeBytes === null ? null : Number(row.sizeBytes),
    row_count: row.rowCount,
    misfits: shape.misfits.catch([]).parse(row.misfits),
    delivery: shape.delivery.parse(row.delivery),
    uncertain_recipients: row.uncertainRecipients,
    skip_reason: shape.skip_reason.catch(null).parse(row.skipReason),
    failure: reportFailureSchema.nullable().catch(null).parse(row.failure),
    failed_in_a_row: row.failedInARow,
    scheduled_report_id: row.scheduledReportId,
    workflow_id: row.workflowId,
    progress,
    stuck: isSettled(shape.status.parse(row.status)) ? null : shape.stuck.catch(null).parse(row.stuck),
  }
}

/** A log as this person may see it: links to the engine and technical words are for administrators. */
export function logFor({ role }: Pick<Viewer, 'role'>, log: DeliveryLog): DeliveryLog {
  const isAdmin = role === 'admin'
  return {
    ...log,
    temporal_url: isAdmin ? log.temporal_url : null,
    // Logs archived by earlier versions have none.
    phases: log.phases.map((phase) => ({ ...phase, cause: isAdmin ? (phase.cause ?? null) : null })),
  }
}

export function deliveryEntryJson(log: DeliveryLog, row: Report): DeliveryEntry {
  const { requested_at, row_count, size_bytes, file_available_at } = reportJson(row)
  return {
    ...log,
    origin: deliveryEntrySchema.shape.origin.parse(row.origin),
    requested_at,
    row_count,
    size_bytes,
    file_available_at,
  }
}
