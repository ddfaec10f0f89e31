import type { Locale } from '#domain/locale.ts'
import { backslash, decodeField, unescaped } from '../copy-text.ts'

/** Excel refuses a workbook with a longer text in a cell; in UTF-16 units. */
export const maxCellText = 32_767
/** Maximum growth of a byte of COPY text, on average: U+0001 is written `_x0001_`, `_x0041` takes 41 bytes. */
const maxExpansion = 7
/** The bytes of a cell's text as COPY text: three bytes a unit, or a backslash and a letter. */
const maxCellBytes = maxCellText * 3
/** More bytes than a cell's other parts need, including the note on a cut text. */
const cellOverhead = 600

/** The maximum bytes of a cell for a field of this many bytes. */
export function cellBytes(fieldBytes: number): number {
  return Math.min(fieldBytes, maxCellBytes) * maxExpansion + cellOverhead
}

const ampersand = Buffer.from('&amp;')
const lessThan = Buffer.from('&lt;')
const greaterThan = Buffer.from('&gt;')
/** As a character reference, because a bare carriage return is read as a line feed (XML 1.0, 2.11). */
const carriageReturn = Buffer.from('&#13;')
/** Separates two runs of a rich text. */
const runBreak = Buffer.from('</t></r><r><t xml:space="preserve">')
const hexDigits = Buffer.from('0123456789ABCDEF')
const underscore = 0x5f

/**
 * Writes a field of COPY text as XML character data; returns the position after it.
 *
 * Characters that XML 1.0 cannot contain are written `_xHHHH_` (ISO/IEC 29500, 22.9.2.19, ST_Xstring), which Excel and
 * LibreOffice decode.
 * @param at inside a run's text when `readsLikeEscape` is true for the field, else inside a plain text.
 */
export function writeXmlText(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  at: number,
): number {
  let position = at
  for (let index = start; index < end; index++) {
    let byte = bytes[index] as number
    if (byte === backslash) byte = unescaped(bytes[++index] as number)
    if (byte === 0x26) position = put(out, position, ampersand)
    else if (byte === 0x3c) position = put(out, position, lessThan)
    else if (byte === 0x3e) position = put(out, position, greaterThan)
    else if (byte === 0x0d) position = put(out, position, carriageReturn)
    else if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a) position = putEscape(out, position, byte)
    else if (byte === underscore && escapeAt(bytes, index)) {
      out[position++] = underscore
      position = put(out, position, runBreak)
    } else if (byte === 0xef && isNonCharacter(bytes, index)) {
      position = putEscape(out, position, 0xff00 | (0xc0 | (bytes[index + 2] as number)))
      index += 2
    } else out[position++] = byte
  }
  return position
}

/**
 * Whether a text happens to contain `_xHHHH_`, which Excel would decode as an escape. Such a text is written as two
 * runs of a rich text, split after the underscore: then every program reads the exact text, with or without support
 * for the escapes (the standard's own `_x005F_` needs that support).
 */
export function readsLikeEscape(bytes: Uint8Array, start: number, end: number): boolean {
  for (let index = bytes.indexOf(underscore, start); index !== -1 && index < end;) {
    if (escapeAt(bytes, index)) return true
    index = bytes.indexOf(underscore, index + 1)
  }
  return false
}

/** Copies a constant, so short that a loop is faster than `set`. */
export function put(out: Uint8Array, at: number, bytes: Uint8Array): number {
  const length = bytes.length
  for (let index = 0; index < length; index++) out[at + index] = bytes[index] as number
  return at + length
}

const cutNotes: Readonly<Record<Locale, (characters: number) => string>> = {
  fr: (characters) =>
    ` […] [texte coupé : ${characters} caractères, Excel en accepte ${maxCellText} ; le fichier CSV le contient en entier]`,
  en: (characters) =>
    ` […] [text cut: ${characters} characters, Excel takes ${maxCellText}; the CSV file has all of it]`,
}

/** A field that is too long for Excel, cut and with a note, as COPY text again; null when it fits. */
export function cutToCell(bytes: Buffer, start: number, end: number, locale: Locale): Buffer | null {
  const text = decodeField(bytes, start, end)
  if (text.length <= maxCellText) return null
  const note = cutNotes[locale](text.length)
  const kept = text.slice(0, maxCellText - note.length)
  const whole = kept.isWellFormed() ? kept : kept.slice(0, -1)
  return Buffer.from(`${whole}${note}`.replaceAll('\\', '\\\\'))
}

function putEscape(out: Uint8Array, at: number, code: number): number {
  out[at] = underscore
  out[at + 1] = 0x78
  for (let digit = 0; digit < 4; digit++)
    out[at + 2 + digit] = hexDigits[(code >> (12 - 4 * digit)) & 15] as number
  out[at + 6] = underscore
  return at + 7
}

/** `_xHHHH_` at this index: hexadecimal digits are never escaped in COPY text, so the bytes can be compared. */
function escapeAt(bytes: Uint8Array, index: number): boolean {
  if (bytes[index + 1] !== 0x78 || bytes[index + 6] !== underscore) return false
  for (let digit = index + 2; digit < index + 6; digit++) {
    const byte = bytes[digit] as number
    const isHex =
      (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66)
    if (!isHex) return false
  }
  return true
}

/** U+FFFE and U+FFFF, `EF BF BE` and `EF BF BF`. */
function isNonCharacter(bytes: Uint8Array, index: number): boolean {
  return bytes[index + 1] === 0xbf && (bytes[index + 2] as number) >= 0xbe
}
