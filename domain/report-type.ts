/** The vocabulary of the report catalogue, shared by files, API, dialogs and data pages. */

import type { Localized } from './locale.ts'
import type { Role } from './schemas/me-schema.ts'

export const columnTypes = ['text', 'integer', 'decimal', 'money', 'date', 'timestamp', 'boolean'] as const
export type ColumnType = (typeof columnTypes)[number]

/** What the values of a typed column are, for those that are something else. */
export const valueKinds = ['integer', 'number', 'date', 'timestamp', 'boolean'] as const
export type ValueKind = (typeof valueKinds)[number]

/** The totals that a column of numbers may have. */
export const columnTotals = ['sum', 'average'] as const
export type ColumnTotal = (typeof columnTotals)[number]

export const filterKinds = ['period', 'one_of', 'many_of', 'contains', 'number_range', 'boolean'] as const
export type FilterKind = (typeof filterKinds)[number]

/** The relative forms of a period, resolved from the *scheduled* time in the report's time zone. */
export const relativePeriods = [
  'today',
  'yesterday',
  'last_7_days',
  'last_30_days',
  'this_week',
  'previous_week',
  'this_month',
  'previous_month',
  'this_year',
  'previous_year',
] as const
export type RelativePeriod = (typeof relativePeriods)[number]

/** Both days included, `YYYY-MM-DD`, in the report's time zone. */
export interface AbsolutePeriod {
  from: string
  to: string
}
export type PeriodValue = AbsolutePeriod | { relative: RelativePeriod }

/** A column as the files and pages need it: no SQL. */
export interface ColumnDescription {
  key: string
  label: Localized
  type: ColumnType
  /** Digits after the decimal point, for `decimal` and `money`. */
  scale?: number
}

/** The person a report runs as. `attributes` are what `scopeBy` restricts by, such as a province. */
export interface Viewer {
  id: string
  role: Role
  attributes: Readonly<Record<string, string>>
}
