import type { Locale } from '#domain/locale.ts'
import type { ColumnDescription, ValueKind } from '#domain/report-type.ts'
import { assertFieldEnd, backslash, isNull, lineFeed, tab } from '../copy-text.ts'
import { instantEnd, isDay, isNumber, isOfKind, isTruthValue, kindsOfColumns } from '../typed-values.ts'
import { noMisfits } from '../misfits.ts'
import { dayFraction, daySerial, isExactNumber, writeFraction, writeInteger } from './excel-numbers.ts'
import { cellBytes, cutToCell, maxCellText, put, readsLikeEscape, writeXmlText } from './excel-text.ts'

const letterT = 0x74
const space = 0x20
/** Classes of bytes for the scan of a field. */
const ends = 1
const special = 2
const escaped = 4
const underscored = 8

const rowOpen = Buffer.from('<row r="')
const rowOpened = Buffer.from('">')
const rowClose = Buffer.from('</row>')
const valueClose = Buffer.from('</v></c>')
const textOpen = Buffer.from('<t>')
/** Keeps white space at both ends. */
const keptTextOpen = Buffer.from('<t xml:space="preserve">')
const textClose = Buffer.from('</t></is></c>')
const runOpen = Buffer.from('<r><t xml:space="preserve">')
const runClose = Buffer.from('</t></r></is></c>')
/** More bytes than a row needs besides its cells. */
const rowOverhead = 64
const emitBytes = 128 * 1024

interface Cell {
  /** Null for texts. */
  kind: ValueKind | null
  /** Digits after the decimal point that must be exact. */
  scale: number
  /** `<c r="A`, before the row's number. */
  open: Buffer
  /** The markup after it, for a value, a truth value, a text. */
  value: Buffer
  truth: Buffer
  text: Buffer
  /** For a text that does not fit the column's type: without number format. */
  plainText: Buffer
}

/**
 * Turns rows of COPY text into sheet rows, byte by byte: numbers, dates and truth values are typed, NULL has no cell,
 * and values that Excel would change are kept as text.
 */
export class ExcelRows {
  readonly #cells: readonly Cell[]
  readonly #locale: Locale
  readonly #classes = byteClasses()
  readonly #rowDigits = new Uint8Array(10)
  #out: Buffer = Buffer.allocUnsafeSlow(2 * emitBytes)
  rowCount = 0
  /** The number of texts that were too long for a cell. */
  cutTexts = 0
  /** By column, the values that are not of its kind, written as text. */
  readonly misfits: number[]
  /** Where the last call to `render` stopped. */
  offset = 0

  /** @param styles index of each column's cell format in the workbook. */
  constructor(
    columns: readonly ColumnDescription[],
    styles: readonly number[],
    locale: Locale,
    misfits = noMisfits(columns),
  ) {
    this.#locale = locale
    this.misfits = misfits
    this.#cells = columns.map((column, index) => {
      const style = ` s="${styles[index] ?? 0}"`
      return {
        kind: kindsOfColumns[column.type],
        scale: column.scale ?? (column.type === 'money' ? 2 : 0),
        open: Buffer.from(`<c r="${columnLetters(index)}`),
        value: Buffer.from(`"${style}><v>`),
        truth: Buffer.from(`"${style} t="b"><v>`),
        text: Buffer.from(`"${style} t="inlineStr"><is>`),
        plainText: Buffer.from('" t="inlineStr"><is>'),
      }
    })
  }

  /**
   * Renders rows from `from` on, numbered from `rowNumber`, no further than row `lastRow` of the sheet. Afterwards
   * `offset` is where it stopped; the rows written are added to `rowCount`.
   * @param chunk whole rows of COPY text.
   */
  render(chunk: Buffer, from: number, rowNumber: number, lastRow: number): Buffer {
    const classes = this.#classes
    const cells = this.#cells
    const columnCount = cells.length
    const rowDigits = this.#rowDigits
    let out = this.#out
    let position = 0
    let index = from
    let row = rowNumber
    while (index < chunk.length && row <= lastRow) {
      const digits = writeInteger(rowDigits, 0, row)
      position = put(out, position, rowOpen)
      for (let digit = 0; digit < digits; digit++) out[position++] = rowDigits[digit] as number
      position = put(out, position, rowOpened)
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
        if (flags & escaped && isNull(chunk, start, end)) continue
        const needed = cellBytes(end - start)
        if (position + needed > out.length) out = this.#grow(position + needed)
        const cell = cells[column] as Cell
        position = put(out, position, cell.open)
        for (let digit = 0; digit < digits; digit++) out[position++] = rowDigits[digit] as number
        const written = cell.kind === null ? 0 : writeTyped(chunk, start, end, out, position, cell)
        if (written > 0) position = written
        else {
          if (cell.kind !== null && !isOfKind(cell.kind, chunk, start, end)) {
            this.misfits[column] = (this.misfits[column] ?? 0) + 1
          }
          position = this.#writeText(chunk, start, end, flags, position, cell)
        }
      }
      position = put(out, position, rowClose)
      if (position + rowOverhead > out.length) out = this.#grow(position + rowOverhead)
      row++
    }
    this.rowCount += row - rowNumber
    this.offset = index
    return Buffer.from(out.subarray(0, position))
  }

  #writeText(chunk: Buffer, start: number, end: number, flags: number, at: number, cell: Cell): number {
    const out = this.#out
    let position = put(out, at, cell.kind === null ? cell.text : cell.plainText)
    const cut = end - start > maxCellText ? cutToCell(chunk, start, end, this.#locale) : null
    if (cut) this.cutTexts++
    const bytes = cut ?? chunk
    const from = cut ? 0 : start
    const wallEnd = cell.kind === 'timestamp' ? instantEnd(chunk, start, end) : -1
    const to = cut ? cut.length : wallEnd > 0 ? wallEnd : end
    if ((flags & underscored) !== 0 && readsLikeEscape(bytes, from, to)) {
      position = put(out, position, runOpen)
      return put(out, writeXmlText(bytes, from, to, out, position), runClose)
    }
    const keep = (flags & escaped) !== 0 || bytes[from] === space || bytes[to - 1] === space
    position = put(out, position, keep ? keptTextOpen : textOpen)
    if ((flags & (special | escaped)) !== 0) {
      position = writeXmlText(bytes, from, to, out, position)
    } else {
      for (let index = from; index < to; index++) out[position++] = bytes[index] as number
    }
    return put(out, position, textClose)
  }

  /** Enlarges the buffer to this many bytes; its content is kept. */
  #grow(bytes: number): Buffer {
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#out.length * 2, bytes))
    this.#out.copy(larger)
    this.#out = larger
    return larger
  }
}

/** Writes the rest of a typed cell, or returns 0 when Excel cannot store the value in its kind. */
function writeTyped(chunk: Buffer, start: number, end: number, out: Buffer, at: number, cell: Cell): number {
  switch (cell.kind) {
    case 'integer':
    case 'number': {
      if (!isNumber(chunk, start, end, cell.kind === 'integer')) return 0
      if (!isExactNumber(chunk, start, end, cell.scale)) return 0
      let position = put(out, at, cell.value)
      for (let from = start; from < end; from++) out[position++] = chunk[from] as number
      return put(out, position, valueClose)
    }
    case 'date': {
      const serial = isDay(chunk, start, end) ? daySerial(chunk, start) : 0
      if (serial === 0) return 0
      return put(out, writeInteger(out, put(out, at, cell.value), serial), valueClose)
    }
    case 'timestamp': {
      const wallEnd = instantEnd(chunk, start, end)
      const serial = wallEnd > 0 ? daySerial(chunk, start) : 0
      if (serial === 0) return 0
      const position = writeInteger(out, put(out, at, cell.value), serial)
      return put(out, writeFraction(out, position, dayFraction(chunk, start + 11, wallEnd)), valueClose)
    }
    case 'boolean': {
      if (!isTruthValue(chunk, start, end)) return 0
      const position = put(out, at, cell.truth)
      out[position] = chunk[start] === letterT ? 0x31 : 0x30
      return put(out, position + 1, valueClose)
    }
    default:
      return 0
  }
}

/** `A`, …, `Z`, `AA`, … for a column's index from 0. */
export function columnLetters(index: number): string {
  const rest = Math.floor(index / 26)
  return (rest > 0 ? columnLetters(rest - 1) : '') + String.fromCharCode(65 + (index % 26))
}

function byteClasses(): Uint8Array {
  const classes = new Uint8Array(256)
  for (let byte = 0; byte < 0x20; byte++) classes[byte] = special
  for (const byte of Buffer.from('&<>')) classes[byte] = special
  classes[0x5f] = underscored
  classes[0xef] = special
  classes[backslash] = escaped
  for (const byte of [tab, lineFeed]) classes[byte] = ends
  return classes
}
