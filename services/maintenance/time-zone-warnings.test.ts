import { expect, it } from 'vitest'
import { isTimeZoneDataOutdated, timeZoneDataVersion } from './time-zone-warnings.ts'

it('is that of Node', () => expect(timeZoneDataVersion()).toMatch(/^20\d\d[a-z]$/))

it.each([
  ['2026e', '2026-11-28', false],
  ['2025c', '2026-11-28', false],
  ['2025c', '2027-01-01', true],
  ['2024a', '2026-01-01', true],
  ['unknown', '2026-01-01', true],
])('%s on %s is older than a year: %s', (version, day, expected) => {
  expect(isTimeZoneDataOutdated(version, new Date(day))).toBe(expected)
})
