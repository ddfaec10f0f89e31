import type { Locale } from '../locale.ts'
import { isEveryDay, isHourly } from './timing.ts'
import type { Timing } from './timing.ts'
import { timingWords } from './timing-words.ts'
import type { TimingWords } from './timing-words.ts'
import { zoneName } from './zone-name.ts'

/** More times of day than this are told by their rhythm or their minutes, not one by one. */
const maxListedTimes = 8

/**
 * The rule in words, from the same parsed sets as the runs: « Tous les jours à 08:00 (heure de Paris) ».
 * A rule without a short rhythm is told by its minutes and hours in full rather than approximately.
 */
export function describeTiming(timing: Timing, locale: Locale): string {
  const words = timingWords[locale]
  const times = timesPhrase(timing, words)
  const rhythm = !times.startsWith(words.atTimes(['']).trimEnd())
  const sentence =
    rhythm && isHourly(timing) && isEveryDay(timing)
      ? times
      : `${daysPhrase(timing, words).replace(/,$/, rhythm ? '' : ',')}${rhythm ? ',' : ''} ${times}`
  return `${capitalized(sentence)} (${zoneName(timing.timeZone, locale)})`
}

function daysPhrase(timing: Timing, words: TimingWords): string {
  const everyMonthDay = !timing.lastDay && timing.monthDays.length === 31
  const everyWeekday = timing.weekdays.length === 7
  const months = timing.months.length === 12 ? null : words.inMonths(spansOf(timing.months, 3))
  const during = (phrase: string) => (months ? `${phrase} ${months},` : phrase)
  // Either field may be full although it was written out (1-31): then cron's *or* matches every day.
  if (isEveryDay({ ...timing, months: allMonths })) return during(words.everyDay)
  if (everyMonthDay && !timing.eitherDay) return during(weekdaysPhrase(timing, words))
  if (timing.lastDay) return words.lastDay(months)
  const spans = spansOf(timing.monthDays, 3).map(([first, last]) => words.monthDaySpan(first, last))
  if (timing.eitherDay)
    return during(words.either(words.onMonthDays(spans, null), weekdaysPhrase(timing, words)))
  if (!everyWeekday) return during(words.weekdaysOnMonthDays(weekdaysPhrase(timing, words), spans))
  const [month] = timing.months
  return timing.months.length === 1 && month
    ? words.everyYear(spans, month)
    : words.onMonthDays(spans, months)
}

const allMonths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]

function weekdaysPhrase({ weekdays }: Timing, words: TimingWords): string {
  // Monday first; a week's end that runs into Sunday stays one span.
  const isoDays = weekdays.map((weekday) => (weekday === 0 ? 7 : weekday)).sort((a, b) => a - b)
  const names = isoDays.map((day) => words.weekday(day % 7))
  const first = names[0] ?? ''
  const last = names.at(-1) ?? ''
  const inARow = isoDays.every((day, index) => index === 0 || day === isoDays[index - 1]! + 1)
  return inARow && names.length > 2 && names.length < 7
    ? words.weekdaySpan(first, last)
    : words.everyWeekday(names)
}

function timesPhrase(timing: Timing, words: TimingWords): string {
  const { hours, minutes } = timing
  const times = hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute))
  const clock = times.map(clockTime)
  const firstTime = clock[0] ?? ''
  const lastTime = clock.at(-1) ?? ''
  if (isHourly(timing))
    return rhythmOfHour(minutes, words) ?? `${words.everyHour(0)}, ${words.atMinutes(minutes)}`
  const step = evenStep(times)
  if (clock.length <= 3 || step === null) {
    if (clock.length <= maxListedTimes) return words.atTimes(clock)
    return `${words.atMinutes(minutes)} ${words.ofHours(spansOf(hours, 2))}`
  }
  // Evenly spaced: the first and the last time say the rest.
  const window = words.between(firstTime, lastTime)
  if (step === 1) return `${words.everyMinute} ${window}`
  if (step < 60) return `${words.everyMinutes(step, 0)} ${window}`
  if (step === 60) return `${words.everyHour(0)} ${window}`
  if (step % 60 === 0)
    return clock.length <= 4 ? words.atTimes(clock) : `${words.everyHours(step / 60)} ${window}`
  return clock.length <= maxListedTimes
    ? words.atTimes(clock)
    : `${words.atMinutes(minutes)} ${words.ofHours(spansOf(hours, 2))}`
}

/** A rhythm that the minutes keep over the turn of the hour; null when there is none. */
function rhythmOfHour(minutes: readonly number[], words: TimingWords): string | null {
  const [first = 0] = minutes
  if (minutes.length === 60) return words.everyMinute
  if (minutes.length === 1) return words.everyHour(first)
  const step = evenStep(minutes)
  return step !== null && step * minutes.length === 60 ? words.everyMinutes(step, first) : null
}

/** The common distance of ascending values, or null. */
function evenStep(values: readonly number[]): number | null {
  const [first, second] = values
  if (first === undefined || second === undefined) return null
  const step = second - first
  return values.every((value, index) => value === first + index * step) ? step : null
}

/** Ascending values as spans; fewer than `least` in a row stay single. */
function spansOf(values: readonly number[], least: number): [number, number][] {
  const spans: [number, number][] = []
  for (const value of values) {
    const open = spans.at(-1)
    if (open && open[1] === value - 1) open[1] = value
    else spans.push([value, value])
  }
  return spans.flatMap(([first, last]): [number, number][] =>
    last - first + 1 >= least
      ? [[first, last]]
      : Array.from({ length: last - first + 1 }, (_, index) => [first + index, first + index]),
  )
}

export function clockTime(minuteOfDay: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(minuteOfDay / 60))}:${two(minuteOfDay % 60)}`
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
