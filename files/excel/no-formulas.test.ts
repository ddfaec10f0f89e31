import ExcelJS from 'exceljs'
import JSZip from 'jszip'
import { expect, it } from 'vitest'
import { columnTypes, type ColumnDescription } from '#domain/report-type.ts'
import { toCopyText } from '../copy-text.fixture.ts'
import { excelFile } from './excel-file.ts'

const hostile = ['=1+1', '＝1+1', '-1+1', '+SUM(A1)', '@x', "=cmd|' /C calc'!A0", '\t=1', '\n=1', '-E5']

it('every text is a text cell, wherever it comes from', async () => {
  const columns = columnTypes.map((type): ColumnDescription => {
    return { key: type, label: { fr: `=${type}`, en: `=${type}` }, type }
  })
  const rows = hostile.map((text) => columns.map(() => text))
  const file = excelFile({
    columns,
    locale: 'fr',
    timeZone: 'UTC',
    about: {
      number: 1,
      title: "=HYPERLINK('x')",
      requestedBy: '=Awa',
      generatedAt: new Date('2026-11-22T07:08:09Z'),
      filters: [{ label: '=Site', value: '=1+1' }],
    },
    rows: (async function* () {
      yield await Promise.resolve(toCopyText(rows))
    })(),
    onRows: () => {},
  })
  const parts: Buffer[] = []
  for await (const part of file) parts.push(part)

  const zip = await JSZip.loadAsync(Buffer.concat(parts))
  for (const { name, dir } of Object.values(zip.files)) {
    if (dir || !name.endsWith('.xml')) continue
    expect(await zip.file(name)?.async('string'), name).not.toMatch(/<f[ >]|t="str"/)
  }
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.load(Buffer.concat(parts) as unknown as ArrayBuffer)
  const [sheet, about] = workbook.worksheets
  expect(sheet?.name).toBe("=HYPERLINK('x')")
  for (let column = 1; column <= columns.length; column++) {
    const values = [1, ...hostile.map((_, index) => index + 2)].map((row) => sheet?.getCell(row, column))
    expect(values.map((cell) => cell?.value)).toEqual([`=${columns[column - 1]?.type}`, ...hostile])
  }
  const words = about?.getSheetValues().flat().map(String)
  for (const text of ["=HYPERLINK('x')", '=Awa', '=Site', '=1+1']) expect(words).toContain(text)
})
