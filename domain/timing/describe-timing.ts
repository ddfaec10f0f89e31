import type { Locale } from '../locale.ts'
import { isEveryDay, isHourly } from './timing.ts'
import type { Timing } from './timing.ts'
import { timingWords } from './timing-words.ts'
import type { TimingWords } from './timing-words.ts'
import { zoneName } from './zone-name.ts'

/** More times of day than this are described by their interval or their minutes, not one by one. */
const maxListedTimes = 8

/**
 * The rule in words, from the same parsed sets as the runs: « Tous les jours à 08:00 (heure de Paris) ».
 * A rule without a regular interval is described by all its minutes and hours rather than approximately.
 */
export function describeTiming(timing: Timing, locale: Locale): string {
  const words = timingWords[locale]
  const times = timesPhrase(timing, words)
  const days = daysPhrase(timing, words)
  const everyTimeOfEveryDay = isHourly(timing) && isEveryDay(timing)
  const sentence = everyTimeOfEveryDay
    ? times.text
    : `${days.text}${days.comma || times.rhythm ? ',' : ''} ${times.text}`
  return `${capitalized(sentence)} (${zoneName(timing.timeZone, locale)})`
}

/** `comma`: the phrase is so long that a comma belongs before the times. */
function daysPhrase(timing: Timing, words: TimingWords): { text: string; comma: boolean } {
  const everyMonthDay = !timing.lastDay && timing.monthDays.length === 31
  const everyWeekday = timing.weekdays.length === 7
  const months = timing.months.length === 12 ? null : words.inMonths(spansOf(timing.months, 3))
  const during = (text: string) => ({ text: months ? `${text} ${months}` : text, comma: !!months })
  // A day field may be complete although it is written out (1-31): cron's *or* then matches every day.
  if (isEveryDay({ ...timing, months: allMonths })) return during(words.everyDay)
  if (everyMonthDay) return during(weekdaysPhrase(timing, words))
  if (timing.lastDay) return { text: words.lastDay(months), comma: months !== null }
  const each = spansOf(timing.monthDays, 3).map(([first, last]) => words.monthDaySpan(first, last))
  if (!everyWeekday && !timing.eitherDay) {
    const text = words.weekdaysOnMonthDays(weekdaysPhrase(timing, words), each)
    return { text: months ? `${months}, ${text}` : text, comma: true }
  }
  const step = evenStep(timing.monthDays)
  const inSteps = step !== null && step > 1 && timing.monthDays.length > 4
  const spans = inSteps
    ? [words.monthDaySteps(step, timing.monthDays[0] ?? 1, timing.monthDays.at(-1) ?? 31)]
    : each
  if (timing.eitherDay) {
    const text = words.either(words.onMonthDays(spans, months), weekdaysPhrase(timing, words))
    return { text: months ? `${months}, ${text}` : text, comma: false }
  }
  const [month] = timing.months
  if (timing.months.length === 1 && month) return { text: words.everyYear(spans, month), comma: false }
  return months
    ? { text: `${words.onMonthDays(spans, months)}, ${months}`, comma: true }
    : { text: words.onMonthDays(spans, null), comma: false }
}

const allMonths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]

function weekdaysPhrase({ weekdays }: Timing, words: TimingWords): string {
  // Monday first, so that a span that ends on Sunday stays one.
  const isoDays = weekdays.map((weekday) => (weekday === 0 ? 7 : weekday)).sort((a, b) => a - b)
  const names = isoDays.map((day) => words.weekday(day % 7))
  const first = names[0] ?? ''
  const last = names.at(-1) ?? ''
  const inARow = isoDays.every((day, index) => index === 0 || day === isoDays[index - 1]! + 1)
  return inARow && names.length > 2 && names.length < 7
    ? words.weekdaySpan(first, last)
    : words.everyWeekday(names)
}

/** `rhythm`: described by intervals rather than by times of day. */
function timesPhrase(timing: Timing, words: TimingWords): { text: string; rhythm: boolean } {
  const { hours, minutes } = timing
  const times = hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute))
  const clock = times.map(clockTime)
  const listed = { text: words.atTimes(clock), rhythm: false }
  const inFull = { text: `${words.atMinutes(minutes)} ${words.ofHours(spansOf(hours, 3))}`, rhythm: true }
  if (isHourly(timing)) {
    const text = rhythmOfHour(minutes, words) ?? `${words.everyHour(0)}, ${words.atMinutes(minutes)}`
    return { text, rhythm: true }
  }
  const step = evenStep(times)
  if (step === null || (step > 60 && step % 60 !== 0)) return clock.length <= maxListedTimes ? listed : inFull
  if (clock.length <= (step < 60 ? 3 : 4)) return listed
  // Evenly spaced: the interval, the first and the last time are enough.
  const window = words.between(clock[0] ?? '', clock.at(-1) ?? '')
  if (step === 1) return { text: `${words.everyMinute} ${window}`, rhythm: true }
  if (step < 60) return { text: `${words.everyMinutes(step, 0)} ${window}`, rhythm: true }
  if (step === 60) return { text: `${words.everyHour(0)} ${window}`, rhythm: true }
  return { text: `${words.everyHours(step / 60)} ${window}`, rhythm: true }
}

/** The interval of minutes that continues into the next hour; null when there is none. */
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

/**
 * What a spread does to a timing's starts, as a sentence; empty without one. The hour that a report is *for*
 * stays the time due: periods, names and the log do not move.
 */
export function describeSpread(spreadMinutes: number, locale: Locale): string {
  if (spreadMinutes <= 0) return ''
  const several = spreadMinutes > 1
  return locale === 'fr'
    ? `Le départ est réparti sur ${spreadMinutes} minute${several ? 's' : ''} après l’heure prévue.`
    : `Starts are spread over ${spreadMinutes} minute${several ? 's' : ''} after the time due.`
}
