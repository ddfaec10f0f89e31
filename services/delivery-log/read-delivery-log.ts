import type { Client } from '@temporalio/client'
import type { DeliveryLog, RecipientLog } from '#domain/schemas/report-schema.ts'
import {
  isSettled,
  type DeliveryState,
  type RecipientStatus,
  type ReportStatus,
  type SkipReason,
} from '#domain/report-status.ts'
import type { Delivery, Prisma, PrismaClient, Report } from '#prisma/client/client.ts'
import { buildDeliveryLog, type ArchivedLog, type LostReport } from './build-delivery-log.ts'
import { reportEnd, type ReportEnd } from './report-end.ts'
import { readRun, type RunRecord } from './run-history.ts'
import { toStorableJson } from '#domain/text/storable-text.ts'

export interface LogSource {
  temporal: Client
  temporalWebUrl: string
}

type LoggedReport = Report & { deliveries?: Delivery[] }

/**
 * The log of one report: from the histories of its runs while the engine has them; for deleted runs, from the archive
 * on the row; for a report without a run (missed, or still queued), from the row alone.
 */
export async function readDeliveryLog(source: LogSource, row: LoggedReport): Promise<DeliveryLog> {
  const ofRuns = row.removedDetails > 0 ? logWithoutEngine(source, row) : await readLogOfRuns(source, row)
  // Those whom an anonymisation took off the row stay in the history until the engine deletes it.
  const recipients = ofRuns.recipients.filter(({ email }) => row.recipients.includes(email))
  const log = { ...ofRuns, recipients, scheduled_for: dueTimeOf(ofRuns, row) }
  // Its run belongs to a row that was lost when the database was restored, so its history does not show the skip.
  return row.skipReason === ('already_run' satisfies SkipReason) ? { ...log, ...statusOf(row) } : log
}

async function readLogOfRuns(source: LogSource, row: LoggedReport): Promise<DeliveryLog> {
  const archived = row.archivedLog as ArchivedLog | null
  const temporalUrl = temporalUrlFor(source, row)
  const runs = await readRuns(source.temporal, row)
  const isDeleted = row.runIds.length > 0 && runs.length < row.runIds.length
  if (runs.length === 0) return logWithoutEngine(source, row)
  const before = isDeleted ? archived?.log : null
  const newRuns = before ? runs.filter((run) => !archived?.run_ids.includes(run.runId)) : runs
  return buildDeliveryLog(row, newRuns, { before, lost: endOf(row), temporalUrl })
}

/** The runs of a report that the engine still has, oldest first. */
export async function readRuns(
  temporal: Client,
  row: Pick<Report, 'workflowId' | 'runIds'>,
): Promise<RunRecord[]> {
  const runs = await Promise.all(row.runIds.map((runId) => readRun(temporal, row.workflowId, runId)))
  return runs.filter((run) => run !== null)
}

export function temporalUrlFor(source: LogSource, row: Pick<Report, 'workflowId' | 'runIds'>): string | null {
  const runId = row.runIds.at(-1)
  if (!runId) return null
  const namespace = encodeURIComponent(source.temporal.options.namespace)
  return `${source.temporalWebUrl}/namespaces/${namespace}/workflows/${encodeURIComponent(row.workflowId)}/${runId}/history`
}

/** Of an occurrence skipped at its opening, the history's result says why, not when it was due. */
function dueTimeOf(log: DeliveryLog, row: Report): string | null {
  if (log.status !== 'skipped') return log.scheduled_for
  return log.scheduled_for ?? row.scheduledFor?.toISOString() ?? null
}

/** The log without the engine: from the archive, or from the row. */
export function logWithoutEngine(source: LogSource, row: LoggedReport): DeliveryLog {
  const archived = row.logArchived ? (row.archivedLog as ArchivedLog | null) : null
  const log = archived?.log ?? logFromRow(row, temporalUrlFor(source, row))
  return { ...log, recipients_removed: row.removedDetails > 0 }
}

function logFromRow(row: LoggedReport, temporalUrl: string | null): DeliveryLog {
  return {
    ...buildDeliveryLog(row, [], { temporalUrl }),
    scheduled_for: row.scheduledFor?.toISOString() ?? null,
    started_at: row.startedAt?.toISOString() ?? null,
    finished_at: row.finishedAt?.toISOString() ?? null,
    ...statusOf(row),
    ...(row.removedDetails > 0 ? { phases: [] } : {}),
    recipients: recipientsOn(row, row.deliveries ?? []),
  }
}

/** Null while the report is open. When its deliveries were not loaded, the recipients come from the archive. */
function endOf(row: LoggedReport): LostReport | null {
  const { status, delivery } = statusOf(row)
  if (!isSettled(status)) return null
  const archived = row.archivedLog as ArchivedLog | null
  const recipients = row.deliveries ? recipientsOn(row, row.deliveries) : (archived?.log.recipients ?? [])
  return { status, delivery, recipients }
}

function recipientsOn(row: Report, deliveries: readonly Delivery[]): RecipientLog[] {
  const known = new Map(deliveries.map((delivery) => [delivery.email, delivery]))
  return row.recipients.map((email) => {
    const delivery = known.get(email)
    return {
      email,
      status: (delivery?.status ?? 'pending') as RecipientStatus,
      attempts: delivery ? 1 : 0,
      message_id: delivery?.messageId ?? null,
      response: delivery?.response ?? null,
      error: delivery?.error ?? null,
      sent_at: delivery?.sentAt?.toISOString() ?? null,
    }
  })
}

/** The status of a report, as lists show it. */
function statusOf(row: Report): Pick<DeliveryLog, 'status' | 'delivery' | 'skip_reason'> {
  return {
    status: row.status as ReportStatus,
    delivery: row.delivery as DeliveryState,
    skip_reason: row.skipReason as SkipReason | null,
  }
}

/**
 * Stores a report's log on its row. Idempotent; after another run has ended it stores more.
 * @returns how the report ended, unless that was archived before or it has begun again.
 */
export async function archiveDeliveryLog(
  prisma: PrismaClient,
  source: LogSource,
  number: number,
): Promise<ReportEnd | null> {
  const row = await prisma.report.findUniqueOrThrow({ where: { number }, include: { deliveries: true } })
  const archive: ArchivedLog = { log: await readDeliveryLog(source, row), run_ids: row.runIds }
  // A relaunch that began meanwhile archives its own.
  const { status, settledRound, runIds } = row
  const { count } = await prisma.report.updateMany({
    where: { number, status, settledRound, runIds: { equals: runIds } },
    data: { archivedLog: toStorableJson(archive) as unknown as Prisma.InputJsonObject, logArchived: true },
  })
  return count === 0 || row.logArchived ? null : reportEnd(row, archive.log)
}
