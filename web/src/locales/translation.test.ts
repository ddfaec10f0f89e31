import { expect, it } from 'vitest'
import { fill } from './translation.ts'

it('puts values into their places, numbers as the language writes them', () => {
  expect(fill('{from} à {to}', { from: 1000, to: '<b>' }, 'fr').replace(/\s/g, ' ')).toBe('1 000 à <b>')
  expect(fill('{from}', { from: 1000 }, 'en')).toBe('1,000')
})

it('chooses the plural form of the language', () => {
  const rows = { one: '{count} ligne', other: '{count} lignes' }
  expect([0, 1, 1.5, 2].map((count) => fill(rows, { count }, 'fr'))).toEqual([
    '0 ligne',
    '1 ligne',
    '1,5 ligne',
    '2 lignes',
  ])
  expect(
    [0, 1, 2].map((count) => fill({ one: '{count} row', other: '{count} rows' }, { count }, 'en')),
  ).toEqual(['0 rows', '1 row', '2 rows'])
})

it('has a form of its own for none, where one is given', () => {
  expect(fill({ one: '1', other: '{count}', zero: 'aucune' }, { count: 0 }, 'fr')).toBe('aucune')
})

it('leaves a place without a value visible', () => {
  expect(fill('Bonjour {name}', {}, 'fr')).toBe('Bonjour {name}')
})
