import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Locale } from '#domain/locale.ts'
import type { ReportType } from '../api.ts'
import { loadLocale } from '../i18n.ts'
import { filterFault, filterSentences, filterWords, type FilterDescription } from './filter-words.ts'

const sites = [
  { value: 'evry', label: 'Évry' },
  { value: 'lyon', label: 'Lyon' },
]
const filter = (kind: FilterDescription['kind'], options: FilterDescription['options'] = null) =>
  ({ key: kind, label: kind, kind, options, relative: null }) satisfies FilterDescription

/** French sets spaces that do not break; here all are alike. */
const plain = (text: string | undefined) => text?.replace(/\s/g, ' ')

// The page's language is written on the document.
beforeAll(() => vi.stubGlobal('document', { documentElement: {} }))
afterAll(() => vi.unstubAllGlobals())

const words: [FilterDescription, unknown, Record<Locale, string>][] = [
  [filter('period'), { relative: 'previous_month' }, { fr: 'Le mois précédent', en: 'Previous month' }],
  [
    filter('period'),
    { from: '2026-10-05', to: '2026-10-05' },
    { fr: '5 octobre 2026', en: '5 October 2026' },
  ],
  [
    filter('period'),
    { from: '2026-10-05', to: '2026-10-31' },
    { fr: '5 au 31 octobre 2026', en: '5–31 October 2026' },
  ],
  [
    filter('period'),
    { from: '2025-12-29', to: '2026-01-04' },
    { fr: '29 décembre 2025 au 4 janvier 2026', en: '29 December 2025 – 4 January 2026' },
  ],
  [filter('one_of', sites), 'evry', { fr: 'Évry', en: 'Évry' }],
  [filter('one_of', sites), 'gone', { fr: 'gone', en: 'gone' }],
  [filter('one_of'), 'evry', { fr: 'evry', en: 'evry' }],
  [filter('many_of', sites), ['lyon'], { fr: 'Lyon', en: 'Lyon' }],
  [
    filter('many_of', sites),
    ['lyon', 'evry', 'gone'],
    { fr: 'Lyon, Évry et gone', en: 'Lyon, Évry and gone' },
  ],
  [filter('contains'), 'l’été', { fr: '« l’été »', en: '“l’été”' }],
  [filter('number_range'), { min: 1000 }, { fr: '≥ 1 000', en: '≥ 1,000' }],
  [filter('number_range'), { max: -2.5 }, { fr: '≤ -2,5', en: '≤ -2.5' }],
  [filter('number_range'), { min: 0, max: 0 }, { fr: '≥ 0, ≤ 0', en: '≥ 0, ≤ 0' }],
  [filter('boolean'), true, { fr: 'Oui', en: 'Yes' }],
  [filter('boolean'), false, { fr: 'Non', en: 'No' }],
]
const faults: [FilterDescription, unknown, Record<Locale, string> | undefined][] = [
  [filter('period'), undefined, undefined],
  [filter('period'), { relative: 'today' }, undefined],
  [filter('period'), { relative: 'someday' }, { fr: 'Choisissez une période.', en: 'Choose a period.' }],
  [
    filter('period'),
    { from: '2026-02-01', to: '' },
    {
      fr: 'Indiquez les deux dates, au calendrier.',
      en: 'Give both dates, as they are in the calendar.',
    },
  ],
  [
    filter('period'),
    { from: '2026-02-02', to: '2026-02-01' },
    { fr: 'La fin précède le début.', en: 'The end is before the beginning.' },
  ],
  [filter('contains'), ' ', { fr: 'Ne peut pas être vide.', en: 'May not be empty.' }],
  [filter('contains'), 'x'.repeat(200), undefined],
  [filter('contains'), 'x'.repeat(201), { fr: 'Au plus 200 caractères.', en: 'At most 200 characters.' }],
  [
    filter('contains'),
    'a\u0000',
    { fr: 'Contient un caractère interdit.', en: 'Contains a character that is not allowed.' },
  ],
  [filter('many_of'), [], { fr: 'Choisissez de 1 à 1 000 valeurs.', en: 'Choose from 1 to 1,000 values.' }],
  [
    filter('number_range'),
    { min: Number.NaN },
    { fr: 'Indiquez au moins une borne, en chiffres.', en: 'Give one bound at least, in figures.' },
  ],
  [
    filter('number_range'),
    { min: 2, max: 1 },
    { fr: 'Le maximum est inférieur au minimum.', en: 'The maximum is less than the minimum.' },
  ],
  [filter('boolean'), 'yes', { fr: 'Choisissez Oui ou Non.', en: 'Choose Yes or No.' }],
]

describe.each<Locale>(['fr', 'en'])('in %s', (locale) => {
  beforeAll(async () => loadLocale(locale))

  it.each(words)('$kind %j', (described, value, said) => {
    expect(plain(filterWords(described, value))).toBe(said[locale])
  })

  it.each(faults)('what is wrong with $kind %j', (described, value, said) => {
    expect(plain(filterFault(described, value))).toBe(said?.[locale])
  })

  it('a type’s filters in use are sentences, in the type’s order', () => {
    const type: ReportType = {
      key: 'sales',
      title: 'Ventes',
      notice: null,
      columns: [],
      filters: [filter('period'), filter('one_of', sites), filter('boolean')],
    }
    const values = { boolean: false, period: { relative: 'yesterday' }, gone: 'x' }
    const expected =
      locale === 'fr' ? ['period : Hier', 'boolean : Non'] : ['period: Yesterday', 'boolean: No']
    expect(filterSentences(type, values).map(plain)).toEqual(expected)
  })
})

it.each<[FilterDescription['kind'], unknown]>([
  ['period', 'yesterday'],
  ['period', null],
  ['one_of', 7],
  ['many_of', 'lyon'],
  ['number_range', { min: '1' }],
  ['boolean', 'true'],
])('a value that is not of its kind (%s) is said as JSON: %j', (kind, value) => {
  expect(filterWords(filter(kind), value)).toBe(JSON.stringify(value))
})

it('choices that were asked for name the values', () => {
  expect(filterWords(filter('one_of'), 'evry', sites)).toBe('Évry')
})
