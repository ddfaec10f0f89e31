/**
 * Which rows of a report type a person sees. It fails closed: a person whose account lacks what the scope asks for sees
 * no rows, and so does one for whom a scope gives no answer.
 */

import type { Localized } from '#domain/locale.ts'
import type { Viewer } from '#domain/report-type.ts'
import { sql, type SqlFragment } from './sql.ts'
import { equals, isValueOf } from './value-type.ts'

/** Rows whose `sql` equals the person's attribute. */
export interface ScopeByAttribute {
  /** Name of the attribute in a person's account, such as `province`; the same name in every type that asks for it. */
  attribute: string
  /** What people call it. */
  label: Localized
  /** The expression compared with the attribute, from the tables of `from`. */
  sql: SqlFragment
  /** The SQL type that is compared, such as `integer` or `uuid`; default: the text of `sql`. */
  valueType?: string
  /** Roles that see all rows, such as `['admin']`. Default: none. */
  seesAll?: readonly Viewer['role'][]
  /**
   * A query of one column: the values that the attribute may have, for the page where it is given. Default: those of
   * `sql` in all rows, which takes long on a large table.
   */
  values?: SqlFragment
}

/** A function's answer that means every row. Nothing else does. */
export const allRows = Object.freeze({ rows: 'all' } as const)

/** For what an attribute cannot say. Any answer but a condition or `allRows` means no rows. */
export type ScopeFunction = (viewer: Viewer) => SqlFragment | typeof allRows | null | undefined

export type ScopeBy = ScopeByAttribute | ScopeFunction

interface Scoped {
  scopeBy?: ScopeBy
}

/** The condition of the rows that this person may see: `true`, `false`, or one of the type's columns. */
export function scopeCondition({ scopeBy }: Scoped, viewer: Viewer): SqlFragment {
  if (scopeBy === undefined) return everything
  if (typeof scopeBy === 'function') {
    // A plain JavaScript file may return anything, also a promise.
    const answer: unknown = scopeBy(viewer)
    if (answer === allRows) return everything
    return isCondition(answer) ? answer : nothing
  }
  if (scopeBy.seesAll?.includes(viewer.role)) return everything
  const value = attributeOf(scopeBy, viewer)
  if (value === undefined) return nothing
  return equals(scopeBy.sql, value, scopeBy.valueType)
}

const everything = sql`true`
const nothing = sql`false`

export function isEverything(condition: SqlFragment): boolean {
  return condition === everything
}

export function isNothing(condition: SqlFragment): boolean {
  return condition === nothing
}

/** Says why a person sees no rows of a type, and what to do; undefined for one who may see some. */
export function scopeNotice({ scopeBy }: Scoped, viewer: Viewer): Localized | undefined {
  if (scopeBy === undefined || typeof scopeBy === 'function') return undefined
  if (scopeBy.seesAll?.includes(viewer.role) || attributeOf(scopeBy, viewer) !== undefined) return undefined
  const { fr, en } = scopeBy.label
  return {
    fr: `Votre compte n’a pas de valeur valable pour « ${fr} » : vous ne voyez aucune ligne. Demandez à un administrateur de la renseigner.`,
    en: `Your account has no valid value for “${en}”: you see no rows. Ask an administrator to set it.`,
  }
}

/** Undefined also for a blank text, and for one that is no value of the column's type. */
function attributeOf({ attribute, valueType }: ScopeByAttribute, { attributes }: Viewer): string | undefined {
  // Not what every object has: "constructor" is no attribute.
  const value = Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined
  if (typeof value !== 'string' || value.trim() === '') return undefined
  return isValueOf(valueType, value) ? value : undefined
}

/** A text that is blank would leave `()` behind, and a list of fragments is none. */
function isCondition(answer: unknown): answer is SqlFragment {
  if (typeof answer !== 'object' || answer === null || !('strings' in answer && 'values' in answer))
    return false
  const { strings, values } = answer
  return Array.isArray(strings) && Array.isArray(values) && strings.join('').trim() !== ''
}
