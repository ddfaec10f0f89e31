import type { ColumnDescription, ValueKind } from '#domain/report-type.ts'
import { assertFieldEnd, backslash, decodeField, isNull, lineFeed, tab, unescaped } from '../copy-text.ts'
import { instantEnd, isDay, isNumber, isOfKind, isTruthValue, kindsOfColumns } from '../typed-values.ts'
import { noMisfits } from '../misfits.ts'
import type { CsvDialect } from './csv-dialect.ts'
import { neutraliseFormula, suspectFirstBytes } from '../neutralise-formula.ts'

const quote = 0x22
const point = 0x2e
const letterT = 0x74
const twoQuotes = Buffer.from('""')

/** Classes of bytes for the scan of a field. */
const ends = 1
const needsQuotes = 2

/**
 * The most bytes that come of one: of an empty text alone in its row its two quotes and the end of the row; of false
 * (and its end) in quotes five letters, two quotes, a separator and, over all of a row, one byte more.
 */
const maxGrowth = 4
const maxGrowthInQuotes = 5

/**
 * Turns rows of COPY text into CSV rows, byte by byte. How much a row's output can grow is bounded, so the space is
 * checked once a chunk, not once a field.
 */
export class CsvRows {
  readonly #kinds: readonly (ValueKind | null)[]
  readonly #dialect: CsvDialect
  readonly #classes: Uint8Array
  readonly #suspects = new Uint8Array(256)
  /** Whether values of a kind are written in another way than byte by byte with another decimal mark. */
  readonly #isPlain: boolean
  readonly #growth: number
  #scratch: Buffer = Buffer.allocUnsafeSlow(256 * 1024)
  rowCount = 0
  /** By column, the values that are not of its kind, written as text. */
  readonly misfits: number[]

  constructor(columns: readonly ColumnDescription[], dialect: CsvDialect, misfits = noMisfits(columns)) {
    this.#kinds = columns.map((column) => kindsOfColumns[column.type])
    this.misfits = misfits
    this.#dialect = dialect
    this.#isPlain = !dialect.quotesAll && !dialect.quotesFractions && dialect.dayOrder === 'ymd'
    this.#growth = dialect.quotesAll ? maxGrowthInQuotes : maxGrowth
    this.#classes = byteClasses(dialect)
    for (const byte of suspectFirstBytes) this.#suspects[byte] = 1
    // A text that is the word for NULL is found with the texts that are looked at whole.
    const [firstOfNull] = dialect.null
    if (firstOfNull !== undefined) this.#suspects[firstOfNull] = 1
  }

  /** @param chunk whole rows of COPY text. */
  render(chunk: Buffer): Buffer {
    const space = chunk.length * this.#growth
    if (this.#scratch.length < space) this.#scratch = Buffer.allocUnsafeSlow(space)
    const out = this.#scratch
    const classes = this.#classes
    const suspects = this.#suspects
    const columnKinds = this.#kinds
    const delimiter = this.#dialect.separator.charCodeAt(0)
    const decimalMark = this.#dialect.decimalMark.charCodeAt(0)
    const { true: yes, false: no, lineEnd } = this.#dialect
    const isPlain = this.#isPlain
    const columnCount = columnKinds.length
    // With one column an empty NULL would be an empty line, which readers skip.
    const none = columnCount === 1 && this.#dialect.nullText === '' ? twoQuotes : this.#dialect.null
    const flagsOfAll = this.#dialect.quotesAll ? needsQuotes : 0
    const length = chunk.length
    let position = 0
    let index = 0
    while (index < length) {
      for (let column = 0; column < columnCount; column++) {
        const start = index
        let flags = flagsOfAll
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
          for (let from = 0; from < none.length; from++) out[position++] = none[from] as number
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
          else if (!isPlain) position = this.#writeTyped(kind, chunk, start, to, position)
          else if (kind === 'boolean') {
            const word = chunk[start] === letterT ? yes : no
            for (let from = 0; from < word.length; from++) out[position++] = word[from] as number
          } else {
            for (let from = start; from < to; from++) {
              const byte = chunk[from] as number
              out[position++] = byte === point ? decimalMark : byte
            }
          }
        }
      }
      for (let from = 0; from < lineEnd.length; from++) out[position++] = lineEnd[from] as number
      this.rowCount++
    }
    return Buffer.from(out.subarray(0, position))
  }

  /** A value of its kind, where the dialect wants quotes or another order of the day. */
  #writeTyped(kind: ValueKind, chunk: Buffer, start: number, end: number, at: number): number {
    const { quotesAll, quotesFractions, dayOrder, decimalMark } = this.#dialect
    const text = chunk.toString('latin1', start, end)
    let written = text
    if (kind === 'boolean') {
      const word = chunk[start] === letterT ? this.#dialect.true : this.#dialect.false
      written = word.toString('latin1')
    } else {
      if (dayOrder !== 'ymd' && (kind === 'date' || kind === 'timestamp')) written = reordered(text, dayOrder)
      written = written.replace('.', decimalMark)
    }
    if (quotesAll || (quotesFractions && text.includes('.'))) written = `"${written}"`
    return at + this.#scratch.write(written, at, 'latin1')
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
    if (isOfKind(kind, chunk, start, end)) {
      return position + this.#scratch.write(this.#dialect.quotesAll ? `"${text}"` : text, position)
    }
    this.misfits[column] = (this.misfits[column] ?? 0) + 1
    return this.#writeText(text, position)
  }

  /** A text that may be a formula, or the word for NULL. */
  #writeText(text: string, position: number): number {
    const safe = neutraliseFormula(text)
    const field = this.#dialect.mustQuote.test(safe) || safe === '' ? `"${safe.replaceAll('"', '""')}"` : safe
    return position + this.#scratch.write(field, position)
  }
}

/** `text` starts with YYYY-MM-DD, the year of four digits or more. */
function reordered(text: string, order: 'dmy' | 'mdy'): string {
  const dash = text.indexOf('-')
  const [year, month, day] = [
    text.slice(0, dash),
    text.slice(dash + 1, dash + 3),
    text.slice(dash + 4, dash + 6),
  ]
  const first = order === 'dmy' ? `${day}/${month}` : `${month}/${day}`
  return `${first}/${year}${text.slice(dash + 6)}`
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

function byteClasses({ separator }: CsvDialect): Uint8Array {
  const classes = new Uint8Array(256)
  for (const byte of [quote, ...Buffer.from(`,;${separator}`), backslash]) classes[byte] = needsQuotes
  for (const byte of [tab, lineFeed]) classes[byte] = ends
  return classes
}
