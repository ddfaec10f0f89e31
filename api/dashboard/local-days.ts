/** Calendar days, as `YYYY-MM-DD`. */

import { resolvePeriod } from '#domain/timing/resolve-period.ts'

const dayMs = 86_400_000

export function todayIn(timeZone: string, now: Date): string {
  return resolvePeriod({ relative: 'today' }, { at: now, timeZone }).from
}

/** `count` consecutive days from `first` on. */
export function daysFrom(first: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => addDays(first, index))
}

/** @param days how many to add; negative: an earlier day. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
}
