import type { Locale } from '#domain/locale.ts'
import type { ColumnDescription } from '#domain/report-type.ts'
import {
  assertFieldEnd,
  backslash,
  decodeField,
  isDigit,
  isNull,
  lineFeed,
  startsLikeInstant,
  tab,
  unescaped,
  wallTimeEnd,
} from '../copy-text.ts'
import { csvDialects, mustQuote, type CsvDialect } from './csv-dialect.ts'
import { neutraliseFormula, suspectFirstBytes } from '../neutralise-formula.ts'

const quote = 0x22
const point = 0x2e
const letterT = 0x74
const letterF = 0x66
const plus = 0x2b
const minus = 0x2d

/** Classes of bytes for the scan of a field. */
const ends = 1
const needsQuotes = 2
const notNumeric = 4
const signed = 8

type Kind = 'text' | 'number' | 'boolean' | 'timestamp' | 'date'
const kinds: Readonly<Record<ColumnDescription['type'], Kind>> = {
  text: 'text',
  integer: 'number',
  decimal: 'number',
  money: 'number',
  date: 'date',
  timestamp: 'timestamp',
  boolean: 'boolean',
}
/** Other values of a number, date or timestamp column; their leading sign is no formula. */
const specialValues = ['NaN', 'Infinity', '-Infinity', 'infinity', '-infinity']

/**
 * Turns rows of COPY text into CSV rows, byte by byte. A row's output is at most four times its input, so the space is
 * checked once a chunk, not once a field.
 */
export class CsvRows {
  readonly #kinds: readonly Kind[]
  readonly #dialect: CsvDialect
  readonly #classes: Uint8Array
  readonly #suspects = new Uint8Array(256)
  readonly #true: Buffer
  readonly #false: Buffer
  #scratch: Buffer = Buffer.allocUnsafeSlow(256 * 1024)
  rowCount = 0

  constructor(columns: readonly ColumnDescription[], locale: Locale) {
    this.#kinds = columns.map((column) => kinds[column.type])
    this.#dialect = csvDialects[locale]
    this.#classes = byteClasses()
    for (const byte of suspectFirstBytes) this.#suspects[byte] = 1
    this.#true = Buffer.from(this.#dialect.true)
    this.#false = Buffer.from(this.#dialect.false)
  }

  /** @param chunk whole rows of COPY text. */
  render(chunk: Buffer): Buffer {
    if (this.#scratch.length < chunk.length * 4) this.#scratch = Buffer.allocUnsafeSlow(chunk.length * 4)
    const out = this.#scratch
    const classes = this.#classes
    const suspects = this.#suspects
    const columnKinds = this.#kinds
    const delimiter = this.#dialect.delimiter.charCodeAt(0)
    const decimalMark = this.#dialect.decimalMark.charCodeAt(0)
    const columnCount = columnKinds.length
    const length = chunk.length
    let position = 0
    let index = 0
    while (index < length) {
      for (let column = 0; column < columnCount; column++) {
        const start = index
        let flags = 0
        let byteClass = classes[chunk[index] as number] as number
        while ((byteClass & ends) === 0) {
          flags |= byteClass
          byteClass = classes[chunk[++index] as number] as number
        }
        const end = index++
        assertFieldEnd(chunk, end, column === columnCount - 1)
        if (column > 0) out[position++] = delimiter
        const kind = columnKinds[column]
        if (end === start) {
          out[position++] = quote
          out[position++] = quote
        } else if (isNull(chunk, start, end)) {
          // With one column a NULL would be an empty line, which readers skip.
          if (columnCount === 1) {
            out[position++] = quote
            out[position++] = quote
          }
        } else if (kind === 'text') {
          if ((flags & needsQuotes) === 0 && suspects[chunk[start] as number] === 0) {
            for (let from = start; from < end; from++) out[position++] = chunk[from] as number
          } else if (suspects[chunk[start] as number] === 0) {
            position = quoted(chunk, start, end, out, position)
          } else {
            position = this.#careful(chunk, start, end, position, kind)
          }
        } else if (
          kind === 'number' &&
          ((flags & (notNumeric | signed)) === 0 ||
            ((flags & notNumeric) === 0 && isSignedNumber(chunk, start, end)))
        ) {
          for (let from = start; from < end; from++) {
            const byte = chunk[from] as number
            out[position++] = byte === point ? decimalMark : byte
          }
        } else if (
          kind === 'timestamp' &&
          (flags & needsQuotes) === 0 &&
          startsLikeInstant(chunk, start, end)
        ) {
          const wallEnd = wallTimeEnd(chunk, start, end)
          for (let from = start; from < wallEnd; from++) out[position++] = chunk[from] as number
        } else if (kind === 'date' && (flags & needsQuotes) === 0 && isDigit(chunk[start] as number)) {
          // What starts with a digit is no formula, whatever it is.
          for (let from = start; from < end; from++) out[position++] = chunk[from] as number
        } else if (kind === 'boolean' && end - start === 1 && isTruthValue(chunk[start] as number)) {
          const word = chunk[start] === letterT ? this.#true : this.#false
          for (let from = 0; from < word.length; from++) out[position++] = word[from] as number
        } else {
          position = this.#careful(chunk, start, end, position, kind)
        }
      }
      out[position++] = 0x0d
      out[position++] = 0x0a
      this.rowCount++
    }
    return Buffer.from(out.subarray(0, position))
  }

  /** A text that may be a formula, or a value that does not fit its column's type: written as text. */
  #careful(chunk: Buffer, start: number, end: number, position: number, kind: Kind | undefined): number {
    const text = decodeField(chunk, start, end)
    const isSpecial = kind !== 'text' && specialValues.includes(text)
    const safe = isSpecial ? text : neutraliseFormula(text)
    const field = mustQuote.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
    return position + this.#scratch.write(field, position)
  }
}

function quoted(chunk: Buffer, start: number, end: number, out: Buffer, at: number): number {
  let position = at
  out[position++] = quote
  for (let index = start; index < end; index++) {
    let byte = chunk[index] as number
    if (byte === backslash) byte = unescaped(chunk[++index] as number)
    if (byte === quote) out[position++] = quote
    out[position++] = byte
  }
  out[position++] = quote
  return position
}

function isTruthValue(byte: number): boolean {
  return byte === letterT || byte === letterF
}

/**
 * Whether a field of digits, points, signs and `e` is a number as PostgreSQL writes it. A query that yields text in a
 * column of numbers may yield `-1+1`, or `-E5`, which a spreadsheet would calculate.
 */
function isSignedNumber(chunk: Buffer, start: number, end: number): boolean {
  const isNegative = chunk[start] === minus
  if (isNegative && !isDigit(chunk[start + 1] as number)) return false
  for (let index = isNegative ? start + 1 : start; index < end; index++) {
    const byte = chunk[index]
    if (byte === plus || byte === minus) return exponential.test(chunk.toString('latin1', start, end))
  }
  return true
}

const exponential = /^-?\d+(?:\.\d+)?e[+-]\d+$/i

function byteClasses(): Uint8Array {
  const classes = new Uint8Array(256).fill(notNumeric)
  for (const byte of Buffer.from('0123456789.eE')) classes[byte] = 0
  for (const byte of [plus, minus]) classes[byte] = signed
  for (const byte of [quote, ...Buffer.from(',;'), backslash]) classes[byte] = needsQuotes | notNumeric
  for (const byte of [tab, lineFeed]) classes[byte] = ends
  return classes
}
