import { Temporal } from 'temporal-polyfill'
import type { Localized } from '../locale.ts'

export type TimeZoneResult = { ok: true; timeZone: string } | { ok: false; message: Localized }

const unknown = (name: string): Localized => ({
  fr: `Le fuseau horaire « ${name} » est inconnu. Écrivez un nom comme Europe/Paris, Africa/Dakar ou UTC.`,
  en: `The time zone “${name}” is unknown. Write a name such as Europe/Paris, Africa/Dakar or UTC.`,
})

/**
 * Accepts IANA names of the form Region/City, and UTC, in any letter case; returns the canonical case without
 * replacing a name by its modern or former one (Asia/Kolkata stays).
 *
 * Refused although `Intl` takes them: offsets such as `+02:00`, which know no daylight saving and whose sign
 * PostgreSQL reads the other way round; and one-word names such as `CET` or `EST`, which PostgreSQL takes for
 * a fixed abbreviation and `Intl` for a zone with daylight saving, so that filters and hours would disagree.
 */
export function parseTimeZone(name: string): TimeZoneResult {
  const text = name.trim()
  if (text === '')
    return {
      ok: false,
      message: {
        fr: 'Indiquez un fuseau horaire, par exemple Europe/Paris.',
        en: 'Give a time zone, for example Europe/Paris.',
      },
    }
  if (/^(utc|gmt)?[+-]\d/i.test(text))
    return {
      ok: false,
      message: {
        fr: `« ${text} » est un décalage, pas un fuseau horaire : il ignore l’heure d’été. Écrivez une ville, par exemple Europe/Paris.`,
        en: `“${text}” is an offset, not a time zone: it knows no daylight saving. Write a city, for example Europe/Paris.`,
      },
    }
  if (/^utc$/i.test(text)) return { ok: true, timeZone: 'UTC' }
  if (!/^[a-z_]+\/[a-z0-9_+/-]+$/i.test(text)) {
    if (/^[a-z][a-z0-9-]*$/i.test(text) && timeZoneIdentifier(text) !== null)
      return {
        ok: false,
        message: {
          fr: `« ${text} » est une abréviation ambiguë. Écrivez une région et une ville, par exemple Europe/Paris, ou UTC.`,
          en: `“${text}” is an ambiguous abbreviation. Write a region and a city, for example Europe/Paris, or UTC.`,
        },
      }
    return { ok: false, message: unknown(text) }
  }
  const timeZone = timeZoneIdentifier(text)
  return timeZone === null ? { ok: false, message: unknown(text) } : { ok: true, timeZone }
}

function timeZoneIdentifier(name: string): string | null {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId
  } catch {
    return null
  }
}

export function isTimeZone(name: string): boolean {
  return parseTimeZone(name).ok
}
