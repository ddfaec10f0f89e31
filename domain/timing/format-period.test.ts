import { expect, it } from 'vitest'
import { formatPeriod } from './format-period.ts'

it.each([
  ['2026-10-01', '2026-10-31', '1 au 31 octobre 2026', '1–31 October 2026'],
  ['2026-09-28', '2026-10-04', '28 septembre au 4 octobre 2026', '28 September – 4 October 2026'],
  ['2026-12-28', '2027-01-03', '28 décembre 2026 au 3 janvier 2027', '28 December 2026 – 3 January 2027'],
  ['2026-03-03', '2026-03-03', '3 mars 2026', '3 March 2026'],
  ['2026-01-01', '2026-12-31', '1 janvier au 31 décembre 2026', '1 January – 31 December 2026'],
])('%s to %s', (from, to, french, english) => {
  expect(formatPeriod({ from, to }, 'fr')).toBe(french)
  expect(formatPeriod({ from, to }, 'en')).toBe(english)
})
