/** A report type and a person's choice, made one SQL query. Everything the person supplied is a parameter. */

import { Temporal } from 'temporal-polyfill'
import type { FilterValue, NumberRange } from '#domain/filter-values.ts'
import type { AbsolutePeriod, ColumnDescription, Viewer } from '#domain/report-type.ts'
import type { PeriodFilter, ReportColumn, ReportDefinition, ReportFilter } from './define-report.ts'
import { foldedSql } from './folded-text.ts'
import {
  checkColumnsAndFilters,
  chosenColumns,
  findFilter,
  ReportConfigurationError,
} from './report-configuration.ts'
import { joinSql, raw, sql, type SqlFragment } from './sql.ts'

export interface RowRestriction {
  /** Resolved: periods are absolute. Checked again here, since they may have been stored long ago. */
  filters: Readonly<Record<string, FilterValue>>
  viewer: Viewer
  /** IANA zone whose days a period means. */
  timeZone: string
}

export interface QueryChoice extends RowRestriction {
  /** In the order wanted; the type's default columns unless given. */
  columns?: readonly string[]
  /** Sorts by one column of the type, blanks last; the type's own order breaks ties. */
  orderBy?: { column: string; direction: 'asc' | 'desc' }
  /** Texts in `orderBy` are compared by this collation of the source; folded (see folded-text.ts) unless given. */
  collation?: string
  limit?: number
  offset?: number
  /** How a column is written in the result, such as a formatted text; its plain value unless given. */
  render?: (column: ColumnDescription, expression: SqlFragment) => SqlFragment
}

/**
 * The rows: one output column per chosen column, named by its key, in the order chosen; in a total order, so
 * that two runs over the same data, or two pages of one, agree.
 * @throws ReportConfigurationError when the choice does not fit the type.
 */
export function compileQuery(definition: ReportDefinition, choice: QueryChoice): SqlFragment {
  const render = choice.render ?? ((_column, expression) => expression)
  const selected = chosenColumns(definition, choice.columns).map((column) => {
    const { sql: expression, default: _default, total: _total, ...description } = column
    return sql`${render(description, sql`(${expression})`)} as ${raw(`"${column.key}"`)}`
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
  // Far down, only keys are walked past (often in an index alone), and the few rows of the page are looked up:
  // half the time at half a million rows, a quarter when it must sort.
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

/** From here on a page costs more by the rows it skips than by those it shows. */
const deepOffset = 1_000

/** Of several expressions one may be null (`a left join b`), and null is not `in` anything. */
function isOneExpression(key: SqlFragment): boolean {
  return !key.strings.join('').includes(',')
}

/** How many rows `compileQuery` gives without limit and offset: one row, one column `total` (bigint). */
export function compileCount(definition: ReportDefinition, restriction: RowRestriction): SqlFragment {
  return sql`select count(*) as total\n${fromAndWhere(definition, restriction)}`
}

/** `from … where …`: the rows this person may see and asked for; shared with the lists of options. */
export function fromAndWhere(definition: ReportDefinition, restriction: RowRestriction): SqlFragment {
  const issues = checkColumnsAndFilters(definition, { filters: restriction.filters })
  if (issues.length > 0) throw new ReportConfigurationError(definition.key, issues)
  const scope = definition.scope?.(restriction.viewer)
  const conditions = [
    ...(scope ? [scope] : []),
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
      return sql`${subject} = ${value as string}::${castOf(filter.valueType)}`
    case 'many_of':
      return sql`${subject} = any(${value as readonly string[]}::${castOf(filter.valueType)}[])`
    case 'contains':
      // strpos, not LIKE: a % or _ that a person types is a % or _.
      // The sub-select folds it once, in the same way as the data, not once a row.
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
 * Both days included. An instant is compared with the first instant of the first day and of the day after the
 * last one: the column itself stays bare, so that its index serves, and 23:59:59.999999 belongs to its day.
 */
function periodCondition(filter: PeriodFilter, period: AbsolutePeriod, timeZone: string): SqlFragment {
  if (!('from' in period))
    throw new TypeError(`${filter.key}: the period is relative; resolve the filters first`)
  const subject = sql`(${filter.sql})`
  if (filter.valueType === 'date') {
    return sql`${subject} >= ${period.from}::date and ${subject} <= ${period.to}::date`
  }
  // Temporal knows days whose midnight does not exist or comes twice; `date at time zone` takes the second.
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
  { orderBy: order, collation }: Pick<QueryChoice, 'orderBy' | 'collation'>,
): SqlFragment {
  const byType = sql`${definition.orderBy}, ${definition.uniqueKey}`
  if (!order) return sql`order by ${byType}`
  const [column] = chosenColumns(definition, [order.column])
  const direction = raw(order.direction === 'desc' ? 'desc' : 'asc')
  return sql`order by ${joinSql(
    [
      ...sortKeys(column as ReportColumn, collation).map((key) => sql`${key} ${direction} nulls last`),
      byType,
    ],
    ', ',
  )}`
}

/** Texts sort as a person expects, É beside E, in whatever collation the database has. */
function sortKeys(column: ReportColumn, collation: string | undefined): SqlFragment[] {
  const value = sql`(${column.sql})`
  if (column.type !== 'text') return [value]
  if (collation === undefined) return [foldedSql(value), value]
  return [sql`(${value}::text collate ${raw(`"${collation.replaceAll('"', '""')}"`)})`]
}

function castOf(valueType: 'text' | 'integer' | 'uuid' = 'text'): SqlFragment {
  return raw(valueType === 'integer' ? 'bigint' : valueType)
}

function wholeNumber(name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`${name}: ${value} is no whole number from 0`)
  return value
}
