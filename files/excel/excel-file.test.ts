import ExcelJS from 'exceljs'
import JSZip from 'jszip'
import { describe, expect, it } from 'vitest'
import type { Locale } from '#domain/locale.ts'
import type { ColumnDescription, ColumnType } from '#domain/report-type.ts'
import { toCopyText, type CopyRow } from '../copy-text.fixture.ts'
import { excelFile, type SheetLimits } from './excel-file.ts'

interface FileOptions {
  locale?: Locale
  title?: string
  limits?: Partial<SheetLimits>
  /** How many rows each chunk holds. */
  chunkRows?: number
}

const types: ColumnType[] = ['text', 'integer', 'decimal', 'money', 'date', 'timestamp', 'boolean']
const columnsOf = (list: ColumnType[]): ColumnDescription[] =>
  list.map((type, index) => ({
    key: `c${index}`,
    label: { fr: `Colonne ${index}`, en: `Column ${index}` },
    type,
  }))

async function writeFile(list: ColumnType[], rows: CopyRow[], options: FileOptions = {}): Promise<Buffer> {
  const { locale = 'fr', title = 'Tickets de réception', limits, chunkRows = 3 } = options
  const chunks = async function* () {
    for (let start = 0; start < rows.length; start += chunkRows) {
      yield await Promise.resolve(toCopyText(rows.slice(start, start + chunkRows)))
    }
  }
  const totals: number[] = []
  const file = excelFile({
    columns: columnsOf(list),
    locale,
    timeZone: 'Africa/Kinshasa',
    about: {
      number: 42,
      title,
      requestedBy: 'Awa Diallo',
      generatedAt: new Date('2026-11-22T07:08:09.987Z'),
      filters: [{ label: 'Site', value: 'Nord, Sud' }],
    },
    rows: chunks(),
    onRows: (total) => totals.push(total),
    limits,
  })
  const parts: Buffer[] = []
  for await (const part of file) parts.push(part)
  expect(totals.at(-1) ?? 0).toBe(rows.length)
  return Buffer.concat(parts)
}

async function readBack(bytes: Buffer): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.load(bytes as unknown as ArrayBuffer)
  return workbook
}

/** The cells' values, without the header. */
function valuesOf(sheet: ExcelJS.Worksheet | undefined): ExcelJS.CellValue[][] {
  const rows: ExcelJS.CellValue[][] = []
  sheet?.eachRow((row, number) => {
    if (number > 1) rows.push((row.values as ExcelJS.CellValue[]).slice(1))
  })
  return rows
}

describe('Excel file', () => {
  it('types its cells and formats them for the language', async () => {
    const row = ['0012', '12', '-0.500', '1234.50', '2026-10-31', '2026-10-25 02:30:00.25+01', 't']
    const workbook = await readBack(await writeFile(types, [row]))
    const sheet = workbook.worksheets[0]
    expect(valuesOf(sheet)).toEqual([
      ['0012', 12, -0.5, 1234.5, new Date('2026-10-31'), new Date('2026-10-25T02:30:00.250Z'), true],
    ])
    const formats = types.map((_, index) => sheet?.getCell(2, index + 1).numFmt)
    expect(formats).toEqual(['@', '0', undefined, '#,##0.00', 'dd/mm/yyyy', 'dd/mm/yyyy hh:mm:ss', undefined])
  })

  it('has a bold, frozen header with a filter over the rows, and widths that fit', async () => {
    const workbook = await readBack(
      await writeFile(
        ['text', 'date'],
        [
          ['x'.repeat(30), null],
          ['y', null],
        ],
      ),
    )
    const sheet = workbook.worksheets[0]
    expect(sheet?.getRow(1).values).toEqual([undefined, 'Colonne 0', 'Colonne 1'])
    expect(sheet?.getCell('A1').font.bold).toBe(true)
    expect(sheet?.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 })
    expect(sheet?.autoFilter).toBe('A1:B3')
    expect(sheet?.getColumn(1).width).toBe(32)
    expect(sheet?.getColumn(2).width).toBe(13)
  })

  it.each([
    ['fr', 'À propos', 'Demandé par', 'Lignes'],
    ['en', 'About', 'Requested by', 'Rows'],
  ] as const)(
    'states the report on a sheet of its own (%s)',
    async (locale, name, requestedBy, rowsLabel) => {
      const workbook = await readBack(await writeFile(['text'], [['a'], ['b']], { locale }))
      const about = new Map(
        workbook
          .getWorksheet(name)
          ?.getSheetValues()
          .filter(Boolean)
          .map((row) => (row as unknown[]).slice(1) as [string, unknown]),
      )
      expect(about.get('N°')).toBe(42)
      expect(about.get(requestedBy)).toBe('Awa Diallo')
      expect(about.get('Site')).toBe('Nord, Sud')
      expect(about.get(rowsLabel)).toBe(2)
      // Kinshasa is an hour ahead of UTC; whole seconds.
      expect([...about.values()]).toContainEqual(new Date('2026-11-22T08:08:09Z'))
    },
  )

  it('continues on further sheets, each with header, filter and frozen row', async () => {
    const rows = Array.from({ length: 11 }, (_, index) => [`ligne ${index}`])
    const workbook = await readBack(await writeFile(['text'], rows, { limits: { rows: 5 } }))
    const names = workbook.worksheets.map((sheet) => sheet.name)
    expect(names).toEqual([
      'Tickets de réception',
      'Tickets de réception (2)',
      'Tickets de réception (3)',
      'À propos',
    ])
    const data = workbook.worksheets.slice(0, 3)
    expect(data.flatMap((sheet) => valuesOf(sheet))).toEqual(rows)
    expect(data.map((sheet) => sheet.autoFilter)).toEqual(['A1:A5', 'A1:A5', 'A1:A4'])
    for (const sheet of data) {
      expect(sheet.getCell('A1').value).toBe('Colonne 0')
      expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 })
    }
    expect(JSON.stringify(workbook.getWorksheet('À propos')?.getSheetValues())).toContain(
      'feuilles suivantes',
    )
  })

  it('names the filters’ ranges as Excel does', async () => {
    const bytes = await writeFile(
      ['text', 'text'],
      [
        ['a', 'b'],
        ['c', 'd'],
        ['e', 'f'],
      ],
      {
        title: "L'été & <co>",
        limits: { rows: 3 },
      },
    )
    const xml = await (await JSZip.loadAsync(bytes)).file('xl/workbook.xml')?.async('string')
    expect(
      [...(xml ?? '').matchAll(/localSheetId="(\d)" hidden="1">([^<]*)</g)].map(([, ...found]) => found),
    ).toEqual([
      ['0', "'L''été &amp; &lt;co>'!$A$1:$B$3"],
      ['1', "'L''été &amp; &lt;co> (2)'!$A$1:$B$2"],
    ])
  })

  it('adds no empty sheet when the rows exactly fill the last one', async () => {
    const rows = Array.from({ length: 8 }, (_, index) => [String(index)])
    const workbook = await readBack(await writeFile(['integer'], rows, { limits: { rows: 5 } }))
    expect(workbook.worksheets.length).toBe(3)
  })

  it('continues on a further sheet before one exceeds its bytes', async () => {
    const rows = Array.from({ length: 9 }, (_, index) => [String(index)])
    const workbook = await readBack(await writeFile(['integer'], rows, { limits: { bytes: 100 } }))
    expect(workbook.worksheets.slice(0, -1).flatMap((sheet) => valuesOf(sheet).flat())).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8,
    ])
    expect(workbook.worksheets.length).toBeGreaterThan(2)
  })

  it('is a complete workbook without any row', async () => {
    const workbook = await readBack(await writeFile(types, []))
    expect(workbook.worksheets[0]?.rowCount).toBe(1)
    expect(workbook.worksheets[0]?.autoFilter).toBe('A1:G1')
  })

  it('guesses at nothing that is nearly a number or a date, and says how many there were', async () => {
    const row = ['x', '00123', '10.0.0.1', '1.5.', '2023-02-31', '2023-02-31 10:00:00+00', 'yes']
    const whole = ['x', '12.00', '1e+20', '-1.50', '2024-02-29', '2024-02-29 10:00:00+00', 'f']
    const fraction = ['x', '1.5', '0.5', '0.5', '2024-02-29', '2024-02-29 10:00:00+00', 'f']
    const workbook = await readBack(await writeFile(types, [row, whole, fraction]))
    expect(valuesOf(workbook.worksheets[0])).toEqual([
      row,
      ['x', 12, 1e20, -1.5, new Date('2024-02-29'), new Date('2024-02-29T10:00:00Z'), false],
      ['x', '1.5', 0.5, 0.5, new Date('2024-02-29'), new Date('2024-02-29T10:00:00Z'), false],
    ])
    const lines = new Map<unknown, unknown>()
    workbook
      .getWorksheet('À propos')
      ?.eachRow((line) => lines.set(line.getCell(1).value, line.getCell(2).value))
    expect(lines.get('Colonne 1')).toBe(
      '2 valeurs n’étaient pas des nombres entiers ; elles sont écrites comme textes',
    )
    expect(lines.get('Colonne 4')).toBe('1 valeur n’était pas une date ; elle est écrite comme texte')
    expect(lines.has('Colonne 0')).toBe(false)
  })

  it('looks ahead by bytes, not by rows alone, for the widths of its columns', async () => {
    let taken = 0
    const rows = async function* () {
      for (; taken < 50; taken++) yield await Promise.resolve(toCopyText([['x'.repeat(900_000)]]))
    }
    const about = {
      number: 1,
      title: 'Longs',
      requestedBy: 'Awa',
      generatedAt: new Date('2026-11-22'),
      filters: [],
    }
    const file = excelFile({
      columns: columnsOf(['text']),
      locale: 'fr',
      timeZone: 'UTC',
      about,
      rows: rows(),
      onRows: () => {},
    })
    await file.next()
    expect(taken).toBeLessThan(5)
    await file.return(undefined)
  })

  it('keeps values as text that Excel would change', async () => {
    const kept: [ColumnType, string][] = [
      ['integer', '12345678901234567'],
      ['money', '99999999999999.99'],
      ['decimal', 'NaN'],
      ['decimal', '-Infinity'],
      ['date', '1899-12-31'],
      ['date', '1900-02-28'],
      ['date', 'infinity'],
      ['date', '0044-03-15 BC'],
    ]
    const workbook = await readBack(
      await writeFile(
        kept.map(([type]) => type),
        [kept.map(([, value]) => value)],
      ),
    )
    expect(valuesOf(workbook.worksheets[0])).toEqual([kept.map(([, value]) => value)])
    const early = await readBack(await writeFile(['timestamp'], [['1850-05-06 07:08:09+00:09:21']]))
    expect(valuesOf(early.worksheets[0])).toEqual([['1850-05-06 07:08:09']])
  })

  it('distinguishes NULL from the empty text', async () => {
    const zip = await JSZip.loadAsync(await writeFile(['text', 'text', 'text'], [[null, '', 'x']]))
    const xml = await zip.file('xl/worksheets/sheet1.xml')?.async('string')
    expect(xml).not.toContain('r="A2"')
    expect(xml).toMatch(/<c r="B2" s="\d+" t="inlineStr"><is><t><\/t><\/is><\/c>/)
  })

  it('cuts a text that is too long for a cell, with a note in the cell and on the about sheet', async () => {
    const long = `${'é'.repeat(20_000)}${'😀'.repeat(10_000)}`
    const fits = 'à'.repeat(32_767)
    const workbook = await readBack(await writeFile(['text', 'text'], [[long, fits]]))
    const [cut, whole] = valuesOf(workbook.worksheets[0])[0] as string[]
    expect(whole).toBe(fits)
    expect(cut?.length).toBeLessThanOrEqual(32_767)
    expect(cut?.isWellFormed()).toBe(true)
    expect(cut).toMatch(/texte coupé : 40000 caractères/)
    expect(JSON.stringify(workbook.getWorksheet('À propos')?.getSheetValues())).toContain('Textes coupés')
  })

  it.each(['a/b: c*?[d]', "'quoted'", 'x'.repeat(60), '', 'À propos', 'History'])(
    'gives its sheets valid names: %j',
    async (title) => {
      const workbook = await readBack(
        await writeFile(['text'], [['a'], ['b']], { title, limits: { rows: 2 } }),
      )
      const names = workbook.worksheets.map((sheet) => sheet.name)
      expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(3)
      for (const name of names) expect(name).toMatch(/^(?!')[^*?:\\/[\]]{1,31}(?<!')$/)
    },
  )
})
