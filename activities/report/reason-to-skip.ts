import { isProducing } from '#services/temporal/workflow-state.ts'
import { isDelayed, missedTheirTurn } from '#services/definitions/missed-runs.ts'
import { spreadMinutesOf } from '#services/definitions/stored-timing.ts'
import type { SkipReason } from '#domain/report-status.ts'
import type { Report } from '#prisma/client/client.ts'
import type { ActivityContext } from '../activity-context.ts'
import { mayStillSee } from './report-definition.ts'

/**
 * Why a due occurrence may not run, or null. Only occurrences of a Schedule are skipped: what a person requested (a
 * request, a run now, a test, a backfill) runs.
 * @param now by the database's clock.
 */
export async function reasonToSkip(
  context: ActivityContext,
  row: Report,
  now: Date,
): Promise<SkipReason | null> {
  if (row.origin !== 'schedule' || row.scheduledReportId === null || row.scheduledFor === null) return null
  if (!(await mayStillSee(context, row))) return 'owner_not_allowed'
  const definition = await context.prisma.scheduledReport.findUnique({ where: { id: row.scheduledReportId } })
  const spread = spreadMinutesOf(definition, context)
  const catchesUp = (at: Date, scheduledFor: Date | null) =>
    definition?.missedRuns === 'all' && scheduledFor !== null && isDelayed(scheduledFor, at, spread)
  const missed = definition && missedTheirTurn(definition, row.scheduledFor, now, context)
  if (missed) return missed
  if (definition?.missedRuns === 'latest' && (await hasNewerReport(context, row))) return 'replaced_by_newer'
  // Occurrences delayed by an outage start together: none of them blocks another, or the next occurrence in time.
  if (catchesUp(now, row.scheduledFor)) return null
  const earlier = (await earlierStillRunning(context, row)).filter(
    ({ startedAt, scheduledFor }) => !catchesUp(startedAt ?? now, scheduledFor),
  )
  return (await isAnyProducing(context, earlier)) ? 'previous_still_running' : null
}

/** Due later, and run or about to run: a skipped report replaces nothing. */
async function hasNewerReport({ prisma }: ActivityContext, row: Report): Promise<boolean> {
  const newer = await prisma.report.findFirst({
    where: {
      scheduledReportId: row.scheduledReportId,
      scheduledFor: { gt: row.scheduledFor ?? undefined },
      origin: 'schedule',
      OR: [{ status: { not: 'skipped' } }, { skipReason: 'already_run' }],
    },
    select: { number: true },
  })
  return newer !== null
}

function earlierStillRunning({ prisma }: ActivityContext, row: Report): Promise<Report[]> {
  return prisma.report.findMany({
    where: {
      scheduledReportId: row.scheduledReportId,
      number: { not: row.number },
      scheduledFor: { lt: row.scheduledFor ?? undefined },
      status: 'running',
      // A backfill of past dates or a relaunch of an old report does not block today's.
      origin: 'schedule',
      round: 0,
    },
  })
}

/** The engine must confirm the row: a row left by a dead run does not block. */
async function isAnyProducing({ temporal }: ActivityContext, earlier: readonly Report[]): Promise<boolean> {
  const states = await Promise.all(earlier.map((report) => isProducing(temporal, report)))
  return states.includes(true)
}
