import type { Localized } from '../locale.ts'

/** One of the five fields: its bounds, names, and its name in messages. */
export interface CronFieldKind {
  name: Localized
  lowest: number
  highest: number
  /** Three-letter names, in order from `lowest`. */
  names?: readonly string[]
  /** The full names in English and French, in the same order; people write them, or a part of them, as well. */
  spelledOut?: readonly (readonly [english: string, french: string])[]
  /** Day of week: 7, and SUN at the end of a range, are Sunday. */
  sundayIsSeven?: boolean
}

export interface CronField {
  /** Ascending, within the bounds; Sunday is 0. */
  values: number[]
  /** The text starts with `*`, also as in `*` + `/2`: what Vixie cron calls unrestricted. */
  star: boolean
  /** The field in canonical letter case. */
  text: string
}

export type CronFieldResult = { ok: true; field: CronField } | { ok: false; message: Localized }

export const cronFieldKinds = {
  minute: { name: { fr: 'minute', en: 'minute' }, lowest: 0, highest: 59 },
  hour: { name: { fr: 'heure', en: 'hour' }, lowest: 0, highest: 23 },
  monthDay: { name: { fr: 'jour du mois', en: 'day of month' }, lowest: 1, highest: 31 },
  month: {
    name: { fr: 'mois', en: 'month' },
    lowest: 1,
    highest: 12,
    names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
    spelledOut: [
      ['JANUARY', 'JANVIER'],
      ['FEBRUARY', 'FEVRIER'],
      ['MARCH', 'MARS'],
      ['APRIL', 'AVRIL'],
      ['MAY', 'MAI'],
      ['JUNE', 'JUIN'],
      ['JULY', 'JUILLET'],
      ['AUGUST', 'AOUT'],
      ['SEPTEMBER', 'SEPTEMBRE'],
      ['OCTOBER', 'OCTOBRE'],
      ['NOVEMBER', 'NOVEMBRE'],
      ['DECEMBER', 'DECEMBRE'],
    ],
  },
  weekday: {
    name: { fr: 'jour de la semaine', en: 'day of week' },
    lowest: 0,
    highest: 7,
    names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
    spelledOut: [
      ['SUNDAY', 'DIMANCHE'],
      ['MONDAY', 'LUNDI'],
      ['TUESDAY', 'MARDI'],
      ['WEDNESDAY', 'MERCREDI'],
      ['THURSDAY', 'JEUDI'],
      ['FRIDAY', 'VENDREDI'],
      ['SATURDAY', 'SAMEDI'],
    ],
    sundayIsSeven: true,
  },
} as const satisfies Record<string, CronFieldKind>

class FieldProblem extends Error {
  readonly localized: Localized
  constructor(localized: Localized) {
    super(localized.en)
    this.localized = localized
  }
}

/** Reads lists, ranges, steps and names: `*`, `a`, `a-b`, each with `/n`; `a/n` goes from `a` to the end. */
export function parseCronField(source: string, kind: CronFieldKind): CronFieldResult {
  const text = source.toUpperCase()
  const values = new Set<number>()
  try {
    refuseForeignSyntax(text, kind)
    for (const item of text.split(',')) for (const value of readItem(item, source, kind)) values.add(value)
  } catch (error) {
    if (error instanceof FieldProblem) return { ok: false, message: inField(kind, error.localized) }
    throw error
  }
  return {
    ok: true,
    field: { values: [...values].sort((a, b) => a - b), star: text.startsWith('*'), text },
  }
}

function readItem(item: string, source: string, kind: CronFieldKind): number[] {
  const match = /^(\*|[\p{L}\d]+)(?:-([\p{L}\d]+))?(?:\/(\d+))?$/u.exec(item)
  if (!match || (match[1] === '*' && match[2] !== undefined))
    throw new FieldProblem({
      fr: `« ${item || source} » ne se lit pas. Écrivez une valeur, un intervalle a-b, un pas */n ou une liste a,b.`,
      en: `“${item || source}” cannot be read. Write a value, a range a-b, a step */n or a list a,b.`,
    })
  const [, startText = '*', endText, stepText] = match
  const step = stepText === undefined ? 1 : Number(stepText)
  if (step === 0)
    throw new FieldProblem({
      fr: `le pas de « ${item} » est 0. Écrivez un pas de 1 ou plus.`,
      en: `the step of “${item}” is 0. Write a step of 1 or more.`,
    })
  const star = startText === '*'
  const start = star ? kind.lowest : readValue(startText, kind)
  let end = start
  if (endText !== undefined) end = readRangeEnd(endText, start, kind)
  else if (star || stepText !== undefined) end = kind.sundayIsSeven ? 6 : kind.highest
  if (end < start && endText !== undefined) throw new FieldProblem(wrappedRange(item, start, end, step, kind))
  const values: number[] = []
  // `7/2` alone starts past the last value: Sunday itself.
  for (let value = start; value <= Math.max(start, end); value += step)
    values.push(kind.sundayIsSeven && value === 7 ? 0 : value)
  return values
}

function readValue(text: string, kind: CronFieldKind): number {
  const named = kind.names?.indexOf(text) ?? -1
  if (named >= 0) return kind.lowest + named
  if (!/^\d+$/.test(text)) {
    const names = kind.names
    const meant = intendedName(text, kind)
    const instead = (fr: string, en: string): Localized =>
      meant ? { fr: meant, en: meant } : { fr: `un nombre de ${fr}`, en: `a number from ${en}` }
    const words = instead(
      `${kind.lowest} à ${kind.highest}${names ? ` ou un nom anglais de trois lettres (${names[0]} … ${names.at(-1)})` : ''}`,
      `${kind.lowest} to ${kind.highest}${names ? ` or a three-letter name (${names[0]} … ${names.at(-1)})` : ''}`,
    )
    throw new FieldProblem({
      fr: `« ${text} » n’est pas une valeur. Écrivez ${words.fr}.`,
      en: `“${text}” is not a value. Write ${words.en}.`,
    })
  }
  const value = Number(text)
  if (value < kind.lowest || value > kind.highest)
    throw new FieldProblem({
      fr: `${text} est hors limites. Écrivez un nombre de ${kind.lowest} à ${kind.highest}.`,
      en: `${text} is out of range. Write a number from ${kind.lowest} to ${kind.highest}.`,
    })
  return value
}

/** The name that a longer or a French one stands for: MON for « LUNDI » or « LUN »; null when it is ambiguous. */
function intendedName(text: string, kind: CronFieldKind): string | null {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '')
  if (plain.length < 2) return null
  const found = (kind.spelledOut ?? []).flatMap((spellings, index) =>
    spellings.some((spelling) => spelling.startsWith(plain)) ? [kind.names?.[index] ?? null] : [],
  )
  return found.length === 1 ? (found[0] ?? null) : null
}

function readRangeEnd(text: string, start: number, kind: CronFieldKind): number {
  // FRI-SUN and MON-SUN are clear; 5-0 is not, and is refused below. SUN-SUN is one day.
  if (kind.sundayIsSeven && text === 'SUN' && start > 0) return 7
  return readValue(text, kind)
}

function wrappedRange(
  item: string,
  start: number,
  end: number,
  step: number,
  kind: CronFieldKind,
): Localized {
  const last = kind.sundayIsSeven ? 6 : kind.highest
  const size = last - kind.lowest + 1
  const first = kind.sundayIsSeven && start === 7 ? 0 : start
  const steps = Math.floor((end + (first > end ? size : 0) - first) / step) + 1
  const values = Array.from(
    { length: steps },
    (_, index) => kind.lowest + ((first + index * step - kind.lowest) % size),
  )
  const span = (from: number, to: number) => (from === to ? `${from}` : `${from}-${to}`)
  let instead = values.join()
  if (step === 1) instead = first > end ? `${span(first, last)},${span(kind.lowest, end)}` : span(first, end)
  return {
    fr: `l’intervalle « ${item} » va à rebours. Écrivez ${instead}.`,
    en: `the range “${item}” runs backwards. Write ${instead}.`,
  }
}

function refuseForeignSyntax(text: string, kind: CronFieldKind): void {
  if (text.includes('?'))
    throw new FieldProblem({
      fr: '« ? » n’est pas pris en charge. Écrivez * à la place.',
      en: '“?” is not supported. Write * instead.',
    })
  if (text.includes('#'))
    throw new FieldProblem({
      fr: '« # » (le énième jour du mois) n’est pas pris en charge. Choisissez un jour du mois, ou chaque semaine.',
      en: '“#” (the nth weekday of the month) is not supported. Choose a day of the month, or every week.',
    })
  if (/(^|,)(L|LW|LAST|L-\d+|\d+L|[A-Z]{3}L)(,|$)/.test(text))
    throw new FieldProblem(
      kind.sundayIsSeven
        ? {
            fr: '« L » n’est pas pris en charge. Écrivez un jour de 0 à 7, ou MON à SUN.',
            en: '“L” is not supported. Write a day from 0 to 7, or MON to SUN.',
          }
        : {
            fr: '« L » n’est pas pris en charge. Choisissez la fréquence « mensuel » et « dernier jour du mois ».',
            en: '“L” is not supported. Choose the monthly frequency and “last day of the month”.',
          },
    )
  if (/(^|,)(\d+W|W)(,|$)/.test(text))
    throw new FieldProblem({
      fr: '« W » (le jour ouvré le plus proche) n’est pas pris en charge. Écrivez un jour du mois.',
      en: '“W” (the nearest weekday) is not supported. Write a day of the month.',
    })
}

function inField(kind: CronFieldKind, message: Localized): Localized {
  return { fr: `Champ « ${kind.name.fr} » : ${message.fr}`, en: `Field “${kind.name.en}”: ${message.en}` }
}
