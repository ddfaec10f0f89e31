/** Numbers, sizes and moments as a mail says them, in its reader's language and the report's time zone. */

import type { Locale } from '#domain/locale.ts'

const tags = { fr: 'fr-FR', en: 'en-GB' } as const satisfies Record<Locale, string>

export interface Formats {
  number(value: number): string
  /** « 24,3 Mo »; 1 MB is 1024 × 1024 bytes, as file managers count. */
  size(bytes: number): string
  /** « lundi 9 novembre 2026 à 08:00 (heure d’Europe centrale) » */
  moment(instant: Date): string
  /** The form that goes with the number: « 1 ligne », « 2 lignes ». */
  plural(count: number, one: string, other: string): string
}

export function createFormats(locale: Locale, timeZone: string): Formats {
  const tag = tags[locale]
  const number = new Intl.NumberFormat(tag)
  const full = new Intl.DateTimeFormat(tag, { dateStyle: 'full', timeStyle: 'short', timeZone })
  const zoneName = new Intl.DateTimeFormat(tag, { timeZone, timeZoneName: 'longGeneric' })
  /** The first of a month is « 1er » in French, which Intl does not say. */
  const dayInWords = (instant: Date) =>
    full
      .formatToParts(instant)
      .map(({ type, value }) => (locale === 'fr' && type === 'day' && value === '1' ? '1er' : value))
      .join('')
  const plurals = new Intl.PluralRules(tag)
  return {
    number: (value) => number.format(value),
    size: (bytes) => formatSize(bytes, tag),
    moment(instant) {
      const zone = zoneName.formatToParts(instant).find((part) => part.type === 'timeZoneName')
      return `${dayInWords(instant)} (${zone?.value ?? timeZone})`
    },
    plural: (count, one, other) =>
      `${number.format(count)}\u00A0${plurals.select(count) === 'one' ? one : other}`,
  }
}

function formatSize(bytes: number, tag: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
  let value = bytes
  let index = 0
  while (index < units.length - 1 && value >= 1023.5) {
    value /= 1024
    index += 1
  }
  const unit = units[index] ?? 'byte'
  const digits = unit === 'byte' || unit === 'kilobyte' ? 0 : 1
  const style = {
    style: 'unit',
    unit,
    maximumFractionDigits: digits,
    unitDisplay: unit === 'byte' ? 'long' : 'short',
  } as const
  return new Intl.NumberFormat(tag, style).format(value)
}
