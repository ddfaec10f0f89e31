/** The phrases of a timing's sentence, per language. describe-timing.ts puts them together. */

import type { Locale } from '../locale.ts'

export interface TimingWords {
  list(items: readonly string[]): string
  weekday(weekday: number): string
  everyDay: string
  /** `days` are weekdays' names, two or more in a row for a span. */
  everyWeekday(days: readonly string[]): string
  weekdaySpan(first: string, last: string): string
  /** « le 15 » or « du 1er au 7 »; English without its preposition: “15th”, “1st to 7th”. */
  monthDaySpan(first: number, last: number): string
  /** Every few days of a month, counted anew in each. */
  monthDaySteps(step: number, first: number, last: number): string
  /** Days of the month; `months` when a phrase names the months elsewhere. */
  onMonthDays(spans: readonly string[], months: string | null): string
  lastDay(months: string | null): string
  everyYear(spans: readonly string[], month: number): string
  /** Months as a phrase after the days: « de janvier à mars », « en janvier et juin ». */
  inMonths(spans: readonly (readonly [number, number])[]): string
  weekdaysOnMonthDays(weekdays: string, spans: readonly string[]): string
  either(monthDays: string, weekdays: string): string
  atTimes(times: readonly string[]): string
  everyMinute: string
  everyMinutes(step: number, first: number): string
  everyHour(minute: number): string
  everyHours(step: number): string
  atMinutes(minutes: readonly number[]): string
  between(first: string, last: string): string
  ofHours(spans: readonly (readonly [number, number])[]): string
}

const french = {
  weekdays: ['dimanche', 'lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi'],
  months: [
    'janvier',
    'février',
    'mars',
    'avril',
    'mai',
    'juin',
    'juillet',
    'août',
    'septembre',
    'octobre',
    'novembre',
    'décembre',
  ],
}
const english = {
  weekdays: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  months: [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ],
}

export function monthName(month: number, locale: Locale): string {
  return (locale === 'fr' ? french : english).months[month - 1] ?? String(month)
}

const frenchList = new Intl.ListFormat('fr-FR', { type: 'conjunction' })
const frenchChoice = new Intl.ListFormat('fr-FR', { type: 'disjunction' })
const englishList = new Intl.ListFormat('en-GB', { type: 'conjunction' })
const englishChoice = new Intl.ListFormat('en-GB', { type: 'disjunction' })
const frenchMonth = (month: number) => monthName(month, 'fr')
const englishMonth = (month: number) => monthName(month, 'en')
const frenchDay = (day: number) => (day === 1 ? '1er' : String(day))
const from = (month: number) =>
  /^[ao]/.test(frenchMonth(month)) ? `d’${frenchMonth(month)}` : `de ${frenchMonth(month)}`
const two = (value: number) => String(value).padStart(2, '0')

/** “on the 1st and 15th”; steps say “every 2 days” without it. */
function onThe(spans: readonly string[]): string {
  return `${spans[0]?.startsWith('every') ? '' : 'on the '}${englishList.format(spans)}`
}

function englishOrdinal(day: number): string {
  const teen = day >= 11 && day <= 13
  const suffix = teen ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th')
  return `${day}${suffix}`
}

const fr: TimingWords = {
  list: (items) => frenchList.format(items),
  weekday: (weekday) => french.weekdays[weekday] ?? String(weekday),
  everyDay: 'tous les jours',
  everyWeekday: (days) => `chaque ${frenchList.format(days)}`,
  weekdaySpan: (first, last) => `du ${first} au ${last}`,
  monthDaySpan: (first, last) =>
    first === last ? `le ${frenchDay(first)}` : `du ${frenchDay(first)} au ${frenchDay(last)}`,
  monthDaySteps: (step, first, last) => `tous les ${step} jours du ${frenchDay(first)} au ${frenchDay(last)}`,
  onMonthDays: (spans, months) => `${frenchList.format(spans)} ${months ? 'du mois' : 'de chaque mois'}`,
  lastDay: (months) => `le dernier jour ${months ? `du mois, ${months},` : 'de chaque mois'}`,
  everyYear: (spans, month) => `chaque année, ${frenchList.format(spans)} ${frenchMonth(month)}`,
  inMonths: (spans) => {
    const [only] = spans
    if (spans.length === 1 && only && only[0] !== only[1]) return `${from(only[0])} à ${frenchMonth(only[1])}`
    const names = spans.map(([first, last]) =>
      first === last ? `en ${frenchMonth(first)}` : `${from(first)} à ${frenchMonth(last)}`,
    )
    const allSingle = spans.every(([first, last]) => first === last)
    return allSingle
      ? `en ${frenchList.format(spans.map(([month]) => frenchMonth(month)))}`
      : frenchList.format(names)
  },
  weekdaysOnMonthDays: (weekdays, spans) => `${weekdays}, si la date tombe ${frenchChoice.format(spans)}`,
  either: (monthDays, weekdays) => `${monthDays} et ${weekdays}`,
  atTimes: (times) => `à ${frenchList.format(times)}`,
  everyMinute: 'chaque minute',
  everyMinutes: (step, first) =>
    `toutes les ${step} minutes${first ? ` à partir de la minute ${first}` : ''}`,
  everyHour: (minute) => `toutes les heures${minute ? ` à la minute ${minute}` : ''}`,
  everyHours: (step) => `toutes les ${step} heures`,
  atMinutes: (minutes) =>
    minutes.length === 1
      ? `à la minute ${minutes[0]}`
      : `aux minutes ${frenchList.format(minutes.map(String))}`,
  between: (first, last) => `de ${first} à ${last}`,
  ofHours: (spans) =>
    `des heures ${frenchList.format(spans.map(([first, last]) => (first === last ? two(first) : `${two(first)} à ${two(last)}`)))}`,
}

const en: TimingWords = {
  list: (items) => englishList.format(items),
  weekday: (weekday) => english.weekdays[weekday] ?? String(weekday),
  everyDay: 'every day',
  everyWeekday: (days) => `every ${englishList.format(days)}`,
  weekdaySpan: (first, last) => `${first} to ${last}`,
  monthDaySpan: (first, last) =>
    first === last ? englishOrdinal(first) : `${englishOrdinal(first)} to ${englishOrdinal(last)}`,
  monthDaySteps: (step, first, last) =>
    `every ${step} days from the ${englishOrdinal(first)} to the ${englishOrdinal(last)}`,
  onMonthDays: (spans, months) => `${onThe(spans)} of ${months ? 'the month' : 'every month'}`,
  lastDay: (months) => `on the last day of ${months ? `the month, ${months},` : 'every month'}`,
  everyYear: (spans, month) => `every year, ${onThe(spans)} of ${englishMonth(month)}`,
  inMonths: (spans) => {
    const names = spans.map(([first, last]) =>
      first === last ? englishMonth(first) : `${englishMonth(first)} to ${englishMonth(last)}`,
    )
    return spans.every(([first, last]) => first === last) || spans.length > 1
      ? `in ${englishList.format(names)}`
      : `from ${names[0]}`
  },
  weekdaysOnMonthDays: (weekdays, spans) => `${weekdays}, if the date is the ${englishChoice.format(spans)}`,
  either: (monthDays, weekdays) => `${monthDays} and ${weekdays}`,
  atTimes: (times) => `at ${englishList.format(times)}`,
  everyMinute: 'every minute',
  everyMinutes: (step, first) => `every ${step} minutes${first ? ` from minute ${first}` : ''}`,
  everyHour: (minute) => `every hour${minute ? ` at minute ${minute}` : ''}`,
  everyHours: (step) => `every ${step} hours`,
  atMinutes: (minutes) =>
    minutes.length === 1
      ? `at minute ${minutes[0]}`
      : `at minutes ${englishList.format(minutes.map(String))}`,
  between: (first, last) => `from ${first} to ${last}`,
  ofHours: (spans) =>
    `of the hours ${englishList.format(spans.map(([first, last]) => (first === last ? two(first) : `${two(first)} to ${two(last)}`)))}`,
}

export const timingWords: Readonly<Record<Locale, TimingWords>> = { fr, en }
