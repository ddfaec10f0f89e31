import type { Locale } from '../locale.ts'
import type { AbsolutePeriod } from '../report-type.ts'

/** « 1 au 31 octobre 2026 », “1–31 October 2026”; one day alone is that day. */
export function formatPeriod(period: AbsolutePeriod, locale: Locale): string {
  const from = new Date(`${period.from}T00:00:00Z`)
  const to = new Date(`${period.to}T00:00:00Z`)
  const format = new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: 'long',
    timeZone: 'UTC',
  })
  if (period.from === period.to) return format.format(from)
  if (locale === 'en') return format.formatRange(from, to)
  const sameYear = from.getUTCFullYear() === to.getUTCFullYear()
  const sameMonth = sameYear && from.getUTCMonth() === to.getUTCMonth()
  // Intl's French range is « 1–31 octobre 2026 »: the first date's month and year are left out by hand.
  const start = new Intl.DateTimeFormat('fr-FR', {
    day: 'numeric',
    month: sameMonth ? undefined : 'long',
    year: sameYear ? undefined : 'numeric',
    timeZone: 'UTC',
  })
  return `${start.format(from)} au ${format.format(to)}`
}
