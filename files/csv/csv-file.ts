import { stringify } from 'csv-stringify/sync'
import type { Locale } from '#domain/locale.ts'
import type { ColumnDescription } from '#domain/report-type.ts'
import { neutraliseFormula } from '../neutralise-formula.ts'
import { csvDialects, mustQuote } from './csv-dialect.ts'
import { CsvRows } from './csv-rows.ts'

export interface CsvFileInput {
  columns: readonly ColumnDescription[]
  locale: Locale
  /** COPY text, whole rows in each chunk. */
  rows: AsyncIterable<Buffer>
  /** Called with the rows written so far. */
  onRows: (total: number) => void
  /** See misfits.ts. */
  misfits?: number[]
}

/** The bytes of a CSV file: one header row of labels, then the rows. */
export async function* csvFile({
  columns,
  locale,
  rows,
  onRows,
  misfits,
}: CsvFileInput): AsyncGenerator<Buffer> {
  const labels = columns.map((column) => neutraliseFormula(column.label[locale]))
  const { delimiter } = csvDialects[locale]
  yield Buffer.from(
    stringify([labels], { delimiter, record_delimiter: 'windows', bom: true, quoted_match: mustQuote }),
  )
  const writer = new CsvRows(columns, locale, misfits)
  for await (const chunk of rows) {
    yield writer.render(chunk)
    onRows(writer.rowCount)
  }
}
