/** Days of the calendar, `YYYY-MM-DD`. */

import { resolvePeriod } from '#domain/timing/resolve-period.ts'

const dayMs = 86_400_000

export function todayIn(timeZone: string, now: Date): string {
  return resolvePeriod({ relative: 'today' }, { at: now, timeZone }).from
}

/** So many days, `first` the first of them. */
export function daysFrom(first: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => shifted(first, index))
}

/** A day, so many days later (earlier when negative). */
export function shifted(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
}
