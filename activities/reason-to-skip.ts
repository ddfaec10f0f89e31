import { isRunning } from '#engine/is-running.ts'
import { missedTheirTurn } from '#engine/missed-runs.ts'
import type { SkipReason } from '#domain/report-status.ts'
import type { Report } from '#prisma/client/client.ts'
import type { ActivityContext } from './activity-context.ts'
import { mayStillSee } from './report-definition.ts'

/**
 * Why a due occurrence may not run, or null. Only occurrences of a Schedule are skipped: what a person asked
 * for (a request, a run now, a test, a backfill) runs.
 */
export async function reasonToSkip(context: ActivityContext, row: Report): Promise<SkipReason | null> {
  if (row.origin !== 'schedule' || row.scheduledReportId === null || row.scheduledFor === null) return null
  if (!(await mayStillSee(context, row))) return 'owner_not_allowed'
  const definition = await context.prisma.scheduledReport.findUnique({ where: { id: row.scheduledReportId } })
  if (definition) {
    const missed = missedTheirTurn(definition, row.scheduledFor, new Date())
    if (missed) return missed
  }
  return (await previousStillProducing(context, row)) ? 'previous_still_running' : null
}

/** The row says so and the engine confirms it: a row left behind by a dead run does not block. */
async function previousStillProducing({ prisma, temporal }: ActivityContext, row: Report): Promise<boolean> {
  const earlier = await prisma.report.findMany({
    where: {
      scheduledReportId: row.scheduledReportId,
      number: { not: row.number },
      scheduledFor: { lt: row.scheduledFor ?? undefined },
      status: 'running',
      // A backfill of past dates or a relaunch of an old one does not stand in the way of today's.
      origin: 'schedule',
      round: 0,
    },
    select: { workflowId: true },
  })
  const states = await Promise.all(earlier.map(({ workflowId }) => isRunning(temporal, workflowId)))
  return states.includes(true)
}
