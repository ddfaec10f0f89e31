/** The definition of a report type, and its check. See docs/report-types.md. */

import { locales, type Locale, type Localized } from '#domain/locale.ts'
import {
  columnTotals,
  columnTypes,
  filterKinds,
  type ColumnDescription,
  type ColumnTotal,
  type FilterKind,
  type Viewer,
} from '#domain/report-type.ts'
import type { ScopeBy } from './scope.ts'
import type { SqlFragment } from './sql.ts'
import { unknownKeys } from './unknown-keys.ts'
import { isValueType, valueTypeRule } from './value-type.ts'

/** A value that is written in the reader's language, such as the words for a code. */
export type LocalizedSql = Readonly<Record<Locale, SqlFragment>>

export interface ReportColumn extends ColumnDescription {
  /** The value, from the tables of `from`. A `timestamp` column yields a timestamptz. */
  sql: SqlFragment | LocalizedSql
  /** Whether the column is chosen by default. */
  default?: boolean
  /** The total shown below a column of numbers on its page, over all rows found; default: none. */
  total?: ColumnTotal
}

/** One choice of a `one_of` or `many_of` filter. */
export interface FilterOption {
  value: string
  label: Localized
}

interface FilterBase {
  key: string
  label: Localized
  /** The expression compared with the person's value, from the tables of `from`. */
  sql: SqlFragment
}

export interface PeriodFilter extends FilterBase {
  kind: 'period'
  /**
   * The SQL type of `sql`. Days are those of the report's time zone. `timestamp` (without time zone) is read
   * as UTC, as Prisma writes it.
   */
  valueType: 'date' | 'timestamptz' | 'timestamp'
}

export interface ChoiceFilter extends FilterBase {
  kind: 'one_of' | 'many_of'
  /**
   * The SQL type that is compared: `integer`, `uuid`, `inet`, an enum's name. Default: the text of `sql`, which every type
   * has; the type's own index and equality (`citext`, `numeric`) need its name.
   */
  valueType?: string
  /**
   * A fixed list; or `distinct`, the values in the rows that the person may see; or a query of two columns, value and
   * label, which must itself return only what the person may see: `scope` is the condition of `scopeBy` for this
   * person, for a query with the same aliases. A person who sees no rows is not asked.
   */
  options: readonly FilterOption[] | 'distinct' | ((viewer: Viewer, scope: SqlFragment) => SqlFragment)
}

export interface PlainFilter extends FilterBase {
  kind: Exclude<FilterKind, 'period' | 'one_of' | 'many_of'>
}

export type ReportFilter = PeriodFilter | ChoiceFilter | PlainFilter

/** The databases that types read: the organisation's (SOURCE_DATABASE_URL), or the product's own (DATABASE_URL). */
export type Reads = 'source' | 'product'

export interface ReportDefinition {
  /**
   * Only in types that come with the product (see `defineProductReport`): they read its own database, with the rights
   * of its owner. Default: the source.
   */
  reads?: Reads
  /** Must never change: it is stored with every report. Lower-case words joined by underscores. */
  key: string
  title: Localized
  /** Who may use the type: roles, or a function of the person. */
  access: readonly Viewer['role'][] | ((viewer: Viewer) => boolean)
  /**
   * Which rows a person sees: those of an attribute of their account, or a function's answer. Without the attribute,
   * or without an answer, none. Left out: everybody who may use the type sees all rows.
   */
  scopeBy?: ScopeBy
  /**
   * Tables, with aliases. Use `left join` on a unique key where the foreign key is complete: PostgreSQL then skips
   * tables that no chosen column, filter or scope needs.
   */
  from: SqlFragment
  columns: readonly ReportColumn[]
  filters: readonly ReportFilter[]
  /** Order of the rows, with the aliases of `from` (`ticket.received_at desc`). */
  orderBy: SqlFragment
  /**
   * Identifies every row; ends each ordering, so that pages and files are reproducible. A single expression that is
   * never null allows looking up the rows of deep pages by it.
   */
  uniqueKey: SqlFragment
}

/** The message has every fault of a definition, one a line. */
export class ReportDefinitionError extends Error {
  override readonly name = 'ReportDefinitionError'
  readonly faults: readonly string[]

  constructor(key: string, faults: readonly string[]) {
    super(`The report type "${key}" is wrong:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    this.faults = faults
  }
}

/**
 * Checks a definition and returns it, frozen.
 * @throws ReportDefinitionError naming every fault, not only the first.
 */
export function defineReport(definition: ReportDefinition): ReportDefinition {
  // What is checked is the copy that is used: getters and proxies of a plain JavaScript file may answer twice.
  const own = ownCopy(definition)
  const faults = [
    // The copy has only what is the object's own.
    ...(isObject(definition) && !isPlain(definition)
      ? ['it is not a plain object, { key: …, title: … }']
      : []),
    ...faultsOf(own),
    ...(isObject(own) && 'reads' in own ? [reservedReads] : []),
  ]
  if (faults.length > 0) throw new ReportDefinitionError(own?.key, faults)
  return Object.freeze(own)
}

/**
 * Defines a type that reads the product's own database. Not in the toolkit of REPORTS_DIR, and of no use there: what
 * such a file exports is defined once more by `defineReport`.
 * @throws ReportDefinitionError
 */
export function defineProductReport(definition: Omit<ReportDefinition, 'reads'>): ReportDefinition {
  return Object.freeze({ ...defineReport(definition), reads: 'product' as const })
}

function ownCopy(definition: ReportDefinition): ReportDefinition {
  return isObject(definition) ? { ...definition } : definition
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || (isObject(prototype) && Object.getPrototypeOf(prototype) === null)
}

const reservedReads =
  'reads: is reserved for the types that come with the product, which read its own database. Leave it out: a type ' +
  'of REPORTS_DIR reads the database of SOURCE_DATABASE_URL'

/** Whether this person may use the type; `scopeBy` decides which rows they see. */
export function mayUse(definition: ReportDefinition, viewer: Viewer): boolean {
  const { access } = definition
  if (typeof access !== 'function') return access.includes(viewer.role)
  // A plain JavaScript file may return anything, also a promise: only `true` grants access.
  const answer: unknown = access(viewer)
  return answer === true
}

/**
 * The same where a person looks at several types: one whose `access` throws is closed, and the others are not.
 * @param onFault told what it threw.
 */
export function isOpenTo(
  definition: ReportDefinition,
  viewer: Viewer,
  onFault: (error: unknown) => void = () => {},
): boolean {
  try {
    return mayUse(definition, viewer)
  } catch (error) {
    onFault(error)
    return false
  }
}

/** Names are used in URLs, JSON keys and SQL aliases (63 bytes at most). */
const namePattern = /^[a-z][a-z0-9_]{0,62}$/
const nameRule = 'lower-case letters, digits and underscores, a letter first, 63 at most'

const typeKeys = ['key', 'title', 'access', 'scopeBy', 'from', 'columns', 'filters', 'orderBy', 'uniqueKey']
const scopeKeys = ['attribute', 'label', 'sql', 'valueType', 'seesAll', 'values']
const columnKeys = ['key', 'label', 'type', 'scale', 'sql', 'default', 'total']
const plainFilterKeys = ['key', 'label', 'kind', 'sql']
const periodKeys = [...plainFilterKeys, 'valueType']
const choiceKeys = [...periodKeys, 'options']
const filterKeys: Partial<Record<FilterKind, string[]>> = {
  period: periodKeys,
  one_of: choiceKeys,
  many_of: choiceKeys,
}

/** `definition` may come from a plain JavaScript file, so nothing about its types is assumed. */
function faultsOf(definition: ReportDefinition): string[] {
  if (typeof definition !== 'object' || definition === null) return ['it is not an object']
  const faults: string[] = []
  const { key, title, access, scopeBy, from, columns, filters, orderBy, uniqueKey } = definition

  if (!isName(key)) faults.push(`key: ${quote(key)} is not a name (${nameRule})`)
  if (!isLocalized(title)) faults.push(`title: needs a text in each of ${locales.join(', ')}`)
  if (typeof access !== 'function' && !(Array.isArray(access) && access.length > 0 && access.every(isRole))) {
    faults.push('access: needs a list of roles (admin, user) that is not empty, or a function of the viewer')
  }
  if ('scope' in definition) faults.push(formerScope)
  if (scopeBy !== undefined) faults.push(...faultsOfScope(scopeBy))
  else if ('scopeBy' in definition) faults.push(emptyScope)
  for (const [name, fragment] of Object.entries({ from, orderBy, uniqueKey })) {
    if (!isFragment(fragment)) faults.push(`${name}: is not written with sql\`…\``)
  }
  if (isFragment(orderBy) && hasBareColumn(orderBy)) {
    // An unqualified name in ORDER BY means the output column: rows would be sorted by their formatted text.
    faults.push('orderBy: write each column with its table, such as ticket.received_at')
  }

  if (!Array.isArray(columns) || columns.length === 0) faults.push('columns: there are none')
  else faults.push(...faultsOfColumns(columns))
  if (!Array.isArray(filters)) faults.push('filters: is not a list (it may be empty)')
  else faults.push(...faultsOfFilters(filters))
  const told = ['reads', 'scope']
  const own = Object.fromEntries(Object.entries(definition).filter(([name]) => !told.includes(name)))
  faults.push(...unknownKeys(own, typeKeys, 'property of a report type'), ...unknownLocales(title, 'title.'))
  return faults
}

/** `undefined` meant all rows there, so a forgotten attribute opened them all. Each has to be read by a person once. */
const formerScope =
  "scope: is no longer used, because its undefined meant all rows. Write scopeBy: { attribute: 'branch', " +
  "label: { fr: 'Agence', en: 'Branch' }, sql: sql`branch.name`, seesAll: ['admin'] }; or scopeBy: (viewer) => a " +
  'condition, or allRows (of the toolkit) where all rows are meant, since undefined now means none'

/** What a misspelt name of an import yields in a plain JavaScript file. */
const emptyScope = 'scopeBy: is there without a value. Leave it out only where everybody may see all rows'

function faultsOfScope(scopeBy: ScopeBy): string[] {
  if (typeof scopeBy === 'function') return []
  if (typeof scopeBy !== 'object' || scopeBy === null) {
    return ['scopeBy: is neither { attribute, label, sql } nor a function of the viewer']
  }
  const { attribute, label, sql: expression, valueType = 'text', seesAll = [], values } = scopeBy
  const faults = [
    ...unknownKeys(scopeBy, scopeKeys, 'property of a scope', 'scopeBy.'),
    ...unknownLocales(label, 'scopeBy.label.'),
  ]
  if (!isName(attribute)) faults.push(`scopeBy.attribute: ${quote(attribute)} is not a name (${nameRule})`)
  if (!isLocalized(label)) faults.push(`scopeBy.label: needs a text in each of ${locales.join(', ')}`)
  if (!isFragment(expression)) faults.push('scopeBy.sql: is not written with sql`…`')
  if (values !== undefined && !isFragment(values)) faults.push('scopeBy.values: is not written with sql`…`')
  if (!isValueType(valueType)) faults.push(`scopeBy.valueType: ${valueTypeRule}`)
  if (!(Array.isArray(seesAll) && seesAll.every(isRole))) {
    faults.push('scopeBy.seesAll: is not a list of roles (admin, user)')
  }
  return faults
}

/** Of PostgreSQL's 1,664 entries of a select list, which the terms of the order count among. Excel has 16,384 columns. */
const maxColumns = 1_600

function faultsOfColumns(columns: readonly ReportColumn[]): string[] {
  const faults = [...faultsOfNames('columns', columns)]
  if (columns.length > maxColumns) {
    faults.push(
      `columns: there are ${columns.length}, more than ${maxColumns}: PostgreSQL selects 1,664 at most, of which the order takes some`,
    )
  }
  columns.forEach((column, index) => {
    const at = `columns.${index} (${quote(column?.key)})`
    faults.push(...unknownKeys(column, columnKeys, 'property of a column', `${at}: `))
    if (!columnTypes.includes(column?.type)) {
      faults.push(`${at}: the type ${quote(column?.type)} is none of ${columnTypes.join(', ')}`)
    }
    const { scale } = column ?? {}
    const scaled = column?.type === 'decimal' || column?.type === 'money'
    if (scale !== undefined && !(scaled && Number.isInteger(scale) && scale >= 0 && scale <= 20)) {
      faults.push(`${at}: scale is for decimal and money, a whole number of digits from 0 to 20`)
    }
    if (column?.type === 'decimal' && scale === undefined) faults.push(`${at}: a decimal needs its scale`)
    const { total } = column ?? {}
    const isNumber = scaled || column?.type === 'integer'
    if (total !== undefined && !(isNumber && columnTotals.includes(total))) {
      faults.push(`${at}: total is for numbers, one of ${columnTotals.join(', ')}`)
    }
  })
  if (!columns.some((column) => column?.default)) faults.push('columns: none is selected by default')
  return faults
}

function faultsOfFilters(filters: readonly ReportFilter[]): string[] {
  const faults = [...faultsOfNames('filters', filters)]
  filters.forEach((filter, index) => {
    const at = `filters.${index} (${quote(filter?.key)})`
    const known = filterKeys[filter?.kind] ?? plainFilterKeys
    faults.push(...unknownKeys(filter, known, `property of a filter of the kind ${filter?.kind}`, `${at}: `))
    if (!filterKinds.includes(filter?.kind)) {
      faults.push(`${at}: the kind ${quote(filter?.kind)} is none of ${filterKinds.join(', ')}`)
    } else if (filter.kind === 'period') {
      if (!['date', 'timestamptz', 'timestamp'].includes(filter.valueType)) {
        faults.push(`${at}: valueType is none of date, timestamptz, timestamp`)
      }
    } else if (filter.kind === 'one_of' || filter.kind === 'many_of') {
      const { options, valueType = 'text' } = filter
      const listed = Array.isArray(options) && options.length > 0 && options.every(isOption)
      if (!listed && options !== 'distinct' && typeof options !== 'function') {
        faults.push(
          `${at}: options is no list of {value, label}, nor 'distinct', nor a function of the viewer`,
        )
      }
      if (!isValueType(valueType)) faults.push(`${at}: valueType ${valueTypeRule}`)
    }
  })
  return faults
}

/** The checks that columns and filters share: a valid and unique key, a label in each language, SQL. */
function faultsOfNames(
  where: 'columns' | 'filters',
  items: readonly { key: string; label: Localized; sql: SqlFragment | LocalizedSql }[],
) {
  const faults: string[] = []
  const seen = new Set<string>()
  items.forEach((item, index) => {
    const at = `${where}.${index} (${quote(item?.key)})`
    if (!isName(item?.key)) faults.push(`${at}: the key is not a name (${nameRule})`)
    else if (seen.has(item.key)) faults.push(`${at}: the key is there twice`)
    else seen.add(item.key)
    if (!isLocalized(item?.label)) faults.push(`${at}: label needs a text in each of ${locales.join(', ')}`)
    faults.push(...unknownLocales(item?.label, `${at}: label.`))
    const isSql = isFragment(item?.sql) || (where === 'columns' && isLocalizedSql(item?.sql))
    if (!isSql) faults.push(`${at}: sql is not written with sql\`…\``)
  })
  return faults
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && namePattern.test(value)
}

function isLocalized(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return locales.every((locale) => {
    const text: unknown = (value as Partial<Localized>)[locale]
    return typeof text === 'string' && text.trim() !== ''
  })
}

function unknownLocales(texts: unknown, at: string): string[] {
  return unknownKeys(texts, locales, 'language of the product', at)
}

function isRole(value: unknown): boolean {
  return value === 'admin' || value === 'user'
}

function isOption(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const option = value as Partial<FilterOption>
  return typeof option.value === 'string' && option.value.trim() !== '' && isLocalized(option.label)
}

function isFragment(value: unknown): value is SqlFragment {
  if (typeof value !== 'object' || value === null) return false
  const { strings, values } = value as Partial<SqlFragment>
  return Array.isArray(strings) && Array.isArray(values) && strings.join('').trim() !== ''
}

function isLocalizedSql(value: unknown): value is LocalizedSql {
  if (typeof value !== 'object' || value === null) return false
  return locales.every((locale) => isFragment((value as Partial<LocalizedSql>)[locale]))
}

/** A column's value in one language. */
export function sqlIn(locale: Locale, { sql }: Pick<ReportColumn, 'sql'>): SqlFragment {
  return 'strings' in sql ? sql : sql[locale]
}

function hasBareColumn(orderBy: SqlFragment): boolean {
  const terms = orderBy.strings.join('?').split(',')
  return terms.some((term) => /^\s*"?\w+"?\s*((asc|desc)\b.*)?(nulls\s+\w+)?\s*$/is.test(term))
}

function quote(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value)
}
