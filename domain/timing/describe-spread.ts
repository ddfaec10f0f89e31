import type { Locale } from '../locale.ts'

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
