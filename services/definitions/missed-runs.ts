import { nextRuns } from '#domain/timing/next-runs.ts'
import type { SkipReason } from '#domain/report-status.ts'
import type { ScheduledReport } from '#prisma/client/client.ts'
import { timingOf } from './stored-timing.ts'

/** Begun this long after it should have, an occurrence was held up by an outage, not merely queued. */
const lateAfterMs = 60_000
const minuteMs = 60_000

/** @param spreadMinutes how long after its time due the occurrence may start on purpose. */
export function isLate(scheduledFor: Date, at: Date, spreadMinutes: number): boolean {
  return at.getTime() - scheduledFor.getTime() > spreadMinutes * minuteMs + lateAfterMs
}

/**
 * Whether an occurrence that could not begin in time is left out, as the definition's `missed_runs` says: `latest`
 * gives way to a newer one that is due as well, `none` leaves out what is late, `all` leaves out nothing.
 *
 * What was due until `accounted_until` was so under the timing of then, and has its reports: only after it does the
 * timing of now say what is newer.
 */
export function missedTheirTurn(
  definition: ScheduledReport,
  scheduledFor: Date,
  now: Date,
  spreadMinutes: number,
): SkipReason | null {
  if (definition.missedRuns === 'all') return null
  if (definition.missedRuns === 'none') return isLate(scheduledFor, now, spreadMinutes) ? 'missed' : null
  const timing = definition.enabled ? timingOf(definition) : null
  const since = new Date(Math.max(scheduledFor.getTime(), definition.accountedUntil.getTime()))
  const next = timing && nextRuns(timing, since, 1)[0]
  return next && next <= now ? 'replaced_by_newer' : null
}
