/**
 * PostgreSQL's COPY text format: fields end with a tab, rows with a line feed, NULL is `\N`, and those bytes inside a
 * value are written as backslash escapes. The writers read it byte by byte and share these functions. Source:
 * PostgreSQL documentation, COPY, "Text Format".
 */

export const tab = 0x09
export const lineFeed = 0x0a
export const backslash = 0x5c
const letterN = 0x4e

/** The meaning of a byte after a backslash; other bytes stand for themselves. */
const escapes = new Uint8Array(256)
for (let byte = 0; byte < 256; byte++) escapes[byte] = byte
escapes[0x62] = 0x08
escapes[0x66] = 0x0c
escapes[0x6e] = 0x0a
escapes[0x72] = 0x0d
escapes[0x74] = 0x09
escapes[0x76] = 0x0b

export function unescaped(byteAfterBackslash: number): number {
  return escapes[byteAfterBackslash] as number
}

export function isNull(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 2 && bytes[start] === backslash && bytes[start + 1] === letterN
}

/** Where the field that starts at `start` ends: the index of its tab or line feed. */
export function fieldEnd(bytes: Uint8Array, start: number): number {
  let index = start
  let byte = bytes[index]
  while (byte !== tab && byte !== lineFeed && byte !== undefined) byte = bytes[++index]
  return index
}

/** A field's value as a string, without escapes. For rare paths only: a string costs more than its bytes. */
export function decodeField(bytes: Buffer, start: number, end: number): string {
  if (bytes.subarray(start, end).indexOf(backslash) === -1) return bytes.toString('utf8', start, end)
  const value = Buffer.allocUnsafe(end - start)
  let length = 0
  for (let index = start; index < end; index++) {
    const byte = bytes[index] as number
    value[length++] = byte === backslash ? unescaped(bytes[++index] as number) : byte
  }
  return value.toString('utf8', 0, length)
}

/** The number of rows in a chunk of whole rows: a value never contains a line feed byte. */
export function countRows(bytes: Uint8Array): number {
  let rows = 0
  for (let index = bytes.indexOf(lineFeed); index !== -1; index = bytes.indexOf(lineFeed, index + 1)) rows++
  return rows
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

/** Fails when query and column list disagree: a fault of the report type, found before a wrong file is written. */
export function assertFieldEnd(bytes: Uint8Array, end: number, isLastColumn: boolean): void {
  if ((bytes[end] === lineFeed) === isLastColumn) return
  throw new Error('The query does not return as many columns as the report describes')
}
