/** The choices of a `one_of` or `many_of` filter that a person may see. */

import type { Viewer } from '#domain/report-type.ts'
import { fromAndWhere } from './compile-query.ts'
import type { ChoiceFilter, FilterOption, ReportDefinition } from './define-report.ts'
import { folded, foldedSql } from './folded-text.ts'
import { findFilter } from './report-configuration.ts'
import { isNothing, scopeCondition } from './scope.ts'
import { joinSql, sql, type SqlFragment } from './sql.ts'

/** The part of the source database used here: reading a page of rows as the database's text. */
export interface OptionSource {
  rows(query: SqlFragment): Promise<{ rows: readonly (readonly (string | null)[])[] }>
}

export interface OptionList {
  options: FilterOption[]
  /** Whether there are more options than `limit`: `search` narrows them. */
  truncated: boolean
}

/** @returns null when the type has no such filter, or the filter has no choices. */
export async function listOptions(
  source: OptionSource,
  definition: ReportDefinition,
  filterKey: string,
  viewer: Viewer,
  { search = '', limit = 500 }: { search?: string; limit?: number } = {},
): Promise<OptionList | null> {
  const filter = findFilter(definition, filterKey)
  if (filter?.kind !== 'one_of' && filter?.kind !== 'many_of') return null
  if (Array.isArray(filter.options)) {
    const wanted = folded(search.trim())
    const found = (filter.options as readonly FilterOption[]).filter(({ label }) =>
      Object.values(label).some((text) => folded(text).includes(wanted)),
    )
    return { options: found.slice(0, limit), truncated: found.length > limit }
  }
  // A query of the type's own might forget the scope.
  if (isNothing(scopeCondition(definition, viewer))) return { options: [], truncated: false }
  const { rows } = await source.rows(sql`
    select value, label from (${optionsQuery(definition, filter, viewer)}) as choice (value, label)
    where strpos(${foldedSql(sql`label`)}, (select ${foldedSql(sql`${search.trim()}`)})) > 0
    order by ${foldedSql(sql`label`)}, label, value
    limit ${limit + 1}::bigint`)
  return { options: rows.slice(0, limit).map(toOption), truncated: rows.length > limit }
}

/**
 * Labels of the chosen values, by filter and value, for descriptions of a report. Values without a label are left out.
 */
export async function optionLabels(
  source: OptionSource,
  definition: ReportDefinition,
  filters: Readonly<Record<string, unknown>>,
  viewer: Viewer,
): Promise<Record<string, Record<string, string>>> {
  const labels: Record<string, Record<string, string>> = {}
  if (isNothing(scopeCondition(definition, viewer))) return labels
  for (const [key, given] of Object.entries(filters)) {
    const filter = findFilter(definition, key)
    if (filter?.kind !== 'one_of' && filter?.kind !== 'many_of') continue
    if (typeof filter.options !== 'function') continue
    const values = (Array.isArray(given) ? given : [given]).map(String)
    const { rows } = await source.rows(sql`
      select value, label from (${optionsQuery(definition, filter, viewer)}) as choice (value, label)
      where value = any(${values}::text[])`)
    labels[key] = Object.fromEntries(rows.map(toOption).map(({ value, label }) => [value, label.fr]))
  }
  return labels
}

/** Two text columns: value and label. */
function optionsQuery(definition: ReportDefinition, filter: ChoiceFilter, viewer: Viewer): SqlFragment {
  if (typeof filter.options === 'function') {
    return sql`select value::text, label::text from (${filter.options(viewer, scopeCondition(definition, viewer))}) as own (value, label)`
  }
  const value = sql`(${filter.sql})::text`
  const rows = fromAndWhere(definition, { filters: {}, viewer, timeZone: 'UTC' })
  return joinSql(
    [
      sql`select value, value from (select distinct ${value} as value`,
      rows,
      sql`) as found where value <> ''`,
    ],
    '\n',
  )
}

function toOption([value, label]: readonly (string | null)[]): FilterOption {
  const text = label ?? value ?? ''
  return { value: value ?? '', label: { fr: text, en: text } }
}
