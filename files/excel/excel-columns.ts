import type { Locale } from '#domain/locale.ts'
import type { ColumnDescription } from '#domain/report-type.ts'
import { decodeField, fieldEnd } from '../copy-text.ts'
import type { SkeletonColumn } from './excel-skeleton.ts'

const minWidth = 8
const maxWidth = 60
/** Space for the filter's arrow beside a label. */
const arrowWidth = 4

/**
 * The format of each column by its type, and its width by its label and the first rows.
 * @param sample whole rows of COPY text.
 */
export function excelColumns(
  columns: readonly ColumnDescription[],
  sample: Buffer,
  locale: Locale,
): SkeletonColumn[] {
  const lengths = maxLineLengths(sample, columns.length)
  return columns.map((column, index) => {
    const label = column.label[locale]
    const content = contentWidths[column.type] ?? (lengths[index] ?? 0) + 2
    const width = Math.min(maxWidth, Math.max(minWidth, label.length + arrowWidth, content))
    return { label, width, numberFormat: numberFormat(column, locale) }
  })
}

/** Types whose values Excel shows differently from the database's text. */
const contentWidths: Partial<Record<ColumnDescription['type'], number>> = {
  date: 12,
  timestamp: 20,
  boolean: 10,
}

function numberFormat({ type, scale }: ColumnDescription, locale: Locale): string {
  const date = locale === 'fr' ? 'dd/mm/yyyy' : 'yyyy-mm-dd'
  switch (type) {
    // Text that looks like a number stays text when a person edits the cell.
    case 'text':
      return '@'
    case 'integer':
      return '0'
    case 'decimal':
      return scale === undefined ? 'General' : grouped(scale)
    case 'money':
      return grouped(scale ?? 2)
    case 'date':
      return date
    case 'timestamp':
      return `${date} hh:mm:ss`
    case 'boolean':
      return 'General'
  }
}

function grouped(scale: number): string {
  return scale > 0 ? `#,##0.${'0'.repeat(scale)}` : '#,##0'
}

function maxLineLengths(sample: Buffer, columnCount: number): number[] {
  const lengths = new Array<number>(columnCount).fill(0)
  let index = 0
  for (let field = 0; index < sample.length; field++) {
    const end = fieldEnd(sample, index)
    const column = field % columnCount
    const line = maxLineLength(decodeField(sample, index, Math.min(end, index + 4 * maxWidth)))
    lengths[column] = Math.max(lengths[column] ?? 0, line)
    index = end + 1
  }
  return lengths
}

function maxLineLength(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length))
}
