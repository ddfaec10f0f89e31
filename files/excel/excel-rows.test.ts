import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ColumnDescription, ColumnType } from '#domain/report-type.ts'
import { toCopyText, type CopyRow } from '../copy-text.fixture.ts'
import { columnLetters, ExcelRows } from './excel-rows.ts'

const columnsOf = (...types: ColumnType[]): ColumnDescription[] =>
  types.map((type, index) => ({ key: `c${index}`, label: { fr: `C${index}`, en: `C${index}` }, type }))

function render(types: ColumnType[], rows: CopyRow[]): string {
  const writer = new ExcelRows(columnsOf(...types), [], 'fr')
  return writer.render(toCopyText(rows), 0, 2, 1_048_576).toString()
}

describe('Excel rows', () => {
  it('stores any text exactly', () => {
    const character = fc.oneof(
      fc.constantFrom(...`<>&"'_x0D; \t\n\r\\N\u0001\u001f\ufffe\uffff\u00a0é😀`),
      fc
        .string({ unit: 'binary', minLength: 1, maxLength: 1 })
        .map((text) => text.toWellFormed().replaceAll('\0', '')),
    )
    const text = fc.oneof(
      fc.array(character).map((characters) => characters.join('')),
      fc.constantFrom('_x000D_', '_x005F_x000d_', '__x0041_', ']]>', '&amp;', ' a ', '\\N', '=1+1'),
    )
    const row = fc.array(fc.option(text), { minLength: 2, maxLength: 2 })
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
        const xml = render(['text', 'text'], rows)
        expect(textsOf(xml, rows.length)).toEqual(rows)
      }),
    )
  })

  it('numbers rows from the given row and stops at the last row', () => {
    const rows = new ExcelRows(columnsOf('integer'), [0], 'fr')
    const chunk = toCopyText([['1'], ['2'], ['3']])
    const first = rows.render(chunk, 0, 4, 5).toString()
    expect([...first.matchAll(/r="(\w+)"/g)].map((match) => match[1])).toEqual(['4', 'A4', '5', 'A5'])
    expect(rows.rowCount).toBe(2)
    expect(rows.render(chunk, rows.offset, 2, 5).toString()).toContain(
      '<row r="2"><c r="A2" s="0"><v>3</v></c></row>',
    )
    expect(rows.offset).toBe(chunk.length)
  })

  it('enlarges its buffer for cells of any size', () => {
    const many = Array.from({ length: 300 }, () => '')
    const long = '\u0001'.repeat(30_000)
    const xml = render(
      many.map(() => 'text'),
      [many, many.map(() => long)],
    )
    expect(xml.match(/<c /g)?.length).toBe(600)
    expect(xml.length).toBeGreaterThan(300 * 30_000 * 6)
  })

  it('refuses a query with more or fewer columns than described', () => {
    expect(() => render(['text', 'text'], [['only one']])).toThrow(/as many columns/)
    expect(() => render(['text'], [['one', 'too many']])).toThrow(/as many columns/)
  })

  it('names columns like spreadsheets', () => {
    expect([0, 25, 26, 701, 702, 16_383].map(columnLetters)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA', 'XFD'])
  })
})

/** Reads the sheet's texts as an XML parser and then Excel would (XML 1.0; ISO/IEC 29500, ST_Xstring). */
function textsOf(xml: string, rowCount: number): (string | null)[][] {
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/)
  return Array.from({ length: rowCount }, (_, index) =>
    ['A', 'B'].map((letter) => {
      const cell = new RegExp(`<c r="${letter}${index + 2}"[^>]*><is>(.*?)</is></c>`, 's').exec(xml)?.[1]
      if (cell === undefined) return null
      const runs = [...cell.matchAll(/<t( xml:space="preserve")?>([^<]*)<\/t>/g)]
      return runs.map(([, kept, text = '']) => runText(text, kept !== undefined)).join('')
    }),
  )
}

function runText(xml: string, isKept: boolean): string {
  const parsed = xml
    .replace(/\r\n?/g, '\n')
    .replace(/&(amp|lt|gt|#13);/g, (_all, name: string) => ({ amp: '&', lt: '<', gt: '>' })[name] ?? '\r')
  expect(isKept || !/^[ \t\r\n]|[ \t\r\n]$/.test(parsed)).toBe(true)
  return parsed.replace(/_x([0-9A-Fa-f]{4})_/g, (_all, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
}
