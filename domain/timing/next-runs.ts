import { isHourly, matchesDate } from './timing.ts'
import type { Timing } from './timing.ts'
import { offsetPeriods, periodIndexAt, periodIndexOfWall } from './zone-offsets.ts'
import type { OffsetPeriod } from './zone-offsets.ts'

const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000
/** The engine's calendars end with the year 2100, and so do ours. */
const endOfCalendar = Date.UTC(2101, 0, 1)

/** The first `count` runs strictly after an instant; fewer when the calendar (year 2100) ends before. */
export function nextRuns(timing: Timing, after: Date, count: number): Date[] {
  const runs: Date[] = []
  if (count <= 0) return runs
  for (const run of runsBetween(timing, new Date(after.getTime() + 1), new Date(endOfCalendar))) {
    runs.push(run)
    if (runs.length >= count) break
  }
  return runs
}

/**
 * The runs of a timing in [from, to], both ends included, in order, each instant once.
 *
 * What happens when clocks change (docs/timing.md):
 * - a timing that names hours follows the wall clock: a time that the day lacks runs at the first instant after
 *   the gap, a time that occurs twice runs the first time;
 * - an hourly timing (all 24 hours) follows real time: it runs whenever the clock shows a matching minute, so
 *   once in each real hour. Where a change shifts by less than an hour (Lord Howe) and an hour loses the only
 *   minutes that match, it runs at the first instant after the gap.
 */
export function* runsBetween(timing: Timing, from: Date, to: Date): Generator<Date, void, undefined> {
  const first = from.getTime()
  const last = Math.min(to.getTime(), endOfCalendar - 1)
  if (!(first <= last)) return
  let previous = Number.NEGATIVE_INFINITY
  for (const instant of isHourly(timing)
    ? realTimeRuns(timing, first, last)
    : wallClockRuns(timing, first, last)) {
    if (instant > last) return
    if (instant < first || instant === previous) continue
    previous = instant
    yield new Date(instant)
  }
}

/** In ascending order, possibly the same instant twice; starts a day early and goes on past `last`. */
function* wallClockRuns(timing: Timing, first: number, last: number): Generator<number> {
  for (const date of matchingDates(timing, first - 2 * dayMs, last + 2 * dayMs)) {
    const periods = offsetPeriods(timing.timeZone, date - dayMs, date + 2 * dayMs)
    for (const hour of timing.hours)
      for (const minute of timing.minutes) {
        const wall = date + hour * hourMs + minute * minuteMs
        const period = periods[periodIndexOfWall(periods, wall)]!
        // Earlier than the period's first wall time: no clock showed it, the gap ends as the period starts.
        yield Math.max(wall - period.offset, period.start)
      }
  }
}

/** In ascending order; period by period, because dates overlap when clocks go back over midnight. */
function* realTimeRuns(timing: Timing, first: number, last: number): Generator<number> {
  let from = first
  while (from <= last) {
    // A year at a time, so that a rare rule does not compute a century of offsets at once.
    const until = Math.min(last, Date.UTC(new Date(from).getUTCFullYear() + 1, 0, 1) - 1)
    const periods = offsetPeriods(timing.timeZone, from, until)
    const lastIndex = periodIndexAt(periods, until)
    for (let index = periodIndexAt(periods, from); index <= lastIndex; index += 1) {
      const period = periods[index]!
      const start = Math.max(period.start, from)
      const end = Math.min(period.end, until + 1)
      if (period.start >= from && losesItsOnlyMinutes(timing, periods[index - 1], period)) yield period.start
      yield* matchesWithin(timing, start + period.offset, end + period.offset, period.offset)
    }
    from = until + 1
  }
}

function* matchesWithin(
  timing: Timing,
  wallStart: number,
  wallEnd: number,
  offset: number,
): Generator<number> {
  for (const date of matchingDates(timing, wallStart, wallEnd)) {
    const firstHour = Math.max(0, Math.floor((wallStart - date) / hourMs))
    const lastHour = Math.min(23, Math.floor((wallEnd - 1 - date) / hourMs))
    for (let hour = firstHour; hour <= lastHour; hour += 1)
      for (const minute of timing.minutes) {
        const wall = date + hour * hourMs + minute * minuteMs
        if (wall >= wallStart && wall < wallEnd) yield wall - offset
      }
  }
}

/** Whether the clock enters an hour part of the way through, past every minute at which the rule runs. */
function losesItsOnlyMinutes(timing: Timing, before: OffsetPeriod | undefined, after: OffsetPeriod): boolean {
  if (!before) return false
  const gapStart = before.end + before.offset
  const gapEnd = after.start + after.offset
  const hourStart = Math.floor(gapEnd / hourMs) * hourMs
  // A gap of a whole hour takes no real time away: the runs around it are an hour apart as usual.
  if (gapEnd <= gapStart || gapEnd - gapStart >= hourMs || gapEnd === hourStart) return false
  const date = Math.floor(hourStart / dayMs) * dayMs
  if (!matchesDay(timing, date)) return false
  const shown = timing.minutes.filter((minute) => {
    const wall = hourStart + minute * minuteMs
    return wall < gapStart || wall >= gapEnd
  })
  return shown.length === 0
}

/** Local dates that match, as midnights in milliseconds as if UTC, from the date of `wallFrom`. */
function* matchingDates(timing: Timing, wallFrom: number, wallTo: number): Generator<number> {
  let date = Math.floor(wallFrom / dayMs) * dayMs
  while (date < wallTo) {
    const day = new Date(date)
    if (!timing.months.includes(day.getUTCMonth() + 1)) {
      date = Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1)
      continue
    }
    if (matchesDay(timing, date)) yield date
    date += dayMs
  }
}

function matchesDay(timing: Timing, date: number): boolean {
  const day = new Date(date)
  return matchesDate(timing, day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate(), day.getUTCDay())
}
