/** Values that are not what their column's type promises: counted, and said beside the file. */

import type { Locale } from '#domain/locale.ts'
import type { ColumnDescription } from '#domain/report-type.ts'
import type { Misfit } from '#domain/schemas/report-schema.ts'
import { kindsOfColumns } from './typed-values.ts'

/** A count for each column, which the writer of the rows raises. */
export function noMisfits(columns: readonly ColumnDescription[]): number[] {
  return columns.map(() => 0)
}

export function misfitsOf(
  columns: readonly ColumnDescription[],
  counts: readonly number[],
  locale: Locale,
): Misfit[] {
  return columns.flatMap(({ key, label, type }, index) => {
    const [kind, values] = [kindsOfColumns[type], counts[index] ?? 0]
    return kind === null || values === 0 ? [] : [{ column: key, label: label[locale], kind, values }]
  })
}
