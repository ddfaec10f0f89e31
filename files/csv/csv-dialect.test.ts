import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { csvPreview, csvSample } from '#domain/csv-preview.ts'
import { csvOptionsOf, csvPresetNames, csvValues, separatorOf, type CsvOptions } from '#domain/csv-options.ts'
import type { ColumnDescription, ColumnType } from '#domain/report-type.ts'
import { toCopyText, type CopyRow } from '../copy-text.fixture.ts'
import { csvFile } from './csv-file.ts'

const anyOptions: fc.Arbitrary<CsvOptions> = fc.record({
  separator: fc.constantFrom(...csvValues.separator),
  quoting: fc.constantFrom(...csvValues.quoting),
  decimal_mark: fc.constantFrom(...csvValues.decimal_mark),
  bom: fc.boolean(),
  line_end: fc.constantFrom(...csvValues.line_end),
  date_form: fc.constantFrom(...csvValues.date_form),
  header: fc.constantFrom(...csvValues.header),
  booleans: fc.constantFrom(...csvValues.booleans),
  null_text: fc.constantFrom(...csvValues.null_text),
  gzip: fc.constant(false),
})

async function write(
  columns: readonly ColumnDescription[],
  rows: readonly CopyRow[],
  options: CsvOptions,
): Promise<string> {
  const chunks = async function* () {
    for (const row of rows) yield await Promise.resolve(toCopyText([row]))
  }
  const parts: Buffer[] = []
  for await (const part of csvFile({ columns, locale: 'fr', options, rows: chunks(), onRows: () => {} }))
    parts.push(part)
  return Buffer.concat(parts).toString()
}

/** Reads a file back by nothing but its options: the values as PostgreSQL wrote them. */
function read(file: string, options: CsvOptions, types: readonly ColumnType[]): (string | null)[][] {
  expect(file.startsWith('\ufeff')).toBe(options.bom)
  const cells: (string | null)[][] = parse(file, {
    bom: options.bom,
    delimiter: separatorOf(options),
    record_delimiter: options.line_end === 'crlf' ? '\r\n' : '\n',
    cast: (value, { quoting }) => (!quoting && value === options.null_text ? null : value),
  })
  if (options.header !== 'none') cells.shift()
  return cells.map((row) =>
    row.map((cell, index) => (cell === null ? null : original(cell, types[index], options))),
  )
}

function original(cell: string, type: ColumnType | undefined, options: CsvOptions): string {
  const [yes] = options.booleans.split('/')
  switch (type) {
    case 'boolean':
      return cell === yes ? 't' : 'f'
    case 'decimal':
      return cell.replace(options.decimal_mark, '.')
    case 'date':
    case 'timestamp': {
      const [, first = '', second = '', year = '', rest = ''] = /^(\d\d)\/(\d\d)\/(\d+)(.*)$/.exec(cell) ?? []
      const [day, month] = options.date_form === 'dd/mm/yyyy' ? [first, second] : [second, first]
      const iso = options.date_form === 'iso' ? cell : `${year}-${month}-${day}${rest}`
      return iso.replace(options.decimal_mark, '.')
    }
    default:
      // The documented rule of docs/files.md.
      return /^'+[=+\-@＝＋－＠\t\r\n]/.test(cell) ? cell.slice(1) : cell
  }
}

const types: ColumnType[] = ['text', 'decimal', 'date', 'timestamp', 'boolean', 'text']
const columns = types.map((type, index): ColumnDescription => {
  return { key: `c${index}`, label: { fr: `Été ${index} ; "x", y | z`, en: `C${index}` }, type }
})
const text = fc.oneof(
  fc.string({ unit: 'binary' }).map((any) => any.toWellFormed().replaceAll('\0', '')),
  fc.string({ unit: fc.constantFrom(...`=+-@＝'";,|\t\r\n\\NULbx0 .é😀`) }),
  fc.constantFrom('', 'NULL', '\\N', '\\.', 'N', 'ID', '|', 'oui', "'=x", '-12,5'),
)
const day = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString())
const row = fc.tuple(
  fc.option(text),
  fc.option(
    fc.oneof(
      fc.tuple(fc.integer(), fc.nat(99)).map(([whole, part]) => `${whole}.${part}`),
      fc.constantFrom('NaN', '-Infinity', '1e+20', '-0.5', '7'),
    ),
  ),
  fc.option(day.map((iso) => iso.slice(0, 10))),
  fc.option(
    fc
      .tuple(day, fc.constantFrom('', '.5', '.123456'))
      .map(([iso, part]) => `${iso.slice(0, 19).replace('T', ' ')}${part}`),
  ),
  fc.option(fc.constantFrom('t', 'f')),
  fc.option(text),
)

it('is read back exactly by its options, whichever they are', async () => {
  await fc.assert(
    fc.asyncProperty(anyOptions, fc.array(row, { minLength: 1, maxLength: 5 }), async (options, rows) => {
      expect(read(await write(columns, rows, options), options, types)).toEqual(rows)
    }),
    { numRuns: 1_000 },
  )
})

it('is shown by the preview as it is written', async () => {
  const sample = csvSample.map(({ value }) => value)
  for (const options of fc.sample(anyOptions, 1_000)) {
    const end = options.line_end === 'crlf' ? '\r\n' : '\n'
    const lines = csvPreview(options, 'fr').map((line) => line + end)
    expect((await write(csvSample, [sample], { ...options, bom: true })).slice(1)).toBe(lines.join(''))
  }
})

it('lays what a report chose over what the installation did, and that over the language’s', () => {
  expect(csvOptionsOf('fr')).toEqual(csvOptionsOf('en', { preset: 'excel_fr' }))
  expect(csvOptionsOf('en', { separator: ';' }, { gzip: true })).toEqual({
    ...csvOptionsOf('en'),
    separator: ';',
    gzip: true,
  })
  // A preset is a whole: nothing of what is below shines through.
  for (const preset of csvPresetNames)
    expect(csvOptionsOf('fr', { null_text: 'NULL', gzip: true }, { preset })).toEqual(
      csvOptionsOf('en', { preset }),
    )
})
