/** Compiles a report type and a person's choice to one SQL query. Everything that the person supplied is a parameter. */

import { Temporal } from 'temporal-polyfill'
import type { FilterValue, NumberRange } from '#domain/filter-values.ts'
import type { AbsolutePeriod, ColumnDescription, Viewer } from '#domain/report-type.ts'
import { defaultLocale, type Locale } from '#domain/locale.ts'
import {
  sqlIn,
  type PeriodFilter,
  type ReportColumn,
  type ReportDefinition,
  type ReportFilter,
} from './define-report.ts'
import { foldedSql } from './folded-text.ts'
import {
  checkColumnsAndFilters,
  chosenColumns,
  findFilter,
  ReportConfigurationError,
} from './report-configuration.ts'
import { isEverything, scopeCondition } from './scope.ts'
import { joinSql, raw, sql, type SqlFragment } from './sql.ts'
import { equals } from './value-type.ts'

export interface RowRestriction {
  /** Resolved: periods are absolute. Checked again here, since they may have been stored for an older type. */
  filters: Readonly<Record<string, FilterValue>>
  viewer: Viewer
  /** IANA zone of the days of a period. */
  timeZone: string
}

export interface QueryChoice extends RowRestriction {
  /** In this order; default: the type's default columns. */
  columns?: readonly string[]
  /** Sorts by one column of the type, blanks last; the type's own order breaks ties. */
  orderBy?: { column: string; direction: 'asc' | 'desc' }
  /** Of values that are written in words. Default: the first language. */
  locale?: Locale
  /** The collation of the source for texts in `orderBy`; default: folded (see folded-text.ts). */
  collation?: string
  limit?: number
  offset?: number
  /** How a column is written in the result, such as a formatted text; default: its plain value. */
  render?: (column: ColumnDescription, expression: SqlFragment) => SqlFragment
}

/**
 * Selects the rows: one output column per chosen column, named by its key, in the order chosen. The rows have a total
 * order, so that two runs over the same data, or two pages of one run, agree.
 * @throws ReportConfigurationError when the choice does not fit the type.
 */
export function compileQuery(definition: ReportDefinition, choice: QueryChoice): SqlFragment {
  const locale = choice.locale ?? defaultLocale
  const render = choice.render ?? ((_column, expression) => expression)
  const selected = chosenColumns(definition, choice.columns).map((column) => {
    const { sql: _sql, default: _default, total: _total, ...description } = column
    return sql`${render(description, sql`(${sqlIn(locale, column)})`)} as ${raw(`"${column.key}"`)}`
  })
  const order = orderBy(definition, choice)
  const rows = [
    fromAndWhere(definition, choice),
    order,
    ...(choice.limit === undefined ? [] : [sql`limit ${wholeNumber('limit', choice.limit)}::bigint`]),
    ...(choice.offset === undefined ? [] : [sql`offset ${wholeNumber('offset', choice.offset)}::bigint`]),
  ]
  const select = sql`select ${joinSql(selected, ', ')}`
  const { from, uniqueKey } = definition
  if ((choice.offset ?? 0) < deepOffset || !isOneExpression(uniqueKey))
    return joinSql([select, ...rows], '\n')
  // For a deep page only keys are skipped (often in an index alone), then the few rows of the page are looked up: half
  // the time at half a million rows, a quarter when the query must sort.
  return joinSql(
    [
      select,
      sql`from ${from}`,
      sql`where (${uniqueKey}) in (`,
      sql`select ${uniqueKey}`,
      ...rows,
      sql`)`,
      order,
    ],
    '\n',
  )
}

/** From this offset on, a page costs more for the rows it skips than for those it shows. */
const deepOffset = 1_000

/** One of several expressions may be null (`a left join b`), and null is never `in` a list. */
function isOneExpression(key: SqlFragment): boolean {
  return !key.strings.join('').includes(',')
}

/** Counts the rows of `compileQuery` without limit and offset: one row, one column `total` (bigint). */
export function compileCount(definition: ReportDefinition, restriction: RowRestriction): SqlFragment {
  return sql`select count(*) as total\n${fromAndWhere(definition, restriction)}`
}

/** `from … where …`: the rows that this person may see and selected; shared with the lists of options. */
export function fromAndWhere(definition: ReportDefinition, restriction: RowRestriction): SqlFragment {
  const issues = checkColumnsAndFilters(definition, { filters: restriction.filters })
  if (issues.length > 0) throw new ReportConfigurationError(definition.key, issues)
  const scope = scopeCondition(definition, restriction.viewer)
  const conditions = [
    ...(isEverything(scope) ? [] : [scope]),
    ...Object.entries(restriction.filters).flatMap(([key, value]) => {
      const filter = findFilter(definition, key)
      return filter ? [condition(filter, value, restriction.timeZone)] : []
    }),
  ]
  if (conditions.length === 0) return sql`from ${definition.from}`
  return sql`from ${definition.from}\nwhere ${joinSql(
    conditions.map((one) => sql`(${one})`),
    ' and ',
  )}`
}

function condition(filter: ReportFilter, value: FilterValue, timeZone: string): SqlFragment {
  const subject = sql`(${filter.sql})`
  switch (filter.kind) {
    case 'period':
      return periodCondition(filter, value as AbsolutePeriod, timeZone)
    case 'one_of':
    case 'many_of':
      return equals(filter.sql, value as string | readonly string[], filter.valueType)
    case 'contains':
      // strpos instead of LIKE, so that % and _ have no special meaning. The sub-select folds the text once, in the
      // same way as the data, not once a row.
      return sql`strpos(${foldedSql(subject)}, (select ${foldedSql(sql`${value as string}`)})) > 0`
    case 'number_range': {
      const { min, max } = value as NumberRange
      return joinSql(
        [
          ...(min === undefined ? [] : [sql`${subject} >= ${min}::numeric`]),
          ...(max === undefined ? [] : [sql`${subject} <= ${max}::numeric`]),
        ],
        ' and ',
      )
    }
    case 'boolean':
      return sql`${subject} = ${value as boolean}::boolean`
  }
}

/**
 * Includes both days. An instant is compared with the first instant of the first day and of the day after the last:
 * the column stays without a function, so that its index is used, and 23:59:59.999999 belongs to its day.
 */
function periodCondition(filter: PeriodFilter, period: AbsolutePeriod, timeZone: string): SqlFragment {
  if (!('from' in period))
    throw new TypeError(`${filter.key}: the period is relative; resolve the filters first`)
  const subject = sql`(${filter.sql})`
  if (filter.valueType === 'date') {
    return sql`${subject} >= ${period.from}::date and ${subject} <= ${period.to}::date`
  }
  // Temporal handles days whose midnight does not exist or occurs twice; `date at time zone` takes the second.
  const from = startOfDay(period.from, 0, timeZone)
  const until = startOfDay(period.to, 1, timeZone)
  return filter.valueType === 'timestamptz'
    ? sql`${subject} >= ${from}::timestamptz and ${subject} < ${until}::timestamptz`
    : sql`${subject} >= ${from}::timestamptz at time zone 'UTC' and ${subject} < ${until}::timestamptz at time zone 'UTC'`
}

function startOfDay(day: string, later: number, timeZone: string): string {
  return Temporal.PlainDate.from(day).add({ days: later }).toZonedDateTime(timeZone).toInstant().toString()
}

function orderBy(
  definition: ReportDefinition,
  {
    orderBy: order,
    collation,
    locale = defaultLocale,
  }: Pick<QueryChoice, 'orderBy' | 'collation' | 'locale'>,
): SqlFragment {
  const byType = sql`${definition.orderBy}, ${definition.uniqueKey}`
  if (!order) return sql`order by ${byType}`
  const [column] = chosenColumns(definition, [order.column])
  const direction = raw(order.direction === 'desc' ? 'desc' : 'asc')
  return sql`order by ${joinSql(
    [
      ...sortKeys(column as ReportColumn, collation, locale).map(
        (key) => sql`${key} ${direction} nulls last`,
      ),
      byType,
    ],
    ', ',
  )}`
}

/** Texts sort as people expect, É next to E, in any collation of the database. */
function sortKeys(column: ReportColumn, collation: string | undefined, locale: Locale): SqlFragment[] {
  const value = sql`(${sqlIn(locale, column)})`
  if (column.type !== 'text') return [value]
  // As text: `json` and `point` have no order of their own.
  if (collation === undefined) return [foldedSql(value), sql`${value}::text`]
  return [sql`(${value}::text collate ${raw(`"${collation.replaceAll('"', '""')}"`)})`]
}

function wholeNumber(name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`${name}: ${value} is no whole number from 0`)
  return value
}
