import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Locale } from '#domain/locale.ts'
import type { ColumnDescription, ColumnType } from '#domain/report-type.ts'
import { toCopyText, type CopyRow } from '../copy-text.fixture.ts'
import { CsvRows } from './csv-rows.ts'
import { neutraliseFormula } from '../neutralise-formula.ts'

const columnsOf = (...types: ColumnType[]): ColumnDescription[] =>
  types.map((type, index) => ({ key: `c${index}`, label: { fr: `C${index}`, en: `C${index}` }, type }))

function render(types: ColumnType[], rows: CopyRow[], locale: Locale = 'fr'): string {
  return new CsvRows(columnsOf(...types), locale).render(toCopyText(rows)).toString()
}

describe('CSV rows', () => {
  it('writes each type in the format of the language', () => {
    const types: ColumnType[] = ['text', 'integer', 'decimal', 'money', 'date', 'timestamp', 'boolean']
    const row = ['Été', '12', '-0.500', '1234.50', '2026-10-31', '2026-10-25 02:30:00+01', 't']
    expect(render(types, [row])).toBe('Été;12;-0,500;1234,50;2026-10-31;2026-10-25 02:30:00;oui\r\n')
    expect(render(types, [row], 'en')).toBe('Été,12,-0.500,1234.50,2026-10-31,2026-10-25 02:30:00,yes\r\n')
  })

  it('distinguishes NULL from the empty text, also in a single column', () => {
    expect(render(['text', 'text', 'integer'], [[null, '', null]])).toBe(';"";\r\n')
    expect(render(['text'], [[null], [''], ['x']])).toBe('""\r\n""\r\nx\r\n')
  })

  it('keeps microseconds and drops the offset in any form', () => {
    const times = [
      ['2026-01-02 03:04:05.123456+00', '2026-01-02 03:04:05.123456'],
      ['2026-01-02 03:04:05.5-03:30', '2026-01-02 03:04:05.5'],
      ['1890-01-01 00:00:00+00:09:21', '1890-01-01 00:00:00'],
      ['2026-01-02 03:04:05', '2026-01-02 03:04:05'],
      ['0044-03-15 12:00:00+00 BC', '0044-03-15 12:00:00+00 BC'],
      ['-infinity', '-infinity'],
    ]
    for (const [source, written] of times) {
      expect(render(['timestamp'], [[source ?? '']], 'en')).toBe(`${written}\r\n`)
      // LibreOffice in French takes a time with a point for a text, beside others of the column that it takes for times.
      expect(render(['timestamp'], [[source ?? '']], 'fr')).toBe(`${written?.replace('.', ',')}\r\n`)
    }
  })

  it('keeps values that are no finite number readable', () => {
    const values = ['NaN', 'Infinity', '-Infinity', '1e+20', '-1.5e-07']
    const written = values.map((value) => render(['decimal'], [[value]]).trim())
    expect(written).toEqual(['NaN', 'Infinity', '-Infinity', '1e+20', '-1,5e-07'])
  })

  it('writes what is nearly a number or a date as it is, and counts it', () => {
    const types: ColumnType[] = ['integer', 'integer', 'decimal', 'date', 'timestamp', 'boolean', 'decimal']
    const row = ['00123', '1.5', '10.0.0.1', '2023-02-31', '2023-02-31 10:00:00+00', 'yes', '-1+1']
    const writer = new CsvRows(columnsOf(...types), 'fr')
    expect(writer.render(toCopyText([row, types.map(() => null)])).toString()).toBe(
      "00123;1.5;10.0.0.1;2023-02-31;2023-02-31 10:00:00+00;yes;'-1+1\r\n;;;;;;\r\n",
    )
    expect(writer.misfits).toEqual([1, 1, 1, 1, 1, 1, 1])
  })

  it('counts no value of its type, however rare', () => {
    const types: ColumnType[] = ['integer', 'decimal', 'date', 'date', 'timestamp', 'timestamp', 'boolean']
    const row = ['12.00', 'NaN', 'infinity', '0044-03-15 BC', '-infinity', '12026-01-02 03:04:05+00', 'f']
    const writer = new CsvRows(columnsOf(...types), 'en')
    expect(writer.render(toCopyText([row])).toString()).toBe(
      '12.00,NaN,infinity,0044-03-15 BC,-infinity,12026-01-02 03:04:05,no\r\n',
    )
    expect(writer.misfits.every((values) => values === 0)).toBe(true)
  })

  it('writes a value that does not fit its column’s type as text', () => {
    expect(render(['integer', 'boolean'], [['=1+1', 'maybe;']])).toBe(`'=1+1;"maybe;"\r\n`)
  })

  it.each([
    ['integer', '-1+1'],
    ['integer', '+33-6-12'],
    ['integer', '1-2'],
    ['decimal', '-1-1'],
    ['money', '--1'],
    ['decimal', '-1e5-2'],
    ['integer', '+1+1'],
    ['timestamp', '=1+1'],
    ['timestamp', '-1+cmd'],
    ['timestamp', '@SUM(1)'],
    ['timestamp', '＝1+1'],
    ['timestamp', '+1-1 12:00:00'],
    ['date', '=1+1'],
    ['date', '-1+1'],
    ['boolean', '=1'],
    ['text', '-Infinity'],
  ] as const)('treats as text, in a %s column, %j', (type, value) => {
    const safe = neutraliseFormula(value)
    expect(render([type], [[value]])).toBe(`${safe}\r\n`)
    if (value !== '1-2') expect(safe).toBe(`'${value}`)
  })

  it('writes signed numbers of number columns as numbers', () => {
    const values = ['-1', '-1.50', '-0.5', '-1.5e-07', '1e+20', '-12345678901234567']
    const written = ['-1', '-1,50', '-0,5', '-1,5e-07', '1e+20', '-12345678901234567']
    for (const type of ['decimal', 'money'] as const)
      expect(values.map((value) => render([type], [[value]]).trim())).toEqual(written)
  })

  it('does not cut a text in a timestamp column', () => {
    const address = '12 rue du Port-Vieux + cour'
    expect(render(['timestamp'], [[address]])).toBe(`${address}\r\n`)
  })

  it.each(['fr', 'en'] as const)('quotes what another locale takes for separators (%s)', (locale) => {
    for (const text of ['a,=1+1', 'a;=1+1', 'a\t=1+1', 'a\n=1', 'a\r=1', 'a"b'])
      expect(render(['text'], [[text]], locale)).toBe(`"${text.replace('"', '""')}"\r\n`)
    for (const type of ['date', 'timestamp', 'boolean', 'integer'] as const)
      expect(render([type], [['a,=1;b']], locale)).toBe('"a,=1;b"\r\n')
  })

  it('refuses a query with more or fewer columns than described', () => {
    expect(() => render(['text', 'text'], [['only one']])).toThrow(/as many columns/)
    expect(() => render(['text'], [['one', 'too many']])).toThrow(/as many columns/)
  })

  const awkward = fc.oneof(
    fc.string({ unit: 'binary' }).map((text) => text.toWellFormed().replaceAll('\0', '')),
    fc.string({ unit: fc.constantFrom(...`=+-@＝＋－＠'";,\t\r\n\\Nbx0 .\u00a0é€😀`) }),
    fc.constantFrom('\\N', '\\.', '', "'=x", '+243 810 000 000', '-12,5', '=1'),
  )
  const textRow = fc.array(fc.option(awkward), { minLength: 3, maxLength: 3 })

  it.each(['fr', 'en'] as const)('writes any texts as csv-stringify does (%s)', (locale) => {
    const delimiter = locale === 'fr' ? ';' : ','
    const read = { delimiter, record_delimiter: '\r\n' }
    fc.assert(
      fc.property(fc.array(textRow, { minLength: 1 }), (rows) => {
        const safe = rows.map((row) => row.map((value) => (value === null ? null : neutraliseFormula(value))))
        const expected = stringify(safe, { delimiter, record_delimiter: 'windows', quoted_empty: false })
        // csv-stringify cannot distinguish NULL from the empty text: both are compared without quotes.
        const ours = render(['text', 'text', 'text'], rows, locale)
        expect(parse(ours, read)).toEqual(parse(expected, read))
      }),
    )
  })

  it('restores every text exactly by the documented rule', () => {
    fc.assert(
      fc.property(fc.array(textRow, { minLength: 1 }), (rows) => {
        const parsed: string[][] = parse(render(['text', 'text', 'text'], rows), {
          delimiter: ';',
          record_delimiter: '\r\n',
        })
        const exact = parsed.map((row) =>
          row.map((cell) => (/^'+[=+\-@＝＋－＠\t\r\n]/.test(cell) ? cell.slice(1) : cell)),
        )
        expect(exact).toEqual(rows.map((row) => row.map((value) => value ?? '')))
      }),
    )
  })
})
