import { describe, expect, it } from 'vitest'
import { createFormats } from './formats.ts'

/** Intl's narrow and ordinary no-break spaces, made visible. */
function visible(text: string): string {
  return text.replace(/\u202F/g, '~').replace(/\u00A0/g, '_')
}

describe('createFormats', () => {
  const french = createFormats('fr', 'Europe/Paris')
  const english = createFormats('en', 'Africa/Kinshasa')

  it.each([
    [0, '0_octet', '0 bytes'],
    [812, '812_octets', '812 bytes'],
    [1023, '1~023_octets', '1,023 bytes'],
    [1024, '1~ko', '1 kB'],
    [861_204, '841~ko', '841 kB'],
    [10 * 1024 * 1024, '10~Mo', '10 MB'],
    [25_480_000, '24,3~Mo', '24.3 MB'],
    [3 * 1024 ** 3, '3~Go', '3 GB'],
    [1024 ** 2 - 1, '1~Mo', '1 MB'],
  ])('%i bytes', (bytes, inFrench, inEnglish) => {
    expect(visible(french.size(bytes)).replace('_', '~')).toBe(inFrench.replace('_', '~'))
    expect(visible(english.size(bytes))).toBe(inEnglish)
  })

  it('writes moments in the zone, with its name, and « 1er » in French', () => {
    expect(french.moment(new Date('2026-10-31T23:30:00Z'))).toBe(
      'dimanche 1er novembre 2026 à 00:30 (heure d’Europe centrale)',
    )
    expect(french.moment(new Date('2026-07-11T06:00:00Z'))).toBe(
      'samedi 11 juillet 2026 à 08:00 (heure d’Europe centrale)',
    )
    expect(english.moment(new Date('2026-10-31T23:30:00Z'))).toBe(
      'Sunday, 1 November 2026 at 00:30 (West Africa Time)',
    )
  })

  it('chooses each language’s plural form: « 0 ligne », “0 rows”', () => {
    const rows = (count: number) => visible(french.plural(count, 'ligne', 'lignes'))
    expect([0, 1, 2, 1_204_118].map(rows)).toEqual(['0_ligne', '1_ligne', '2_lignes', '1~204~118_lignes'])
    const inEnglish = (count: number) => visible(english.plural(count, 'row', 'rows'))
    expect([0, 1, 2].map(inEnglish)).toEqual(['0_rows', '1_row', '2_rows'])
  })
})
