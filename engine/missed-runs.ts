import { nextRuns } from '#domain/timing/next-runs.ts'
import type { SkipReason } from '#domain/report-status.ts'
import type { ScheduledReport } from '#prisma/client/client.ts'
import { timingOf } from './timing-of.ts'

/** An occurrence that begins this long after its time was caught up after an outage, not merely queued. */
const lateAfterMs = 5 * 60_000

/**
 * Whether an occurrence that comes late is left out, as the definition's `missed_runs` says: `latest` keeps
 * the newest one that is due, `none` keeps none that is late, `all` keeps every one.
 */
export function missedTheirTurn(
  definition: ScheduledReport,
  scheduledFor: Date,
  now: Date,
): SkipReason | null {
  if (definition.missedRuns === 'all' || now.getTime() - scheduledFor.getTime() < lateAfterMs) return null
  if (definition.missedRuns === 'none') return 'missed'
  const timing = timingOf(definition)
  const next = timing && nextRuns(timing, scheduledFor, 1)[0]
  return next && next <= now ? 'replaced_by_newer' : null
}
