import { activityInfo, ApplicationFailure } from '@temporalio/activity'
import { databaseNow } from '#services/clock/clocks.ts'
import { isDelayed } from '#services/definitions/missed-runs.ts'
import { occurrenceSnapshot } from '#services/definitions/occurrence-snapshot.ts'
import { longestCatchUpMs } from '#services/schedules/schedule-options.ts'
import { isAnyDue, spreadMinutesOf } from '#services/definitions/stored-timing.ts'
import { Prisma, type Report, type ScheduledReport } from '#prisma/client/client.ts'
import type { ActivityContext } from '../activity-context.ts'

/**
 * Creates the one report of the occurrence, or finds it.
 *
 * The unique key (definition, scheduled for) is the claim; (workflow id, run id) is its holder. So a retried claim
 * finds its own row, and a second run of the same occurrence (the engine allows a backfill over dates already run)
 * ends without changing the first one's row.
 */
export async function claimOccurrence(
  context: ActivityContext,
  scheduledReportId: string | undefined,
  scheduledFor: string | null,
): Promise<Report | 'already_claimed' | 'definition_deleted' | 'no_longer_due'> {
  const { workflowId, runId } = activityInfo().workflowExecution ?? {}
  if (!scheduledReportId || !scheduledFor || !workflowId || !runId) {
    throw ApplicationFailure.nonRetryable(
      'A report starts with its number or its definition’s id',
      'report_unknown',
    )
  }
  const holder = { workflowId, runId }
  const definition = await context.prisma.scheduledReport.findUnique({ where: { id: scheduledReportId } })
  if (!definition) return 'definition_deleted'
  const snapshot = occurrenceSnapshot(context.catalogue, definition)

  const occurrence = { scheduledReportId, scheduledFor: new Date(scheduledFor) }
  const row = (await find()) ?? (isStillDue(definition, occurrence.scheduledFor) ? await insert() : null)
  if (!row) return 'no_longer_due'
  if (row.workflowId !== workflowId) return 'already_claimed'
  if (row.runIds.includes(runId)) return row
  // A backfill inserted the row before its run began: the first run claims it.
  if (row.runIds.length > 0) return 'already_claimed'
  const taken = await context.prisma.report.updateMany({
    where: { number: row.number, runIds: { isEmpty: true } },
    data: { runIds: [runId] },
  })
  return taken.count === 1 ? { ...row, runIds: [runId] } : 'already_claimed'

  async function find(): Promise<Report | null> {
    return context.prisma.report.findUnique({
      where: { scheduledReportId_scheduledFor_repetition: { ...occurrence, repetition: 0 } },
    })
  }

  async function insert(): Promise<Report> {
    const origin = (await isBackfill()) ? 'backfill' : 'schedule'
    try {
      return await context.prisma.report.create({
        data: {
          ...snapshot,
          ...occurrence,
          // Queued, so that it blocks no other occurrence until `open` has decided whether it may run.
          status: 'queued',
          origin,
          workflowId: holder.workflowId,
          runIds: [holder.runId],
        },
      })
    } catch (error) {
      // Another run inserted the row between our read and our insert: that run holds the claim.
      const existing = isUniqueViolation(error) ? await find() : null
      if (existing) return existing
      throw error
    }
  }

  /**
   * Whether an operator backfilled this date in Temporal Web: the engine itself starts nothing this late. The start of
   * the run counts, not the present time, since a run may wait long for a worker.
   */
  async function isBackfill(): Promise<boolean> {
    const caughtUpUntil = new Date(occurrence.scheduledFor.getTime() + longestCatchUpMs)
    const spread = spreadMinutesOf(definition, context)
    if (!isDelayed(caughtUpUntil, await databaseNow(context.prisma), spread)) return false
    const run = await context.temporal.workflow.getHandle(holder.workflowId, holder.runId).describe()
    return isDelayed(caughtUpUntil, run.startTime, spread)
  }
}

/**
 * A Schedule that could not be updated (the engine was unreachable when the definition changed) catches up occurrences
 * of the old timing. An occurrence that an operator starts by hand is not at a whole minute, and always runs.
 */
function isStillDue(definition: ScheduledReport, scheduledFor: Date): boolean {
  const isApplied = definition.version === definition.appliedVersion
  const isByHand = scheduledFor.getTime() % 60_000 !== 0
  if (isApplied || isByHand || scheduledFor <= definition.accountedUntil) return true
  return definition.enabled && isAnyDue(definition, new Date(scheduledFor.getTime() - 1), scheduledFor)
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'
}
