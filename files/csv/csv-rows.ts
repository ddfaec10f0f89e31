import type { Locale } from '#domain/locale.ts'
import type { ColumnDescription, ValueKind } from '#domain/report-type.ts'
import { assertFieldEnd, backslash, decodeField, isNull, lineFeed, tab, unescaped } from '../copy-text.ts'
import { instantEnd, isDay, isNumber, isOfKind, isTruthValue, kindsOfColumns } from '../typed-values.ts'
import { noMisfits } from '../misfits.ts'
import { csvDialects, mustQuote, type CsvDialect } from './csv-dialect.ts'
import { neutraliseFormula, suspectFirstBytes } from '../neutralise-formula.ts'

const quote = 0x22
const point = 0x2e
const letterT = 0x74

/** Classes of bytes for the scan of a field. */
const ends = 1
const needsQuotes = 2

/**
 * Turns rows of COPY text into CSV rows, byte by byte. A row's output is at most four times its input, so the space is
 * checked once a chunk, not once a field.
 */
export class CsvRows {
  readonly #kinds: readonly (ValueKind | null)[]
  readonly #dialect: CsvDialect
  readonly #classes: Uint8Array
  readonly #suspects = new Uint8Array(256)
  readonly #true: Buffer
  readonly #false: Buffer
  #scratch: Buffer = Buffer.allocUnsafeSlow(256 * 1024)
  rowCount = 0
  /** By column, the values that are not of its kind, written as text. */
  readonly misfits: number[]

  constructor(columns: readonly ColumnDescription[], locale: Locale, misfits = noMisfits(columns)) {
    this.#kinds = columns.map((column) => kindsOfColumns[column.type])
    this.misfits = misfits
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
        const kind = columnKinds[column] ?? null
        if (end === start) {
          if (kind !== null) this.misfits[column] = (this.misfits[column] ?? 0) + 1
          out[position++] = quote
          out[position++] = quote
        } else if (isNull(chunk, start, end)) {
          // With one column a NULL would be an empty line, which readers skip.
          if (columnCount === 1) {
            out[position++] = quote
            out[position++] = quote
          }
        } else if (kind === null) {
          if ((flags & needsQuotes) === 0 && suspects[chunk[start] as number] === 0) {
            for (let from = start; from < end; from++) out[position++] = chunk[from] as number
          } else if (suspects[chunk[start] as number] === 0) {
            position = quoted(chunk, start, end, out, position)
          } else {
            position = this.#writeText(decodeField(chunk, start, end), position)
          }
        } else {
          const to = typedEnd(kind, chunk, start, end)
          if (to < 0) position = this.#writeOther(kind, column, chunk, start, end, position)
          else if (kind === 'boolean') {
            const word = chunk[start] === letterT ? this.#true : this.#false
            for (let from = 0; from < word.length; from++) out[position++] = word[from] as number
          } else {
            for (let from = start; from < to; from++) {
              const byte = chunk[from] as number
              out[position++] = byte === point ? decimalMark : byte
            }
          }
        }
      }
      out[position++] = 0x0d
      out[position++] = 0x0a
      this.rowCount++
    }
    return Buffer.from(out.subarray(0, position))
  }

  /** What is not written in its column's form: of its kind all the same, as `infinity`, or something else, counted. */
  #writeOther(
    kind: ValueKind,
    column: number,
    chunk: Buffer,
    start: number,
    end: number,
    position: number,
  ): number {
    const text = decodeField(chunk, start, end)
    if (isOfKind(kind, chunk, start, end)) return position + this.#scratch.write(text, position)
    this.misfits[column] = (this.misfits[column] ?? 0) + 1
    return this.#writeText(text, position)
  }

  /** A text that may be a formula. */
  #writeText(text: string, position: number): number {
    const safe = neutraliseFormula(text)
    const field = mustQuote.test(safe) || safe === '' ? `"${safe.replaceAll('"', '""')}"` : safe
    return position + this.#scratch.write(field, position)
  }
}

/** Where the part of a value ends that is written byte by byte: a time without its offset; -1 when it is no such value. */
function typedEnd(kind: ValueKind, chunk: Buffer, start: number, end: number): number {
  if (kind === 'timestamp') return instantEnd(chunk, start, end)
  const isTyped =
    kind === 'date'
      ? isDay(chunk, start, end)
      : kind === 'boolean'
        ? isTruthValue(chunk, start, end)
        : isNumber(chunk, start, end, kind === 'integer')
  return isTyped ? end : -1
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

function byteClasses(): Uint8Array {
  const classes = new Uint8Array(256)
  for (const byte of [quote, ...Buffer.from(',;'), backslash]) classes[byte] = needsQuotes
  for (const byte of [tab, lineFeed]) classes[byte] = ends
  return classes
}
