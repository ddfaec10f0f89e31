/** Numbers, sizes, dates and durations as a language writes them: everything by Intl, nothing by hand. */

import type { Locale } from '#domain/locale.ts'

/** A tag that says which English: day before month, 24 hours, as the mails and files do. */
const tags: Readonly<Record<Locale, string>> = { fr: 'fr-FR', en: 'en-GB' }

const made = new Map<string, unknown>()
/** Intl's formatters cost more to make than to use. */
function once<Formatter>(key: string, make: () => Formatter): Formatter {
  const known = made.get(key)
  if (known !== undefined) return known as Formatter
  const formatter = make()
  made.set(key, formatter)
  return formatter
}

export function formatNumber(value: number, locale: Locale, options: Intl.NumberFormatOptions = {}): string {
  const key = `number ${locale} ${JSON.stringify(options)}`
  return once(key, () => new Intl.NumberFormat(tags[locale], options)).format(value)
}

const decimalText = /^-?\d+(\.\d+)?$/

/**
 * A number that came as text, with its thousands apart and exactly `scale` digits after the point; no digit passes
 * through a float. @returns null when the text is no plain decimal number.
 */
export function formatDecimal(text: string, locale: Locale, scale: number): string | null {
  if (!decimalText.test(text)) return null
  const options = { minimumFractionDigits: scale, maximumFractionDigits: scale }
  const key = `number ${locale} ${JSON.stringify(options)}`
  const formatter = once(key, () => new Intl.NumberFormat(tags[locale], options))
  return formatter.format(text as Intl.StringNumericLiteral)
}

/** @param share 0 to 1. */
export function formatPercent(share: number, locale: Locale, digits = 0): string {
  return formatNumber(share, locale, { style: 'percent', maximumFractionDigits: digits })
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** `1,2 Mo`, `1.2 MB`: decimal units, as file managers show them. */
export function formatBytes(bytes: number, locale: Locale): string {
  let value = bytes
  let step = 0
  while (value >= 999.5 && step < byteUnits.length - 1) {
    value /= 1000
    step++
  }
  const unit = byteUnits[step] ?? 'byte'
  const digits = step > 0 && value < 10 ? 1 : 0
  // Intl's short "byte" is a whole word in English.
  return formatNumber(value, locale, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: digits,
  })
}

export type DateStyle = 'date' | 'dateTime' | 'time' | 'long' | 'day' | 'month'

const dateOptions: Readonly<Record<DateStyle, Intl.DateTimeFormatOptions>> = {
  /** 22/11/2026 */
  date: { day: '2-digit', month: '2-digit', year: 'numeric' },
  /** 22/11/2026 08:00 */
  dateTime: { day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  /** 08:00 */
  time: { hour: '2-digit', minute: '2-digit' },
  /** dimanche 22 novembre 2026 à 08:00 */
  long: { dateStyle: 'full', timeStyle: 'short' },
  /** dim. 22 nov. */
  day: { weekday: 'short', day: 'numeric', month: 'short' },
  /** novembre 2026 */
  month: { month: 'long', year: 'numeric' },
}

/** @param timeZone the person's, or a report's own. */
export function formatDate(at: string | Date, style: DateStyle, locale: Locale, timeZone: string): string {
  const key = `date ${locale} ${style} ${timeZone}`
  const formatter = once(
    key,
    () => new Intl.DateTimeFormat(tags[locale], { ...dateOptions[style], timeZone, hourCycle: 'h23' }),
  )
  const text = formatter.format(typeof at === 'string' ? new Date(at) : at)
  return style === 'dateTime' ? text.replace(', ', ' ') : text
}

const steps = [
  { unit: 'second', ms: 1_000, below: 45_000 },
  { unit: 'minute', ms: 60_000, below: 45 * 60_000 },
  { unit: 'hour', ms: 3_600_000, below: 22 * 3_600_000 },
  { unit: 'day', ms: 86_400_000, below: 26 * 86_400_000 },
  { unit: 'month', ms: 30.44 * 86_400_000, below: 320 * 86_400_000 },
  { unit: 'year', ms: 365.25 * 86_400_000, below: Infinity },
] as const

/** `il y a 3 minutes`, `dans 2 heures`. */
export function formatRelative(at: string | Date, now: Date, locale: Locale): string {
  const delta = new Date(at).getTime() - now.getTime()
  const step = steps.find(({ below }) => Math.abs(delta) < below) ?? steps[5]
  const formatter = once(
    `relative ${locale}`,
    () => new Intl.RelativeTimeFormat(tags[locale], { numeric: 'auto' }),
  )
  return formatter.format(Math.round(delta / step.ms), step.unit)
}

/** `850 ms`, `12 s`, `3 min 20 s`, `1 h 05 min`. */
export function formatDuration(ms: number, locale: Locale): string {
  const unit = (value: number, name: string, digits = 0) =>
    formatNumber(value, locale, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: digits,
    })
  if (ms < 1_000) return unit(Math.round(ms), 'millisecond')
  if (ms < 10_000) return unit(ms / 1_000, 'second', 1)
  const seconds = Math.round(ms / 1_000)
  if (seconds < 60) return unit(seconds, 'second')
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return joined(unit(minutes, 'minute'), seconds % 60, (rest) => unit(rest, 'second'))
  return joined(unit(Math.floor(minutes / 60), 'hour'), minutes % 60, (rest) => unit(rest, 'minute'))
}

function joined(first: string, rest: number, second: (rest: number) => string): string {
  return rest === 0 ? first : `${first} ${second(rest)}`
}

/** `a, b et c`. */
export function formatList(items: readonly string[], locale: Locale): string {
  return once(`list ${locale}`, () => new Intl.ListFormat(tags[locale], { type: 'conjunction' })).format(
    items,
  )
}
