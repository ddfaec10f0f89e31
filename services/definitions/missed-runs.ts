import { nextRuns } from '#domain/timing/next-runs.ts'
import type { SkipReason } from '#domain/report-status.ts'
import type { ScheduledReport } from '#prisma/client/client.ts'
import type { ServiceContext } from '../service-context.ts'
import { spreadMinutesOf, timingOf } from './stored-timing.ts'

/** Occurrences that begin later than this may begin together, and do not count as one another's predecessor. */
const delayedAfterMs = 60_000
const minuteMs = 60_000

/** @param spreadMinutes how long after its due time the occurrence may start by design. */
export function isDelayed(scheduledFor: Date, at: Date, spreadMinutes: number): boolean {
  return at.getTime() - scheduledFor.getTime() > spreadMinutes * minuteMs + delayedAfterMs
}

/**
 * Why an occurrence that could not begin in time is skipped, as the definition's `missed_runs` says, or null: `latest`
 * skips it when a newer one is due, `none` when it begins too late, `all` never. Too late is what no load explains:
 * with thousands due in the same minute, and starts limited to some a second, the last of them begin minutes late.
 *
 * Occurrences until `accounted_until` followed the timing of that time and have their reports; the present timing says
 * only after it what is newer.
 */
export function missedTheirTurn(
  definition: ScheduledReport,
  scheduledFor: Date,
  now: Date,
  installation: Pick<ServiceContext, 'spreadMinutes' | 'missedAfterMinutes'>,
): SkipReason | null {
  if (definition.missedRuns === 'all') return null
  if (definition.missedRuns === 'none') {
    const minutes = spreadMinutesOf(definition, installation) + installation.missedAfterMinutes
    return now.getTime() - scheduledFor.getTime() > minutes * minuteMs ? 'missed' : null
  }
  const timing = definition.enabled ? timingOf(definition) : null
  const since = new Date(Math.max(scheduledFor.getTime(), definition.accountedUntil.getTime()))
  const next = timing && nextRuns(timing, since, 1)[0]
  return next && next <= now ? 'replaced_by_newer' : null
}
