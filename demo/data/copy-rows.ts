import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

/** `null` is NULL; texts may hold anything but U+0000. */
export type CopyValue = string | number | boolean | null

const chunkLength = 64 * 1024

/**
 * Loads rows by COPY, as many as the iterable gives, in constant memory.
 * @param freeze rows are written as already visible to all; only for a table this transaction created.
 * @returns how many.
 */
export async function copyRows(
  client: Client,
  table: string,
  rows: Iterable<readonly CopyValue[]>,
  { freeze = false }: { freeze?: boolean } = {},
): Promise<number> {
  let count = 0
  function* chunks(): Generator<string> {
    let chunk = ''
    for (const row of rows) {
      chunk += encodeRow(row)
      count += 1
      if (chunk.length < chunkLength) continue
      yield chunk
      chunk = ''
    }
    if (chunk !== '') yield chunk
  }
  const target = client.query(copyFrom(`copy ${table} from stdin with (format text, freeze ${freeze})`))
  await pipeline(Readable.from(chunks(), { objectMode: true, highWaterMark: 4 }), target)
  return count
}

const special = /[\\\n\r\t]/
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function encodeRow(row: readonly CopyValue[]): string {
  let line = ''
  for (let index = 0; index < row.length; index++) {
    const value = row[index]
    if (index > 0) line += '\t'
    if (value === null || value === undefined) line += '\\N'
    else if (typeof value !== 'string' || !special.test(value)) line += value
    else line += value.replace(/[\\\n\r\t]/g, (letter) => escapes[letter] ?? letter)
  }
  return `${line}\n`
}
