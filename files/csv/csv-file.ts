import { stringify } from 'csv-stringify/sync'
import type { CsvOptions } from '#domain/csv-options.ts'
import type { Locale } from '#domain/locale.ts'
import type { ColumnDescription } from '#domain/report-type.ts'
import { neutraliseFormula } from '../neutralise-formula.ts'
import { csvDialectOf, type CsvDialect } from './csv-dialect.ts'
import { CsvRows } from './csv-rows.ts'

export interface CsvFileInput {
  columns: readonly ColumnDescription[]
  /** Of the labels. */
  locale: Locale
  options: CsvOptions
  /** COPY text, whole rows in each chunk. */
  rows: AsyncIterable<Buffer>
  /** Called with the rows written so far. */
  onRows: (total: number) => void
  /** See misfits.ts. */
  misfits?: number[]
}

/** The bytes of a CSV file before compression: the header row, if there is one, then the rows. */
export async function* csvFile({
  columns,
  locale,
  options,
  rows,
  onRows,
  misfits,
}: CsvFileInput): AsyncGenerator<Buffer> {
  const dialect = csvDialectOf(options)
  if (options.bom) yield Buffer.from('\ufeff')
  if (options.header !== 'none') {
    const names = columns.map(({ key, label }) => (options.header === 'keys' ? key : label[locale]))
    yield Buffer.from(headerRow(names, options, dialect))
  }
  const writer = new CsvRows(columns, dialect, misfits)
  for await (const chunk of rows) {
    yield writer.render(chunk)
    onRows(writer.rowCount)
  }
}

function headerRow(names: readonly string[], { bom }: CsvOptions, dialect: CsvDialect): string {
  // Excel takes a file that begins with ID for a SYLK file; a byte order mark, or a quote, is another beginning.
  const quoted = bom ? [dialect.mustQuote] : [dialect.mustQuote, /^ID/]
  return stringify([names.map(neutraliseFormula)], {
    delimiter: dialect.separator,
    record_delimiter: dialect.lineEnd.toString(),
    quoted_match: quoted,
  })
}
