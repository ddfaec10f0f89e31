/** What a data page shows, kept in its address: whoever is sent the address sees the same. */

import { useSearchParams } from '@solidjs/router'
import { createMemo, type Accessor } from 'solid-js'
import type { ReportType } from '../api.ts'
import { filterFault, type FilterValues } from '../filters/filter-words.ts'

export interface DataViewState {
  /** Only such as the API takes. */
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

type Parameters = Partial<Record<'filtres' | 'colonnes' | 'tri' | 'page' | 'lignes', string>>

/** What the address says that makes no sense (any more) is left out, not complained about. */
export function readDataViewState(search: Parameters, type: ReportType): DataViewState {
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

export interface DataViewAddress {
  view: Accessor<DataViewState>
  /** Keys of the columns shown. */
  columns: Accessor<readonly string[]>
  /** Changes some of it. Anything but paging starts at the first page again. */
  change: (part: Partial<DataViewState>, options?: { replace?: boolean }) => void
}

export function useDataViewState(type: Accessor<ReportType>): DataViewAddress {
  const [search, setSearch] = useSearchParams<Parameters>()
  const view = createMemo(() => readDataViewState(search as Parameters, type()))
  const defaults = createMemo(() =>
    type()
      .columns.filter((column) => column.default)
      .map(({ key }) => key),
  )
  const change: DataViewAddress['change'] = (part, { replace = false } = {}) => {
    const next = { ...view(), page: 1, ...part }
    const isDefault = next.columns === undefined || next.columns.join() === defaults().join()
    setSearch(
      {
        filtres: Object.keys(next.filters).length > 0 ? JSON.stringify(next.filters) : undefined,
        colonnes: isDefault ? undefined : next.columns?.join(','),
        tri: next.sort,
        page: next.page > 1 ? String(next.page) : undefined,
        lignes: next.pageSize === defaultPageSize ? undefined : String(next.pageSize),
      } satisfies Parameters,
      { replace, scroll: false },
    )
  }
  return { view, columns: () => view().columns ?? defaults(), change }
}
