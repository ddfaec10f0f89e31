import type { CalendarSpec, ScheduleSpec } from '@temporalio/client'
import { nextRuns } from './next-runs.ts'
import type { Timing } from './timing.ts'
import { utcCalendars } from './utc-calendars.ts'
import type { UtcCalendar, YearSpan } from './utc-calendars.ts'

interface Range<Unit> {
  start: Unit
  end: Unit
  step: number
}

const monthNames = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
] as const
const weekdayNames = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const

/** The engine refuses a longer comment. */
const maxCommentLength = 200
const spanYears = 20
/** The engine refuses calendars with a later one. */
const lastYear = 2100
const minuteMs = 60_000
/** Some 30 kB each. */
const maxCached = 100
const cache = new Map<string, CalendarSpec[]>()

/**
 * The years for which a Schedule made at `now` fires exactly as `runsBetween` says: at least five before and ten
 * after, unless the engine's calendar (year 2100) ends before. The ends move once in five years: otherwise a Schedule
 * would differ from its definition every day. A backfill that starts before `from` would find no matching times.
 */
export function scheduleHorizon(now: Date): { from: Date; to: Date } {
  const { firstYear, yearCount } = yearSpan(now)
  return {
    from: new Date(Date.UTC(firstYear, 0, 1)),
    to: new Date(Date.UTC(firstYear + yearCount, 0, 1) - 1),
  }
}

/**
 * The Schedule that fires at exactly the instants of `runsBetween`, as calendars in UTC (docs/timing.md says why
 * not in the timing's own zone). Every field is written out, so that `calendars` equals what `describe()` gives
 * back. The first calendar's comment states the rule for operators. Treat the result as read-only: it is shared.
 *
 * `spreadMinutes` delays each start by up to so many minutes, the same ones whenever it is asked (docs/timing.md);
 * the time due stays what `runsBetween` says. It is given in milliseconds, as `describe()` gives it back, and left
 * out when it is 0.
 */
export function toScheduleSpec(timing: Timing, now: Date, spreadMinutes = 0): ScheduleSpec {
  const span = yearSpan(now)
  const key = calendarsKey(timing, now)
  let calendars = cache.get(key)
  if (!calendars) {
    if (cache.size >= maxCached) cache.clear()
    const comment = `${timing.expression} ${timing.timeZone}`.slice(0, maxCommentLength)
    calendars = utcCalendars(timing, span).map((calendar, index) =>
      toCalendarSpec(calendar, index === 0 ? comment : ''),
    )
    cache.set(key, calendars)
  }
  const past = runPastHorizon(timing, now)
  return {
    calendars: past ? [...calendars, dateCalendar(past)] : calendars,
    timezone: 'UTC',
    ...(spreadMinutes > 0 ? { jitter: spreadMinutes * minuteMs } : {}),
  }
}

/** All that the Schedule's spec depends on, in few bytes: the same key, the same spec. */
export function specKey(timing: Timing, now: Date, spreadMinutes: number): string {
  return `${calendarsKey(timing, now)} ${runPastHorizon(timing, now)?.getTime() ?? ''} ${spreadMinutes}`
}

function calendarsKey({ timeZone, expression }: Timing, now: Date): string {
  return `${yearSpan(now).firstYear} ${timeZone} ${expression}`
}

/** The server deletes a Schedule without a future time after a week: the next one is named, however far away. */
function runPastHorizon(timing: Timing, now: Date): Date | null {
  const [next] = nextRuns(timing, now, 1)
  return next && next > scheduleHorizon(now).to ? next : null
}

function dateCalendar(run: Date): CalendarSpec {
  const calendar: UtcCalendar = {
    years: [run.getUTCFullYear()],
    months: [run.getUTCMonth() + 1],
    monthDays: [run.getUTCDate()],
    weekdays: weekdayNames.map((_, index) => index),
    hours: [run.getUTCHours()],
    minutes: [run.getUTCMinutes()],
  }
  return toCalendarSpec(calendar, '')
}

function yearSpan(now: Date): YearSpan {
  const firstYear = Math.min(Math.floor(now.getUTCFullYear() / 5) * 5 - 5, lastYear)
  return { firstYear, yearCount: Math.min(spanYears, lastYear - firstYear + 1) }
}

function toCalendarSpec(calendar: UtcCalendar, comment: string): CalendarSpec {
  return {
    second: [{ start: 0, end: 0, step: 1 }],
    minute: toRanges(calendar.minutes),
    hour: toRanges(calendar.hours),
    dayOfMonth: toRanges(calendar.monthDays),
    month: named(toRanges(calendar.months), (month) => monthNames[month - 1]!),
    year: calendar.years ? toRanges(calendar.years) : [],
    dayOfWeek: named(toRanges(calendar.weekdays), (weekday) => weekdayNames[weekday]!),
    comment,
  }
}

function named<Name>(ranges: Range<number>[], nameOf: (value: number) => Name): Range<Name>[] {
  return ranges.map(({ start, end, step }) => ({ start: nameOf(start), end: nameOf(end), step }))
}

/** Splits ascending values into runs of equal steps, from the left, each as long as possible. */
function toRanges(values: readonly number[]): Range<number>[] {
  const ranges: Range<number>[] = []
  let index = 0
  while (index < values.length) {
    const start = values[index]!
    const step = (values[index + 1] ?? start) - start
    let end = index
    while (step > 0 && values[end + 1] === values[end]! + step) end += 1
    // A step over two values only would take the first of a longer run: write the value alone.
    if (end - index < 2 && !(step === 1 && end > index)) end = index
    ranges.push({ start, end: values[end]!, step: end === index ? 1 : step })
    index = end + 1
  }
  return ranges
}
