import type { Localized } from '../locale.ts'
import { cronFieldKinds, parseCronField } from './parse-cron-field.ts'
import type { CronField } from './parse-cron-field.ts'
import { daysInMonth } from './timing.ts'

export interface Cron {
  /** Five fields, one space apart, letters in capitals; an `@name` is written out. */
  expression: string
  minute: CronField
  hour: CronField
  monthDay: CronField
  month: CronField
  weekday: CronField
}

export type CronResult = { ok: true; cron: Cron } | { ok: false; messages: Localized[] }

const maxLength = 200

const shorthands: ReadonlyMap<string, string> = new Map([
  ['@hourly', '0 * * * *'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@weekly', '0 0 * * 0'],
  ['@monthly', '0 0 1 * *'],
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
])

/** Reads a classic cron expression: five fields or an `@name`. The problems of all fields are reported at once. */
export function parseCron(source: string): CronResult {
  // Text copied from a page may hold invisible characters, such as U+200B.
  const text = source.replace(/\p{Cf}/gu, '').trim()
  const refusal = refuseWhole(text)
  if (refusal) return { ok: false, messages: [refusal] }
  const words = (shorthands.get(text.toLowerCase()) ?? text).split(/\s+/)
  if (words.length !== 5) return { ok: false, messages: [wrongFieldCount(words)] }

  const [minuteText = '', hourText = '', monthDayText = '', monthText = '', weekdayText = ''] = words
  const minute = parseCronField(minuteText, cronFieldKinds.minute)
  const hour = parseCronField(hourText, cronFieldKinds.hour)
  const monthDay = parseCronField(monthDayText, cronFieldKinds.monthDay)
  const month = parseCronField(monthText, cronFieldKinds.month)
  const weekday = parseCronField(weekdayText, cronFieldKinds.weekday)
  if (!minute.ok || !hour.ok || !monthDay.ok || !month.ok || !weekday.ok) {
    const results = [minute, hour, monthDay, month, weekday]
    return { ok: false, messages: results.flatMap((result) => (result.ok ? [] : [result.message])) }
  }
  const cron: Cron = {
    expression: [minute, hour, monthDay, month, weekday].map(({ field }) => field.text).join(' '),
    minute: minute.field,
    hour: hour.field,
    monthDay: monthDay.field,
    month: month.field,
    weekday: weekday.field,
  }
  const impossible = impossibleDate(cron)
  return impossible ? { ok: false, messages: [impossible] } : { ok: true, cron }
}

/** Vixie's rule: *or* only when neither day field starts with `*`. */
export function eitherDayMatches(cron: Cron): boolean {
  return !cron.monthDay.star && !cron.weekday.star
}

function refuseWhole(text: string): Localized | null {
  if (text === '')
    return {
      fr: 'Écrivez une expression cron, par exemple 0 8 * * MON-FRI (du lundi au vendredi à 08:00).',
      en: 'Write a cron expression, for example 0 8 * * MON-FRI (Monday to Friday at 08:00).',
    }
  if (text.length > maxLength)
    return {
      fr: `L’expression dépasse ${maxLength} caractères. Écrivez des intervalles a-b ou des pas */n au lieu de listes.`,
      en: `The expression is longer than ${maxLength} characters. Write ranges a-b or steps */n instead of lists.`,
    }
  if (/^(CRON_)?TZ=/i.test(text))
    return {
      fr: 'Le fuseau horaire ne se met pas dans l’expression. Choisissez-le dans le champ « fuseau horaire ».',
      en: 'The time zone does not go into the expression. Choose it in the time zone field.',
    }
  if (/^["'`«“‘].*["'`»”’]$/s.test(text))
    return {
      fr: 'Écrivez l’expression sans guillemets.',
      en: 'Write the expression without quotation marks.',
    }
  if (!text.startsWith('@') || shorthands.has(text.toLowerCase())) return null
  if (/^@reboot$/i.test(text))
    return {
      fr: '« @reboot » n’est pas une heure. Écrivez par exemple @daily, ou lancez le rapport maintenant.',
      en: '“@reboot” is not a time. Write for example @daily, or run the report now.',
    }
  if (/^@every\b/i.test(text))
    return {
      fr: '« @every » n’est pas pris en charge. Écrivez un pas, par exemple */15 * * * * ou 0 */2 * * *.',
      en: '“@every” is not supported. Write a step, for example */15 * * * * or 0 */2 * * *.',
    }
  return {
    fr: `« ${text} » est inconnu. Écrivez ${[...shorthands.keys()].join(', ')} ou cinq champs.`,
    en: `“${text}” is unknown. Write ${[...shorthands.keys()].join(', ')} or five fields.`,
  }
}

function wrongFieldCount(words: readonly string[]): Localized {
  const fields = {
    fr: 'minute heure jour-du-mois mois jour-de-la-semaine',
    en: 'minute hour day-of-month month day-of-week',
  }
  if (words.length < 5)
    return {
      fr: `L’expression a ${words.length} champ${words.length > 1 ? 's' : ''} sur 5. Écrivez : ${fields.fr}, par exemple 0 8 * * *.`,
      en: `The expression has ${words.length} of 5 fields. Write: ${fields.en}, for example 0 8 * * *.`,
    }
  const instead = intendedFields(words)
  return {
    fr: `L’expression a ${words.length} champs : ni secondes ni année ne sont prises en charge. Écrivez ${instead ?? `cinq champs : ${fields.fr}`}.`,
    en: `The expression has ${words.length} fields: neither seconds nor years are supported. Write ${instead ?? `five fields: ${fields.en}`}.`,
  }
}

/** The five fields of another dialect or of a crontab's line; null when their meaning there is uncertain. */
function intendedFields(words: readonly string[]): string | null {
  const isField = (word: string) => parseCronField(word.replace('?', '*'), cronFieldKinds.weekday).ok
  // Quartz and Spring put seconds first, Quartz a year last, Amazon a year alone: `?` tells which field is which.
  const oneDay = words.indexOf('?')
  const secondsFirst = /^0+$/.test(words[0] ?? '') && oneDay !== 2 && oneDay !== 4
  const candidates = [
    ...(secondsFirst && words.length <= 7 ? [words.slice(1, 6)] : []),
    ...(oneDay === 2 || oneDay === 4 || !isField(words[5] ?? '') ? [words.slice(0, 5)] : []),
  ]
  for (const candidate of candidates) {
    // Where there is a `?`, Sunday is 1: a number would mean another day here.
    if (oneDay >= 0 && /\d/.test(candidate[4] ?? '')) return null
    const cron = parseCron(candidate.map((word) => (word === '?' ? '*' : word)).join(' '))
    if (cron.ok) return cron.cron.expression
  }
  return null
}

/** A day that none of the chosen months has, such as 31 February: it would never run. */
function impossibleDate(cron: Cron): Localized | null {
  if (eitherDayMatches(cron)) return null
  const firstDay = cron.monthDay.values[0] ?? 1
  if (cron.month.values.some((month) => daysInMonth(month) >= firstDay)) return null
  return {
    fr: `Aucun des mois choisis n’a de ${firstDay} : le rapport ne partirait jamais. Choisissez un autre jour, ou la fréquence « mensuel » et « dernier jour du mois ».`,
    en: `None of the chosen months has a day ${firstDay}: the report would never run. Choose another day, or the monthly frequency and “last day of the month”.`,
  }
}
