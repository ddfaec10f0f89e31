/** Turns zod's issues into messages for a person, in every language. */

import type { z } from 'zod'
import { locales, type Locale, type Localized } from '../locale.ts'
import type { FieldIssue } from '../problems.ts'

type Issue = z.core.$ZodIssue

/**
 * Every field that is wrong, in every language.
 * @param input what was parsed: tells a missing field from one of the wrong type.
 */
export function fieldIssues(error: z.core.$ZodError, input: unknown): FieldIssue[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), message: unknownField }))
    }
    const missing = isMissing(input, issue.path)
    return [
      {
        path: issue.path.join('.'),
        message: missing && issue.code !== 'custom' ? required : describe(issue),
      },
    ]
  })
}

const required: Localized = { fr: 'Est obligatoire.', en: 'Is required.' }
const unknownField: Localized = { fr: 'N’est pas un champ connu ici.', en: 'Is not a field known here.' }
const wrongFormat: Localized = { fr: 'N’a pas la forme attendue.', en: 'Does not have the expected form.' }

function describe(issue: Issue): Localized {
  switch (issue.code) {
    case 'custom':
      return localizedOf(issue.params) ?? { fr: issue.message, en: issue.message }
    case 'invalid_type':
      return wrongType(issue.expected)
    case 'invalid_value': {
      const values = issue.values.map(String).join(', ')
      return { fr: `Doit être l’un de : ${values}.`, en: `Must be one of: ${values}.` }
    }
    case 'too_small':
      return bound(issue.origin, Number(issue.minimum), 'min')
    case 'too_big':
      return bound(issue.origin, Number(issue.maximum), 'max')
    case 'invalid_format':
      return formats[issue.format] ?? wrongFormat
    default:
      return wrongFormat
  }
}

const formats: Readonly<Record<string, Localized>> = {
  uuid: { fr: 'N’est pas un identifiant (UUID).', en: 'Is not an identifier (UUID).' },
  datetime: {
    fr: 'N’est pas une date et heure ISO 8601 avec fuseau, par exemple 2026-10-01T08:00:00Z.',
    en: 'Is not an ISO 8601 date and time with its offset, such as 2026-10-01T08:00:00Z.',
  },
  date: { fr: 'N’est pas une date AAAA-MM-JJ.', en: 'Is not a YYYY-MM-DD date.' },
  regex: wrongFormat,
}

const typeNames: Readonly<Record<string, Localized>> = {
  string: { fr: 'un texte', en: 'text' },
  number: { fr: 'un nombre', en: 'a number' },
  int: { fr: 'un nombre entier', en: 'a whole number' },
  boolean: { fr: 'true ou false', en: 'true or false' },
  array: { fr: 'une liste', en: 'a list' },
  object: { fr: 'un objet JSON', en: 'a JSON object' },
  record: { fr: 'un objet JSON', en: 'a JSON object' },
}

function wrongType(expected: string): Localized {
  const name = typeNames[expected]
  return name ? { fr: `Doit être ${name.fr}.`, en: `Must be ${name.en}.` } : wrongFormat
}

function bound(origin: string, limit: number, side: 'min' | 'max'): Localized {
  if (origin === 'string' && side === 'min' && limit === 1) {
    return { fr: 'Ne peut pas être vide.', en: 'May not be empty.' }
  }
  const units: Readonly<Record<string, Localized>> = {
    string: { fr: limit > 1 ? ' caractères' : ' caractère', en: limit > 1 ? ' characters' : ' character' },
    array: { fr: limit > 1 ? ' éléments' : ' élément', en: limit > 1 ? ' items' : ' item' },
  }
  const unit = units[origin] ?? { fr: '', en: '' }
  return side === 'min'
    ? {
        fr: `Au moins ${limit.toLocaleString('fr')}${unit.fr}.`,
        en: `At least ${limit.toLocaleString('en')}${unit.en}.`,
      }
    : {
        fr: `Au plus ${limit.toLocaleString('fr')}${unit.fr}.`,
        en: `At most ${limit.toLocaleString('en')}${unit.en}.`,
      }
}

function localizedOf(params: Record<string, unknown> | undefined): Localized | null {
  const localized = params?.['localized']
  if (typeof localized !== 'object' || localized === null) return null
  return locales.every((locale: Locale) => typeof Reflect.get(localized, locale) === 'string')
    ? (localized as Localized)
    : null
}

/** Whether the field is absent while everything above it exists. */
function isMissing(input: unknown, path: readonly PropertyKey[]): boolean {
  let value = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return false
    value = Reflect.get(value, key)
  }
  return value === undefined
}
