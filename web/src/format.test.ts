import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatDate,
  formatDuration,
  formatList,
  formatNumber,
  formatPercent,
  formatRelative,
} from './format.ts'

/** Intl separates by spaces that do not break, of two widths. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

describe('numbers', () => {
  it('are grouped as the language does', () => {
    expect(plain(formatNumber(1234567.5, 'fr'))).toBe('1 234 567,5')
    expect(formatNumber(1234567.5, 'en')).toBe('1,234,567.5')
  })

  it('are shares', () => {
    expect(plain(formatPercent(0.987, 'fr', 1))).toBe('98,7 %')
    expect(formatPercent(1, 'en')).toBe('100%')
  })
})

describe('sizes', () => {
  it.each([
    [0, '0 o'],
    [999, '999 o'],
    [1_000, '1 ko'],
    [1_240, '1,2 ko'],
    [999_600, '1 Mo'],
    [12_400_000, '12 Mo'],
    [3_210_000_000, '3,2 Go'],
  ])('%d bytes in French: %s', (bytes, text) => {
    expect(plain(formatBytes(bytes, 'fr'))).toBe(text)
  })

  it('are said in English', () => {
    expect(formatBytes(12_400_000, 'en')).toBe('12 MB')
  })
})

describe('dates', () => {
  const at = '2026-10-25T00:30:00.000Z'

  it('are those of the zone, on the day clocks change too', () => {
    expect(formatDate(at, 'dateTime', 'fr', 'Europe/Paris')).toBe('25/10/2026 02:30')
    expect(formatDate('2026-10-25T01:30:00.000Z', 'dateTime', 'fr', 'Europe/Paris')).toBe('25/10/2026 02:30')
    expect(formatDate(at, 'dateTime', 'en', 'America/Toronto')).toBe('24/10/2026 20:30')
  })

  it('have words', () => {
    expect(formatDate(at, 'long', 'fr', 'UTC')).toBe('dimanche 25 octobre 2026 à 00:30')
    expect(formatDate(at, 'month', 'en', 'UTC')).toBe('October 2026')
  })

  it('are relative to now', () => {
    const now = new Date('2026-10-25T12:00:00Z')
    const in_ = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
    expect(formatRelative(now, now, 'fr')).toBe('maintenant')
    expect(formatRelative(in_(-3), now, 'fr')).toBe('il y a 3 minutes')
    expect(formatRelative(in_(60), now, 'fr')).toBe('dans 1 heure')
    expect(formatRelative(in_(-24 * 60), now, 'fr')).toBe('hier')
    expect(formatRelative(in_(24 * 60 * 40), now, 'en')).toBe('next month')
  })
})

describe('durations', () => {
  it.each([
    [850, '850 ms'],
    [1_250, '1,3 s'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [200_000, '3 min 20 s'],
    [3_900_000, '1 h 5 min'],
  ])('%d ms: %s', (ms, text) => {
    expect(plain(formatDuration(ms, 'fr'))).toBe(text)
  })
})

it('lists have their conjunction', () => {
  expect(formatList(['a', 'b', 'c'], 'fr')).toBe('a, b et c')
  expect(formatList(['a', 'b', 'c'], 'en')).toBe('a, b and c')
})
