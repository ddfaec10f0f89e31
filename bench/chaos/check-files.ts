/** Compares stored files with plain SQL on the source; other libraries read the files than wrote them. */

import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { parse } from 'csv-parse/sync'
import type { Client } from 'pg'
import { readSheet } from 'read-excel-file/node'
import type { Storage } from '#adapters/storage/storage.ts'
import type { ReportRow } from './account.ts'
import type { RowsBySql } from './draw-reports.ts'

export interface FileCheck {
  number: number
  rows: number
  /** What is wrong; empty when nothing is. */
  wrong: string[]
}

/** Checks one stored file: number and content of its rows, and the checksum on its report's row. */
export async function checkFile(
  { storage, source }: { storage: Storage; source: Client },
  row: ReportRow,
  expected: RowsBySql,
): Promise<FileCheck> {
  const content = await buffer(await storage.read(row.objectKey ?? ''))
  const rows = row.format === 'csv' ? readCsv(content) : await readExcel(content)
  const bySql = await source.query<(string | null)[]>({
    text: expected.sql,
    values: [...expected.values],
    rowMode: 'array',
  })
  const wrong: string[] = []
  if (sha256(content) !== row.checksum) wrong.push('the checksum on the row is another')
  if (rows.length !== row.rowCount)
    wrong.push(`the row says ${row.rowCount} rows, the file has ${rows.length}`)
  if (rows.length !== bySql.rows.length)
    wrong.push(`SQL gives ${bySql.rows.length} rows, the file has ${rows.length}`)
  else if (digest(rows, expected.numeric) !== digest(bySql.rows, expected.numeric))
    wrong.push('the contents differ from what SQL gives')
  return { number: row.number, rows: rows.length, wrong }
}

type Cell = string | number | boolean | Date | null

function readCsv(content: Buffer): Cell[][] {
  const [, ...rows] = parse(content, { bom: true, delimiter: ',', record_delimiter: '\r\n' })
  return rows.map((cells) => cells.map(withoutApostrophe))
}

/** The writer puts an apostrophe before a text that looks like a formula. */
function withoutApostrophe(text: string): string {
  return /^'+[=+\-@＝＋－＠\t\r\n]/.test(text) ? text.slice(1) : text
}

async function readExcel(content: Buffer): Promise<Cell[][]> {
  const [, ...rows] = (await readSheet(content, { trim: false })) as Cell[][]
  return rows
}

/** The reader decodes every text that looks like a spreadsheet's escape, even one from the data. */
function unescaped(text: string): string {
  return text.replaceAll(/_x([0-9a-f]{4})_/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

/** Independent of the order of the rows, which is the report's own. */
function digest(rows: readonly (readonly Cell[])[], numeric: readonly boolean[]): string {
  const lines = rows.map((cells) =>
    JSON.stringify(
      cells.map((cell, index) => {
        const text = cell === null ? '' : unescaped(String(cell))
        return numeric[index] && text !== '' ? Number(text) : text
      }),
    ),
  )
  return sha256(lines.toSorted().join('\n'))
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
