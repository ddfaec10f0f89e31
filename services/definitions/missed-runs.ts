import { nextRuns } from '#domain/timing/next-runs.ts'
import type { SkipReason } from '#domain/report-status.ts'
import type { ScheduledReport } from '#prisma/client/client.ts'
import { timingOf } from './stored-timing.ts'

/** An occurrence that begins later than this was delayed by an outage, not merely queued. */
const lateAfterMs = 60_000
const minuteMs = 60_000

/** @param spreadMinutes how long after its due time the occurrence may start by design. */
export function isLate(scheduledFor: Date, at: Date, spreadMinutes: number): boolean {
  return at.getTime() - scheduledFor.getTime() > spreadMinutes * minuteMs + lateAfterMs
}

/**
 * Why an occurrence that could not begin in time is skipped, as the definition's `missed_runs` says, or null: `latest`
 * skips it when a newer one is due, `none` when it is late, `all` never.
 *
 * Occurrences until `accounted_until` followed the timing of that time and have their reports; the present timing says
 * only after it what is newer.
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
