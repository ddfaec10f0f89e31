import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayFraction, daySerial, isExactNumber, writeFraction, writeInteger } from './excel-numbers.ts'

const exact = (text: string, scale = 0) => isExactNumber(Buffer.from(text), 0, text.length, scale)
const serial = (text: string) => daySerial(Buffer.from(text), 0)
const fraction = (text: string) => dayFraction(Buffer.from(text), 0, text.length)
const epochDay = 25_569
const dayMs = 86_400_000

describe('numbers that Excel keeps', () => {
  it.each([
    ['0', 0, true],
    ['-42', 0, true],
    ['999999999999999', 0, true],
    ['1000000000000000', 0, false],
    ['-9007199254740993', 0, false],
    ['9999999999999.99', 2, true],
    ['99999999999999.99', 2, false],
    ['999999999999999.00', 2, true],
    ['0.000000000000001234', 18, true],
    ['12.3333333333333333', 0, true],
    ['12.3333333333333333', 16, false],
    ['1e+20', 0, true],
    ['-1.5e-07', 2, true],
  ])('%s with scale %i: %s', (text, scale, expected) => expect(exact(text, scale)).toBe(expected))

  it('counts days like the calendar, from March 1900 to the end of 9999', () => {
    const days = fc.integer({ min: 61, max: 2_958_465 })
    fc.assert(
      fc.property(days, (day) => {
        const date = new Date((day - epochDay) * dayMs).toISOString().slice(0, 10)
        expect(serial(date)).toBe(day)
      }),
    )
    expect(serial('1900-03-01')).toBe(61)
    expect(serial('9999-12-31')).toBe(2_958_465)
  })

  it.each(['1900-02-28', '1899-12-31', '10000-01-01'])('refuses the day %s', (text) =>
    expect(serial(text)).toBe(0),
  )

  it('keeps every millisecond of a day distinct and rounds none up', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 86_399_999 }),
        fc.integer({ min: 0, max: 999 }),
        (milliseconds, micro) => {
          const text = new Date(milliseconds).toISOString().slice(11, 23) + String(micro).padStart(3, '0')
          const digits = Buffer.alloc(20)
          const written = digits.toString('latin1', 0, writeFraction(digits, 0, fraction(text)))
          expect(Math.round(Number(`46000${written}`) * 86_400_000) - 46_000 * 86_400_000).toBe(milliseconds)
        },
      ),
    )
  })

  it('writes integers', () => {
    fc.assert(
      fc.property(fc.nat(), (value) => {
        const digits = Buffer.alloc(12)
        expect(digits.toString('latin1', 0, writeInteger(digits, 0, value))).toBe(String(value))
      }),
    )
  })
})
