/** What a data page shows, and its query string: a shared address shows the same rows. */

import type { ReportType } from '../api.ts'
import { filterFault, type FilterValues } from '../filters/filter-words.ts'

export interface DataViewState {
  /** Only values that the API accepts. */
  filters: FilterValues
  /** Keys in their order; undefined: the type's default ones. */
  columns: readonly string[] | undefined
  /** A column's key, a hyphen before it for downwards; undefined: the type's own order. */
  sort: string | undefined
  page: number
  pageSize: number
}

export const pageSizes = [25, 50, 100, 200] as const
const defaultPageSize = 50

export type DataViewParameters = Partial<Record<'filtres' | 'colonnes' | 'tri' | 'page' | 'lignes', string>>

/** Ignores parameters that are invalid or no longer known. */
export function readDataViewState(search: DataViewParameters, type: ReportType): DataViewState {
  const known = new Set(type.columns.map(({ key }) => key))
  const columns = [...new Set(search.colonnes?.split(','))].filter((key) => known.has(key))
  const page = Number(search.page)
  const size = pageSizes.find((one) => String(one) === search.lignes)
  return {
    filters: readFilters(search.filtres, type),
    columns: columns.length > 0 ? columns : undefined,
    sort: search.tri && known.has(search.tri.replace(/^-/, '')) ? search.tri : undefined,
    page: Number.isInteger(page) && page >= 1 && page <= 1_000_000 ? page : 1,
    pageSize: size ?? defaultPageSize,
  }
}

function readFilters(text: string | undefined, type: ReportType): FilterValues {
  const given = parseObject(text)
  return Object.fromEntries(
    type.filters.flatMap((filter) => {
      const value = given[filter.key]
      return value === undefined || filterFault(filter, value) !== undefined ? [] : [[filter.key, value]]
    }),
  )
}

function parseObject(text: string | undefined): Record<string, unknown> {
  if (!text) return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

/** The query string that readDataViewState reads back; defaults are left out. */
export function writeDataViewState(
  state: DataViewState,
  defaultColumns: readonly string[],
): DataViewParameters {
  const { filters, columns, sort, page, pageSize } = state
  return {
    filtres: Object.keys(filters).length > 0 ? JSON.stringify(filters) : undefined,
    colonnes:
      columns === undefined || columns.join() === defaultColumns.join() ? undefined : columns.join(','),
    tri: sort,
    page: page > 1 ? String(page) : undefined,
    lignes: pageSize === defaultPageSize ? undefined : String(pageSize),
  }
}
