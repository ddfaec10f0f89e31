/** The attributes that scopes ask for, and the values they may have: what a page needs to give them to people. */

import type { Localized } from '#domain/locale.ts'
import type { ReportDefinition } from './define-report.ts'
import { foldedSql } from './folded-text.ts'
import type { OptionSource } from './list-options.ts'
import type { ScopeByAttribute } from './scope.ts'
import { joinSql, sql, type SqlFragment } from './sql.ts'

export interface ScopeAttribute {
  attribute: string
  /** That of the first type that asks for it. */
  label: Localized
  /** Keys of the types whose rows it decides. */
  types: string[]
}

export interface ScopeValues {
  values: string[]
  /** Whether there are more than `limit`. */
  truncated: boolean
}

/** Every attribute that a scope of the catalogue asks for, in the catalogue's order. */
export function scopeAttributes(catalogue: { all(): readonly ReportDefinition[] }): ScopeAttribute[] {
  const found = new Map<string, ScopeAttribute>()
  for (const definition of catalogue.all()) {
    const scope = attributeScope(definition)
    if (!scope) continue
    const { attribute, label } = scope
    const known = found.get(attribute)
    if (known) known.types.push(definition.key)
    else found.set(attribute, { attribute, label, types: [definition.key] })
  }
  return [...found.values()]
}

/**
 * The values of an attribute in the source, sorted, of all types that ask for it.
 * @returns null when no scope asks for it. @throws SourceError
 */
export async function listScopeValues(
  source: OptionSource,
  catalogue: { all(): readonly ReportDefinition[] },
  attribute: string,
  limit = 500,
): Promise<ScopeValues | null> {
  const queries = catalogue.all().flatMap((definition) => {
    const scope = attributeScope(definition)
    return scope?.attribute === attribute ? [valuesQuery(definition, scope)] : []
  })
  if (queries.length === 0) return null
  const { rows } = await source.rows(sql`
    select value from (${joinSql(queries, '\nunion\n')}) as found (value)
    where value <> ''
    order by ${foldedSql(sql`value`)}, value
    limit ${limit + 1}::bigint`)
  const values = rows.map(([value]) => value ?? '')
  return { values: values.slice(0, limit), truncated: values.length > limit }
}

function attributeScope({ scopeBy }: ReportDefinition): ScopeByAttribute | undefined {
  return typeof scopeBy === 'object' ? scopeBy : undefined
}

function valuesQuery({ from }: ReportDefinition, scope: ScopeByAttribute): SqlFragment {
  return scope.values
    ? sql`select value::text from (${scope.values}) as own (value)`
    : sql`select distinct (${scope.sql})::text from ${from}`
}
