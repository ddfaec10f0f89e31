import type { Locale } from '../locale.ts'
import { clockChanges, affectedTimes } from './clock-changes.ts'
import { clockTime } from './describe-timing.ts'
import { daysInMonth, isHourly } from './timing.ts'
import type { Timing } from './timing.ts'
import { monthName, timingWords } from './timing-words.ts'
import { zoneCity } from './zone-name.ts'

const frequentMinutes = 15
const dayMs = 86_400_000

/**
 * What a person should know before they save: days that some months lack, times that a clock change takes away
 * or doubles within two years of `now`, and very frequent runs. Empty for most timings.
 */
export function timingWarnings(timing: Timing, locale: Locale, now: Date): string[] {
  return [
    ...missingDays(timing, locale),
    ...changedTimes(timing, locale, now),
    ...uselessStep(timing, locale),
    ...tooFrequent(timing, locale),
  ]
}

function missingDays(timing: Timing, locale: Locale): string[] {
  if (timing.eitherDay || timing.lastDay) return []
  // A span that runs on to the month's end (25-31, or */2) expects months of different lengths.
  const chosen = timing.monthDays.filter((day) => day > 28 && !timing.monthDays.includes(day - 1))
  if (timing.monthDays.length > 5) return []
  return chosen.flatMap((day) => {
    const lacking = timing.months.filter((month) => daysInMonth(month, 2001) < day)
    if (lacking.length === 0) return []
    const words = timingWords[locale]
    const leapOnly = day === 29
    const months = words.list(lacking.map((month) => monthName(month, locale)))
    if (locale === 'fr')
      return leapOnly
        ? 'Pas d’envoi en février hors année bissextile : ce mois n’a alors pas de 29. Pour un envoi chaque mois, choisissez « dernier jour du mois ».'
        : `Pas d’envoi en ${months} : il n’y a pas de ${day}. Pour un envoi chaque mois, choisissez « dernier jour du mois ».`
    return leapOnly
      ? 'No report in February except in leap years: the month then has no 29th. For one every month, choose “last day of the month”.'
      : `No report in ${months}: there is no day ${day}. For one every month, choose “last day of the month”.`
  })
}

function changedTimes(timing: Timing, locale: Locale, now: Date): string[] {
  if (isHourly(timing)) return []
  const until = new Date(now)
  until.setUTCFullYear(until.getUTCFullYear() + 2)
  const concerned = clockChanges(timing.timeZone, now, until)
    .map((change) => ({ change, times: affectedTimes(timing, change) }))
    .filter(({ times }) => times.length > 0)
  return (['skipped', 'doubled'] as const).flatMap((kind) => {
    const changes = concerned.filter(({ change }) => change.kind === kind)
    const [first] = changes
    if (!first) return []
    const dates = timingWords[locale].list(changes.map(({ times }) => longDate(times[0] ?? 0, locale)))
    const times =
      timingWords[locale].list(first.times.slice(0, 4).map(wallTime)) + (first.times.length > 4 ? ' …' : '')
    const several = first.times.length > 1
    const runsAt = wallTime(first.change.wallTo)
    const city = zoneCity(timing.timeZone, locale)
    if (kind === 'skipped')
      return locale === 'fr'
        ? `${changes.length > 1 ? 'Les' : 'Le'} ${dates}, les horloges avancent (${city}) : ${times} ${several ? 'n’existent pas' : 'n’existe pas'}, le rapport part à ${runsAt}.`
        : `On ${dates} the clocks go forward (${city}): ${times} ${several ? 'do' : 'does'} not exist, the report leaves at ${runsAt}.`
    return locale === 'fr'
      ? `${changes.length > 1 ? 'Les' : 'Le'} ${dates}, les horloges reculent (${city}) : ${times} ${several ? 'viennent' : 'vient'} deux fois, le rapport ne part qu’à la première.`
      : `On ${dates} the clocks go back (${city}): ${times} ${several ? 'come' : 'comes'} twice, the report leaves at the first only.`
  })
}

/** A step as long as its field or longer, such as a minute step of 90, matches the first value alone. */
function uselessStep(timing: Timing, locale: Locale): string[] {
  if (timing.frequency !== 'custom') return []
  const fields = timing.expression.split(' ')
  const sizes = [60, 24, 31, 12, 7]
  return fields.flatMap((text, index) => {
    const step = /^(?:\*|\d+)\/(\d+)$/.exec(text)?.[1]
    if (step === undefined || Number(step) < (sizes[index] ?? 60)) return []
    return locale === 'fr'
      ? `« ${text} » ne fait pas un intervalle de ${step} : seule la première valeur du champ est retenue.`
      : `“${text}” does not make an interval of ${step}: only the field’s first value is taken.`
  })
}

function tooFrequent(timing: Timing, locale: Locale): string[] {
  const times = timing.hours.flatMap((hour) => timing.minutes.map((minute) => hour * 60 + minute))
  // The first time of the next day follows the last of this one.
  const following = [...times.slice(1), (times[0] ?? 0) + 24 * 60]
  const closest = Math.min(...times.map((time, index) => (following[index] ?? Infinity) - time))
  if (closest >= frequentMinutes) return []
  return locale === 'fr'
    ? [
        `Envois très rapprochés : ${times.length} par jour, à ${closest} minute${closest > 1 ? 's' : ''} d’intervalle au plus court.`,
      ]
    : [`Very frequent: ${times.length} a day, as little as ${closest} minute${closest > 1 ? 's' : ''} apart.`]
}

function longDate(wall: number, locale: Locale): string {
  return new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: 'long',
    timeZone: 'UTC',
  }).format(wall)
}

function wallTime(wall: number): string {
  return clockTime(Math.floor((wall % dayMs) / 60_000))
}
