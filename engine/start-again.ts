import { scheduleIdFor } from '#domain/names.ts'
import { ScheduleNotFoundError, ScheduleOverlapPolicy, type Client } from '@temporalio/client'
import type { Report } from '#prisma/client/client.ts'
import { signalRelaunch, startReport } from './start-report.ts'

/** Starts a queued report the way it was meant to start: a relaunch, a backfilled occurrence, or a request. */
export async function startAgain(temporal: Client, row: Report): Promise<void> {
  if (row.startedAt) return signalRelaunch(temporal, row)
  if (row.origin === 'backfill' && row.scheduledReportId && row.scheduledFor) {
    try {
      return await startOccurrence(temporal, row.scheduledReportId, row.scheduledFor)
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error
    }
  }
  return startReport(temporal, row)
}

/**
 * Starts one occurrence by the Schedule's own backfill, with start and end at its instant, so that workflow id
 * and nominal time are the engine's own.
 */
export async function startOccurrence(temporal: Client, scheduledReportId: string, at: Date): Promise<void> {
  await temporal.schedule
    .getHandle(scheduleIdFor(scheduledReportId))
    .backfill({ start: at, end: at, overlap: ScheduleOverlapPolicy.ALLOW_ALL })
}

/** Workflow id the engine gives the occurrence of a Schedule; nominal time in UTC, whole seconds. */
export function occurrenceWorkflowId(scheduledReportId: string, scheduledFor: Date): string {
  return `${scheduleIdFor(scheduledReportId)}-${scheduledFor.toISOString().replace(/\.\d{3}Z$/, 'Z')}`
}
