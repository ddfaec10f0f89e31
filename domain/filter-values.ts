/** The values that a filter may have, by its kind, and the message for a wrong one. */

import { z } from 'zod'
import type { Localized } from './locale.ts'
import { relativePeriods, type AbsolutePeriod, type FilterKind, type PeriodValue } from './report-type.ts'
import { isStorableText } from './text/storable-text.ts'

/** Bounds of a value, both included; at least one is given. */
export interface NumberRange {
  min?: number
  max?: number
}

/** A filter's value as a person gave it: periods may be relative. */
export type GivenFilterValue = PeriodValue | NumberRange | string | readonly string[] | boolean

/** A filter's value as a query needs it: periods are absolute. */
export type FilterValue = AbsolutePeriod | NumberRange | string | readonly string[] | boolean

export const filterLimits = { textLength: 200, values: 1000 } as const

/** Years a period may name: well within what PostgreSQL and `Date` can hold, the day after `to` included. */
const years = { first: 1000, last: 9998 } as const

/** Why a value was refused. Only the first fault found is reported. */
export type FilterFault =
  | 'period'
  | 'period_date'
  | 'period_order'
  | 'text'
  | 'texts'
  | 'range'
  | 'range_order'
  | 'boolean'
  | 'nul'
  | 'text_length'

const messages: Readonly<Record<FilterFault, Localized>> = {
  period: {
    fr: `une période s’écrit {"from": "2026-10-01", "to": "2026-10-31"} ou {"relative": "yesterday"} (${relativePeriods.join(', ')})`,
    en: `a period is {"from": "2026-10-01", "to": "2026-10-31"} or {"relative": "yesterday"} (${relativePeriods.join(', ')})`,
  },
  period_date: {
    fr: `une date s’écrit AAAA-MM-JJ, existe dans le calendrier, et son année est comprise entre ${years.first} et ${years.last}`,
    en: `a date is YYYY-MM-DD, exists in the calendar, and its year is between ${years.first} and ${years.last}`,
  },
  period_order: {
    fr: 'la période finit avant de commencer : « to » doit être égal ou postérieur à « from »',
    en: 'the period ends before it begins: "to" must be the same day as "from" or later',
  },
  text: { fr: 'un texte est attendu, qui ne soit pas vide', en: 'a text is expected, and not an empty one' },
  texts: {
    fr: `une liste de 1 à ${filterLimits.values} textes non vides est attendue`,
    en: `a list of 1 to ${filterLimits.values} texts, none of them empty, is expected`,
  },
  range: {
    fr: 'un intervalle s’écrit {"min": 0, "max": 100}, avec au moins une des deux bornes, en nombres',
    en: 'a range is {"min": 0, "max": 100}, with one of the two bounds at least, as numbers',
  },
  range_order: {
    fr: 'l’intervalle est vide : « max » doit être supérieur ou égal à « min »',
    en: 'the range is empty: "max" must be greater than or equal to "min"',
  },
  boolean: { fr: 'true ou false est attendu', en: 'true or false is expected' },
  nul: {
    fr: 'un texte ne peut contenir ni caractère nul (U+0000) ni demi-caractère Unicode',
    en: 'a text cannot contain the null character (U+0000) or half a Unicode character',
  },
  text_length: {
    fr: `un texte a au plus ${filterLimits.textLength} caractères`,
    en: `a text has ${filterLimits.textLength} characters at most`,
  },
}

const fault = (name: FilterFault) => ({ error: name })

const text = z
  .string(fault('text'))
  .max(filterLimits.textLength, fault('text_length'))
  .refine(isStorableText, fault('nul'))

const nonBlank = text.refine((value) => value.trim() !== '', fault('text'))

const day = z.string(fault('period')).refine(isCalendarDate, fault('period_date'))

const absolutePeriod = z
  .strictObject({ from: day, to: day }, fault('period'))
  .refine((period) => period.from <= period.to, fault('period_order'))

const relativePeriod = z.strictObject({ relative: z.enum(relativePeriods, fault('period')) }, fault('period'))

const finite = z.number(fault('range'))

/** Schemas by kind. Their issues' messages are names of faults; `checkFilterValue` turns them into sentences. */
export const filterValueSchemas = {
  period: z.unknown().transform((value, context): PeriodValue => {
    const relative = typeof value === 'object' && value !== null && 'relative' in value
    const parsed = (relative ? relativePeriod : absolutePeriod).safeParse(value)
    if (parsed.success) return parsed.data
    context.addIssue({ code: 'custom', message: parsed.error.issues[0]?.message ?? 'period' })
    return z.NEVER
  }),
  one_of: nonBlank,
  many_of: z
    .array(z.string(fault('texts')).pipe(nonBlank), fault('texts'))
    .min(1, fault('texts'))
    .max(filterLimits.values, fault('texts')),
  contains: nonBlank,
  number_range: z
    .strictObject({ min: finite.optional(), max: finite.optional() }, fault('range'))
    .refine((range) => range.min !== undefined || range.max !== undefined, fault('range'))
    .refine((range) => (range.min ?? -Infinity) <= (range.max ?? Infinity), fault('range_order')),
  boolean: z.boolean(fault('boolean')),
} as const satisfies Record<FilterKind, z.ZodType>

/**
 * The value when it fits the kind, else the fault. The message is for authors of JSON; pages put the fault in their
 * own words.
 */
export function checkFilterValue(
  kind: FilterKind,
  value: unknown,
): { ok: true; value: GivenFilterValue } | { ok: false; fault: FilterFault; message: Localized } {
  const parsed = filterValueSchemas[kind].safeParse(value)
  if (parsed.success) return { ok: true, value: parsed.data }
  const name = parsed.error.issues[0]?.message ?? ''
  const fault = isFault(name) ? name : kindFaults[kind]
  return { ok: false, fault, message: messages[fault] }
}

const kindFaults: Readonly<Record<FilterKind, FilterFault>> = {
  period: 'period',
  one_of: 'text',
  many_of: 'texts',
  contains: 'text',
  number_range: 'range',
  boolean: 'boolean',
}

function isFault(name: string): name is FilterFault {
  return Object.hasOwn(messages, name)
}

/** A day that exists, written YYYY-MM-DD: 2026-02-30 does not. */
function isCalendarDate(value: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value)
  if (!match) return false
  const [year, month, dayOfMonth] = match.slice(1).map(Number) as [number, number, number]
  if (year < years.first || year > years.last) return false
  const date = new Date(Date.UTC(year, month - 1, dayOfMonth))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === dayOfMonth
}
