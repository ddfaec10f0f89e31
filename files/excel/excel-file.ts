import { locales, type Locale } from '#domain/locale.ts'
import type { ColumnDescription } from '#domain/report-type.ts'
import type { Misfit } from '#domain/schemas/report-schema.ts'
import { misfitsOf } from '../misfits.ts'
import { aboutLines, aboutSheetName, type ReportAbout } from './excel-about.ts'
import { excelColumns } from './excel-columns.ts'
import { ExcelRows } from './excel-rows.ts'
import { excelSkeleton, type Skeleton, type SkeletonSheet } from './excel-skeleton.ts'
import { PushBackRows } from '../push-back-rows.ts'
import { ZipArchive } from './zip-archive.ts'

export interface ExcelFileInput {
  columns: readonly ColumnDescription[]
  locale: Locale
  timeZone: string
  about: ReportAbout
  /** COPY text, whole rows in each chunk. */
  rows: AsyncIterable<Buffer>
  /** Called with the rows written so far. */
  onRows: (total: number) => void
  /** See misfits.ts. */
  misfits?: number[]
  limits?: Partial<SheetLimits>
}

/** When the rows continue on a further sheet. */
export interface SheetLimits {
  /** Rows of a sheet, including its header. Default: Excel's own limit. */
  rows: number
  /** Bytes of a sheet's XML: not every program reads a zip entry of 4 GiB or more. */
  bytes: number
}

const excelLimits: SheetLimits = { rows: 1_048_576, bytes: 4_000_000_000 }
/** Columns are as wide as the first rows need: this many, or as many as these bytes hold, since a row may be large. */
const sampleRows = 200
const sampleBytes = 1024 * 1024
/** Written first, since mail gateways recognise a workbook by its first entries. They do not depend on the rows. */
const leadingFiles = ['_rels/.rels', 'docProps/core.xml', 'xl/theme/theme1.xml']

/** The bytes of a workbook: the rows on one sheet or more, then the sheet about the report. */
export async function* excelFile(input: ExcelFileInput): AsyncGenerator<Buffer> {
  const source = new PushBackRows(input.rows)
  try {
    yield* workbookBytes(input, source)
  } finally {
    await source.close()
  }
}

async function* workbookBytes(input: ExcelFileInput, source: PushBackRows): AsyncGenerator<Buffer> {
  const { columns, locale, timeZone, about, onRows } = input
  const limits = { ...excelLimits, ...input.limits }
  const looks = excelColumns(columns, await source.peek(sampleRows, sampleBytes), locale)

  const sheets: SkeletonSheet[] = [{ name: sheetName(about.title, 0), rows: 0 }]
  const written = { rows: 0, sheets: 1, cutTexts: 0, misfits: new Array<Misfit>() }
  const makeSkeleton = () =>
    excelSkeleton({
      columns: looks,
      sheets,
      title: about.title,
      createdAt: about.generatedAt,
      about: { name: aboutSheetName(locale), lines: aboutLines(about, written, locale, timeZone) },
    })

  const archive = new ZipArchive(about.generatedAt)
  let skeleton = await makeSkeleton()
  const writer = new ExcelRows(columns, skeleton.styles, locale, input.misfits)
  for (const path of leadingFiles) yield* archive.file(path, fileOf(skeleton, path))
  const heads: string[] = []
  for (;;) {
    const { path, head } = sheetOf(skeleton, heads.length)
    heads.push(head)
    yield* archive.stream(path, sheetXml(head, sheets[heads.length - 1] as SkeletonSheet))
    if (!(await source.hasMore())) break
    sheets.push({ name: sheetName(about.title, sheets.length), rows: 0 })
    skeleton = await makeSkeleton()
  }

  Object.assign(written, {
    rows: writer.rowCount,
    sheets: sheets.length,
    cutTexts: writer.cutTexts,
    misfits: misfitsOf(columns, writer.misfits, locale),
  })
  skeleton = await makeSkeleton()
  heads.forEach((head, index) => {
    if (sheetOf(skeleton, index).head !== head) throw new Error('exceljs numbers its styles or texts anew')
  })
  for (const [path, content] of skeleton.files) {
    if (!leadingFiles.includes(path)) yield* archive.file(path, content)
  }
  yield* archive.end()

  async function* sheetXml(head: string, sheet: SkeletonSheet): AsyncGenerator<Buffer> {
    yield Buffer.from(head)
    let bytes = 0
    const before = writer.rowCount
    while (sheet.rows < limits.rows - 1 && bytes < limits.bytes) {
      const chunk = await source.next()
      if (!chunk) break
      const xml = writer.render(chunk, 0, sheet.rows + 2, limits.rows)
      source.pushBack(chunk.subarray(writer.offset))
      sheet.rows = writer.rowCount - before
      bytes += xml.length
      yield xml
      onRows(writer.rowCount)
    }
    yield Buffer.from(sheetOf(await makeSkeleton(), sheets.length - 1).tail)
  }
}

function sheetOf(skeleton: Skeleton, index: number): Skeleton['sheets'][number] {
  const sheet = skeleton.sheets[index]
  if (!sheet) throw new Error(`The workbook has no sheet ${index + 1}`)
  return sheet
}

function fileOf(skeleton: Skeleton, path: string): Uint8Array {
  const content = skeleton.files.get(path)
  if (!content) throw new Error(`exceljs wrote no ${path}`)
  return content
}

/** At most 31 characters, none that Excel forbids, and no name reserved by Excel or used by the about sheet. */
function sheetName(title: string, index: number): string {
  const suffix = index === 0 ? '' : ` (${index + 1})`
  const clean = trimmed(title.replace(/[\u0000-\u001f*?:\\/[\]]/g, ' ')) || 'Rapport'
  const isTaken = ['history', ...locales.map((locale) => aboutSheetName(locale).toLowerCase())].includes(
    clean.toLowerCase(),
  )
  return trimmed((isTaken ? `Rapport ${clean}` : clean).slice(0, 31 - suffix.length)) + suffix
}

/** Excel refuses apostrophes at both ends. */
function trimmed(name: string): string {
  return name.replace(/^['\s]+|['\s]+$/g, '')
}
