import type { AbsolutePeriod } from '../report-type.ts'
import { offsetPeriods, periodIndexOfWall } from './zone-offsets.ts'

const dayMs = 86_400_000

/**
 * The instants of a period of days in a time zone: from the first instant of its first day to the last millisecond of
 * its last. A midnight that a clock change skips begins its day where the gap ends.
 */
export function dayBounds(period: AbsolutePeriod, timeZone: string): { from: Date; to: Date } {
  const dayAfter = Date.parse(`${period.to}T00:00:00Z`) + dayMs
  return {
    from: new Date(startOfDay(Date.parse(`${period.from}T00:00:00Z`), timeZone)),
    to: new Date(startOfDay(dayAfter, timeZone) - 1),
  }
}

/** @param wall midnight as if UTC, epoch milliseconds. */
function startOfDay(wall: number, timeZone: string): number {
  const periods = offsetPeriods(timeZone, wall - 2 * dayMs, wall + 2 * dayMs)
  const period = periods[periodIndexOfWall(periods, wall)]!
  return Math.max(wall - period.offset, period.start)
}
