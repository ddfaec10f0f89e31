/**
 * When a scheduled report is due. One parsed `Timing` gives the next runs, the Temporal Schedule, the sentence
 * in words and the warnings, so that they cannot disagree.
 */

export const frequencies = ['daily', 'weekly', 'monthly', 'custom'] as const
export type Frequency = (typeof frequencies)[number]

/** What a person chose, unchecked. Fields that the frequency does not use are ignored. */
export interface TimingInput {
  frequency: Frequency
  /** `HH:MM`, wall clock of `timeZone`. 08:00 unless given. */
  time?: string | null
  /** ISO days, 1 Monday … 7 Sunday; for `weekly`. Monday unless given. */
  weekdays?: readonly number[] | null
  /** '1' … '31' or 'last'; for `monthly`. The first unless given. */
  monthDay?: string | null
  /** Classic five fields or one of `@hourly` … `@yearly`; for `custom`. */
  cronExpression?: string | null
  /** IANA name, in any letter case. */
  timeZone: string
}

/**
 * The rule, reduced to sets. A wall-clock minute matches when its minute, hour and month are members and its
 * day matches: `lastDay`, or a member of `monthDays` and/or `weekdays` (see `eitherDay`).
 * Plain data: it may be compared and stored as JSON.
 */
export interface Timing {
  readonly frequency: Frequency
  /** The rule in one line, in cron's terms; `last` stands for the last day of the month. */
  readonly expression: string
  /** IANA name in its canonical letter case. */
  readonly timeZone: string
  /** 0–59, ascending. */
  readonly minutes: readonly number[]
  /** 0–23, ascending. All 24 make the rule *hourly*: it then follows real time, see next-runs.ts. */
  readonly hours: readonly number[]
  /** 1–12, ascending. */
  readonly months: readonly number[]
  /** 1–31, ascending; empty when `lastDay`. */
  readonly monthDays: readonly number[]
  readonly lastDay: boolean
  /** 0 Sunday … 6 Saturday, ascending. */
  readonly weekdays: readonly number[]
  /**
   * Cron's rule when both day fields are restricted: a day matches when *either* does. When one of them starts
   * with `*` (so `*` + `/2` counts as unrestricted), both must match, as in Vixie cron.
   */
  readonly eitherDay: boolean
}

/** Whether the rule names every hour of the day: it then runs in each real hour, whatever clocks do. */
export function isHourly(timing: Timing): boolean {
  return timing.hours.length === 24
}

/** Whether the rule matches on every date of the year. */
export function isEveryDay(timing: Timing): boolean {
  if (timing.months.length !== 12) return false
  const everyMonthDay = !timing.lastDay && timing.monthDays.length === 31
  const everyWeekday = timing.weekdays.length === 7
  return timing.eitherDay ? everyMonthDay || everyWeekday : everyMonthDay && everyWeekday
}

const maxMonthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Days of a month, 28–31; February as in a leap year when no year is given. */
export function daysInMonth(month: number, year?: number): number {
  if (month === 2 && year !== undefined && !isLeapYear(year)) return 28
  return maxMonthDays[month - 1] ?? 31
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

/** Whether the rule matches on a date of the local calendar. `weekday` 0 is Sunday. */
export function matchesDate(
  timing: Timing,
  year: number,
  month: number,
  day: number,
  weekday: number,
): boolean {
  if (!timing.months.includes(month)) return false
  const byMonthDay = timing.lastDay ? day === daysInMonth(month, year) : timing.monthDays.includes(day)
  const byWeekday = timing.weekdays.includes(weekday)
  return timing.eitherDay ? byMonthDay || byWeekday : byMonthDay && byWeekday
}
