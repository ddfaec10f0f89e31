import type { Locale } from '../locale.ts'
import type { AbsolutePeriod } from '../report-type.ts'

/** « 1 au 31 octobre 2026 », “1–31 October 2026”; one day alone is that day. */
export function formatPeriod(period: AbsolutePeriod, locale: Locale): string {
  const from = new Date(`${period.from}T00:00:00Z`)
  const to = new Date(`${period.to}T00:00:00Z`)
  const language = locale === 'fr' ? 'fr-FR' : 'en-GB'
  const end = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(to)
  if (period.from === period.to) return end
  const sameYear = from.getUTCFullYear() === to.getUTCFullYear()
  const sameMonth = sameYear && from.getUTCMonth() === to.getUTCMonth()
  // Not Intl's formatRange: French wants « au », and its spaces around the dash change with its data.
  const start = new Intl.DateTimeFormat(language, {
    day: 'numeric',
    month: sameMonth ? undefined : 'long',
    year: sameYear ? undefined : 'numeric',
    timeZone: 'UTC',
  }).format(from)
  if (locale === 'fr') return `${start} au ${end}`
  return sameMonth ? `${start}–${end}` : `${start} – ${end}`
}
