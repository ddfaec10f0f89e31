import { CalendarDates } from './calendar-dates.ts'
import type { DateBox } from './calendar-dates.ts'
import { runsBetween } from './next-runs.ts'
import { isEveryDay, isHourly } from './timing.ts'
import type { Timing } from './timing.ts'
import { dayRules, timesInUtc, timesOfDay } from './utc-rules.ts'
import type { DayRule, UtcTimes } from './utc-rules.ts'
import { offsetPeriods, periodIndexAt } from './zone-offsets.ts'

/** A set of instants: every combination of its fields, in UTC. */
export interface UtcCalendar extends DateBox {
  /** 0 Sunday … 6 Saturday. */
  weekdays: number[]
  hours: number[]
  minutes: number[]
}

export interface YearSpan {
  firstYear: number
  yearCount: number
}

/** A day of a zone, whatever runs on it. */
interface ZoneDay {
  year: number
  month: number
  day: number
  weekday: number
  /** In minutes; those in force at some time of the day. */
  offsets: readonly number[]
  /** Epoch milliseconds. */
  start: number
}

interface ZoneDays {
  days: readonly ZoneDay[]
  /** Those that a change of offset touches, so that their runs follow no simple rule. */
  touched: readonly ZoneDay[]
}

/** Minutes of a touched day. */
interface ExactRuns {
  runs: ReadonlySet<number>
  uncovered: Set<number>
}

const minuteMs = 60_000
const dayMs = 86_400_000

/**
 * Calendars in UTC whose union, within the span of years, is exactly `runsBetween`. The rule is shifted as a
 * whole under each offset of the zone; only days that a change of offset touches are looked at run by run.
 * A calendar without years goes on past the span: right as long as the zone keeps its rules.
 */
export function utcCalendars(timing: Timing, span: YearSpan): UtcCalendar[] {
  const begin = Date.UTC(span.firstYear, 0, 1)
  const end = Date.UTC(span.firstYear + span.yearCount, 0, 1)
  const offsets = offsetsBetween(timing.timeZone, begin, end)
  const everyHour = everyHourCalendar(timing, offsets)
  if (everyHour) return [everyHour]

  const { days, touched } = zoneDays(timing.timeZone, begin, end)
  const exact = new Map(touched.map((day) => [day, exactRuns(timing, day.start)]))
  const calendars = dayRules(timing).flatMap((rule) =>
    offsets.flatMap((offset) =>
      timesInUtc(timing, offset).flatMap((times) => ruleCalendars(rule, times, offset, days, exact, span)),
    ),
  )
  return [...calendars, ...leftoverCalendars(exact, span)]
}

/** An hourly rule for every day needs no dates where all offsets agree on the minutes. */
function everyHourCalendar(timing: Timing, offsets: readonly number[]): UtcCalendar | null {
  const [shift = 0, ...others] = new Set(offsets.map((offset) => modulo(offset, 60)))
  if (others.length > 0 || !isHourly(timing) || !isEveryDay(timing)) return null
  return {
    years: null,
    months: upTo(1, 12),
    monthDays: upTo(1, 31),
    weekdays: upTo(0, 6),
    hours: upTo(0, 23),
    minutes: timing.minutes.map((minute) => modulo(minute - shift, 60)).sort((a, b) => a - b),
  }
}

/** The days of the zones asked for last: all timings of a zone share them. */
const daysByZone = new Map<string, ZoneDays>()
const maxZonesKept = 8

function zoneDays(timeZone: string, begin: number, end: number): ZoneDays {
  const key = `${begin} ${end} ${timeZone}`
  const known = daysByZone.get(key)
  if (known) return known
  const days = buildDays(timeZone, begin, end)
  if (daysByZone.size >= maxZonesKept) daysByZone.clear()
  daysByZone.set(key, days)
  return days
}

function buildDays(timeZone: string, begin: number, end: number): ZoneDays {
  const periods = offsetPeriods(timeZone, begin, end)
  const days: ZoneDay[] = []
  const touched: ZoneDay[] = []
  let index = periodIndexAt(periods, begin)
  // After clocks went back, the repeated hours still belong to the change.
  let touchedUntil = Number.NEGATIVE_INFINITY
  // One list for all days between two changes: there are thousands of days.
  let unchanged = [periods[index]!.offset / minuteMs]
  for (let start = begin; start < end; start += dayMs) {
    let offsets = unchanged
    while (periods[index]!.end < start + dayMs) {
      index += 1
      const { offset, start: change } = periods[index]!
      touchedUntil = change + Math.abs(offset - periods[index - 1]!.offset)
      offsets = [...offsets, offset / minuteMs]
      unchanged = [offset / minuteMs]
    }
    const date = new Date(start)
    const day = {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      weekday: date.getUTCDay(),
      offsets,
      start,
    }
    days.push(day)
    if (offsets.length > 1 || start < touchedUntil) touched.push(day)
  }
  return { days, touched }
}

function exactRuns(timing: Timing, start: number): ExactRuns {
  const runs = new Set<number>()
  for (const run of runsBetween(timing, new Date(start), new Date(start + dayMs - 1)))
    runs.add((run.getTime() - start) / minuteMs)
  return { runs, uncovered: new Set(runs) }
}

/** One day rule under one offset; on touched days only where all its times are among the exact runs. */
function ruleCalendars(
  rule: DayRule,
  { dayShift, hours, minutes }: UtcTimes,
  offset: number,
  days: readonly ZoneDay[],
  exact: ReadonlyMap<ZoneDay, ExactRuns>,
  span: YearSpan,
): UtcCalendar[] {
  const dates = new CalendarDates(span.firstYear, span.yearCount)
  const weekdays = rule.weekdays.map((weekday) => modulo(weekday + dayShift, 7)).sort((a, b) => a - b)
  const minutesOfDay = hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute))
  let isAnyOn = false
  for (const day of days) {
    if (!weekdays.includes(day.weekday)) {
      if (weekdays.length < 7) dates.set(day.year, day.month, day.day, 'free')
      continue
    }
    if (!day.offsets.includes(offset) || !matchesLocally(rule, day, dayShift)) continue
    const runsOfDay = exact.get(day)
    if (runsOfDay) {
      if (!minutesOfDay.every((minute) => runsOfDay.runs.has(minute))) continue
      for (const minute of minutesOfDay) runsOfDay.uncovered.delete(minute)
    }
    dates.set(day.year, day.month, day.day, 'on')
    isAnyOn = true
  }
  return isAnyOn ? dates.boxes().map((box) => ({ ...box, weekdays, hours, minutes })) : []
}

/** The runs that a clock change moved, one by one: same times on several dates share calendars. */
function leftoverCalendars(exact: ReadonlyMap<ZoneDay, ExactRuns>, span: YearSpan): UtcCalendar[] {
  const byTimes = new Map<string, { hours: number[]; minutes: number[]; dates: CalendarDates }>()
  for (const [{ year, month, day }, { uncovered }] of exact)
    for (const times of timesOfDay([...uncovered].sort((a, b) => a - b))) {
      const key = `${times.hours.join()}:${times.minutes.join()}`
      const known = byTimes.get(key) ?? { ...times, dates: new CalendarDates(span.firstYear, span.yearCount) }
      byTimes.set(key, known)
      known.dates.set(year, month, day, 'on')
    }
  return [...byTimes.values()].flatMap(({ hours, minutes, dates }) =>
    dates.boxes().map((box) => ({ ...box, weekdays: upTo(0, 6), hours, minutes })),
  )
}

function matchesLocally(rule: DayRule, { year, month, day }: ZoneDay, dayShift: number): boolean {
  if (dayShift === 0) return rule.matches(year, month, day)
  const local = new Date(Date.UTC(year, month - 1, day - dayShift))
  return rule.matches(local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate())
}

function offsetsBetween(timeZone: string, begin: number, end: number): number[] {
  const periods = offsetPeriods(timeZone, begin, end)
  const inside = periods.slice(periodIndexAt(periods, begin), periodIndexAt(periods, end - 1) + 1)
  return [...new Set(inside.map(({ offset }) => offset / minuteMs))]
}

function modulo(value: number, size: number): number {
  return ((value % size) + size) % size
}

function upTo(lowest: number, highest: number): number[] {
  return Array.from({ length: highest - lowest + 1 }, (_, index) => lowest + index)
}
