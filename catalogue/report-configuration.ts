/** Checks what a person chose of a report type: columns and filters. */

import type { Localized } from '#domain/locale.ts'
import { checkFilterValue } from '#domain/filter-values.ts'
import type { FieldIssue } from '#domain/problems.ts'
import type { ColumnDescription } from '#domain/report-type.ts'
import type { ReportColumn, ReportDefinition, ReportFilter } from './define-report.ts'
import { isValueOf } from './value-type.ts'

/**
 * A configuration that the type does not allow reached the compiler: the type has since lost a column or filter, or
 * the caller did not check. Permanent; without the filter, unwanted rows would be shown.
 */
export class ReportConfigurationError extends Error {
  override readonly name = 'ReportConfigurationError'
  readonly issues: readonly FieldIssue[]

  constructor(type: string, issues: readonly FieldIssue[]) {
    super(`${type}: ${issues.map(({ path, message }) => `${path}: ${message.en}`).join('; ')}`)
    this.issues = issues
  }
}

export interface ReportChoice {
  /** Column keys, in this order; default: the type's default columns. */
  columns?: readonly string[]
  /** Filter key → value. */
  filters?: Readonly<Record<string, unknown>>
}

/** All issues of a choice, with paths `columns.N` and `filters_json.KEY`. Empty when it is valid. */
export function checkColumnsAndFilters(definition: ReportDefinition, choice: ReportChoice): FieldIssue[] {
  return [
    ...(choice.columns === undefined ? [] : checkColumns(definition, choice.columns)),
    ...Object.entries(choice.filters ?? {}).flatMap(([key, value]) => checkFilter(definition, key, value)),
  ]
}

/**
 * Descriptions of the chosen columns, in the order chosen; the default ones when `keys` is undefined.
 * @throws ReportConfigurationError for a key the type does not have, a repetition, or none.
 */
export function columnsOf(definition: ReportDefinition, keys?: readonly string[]): ColumnDescription[] {
  return chosenColumns(definition, keys).map(({ key, label, type, scale }) =>
    scale === undefined ? { key, label, type } : { key, label, type, scale },
  )
}

/** The chosen columns with their SQL; for the compiler. @throws ReportConfigurationError as `columnsOf` does. */
export function chosenColumns(definition: ReportDefinition, keys?: readonly string[]): ReportColumn[] {
  if (keys === undefined) return definition.columns.filter((column) => column.default)
  const issues = checkColumns(definition, keys)
  if (issues.length > 0) throw new ReportConfigurationError(definition.key, issues)
  return keys.flatMap((key) => definition.columns.find((column) => column.key === key) ?? [])
}

/** Found by comparing keys, not as a property: "constructor" is not a filter. */
export function findFilter(definition: ReportDefinition, key: string): ReportFilter | undefined {
  return definition.filters.find((filter) => filter.key === key)
}

function checkColumns(definition: ReportDefinition, keys: readonly string[]): FieldIssue[] {
  if (keys.length === 0) {
    return [
      {
        path: 'columns',
        message: { fr: 'choisissez au moins une colonne', en: 'choose one column at least' },
      },
    ]
  }
  return keys.flatMap((key, index) => {
    const path = `columns.${index}`
    if (!definition.columns.some((column) => column.key === key)) {
      return [{ path, message: unknownName(key, definition, 'column') }]
    }
    if (keys.indexOf(key) < index) {
      return [
        {
          path,
          message: {
            fr: `la colonne « ${key} » est déjà choisie`,
            en: `the column "${key}" is chosen twice`,
          },
        },
      ]
    }
    return []
  })
}

function checkFilter(definition: ReportDefinition, key: string, value: unknown): FieldIssue[] {
  const path = `filters_json.${key}`
  const filter = findFilter(definition, key)
  if (!filter) return [{ path, message: unknownName(key, definition, 'filter') }]
  const checked = checkFilterValue(filter.kind, value)
  if (!checked.ok) return [{ path, message: checked.message }]
  if (filter.kind !== 'one_of' && filter.kind !== 'many_of') return []
  const values = Array.isArray(value) ? (value as readonly string[]) : [value as string]
  const wrong = values.find((one) => !isPossible(filter, one))
  return wrong === undefined ? [] : [{ path, message: impossibleChoice(wrong) }]
}

/** Options from SQL change daily and may be many: a value that they lack is valid, and matches no row. */
function isPossible(filter: Extract<ReportFilter, { options: unknown }>, value: string): boolean {
  if (Array.isArray(filter.options)) return filter.options.some((option) => option.value === value)
  return isValueOf(filter.valueType, value)
}

function impossibleChoice(value: string): Localized {
  const shown = shorten(value)
  return { fr: `« ${shown} » n’est pas un choix possible`, en: `"${shown}" is not one of the choices` }
}

function unknownName(name: string, { key }: ReportDefinition, what: 'column' | 'filter'): Localized {
  const shown = shorten(name)
  return what === 'column'
    ? {
        fr: `la colonne « ${shown} » n’existe pas pour le type « ${key} »`,
        en: `the type "${key}" has no column "${shown}"`,
      }
    : {
        fr: `le filtre « ${shown} » n’existe pas pour le type « ${key} »`,
        en: `the type "${key}" has no filter "${shown}"`,
      }
}

/** A person's input is repeated in messages, but shortened. */
function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
