/**
 * Decides on COPY's text, byte by byte, what Excel stores exactly of numbers, days and times (files/typed-values.ts): 15
 * significant digits, and days from 1 March 1900 (Excel counts a 29 February 1900 that did not exist, other programs do
 * not) to the end of 9999. Everything else is written as text, so that it is not changed.
 */

const zero = 0x30
const nine = 0x39
const point = 0x2e
const hyphen = 0x2d
const exponent = 0x65
const firstSerial = 61
const lastSerial = 2_958_465

/** Significant digits that Excel stores of a number. */
export const exactDigits = 15

/**
 * Whether Excel stores a number exactly; it has the form of `isNumber`. Digits after the column's scale do not count: an
 * average's infinite fraction is exact enough; a sum of money that would lose a cent is not. A double, written with an
 * exponent, has 17 digits at most and is not exact anyway.
 */
export function isExactNumber(bytes: Uint8Array, start: number, end: number, scale: number): boolean {
  let digits = 0
  let significant = 0
  let decimals = -1
  for (let index = start; index < end; index++) {
    const byte = bytes[index] as number
    if (byte >= zero && byte <= nine) {
      if (decimals >= 0 && ++decimals > scale) continue
      if (digits > 0 || byte !== zero) digits++
      if (byte !== zero || decimals < 0) significant = digits
    } else if (byte === point) decimals = 0
    else if (byte === exponent) return true
  }
  return significant <= exactDigits
}

/** The serial day of a `YYYY-MM-DD` of the calendar, or 0 when Excel has none. */
export function daySerial(bytes: Uint8Array, start: number): number {
  // A year of five digits.
  if (bytes[start + 4] !== hyphen) return 0
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2)
  const serial = daysFromCivil(year, twoDigits(bytes, start + 5), twoDigits(bytes, start + 8))
  return serial >= firstSerial && serial <= lastSerial ? serial : 0
}

const millisecondsADay = 86_400_000
const fractionUnits = 1_000_000_000_000

/**
 * The fraction of the day of a `HH:MM:SS[.ffffff]`, in 10⁻¹² days. Truncated to the milliseconds that Excel stores, not
 * rounded, so that no time moves into the next second or day.
 */
export function dayFraction(bytes: Uint8Array, start: number, end: number): number {
  const seconds =
    twoDigits(bytes, start) * 3600 + twoDigits(bytes, start + 3) * 60 + twoDigits(bytes, start + 6)
  let milliseconds = 0
  for (let index = start + 9, unit = 100; index < end && unit >= 1; index++, unit /= 10) {
    milliseconds += ((bytes[index] as number) - zero) * unit
  }
  return Math.round(((seconds * 1000 + milliseconds) / millisecondsADay) * fractionUnits)
}

/** Writes the digits of an integer from 0 to 2³¹ - 1; returns the position after them. */
export function writeInteger(out: Uint8Array, at: number, value: number): number {
  let digits = 1
  for (let rest = (value / 10) | 0; rest > 0; rest = (rest / 10) | 0) digits++
  let rest = value
  for (let position = at + digits - 1; position >= at; position--) {
    const quotient = (rest / 10) | 0
    out[position] = zero + (rest - quotient * 10)
    rest = quotient
  }
  return at + digits
}

/** Writes `.digits` of a day's fraction without trailing zeros; nothing at midnight. */
export function writeFraction(out: Uint8Array, at: number, fraction: number): number {
  if (fraction === 0) return at
  out[at] = point
  const high = Math.floor(fraction / 1_000_000)
  writePadded(out, at + 1, high)
  writePadded(out, at + 7, fraction - high * 1_000_000)
  let end = at + 13
  while (out[end - 1] === zero) end--
  return end
}

function writePadded(out: Uint8Array, at: number, value: number): void {
  let rest = value
  for (let position = at + 5; position >= at; position--) {
    const quotient = (rest / 10) | 0
    out[position] = zero + (rest - quotient * 10)
    rest = quotient
  }
}

function twoDigits(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) - zero) * 10 + (bytes[at + 1] as number) - zero
}

/** Days since 1899-12-30 (Excel's day 0 for dates after February 1900) in the Gregorian calendar. */
function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = (shifted / 400) | 0
  const yearOfEra = shifted - era * 400
  const dayOfYear = (((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) | 0) + day - 1
  const dayOfEra = yearOfEra * 365 + ((yearOfEra / 4) | 0) - ((yearOfEra / 100) | 0) + dayOfYear
  return era * 146_097 + dayOfEra - 693_899
}
