/** Compiles the queries about all rows: their number, and the totals of the columns that have one. */

import { fromAndWhere, type RowRestriction } from './compile-query.ts'
import { defaultLocale } from '#domain/locale.ts'
import { sqlIn, type ReportColumn, type ReportDefinition } from './define-report.ts'
import { joinSql, raw, sql, type SqlFragment } from './sql.ts'

/** The columns that have a total, in the definition's order. */
export function totalledColumns({ columns }: ReportDefinition): ReportColumn[] {
  return columns.filter(({ total }) => total !== undefined)
}

/** One row: `total` (bigint), then one text column for each of `totalledColumns`, named by its key. */
export function compileTotals(definition: ReportDefinition, restriction: RowRestriction): SqlFragment {
  const totals = totalledColumns(definition).map(
    (column) => sql`${aggregate(column)}::text as ${raw(`"${column.key}"`)}`,
  )
  return sql`select ${joinSql([sql`count(*) as total`, ...totals], ', ')}\n${fromAndWhere(definition, restriction)}`
}

function aggregate(column: ReportColumn): SqlFragment {
  const { total, type, scale = 2 } = column
  // A number has no words.
  const value = sqlIn(defaultLocale, column)
  if (total === 'average') return sql`round(avg((${value})::numeric), ${raw(String(scale))})`
  return type === 'integer' ? sql`sum((${value}))` : sql`sum((${value})::numeric)`
}

/** The planner's estimate of the number of rows: one row, one column, EXPLAIN's JSON. Reads no data. */
export function compileEstimate(definition: ReportDefinition, restriction: RowRestriction): SqlFragment {
  return sql`explain (format json) select 1\n${fromAndWhere(definition, restriction)}`
}

/** @throws when `json` is not the result of `compileEstimate`. */
export function readEstimate(json: string | null | undefined): number {
  const rows = /"Plan Rows": (\d+)/.exec(json ?? '')?.[1]
  if (rows === undefined) throw new Error('EXPLAIN gave no estimate of rows')
  return Number(rows)
}
