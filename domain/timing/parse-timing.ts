import { definitionDefaults as defaults } from '../definition-defaults.ts'
import type { Localized } from '../locale.ts'
import type { FieldIssue } from '../problems.ts'
import { eitherDayMatches, parseCron } from './parse-cron.ts'
import { parseTimeZone } from './time-zone.ts'
import type { Timing, TimingInput } from './timing.ts'

export type { Timing, TimingInput } from './timing.ts'

export type TimingResult = { ok: true; timing: Timing } | { ok: false; issues: FieldIssue[] }

type Rule = Omit<Timing, 'frequency' | 'timeZone'>

const weekdayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

/**
 * Checks what a person chose and reduces it to a `Timing`. All problems are told at once, by the paths of the
 * API: `time`, `weekdays`, `month_day`, `cron_expression`, `time_zone`, `frequency`.
 */
export function parseTiming(input: TimingInput): TimingResult {
  const issues: FieldIssue[] = []
  const zone = parseTimeZone(input.timeZone)
  if (!zone.ok) issues.push({ path: 'time_zone', message: zone.message })
  const rule = readRule(input, issues)
  if (!zone.ok || !rule || issues.length > 0) return { ok: false, issues }
  return { ok: true, timing: { frequency: input.frequency, timeZone: zone.timeZone, ...rule } }
}

/** What is wrong with the fields that this frequency does not look at: the API's description forbids it all the same. */
export function unusedFieldIssues({ frequency, time, weekdays, monthDay }: TimingInput): FieldIssue[] {
  const issues: FieldIssue[] = []
  if (frequency === 'custom' && time != null) readTime(time, issues)
  if (frequency !== 'weekly' && weekdays != null) readWeekdays(weekdays, issues)
  if (frequency !== 'monthly' && monthDay != null) readMonthDay(monthDay, issues)
  return issues
}

function readRule(input: TimingInput, issues: FieldIssue[]): Rule | null {
  if (input.frequency === 'custom') return readCron(input.cronExpression ?? '', issues)
  const time = readTime(input.time ?? defaults.time, issues)
  const clock = { minutes: [time?.minute ?? 0], hours: [time?.hour ?? 0], months: upTo(1, 12) }
  const at = `${clock.minutes[0]} ${clock.hours[0]}`
  const everyDay = { monthDays: upTo(1, 31), lastDay: false, weekdays: upTo(0, 6), eitherDay: false }
  switch (input.frequency) {
    case 'daily':
      return { ...clock, ...everyDay, expression: `${at} * * *` }
    case 'weekly': {
      const weekdays = readWeekdays(input.weekdays ?? defaults.weekdays, issues)
      const names = weekdays.map((day) => weekdayNames[day]).join(',')
      return { ...clock, ...everyDay, weekdays, expression: `${at} * * ${names}` }
    }
    case 'monthly': {
      const day = readMonthDay(input.monthDay ?? String(defaults.month_day), issues)
      return day === 'last'
        ? { ...clock, ...everyDay, monthDays: [], lastDay: true, expression: `${at} last * *` }
        : { ...clock, ...everyDay, monthDays: [day], expression: `${at} ${day} * *` }
    }
    default:
      issues.push({
        path: 'frequency',
        message: {
          fr: 'Choisissez une fréquence : daily, weekly, monthly ou custom.',
          en: 'Choose a frequency: daily, weekly, monthly or custom.',
        },
      })
      return null
  }
}

function readCron(expression: string, issues: FieldIssue[]): Rule | null {
  const result = parseCron(expression)
  if (!result.ok) {
    issues.push(...result.messages.map((message) => ({ path: 'cron_expression', message })))
    return null
  }
  const { cron } = result
  return {
    expression: cron.expression,
    minutes: cron.minute.values,
    hours: cron.hour.values,
    months: cron.month.values,
    monthDays: cron.monthDay.values,
    lastDay: false,
    weekdays: cron.weekday.values,
    eitherDay: eitherDayMatches(cron),
  }
}

function readTime(text: string, issues: FieldIssue[]): { hour: number; minute: number } | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text.trim())
  if (match) return { hour: Number(match[1]), minute: Number(match[2]) }
  issues.push({
    path: 'time',
    message: {
      fr: `« ${text} » n’est pas une heure. Écrivez HH:MM de 00:00 à 23:59, par exemple 08:00.`,
      en: `“${text}” is not a time. Write HH:MM from 00:00 to 23:59, for example 08:00.`,
    },
  })
  return null
}

/** ISO days (1 Monday … 7 Sunday) as cron's (0 Sunday … 6 Saturday), ascending, each once. */
function readWeekdays(days: readonly number[], issues: FieldIssue[]): number[] {
  const fail = (message: Localized) => issues.push({ path: 'weekdays', message })
  if (days.length === 0)
    fail({ fr: 'Choisissez au moins un jour de la semaine.', en: 'Choose at least one day of the week.' })
  const wrong = days.find((day) => !Number.isInteger(day) || day < 1 || day > 7)
  if (wrong !== undefined)
    fail({
      fr: `${wrong} n’est pas un jour. Écrivez des nombres de 1 (lundi) à 7 (dimanche).`,
      en: `${wrong} is not a day. Write numbers from 1 (Monday) to 7 (Sunday).`,
    })
  return [...new Set(days.map((day) => day % 7))].sort((a, b) => a - b)
}

function readMonthDay(text: string, issues: FieldIssue[]): number | 'last' {
  const day = text.trim().toLowerCase()
  if (day === 'last') return 'last'
  if (/^([1-9]|[12]\d|3[01])$/.test(day)) return Number(day)
  issues.push({
    path: 'month_day',
    message: {
      fr: `« ${text} » n’est pas un jour du mois. Écrivez un nombre de 1 à 31, ou last pour le dernier jour.`,
      en: `“${text}” is not a day of the month. Write a number from 1 to 31, or last for the last day.`,
    },
  })
  return 1
}

function upTo(lowest: number, highest: number): number[] {
  return Array.from({ length: highest - lowest + 1 }, (_, index) => lowest + index)
}
