/**
 * Whether a field of COPY text is a value of its column's type as PostgreSQL writes it. A query may yield anything in
 * any column, and what is nearly a date or a number must not be guessed at: `2023-02-31` is no 3 March, `00123` no 123.
 */

import type { ColumnType, ValueKind } from '#domain/report-type.ts'
import { isDigit } from './copy-text.ts'

const zero = 0x30
const point = 0x2e
const plus = 0x2b
const minus = 0x2d
const colon = 0x3a
const space = 0x20

/** What a column of a type holds. */
export const kindsOfColumns: Readonly<Record<ColumnType, ValueKind | null>> = {
  text: null,
  integer: 'integer',
  decimal: 'number',
  money: 'number',
  date: 'date',
  timestamp: 'timestamp',
  boolean: 'boolean',
}

/** Values that have a word instead of digits, and days before Christ: of the kind, though few programs have them. */
const rareValues: Readonly<Record<ValueKind, RegExp | null>> = {
  integer: null,
  number: /^(?:NaN|-?Infinity)$/,
  date: /^(?:-?infinity|\d{4,}-\d\d-\d\d BC)$/,
  timestamp: /^(?:-?infinity|\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d\d(?::\d\d){0,2})? BC)$/,
  boolean: null,
}

export function isOfKind(kind: ValueKind, bytes: Buffer, start: number, end: number): boolean {
  switch (kind) {
    case 'integer':
      return isNumber(bytes, start, end, true)
    case 'number':
      return isNumber(bytes, start, end, false) || isRare(kind, bytes, start, end)
    case 'date':
      return isDay(bytes, start, end) || isRare(kind, bytes, start, end)
    case 'timestamp':
      return instantEnd(bytes, start, end) > 0 || isRare(kind, bytes, start, end)
    case 'boolean':
      return isTruthValue(bytes, start, end)
  }
}

function isRare(kind: ValueKind, bytes: Buffer, start: number, end: number): boolean {
  return end - start <= 64 && (rareValues[kind]?.test(bytes.toString('latin1', start, end)) ?? false)
}

/** `[-]digits[.digits][e±digits]`, without leading zeros; a whole number has nothing but zeros after the point. */
export function isNumber(bytes: Uint8Array, start: number, end: number, isWhole: boolean): boolean {
  let index = bytes[start] === minus ? start + 1 : start
  const first = bytes[index] as number
  if (index >= end || !isDigit(first)) return false
  if (first === zero && index + 1 < end && isDigit(bytes[index + 1] as number)) return false
  while (index < end && isDigit(bytes[index] as number)) index++
  if (index === end) return true
  if (bytes[index] === point) {
    const fraction = ++index
    let isRound = true
    for (; index < end && isDigit(bytes[index] as number); index++) isRound &&= bytes[index] === zero
    if (index === fraction) return false
    if (index === end) return isRound || !isWhole
  }
  // PostgreSQL writes a double from 10¹⁵ on with an exponent; it has no more digits than that.
  const sign = bytes[index + 1]
  if (bytes[index] !== 0x65 || (sign !== plus && (sign !== minus || isWhole))) return false
  const exponent = (index += 2)
  while (index < end && isDigit(bytes[index] as number)) index++
  return index === end && index > exponent
}

/** `YYYY-MM-DD`, a day of the calendar; a year may have more than four digits. */
export function isDay(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= 10 && dayEnd(bytes, start, end) === end
}

/**
 * Where the wall time ends in `YYYY-MM-DD HH:MM:SS[.ffffff][±HH[:MM[:SS]]]`, where the zone's offset begins; -1 when
 * the field has another form, or names no time of the calendar.
 */
export function instantEnd(bytes: Uint8Array, start: number, end: number): number {
  const day = dayEnd(bytes, start, end)
  if (day < 0 || end - day < 9 || bytes[day] !== space) return -1
  if (twoDigits(bytes, day + 1, colon) > 23 || twoDigits(bytes, day + 4, colon) > 59) return -1
  if (twoDigits(bytes, day + 7, -1) > 59) return -1
  let index = day + 9
  if (bytes[index] === point && index < end) {
    const fraction = ++index
    while (index < end && isDigit(bytes[index] as number)) index++
    if (index === fraction) return -1
  }
  return isOffset(bytes, index, end) ? index : -1
}

export function isTruthValue(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 1 && (bytes[start] === 0x74 || bytes[start] === 0x66)
}

/** Where a day ends; -1 when it is none. */
function dayEnd(bytes: Uint8Array, start: number, end: number): number {
  let index = start
  let year = 0
  while (index < end && isDigit(bytes[index] as number)) {
    year = year * 10 + (bytes[index] as number) - zero
    index++
  }
  if (index - start < 4 || end - index < 6 || bytes[index] !== minus) return -1
  const month = twoDigits(bytes, index + 1, minus)
  const day = twoDigits(bytes, index + 4, -1)
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) ? index + 6 : -1
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Nothing, or `±HH[:MM[:SS]]`. */
function isOffset(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end) return true
  if (bytes[start] !== plus && bytes[start] !== minus) return false
  for (let index = start + 1; index < end; index += 3) {
    if (end - index < 2 || twoDigits(bytes, index, -1) > 59) return false
    if (index + 2 === end) return true
    if (bytes[index + 2] !== colon) return false
  }
  return false
}

/** 100 when the two bytes are not digits, or not followed by `next`; -1 asks for no next byte. */
function twoDigits(bytes: Uint8Array, at: number, next: number): number {
  const tens = (bytes[at] as number) - zero
  const ones = (bytes[at + 1] as number) - zero
  if (!(tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9)) return 100
  return next === -1 || bytes[at + 2] === next ? tens * 10 + ones : 100
}
