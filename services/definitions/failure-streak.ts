/**
 * Consecutive failures of one definition, counted in the order its reports ended, each under a lock on the definition:
 * of two that end together, only one crosses a threshold.
 *
 * Counted are its occurrences, caught-up and relaunched ones too, and its runs now, which send the same report to the
 * same people; each failed relaunch is another failure. Not counted are skipped and cancelled reports, which say
 * nothing about it; tests; and a backfill, which may fail thirty times at once over past dates.
 */

import type { ReportOrigin, ReportStatus } from '#domain/report-status.ts'
import type { PauseReason } from '#domain/pause-reason.ts'
import type { Prisma, Report, ScheduledReport } from '#prisma/client/client.ts'

const countedOrigins: readonly string[] = ['schedule', 'run_now'] satisfies ReportOrigin[]

export interface StreakChange {
  /** Consecutive failures now; 0 when the report completed. */
  failedInARow: number
  /** Whether the administrators are notified of this failure. */
  isAlert: boolean
  /** Whether the definition was paused because of this failure. */
  isPaused: boolean
  /** The streak that this report ended, when the administrators were to be notified of it. */
  recovered: { failedInARow: number; alertedAt: Date; isPaused: boolean } | null
}

/**
 * Locks the definition of a report until the transaction ends. Call it before locking the report's row: deleting a
 * definition locks in the same order.
 * @returns null when the report has no definition, or it was deleted.
 */
export async function lockDefinitionOf(
  transaction: Prisma.TransactionClient,
  number: number,
): Promise<ScheduledReport | null> {
  const row = await transaction.report.findUnique({ where: { number }, select: { scheduledReportId: true } })
  if (!row?.scheduledReportId) return null
  // Weaker than FOR UPDATE: new reports of the definition may be inserted meanwhile.
  await transaction.$queryRaw`
    SELECT 1 FROM scheduled_report WHERE id = ${row.scheduledReportId}::uuid FOR NO KEY UPDATE`
  return transaction.scheduledReport.findUnique({ where: { id: row.scheduledReportId } })
}

/**
 * Counts how a report ended, and pauses its definition when that is what its owner asked for.
 * @param definition locked.
 * @param alertAfter consecutive failures after which the administrators are notified.
 */
export async function advanceStreak(
  transaction: Prisma.TransactionClient,
  row: Pick<Report, 'number' | 'origin' | 'failedInARow'>,
  definition: ScheduledReport | null,
  { status, alertAfter, now }: { status: ReportStatus; alertAfter: number; now: Date },
): Promise<StreakChange> {
  const counts = definition !== null && countedOrigins.includes(row.origin)
  const before = counts ? definition.failedInARow : row.failedInARow
  const unchanged = { failedInARow: row.failedInARow, isAlert: false, isPaused: false, recovered: null }
  if (status === 'completed') {
    const { alertedAt, enabled } = definition ?? {}
    if (counts && (before > 0 || alertedAt)) {
      await transaction.$executeRaw`
        UPDATE scheduled_report SET failed_in_a_row = 0, alerted_at = NULL WHERE id = ${definition.id}::uuid`
    }
    const recovered = counts && alertedAt ? { failedInARow: before, alertedAt, isPaused: !enabled } : null
    return { ...unchanged, failedInARow: 0, recovered }
  }
  if (status !== 'failed') return unchanged
  const failedInARow = before + 1
  if (!counts) return { ...unchanged, failedInARow }

  const { pauseAfterFailures: pauseAfter } = definition
  const isPaused = definition.enabled && pauseAfter !== null && failedInARow >= pauseAfter
  // One alert a streak; a pause always alerts.
  const isAlert = isPaused || (definition.alertedAt === null && failedInARow >= alertAfter)
  const alertedAt = definition.alertedAt ?? (isAlert ? now : null)
  // Raw SQL, so that counting does not change `updatedAt`.
  await transaction.$executeRaw`
    UPDATE scheduled_report SET failed_in_a_row = ${failedInARow}, alerted_at = ${alertedAt}
    WHERE id = ${definition.id}::uuid`
  if (isPaused) {
    await transaction.scheduledReport.update({
      where: { id: definition.id },
      data: {
        enabled: false,
        version: { increment: 1 },
        pauseReason: { kind: 'failures', times: failedInARow, number: row.number } satisfies PauseReason,
      },
    })
  }
  return { failedInARow, isAlert, isPaused, recovered: null }
}

/** Whether the definition was paused because of this report, and no person has changed that since. */
export function pausedItselfWith(
  { enabled, pauseReason }: ScheduledReport,
  { failedInARow, number }: Pick<Report, 'failedInARow' | 'number'>,
): boolean {
  const reason = pauseReason as PauseReason | null
  return !enabled && reason?.kind === 'failures' && reason.times === failedInARow && reason.number === number
}
