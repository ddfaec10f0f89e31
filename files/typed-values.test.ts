import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { valueKinds, type ValueKind } from '#domain/report-type.ts'
import { instantEnd, isDay, isOfKind } from './typed-values.ts'

const isOf = (kind: ValueKind, text: string) => isOfKind(kind, Buffer.from(text), 0, text.length)

const values: Readonly<Record<ValueKind, { of: string[]; not: string[] }>> = {
  integer: {
    of: ['0', '-42', '7', '12.00', '9007199254740993', '1e+20', '1.5e+20'],
    not: ['00123', '1.5', '-0.5', '12.', '.5', '', '-', '1-2', '1e5', '1e-07', '0x1f', '+1', '1 000', 'NaN'],
  },
  number: {
    of: ['0', '0.50', '-0.500', '12.3333333333333333', '1e+20', '-1.5e-07', 'NaN', 'Infinity', '-Infinity'],
    not: [
      '10.0.0.1',
      '1.2.3',
      '007.5',
      '00',
      '.5',
      '5.',
      '',
      '$1,234.00',
      '1,5',
      '1e5x',
      '-',
      '=1+1',
      '-1+1',
    ],
  },
  date: {
    of: ['2024-02-29', '2026-10-31', '9999-12-31', '12026-01-02', '0044-03-15 BC', 'infinity', '-infinity'],
    not: [
      '2023-02-29',
      '2023-02-31',
      '1900-02-29',
      '2026-04-31',
      '2026-13-01',
      '2026-00-10',
      '2026-01-00',
      '2026-1-2',
      '26-01-02',
      '31/10/2026',
      '2026-10-31 ',
      '2026-10-31 00:00:00',
      '2026-10-3x',
      '',
      'NaN',
    ],
  },
  timestamp: {
    of: [
      '2026-10-25 02:30:00',
      '2026-10-25 02:30:00+01',
      '2026-10-25 02:30:00.123456-03:30',
      '1890-01-01 00:00:00+00:09:21',
      '12026-01-02 03:04:05+00',
      '0044-03-15 12:00:00+00 BC',
      'infinity',
    ],
    not: [
      '2026-02-30 02:30:00',
      '2026-10-25 24:00:00',
      '2026-10-25 02:60:00',
      '2026-10-25 02:30:60',
      '2026-10-25 02:30',
      '2026-10-25T02:30:00',
      '2026-10-25 02:30:00.',
      '2026-10-25 02:30:00 à peu près',
      '2026-10-25 02:30:00-environ',
      '2026-10-25 02:30:00+',
      '2026-10-25 02:30:00+01:',
      '2026-10-25',
      '',
    ],
  },
  boolean: { of: ['t', 'f'], not: ['true', 'oui', 'T', '', '1'] },
}

describe.each(valueKinds)('what PostgreSQL writes of the kind %s', (kind) => {
  it.each(values[kind].of)('%s is a value', (text) => expect(isOf(kind, text)).toBe(true))
  it.each(values[kind].not)('%j is none', (text) => expect(isOf(kind, text)).toBe(false))
})

it('knows the days of the calendar', () => {
  const parts = fc.tuple(fc.integer({ min: 1000, max: 9999 }), fc.nat({ max: 13 }), fc.nat({ max: 32 }))
  fc.assert(
    fc.property(parts, ([year, month, day]) => {
      const text = [year, ...[month, day].map((part) => String(part).padStart(2, '0'))].join('-')
      const date = new Date(`${text}T00:00:00Z`)
      const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
      expect(isDay(Buffer.from(text), 0, text.length)).toBe(exists)
    }),
    { numRuns: 2000 },
  )
})

it('says where a time’s offset begins', () => {
  for (const [wall, offset] of [
    ['2026-10-25 02:30:00', '+01'],
    ['2026-01-02 03:04:05.123456', '-03:30'],
    ['12026-01-02 03:04:05', ''],
  ]) {
    const text = `${wall}${offset}`
    expect(text.slice(0, instantEnd(Buffer.from(text), 0, text.length))).toBe(wall)
  }
})
