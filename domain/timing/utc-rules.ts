/** A timing's wall-clock rule, rewritten in UTC for one fixed offset. */

import { daysInMonth } from './timing.ts'
import type { Timing } from './timing.ts'

/** Hours × minutes of UTC, on the UTC dates `dayShift` days after the local dates that match. */
export interface UtcTimes {
  dayShift: number
  hours: number[]
  minutes: number[]
}

/** One way for a date to match; a timing with `eitherDay` has two. */
export interface DayRule {
  /** 0 Sunday … 6 Saturday, of the local date. */
  weekdays: readonly number[]
  /** The rest of the rule: months and days of the month. */
  matches(year: number, month: number, day: number): boolean
}

const everyWeekday = [0, 1, 2, 3, 4, 5, 6]

/** The times of day in UTC under an offset of whole minutes. Two or more entries when they cross midnight. */
export function timesInUtc(timing: Timing, offsetMinutes: number): UtcTimes[] {
  const minutesByCarry = new Map<number, number[]>()
  for (const minute of timing.minutes) {
    const shifted = minute - offsetMinutes
    const carry = Math.floor(shifted / 60)
    const minutes = minutesByCarry.get(carry) ?? []
    minutesByCarry.set(carry, [...minutes, shifted - carry * 60])
  }
  const times = new Map<string, UtcTimes>()
  for (const [carry, minutes] of minutesByCarry)
    for (const dayShift of new Set(timing.hours.map((hour) => Math.floor((hour + carry) / 24)))) {
      const hours = timing.hours
        .map((hour) => hour + carry - dayShift * 24)
        .filter((hour) => hour >= 0 && hour < 24)
      const key = `${dayShift}:${hours.join()}`
      const same = times.get(key)
      if (same) same.minutes.push(...minutes)
      else times.set(key, { dayShift, hours, minutes: [...minutes] })
    }
  for (const { minutes } of times.values()) minutes.sort((a, b) => a - b)
  return [...times.values()]
}

export function dayRules(timing: Timing): DayRule[] {
  const months = new Set(timing.months)
  const monthDays = new Set(timing.monthDays)
  const byMonth = (_year: number, month: number) => months.has(month)
  const byDate = (year: number, month: number, day: number) =>
    months.has(month) && (timing.lastDay ? day === daysInMonth(month, year) : monthDays.has(day))
  return timing.eitherDay
    ? [
        { weekdays: everyWeekday, matches: byDate },
        { weekdays: timing.weekdays, matches: byMonth },
      ]
    : [{ weekdays: timing.weekdays, matches: byDate }]
}

/** Minutes of the day as few products of hours and minutes. */
export function timesOfDay(minutesOfDay: readonly number[]): { hours: number[]; minutes: number[] }[] {
  const minutesByHour = new Map<number, number[]>()
  for (const minuteOfDay of minutesOfDay) {
    const hour = Math.floor(minuteOfDay / 60)
    minutesByHour.set(hour, [...(minutesByHour.get(hour) ?? []), minuteOfDay % 60])
  }
  const products = new Map<string, { hours: number[]; minutes: number[] }>()
  for (const [hour, minutes] of minutesByHour) {
    const product = products.get(minutes.join())
    if (product) product.hours.push(hour)
    else products.set(minutes.join(), { hours: [hour], minutes })
  }
  return [...products.values()]
}
