import ExcelJS from 'exceljs'
import JSZip from 'jszip'
import { columnLetters } from './excel-rows.ts'

const workbookPath = 'xl/workbook.xml'

export interface SkeletonColumn {
  label: string
  /** In characters. */
  width: number
  numberFormat: string
}

export interface SkeletonSheet {
  name: string
  /** The number of data rows below the header. */
  rows: number
}

export interface SkeletonInput {
  columns: readonly SkeletonColumn[]
  sheets: readonly SkeletonSheet[]
  about: { name: string; lines: readonly AboutLine[] }
  title: string
  createdAt: Date
}

export type AboutLine = readonly [label: string, value: string | number | Date]

export interface Skeleton {
  /** Every file of the workbook except the data sheets, by its path. */
  files: ReadonlyMap<string, Uint8Array>
  /** The data sheets' XML, split where the rows are inserted. */
  sheets: readonly { path: string; head: string; tail: string }[]
  /** Index of each column's cell format. */
  styles: readonly number[]
}

/**
 * The workbook without its rows, made by exceljs through its public interface: styles, widths, frozen header, filter,
 * the about sheet. The rows are rendered separately and inserted where `<sheetData>` ends; exceljs's own streaming
 * writer spends most of its time on a style object for each cell. One placeholder row shows which formats exceljs gave
 * the columns.
 * @throws Error when exceljs writes sheets in an unexpected way.
 */
export async function excelSkeleton({
  columns,
  sheets,
  about,
  title,
  createdAt,
}: SkeletonInput): Promise<Skeleton> {
  const workbook = new ExcelJS.Workbook()
  workbook.creator = 'Rapporteur'
  workbook.lastModifiedBy = 'Rapporteur'
  workbook.title = title
  workbook.created = createdAt
  workbook.modified = createdAt
  for (const sheet of sheets) addDataSheet(workbook, columns, sheet)
  addAboutSheet(workbook, about)

  const zip = await JSZip.loadAsync(await workbook.xlsx.writeBuffer())
  const files = new Map<string, Uint8Array>()
  for (const file of Object.values(zip.files)) {
    if (!file.dir) files.set(file.name, await file.async('uint8array'))
  }
  const workbookXml = Buffer.from(files.get(workbookPath) ?? []).toString()
  files.set(workbookPath, Buffer.from(withFilterNames(workbookXml, sheets, columns.length)))
  const cut = sheets.map((_, index) => {
    const path = `xl/worksheets/sheet${index + 1}.xml`
    const xml = Buffer.from(files.get(path) ?? []).toString()
    files.delete(path)
    return { path, ...cutAtRows(xml, columns.length) }
  })
  return { files, sheets: cut, styles: cut[0]?.styles ?? [] }
}

function addDataSheet(
  workbook: ExcelJS.Workbook,
  columns: readonly SkeletonColumn[],
  { name, rows }: SkeletonSheet,
): void {
  const sheet = workbook.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] })
  sheet.columns = columns.map(({ label, width }) => ({ header: label, width }))
  const header = sheet.getRow(1)
  header.font = { bold: true }
  header.fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFE7ECF2' } }
  header.alignment = { vertical: 'middle' }
  sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: rows + 1, column: columns.length } }
  columns.forEach(({ numberFormat }, index) => {
    sheet.getCell(2, index + 1).value = 0
    sheet.getCell(2, index + 1).numFmt = numberFormat
  })
}

function addAboutSheet(workbook: ExcelJS.Workbook, { name, lines }: SkeletonInput['about']): void {
  const sheet = workbook.addWorksheet(name)
  sheet.columns = [{ width: 26 }, { width: 80 }]
  for (const [label, value] of lines) {
    const row = sheet.addRow([label, value])
    row.getCell(1).font = { bold: true }
    row.alignment = { vertical: 'top', wrapText: true }
    row.getCell(2).alignment = { vertical: 'top', horizontal: 'left', wrapText: true }
    if (value instanceof Date) row.getCell(2).numFmt = 'yyyy-mm-dd hh:mm:ss'
  }
}

/**
 * Names each filter's range as Excel does (ISO/IEC 29500, 18.2.5): without a name, LibreOffice drops the filter.
 * exceljs cannot do it.
 */
function withFilterNames(xml: string, sheets: readonly SkeletonSheet[], columnCount: number): string {
  const names = sheets.map(({ name, rows }, index) => {
    const sheet = name.replaceAll("'", "''").replaceAll('&', '&amp;').replaceAll('<', '&lt;')
    const range = `'${sheet}'!$A$1:$${columnLetters(columnCount - 1)}$${rows + 1}`
    return `<definedName name="_xlnm._FilterDatabase" localSheetId="${index}" hidden="1">${range}</definedName>`
  })
  const [before, after, ...more] = xml.split('</sheets>')
  if (before === undefined || after === undefined || more.length > 0 || xml.includes('<definedNames>')) {
    throw changed('workbook')
  }
  return `${before}</sheets><definedNames>${names.join('')}</definedNames>${after}`
}

function changed(part: string): Error {
  return new Error(`exceljs writes the ${part} in another way than this version was made for`)
}

/** Head: up to and including the header row. Tail: from the end of the rows. */
function cutAtRows(xml: string, columnCount: number): { head: string; tail: string; styles: number[] } {
  const start = xml.indexOf('<row r="2"')
  const end = xml.indexOf('</sheetData>')
  const styles = [...xml.slice(start, end).matchAll(/<c r="[A-Z]+2"(?: s="(\d+)")?/g)].map((match) =>
    Number(match[1] ?? 0),
  )
  if (start === -1 || end < start || styles.length !== columnCount) {
    throw changed('sheets')
  }
  // Removes the optional dimension: it describes the placeholder row, and some readers trust it.
  const head = xml.slice(0, start).replace(/<dimension [^>]*\/>/, '')
  return { head, tail: xml.slice(end), styles }
}
