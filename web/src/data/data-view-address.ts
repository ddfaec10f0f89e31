import { useSearchParams } from '@solidjs/router'
import { createMemo, type Accessor } from 'solid-js'
import type { ReportType } from '../api.ts'
import {
  readDataViewState,
  writeDataViewState,
  type DataViewParameters,
  type DataViewState,
} from './data-view-state.ts'

export interface DataViewAddress {
  view: Accessor<DataViewState>
  /** Keys of the columns shown. */
  columns: Accessor<readonly string[]>
  /** Changes some of it. Anything but paging starts at the first page again. */
  change: (part: Partial<DataViewState>, options?: { replace?: boolean }) => void
}

export function useDataViewAddress(type: Accessor<ReportType>): DataViewAddress {
  const [search, setSearch] = useSearchParams<DataViewParameters>()
  const view = createMemo(() => readDataViewState(search as DataViewParameters, type()))
  const defaults = createMemo(() =>
    type()
      .columns.filter((column) => column.default)
      .map(({ key }) => key),
  )
  const change: DataViewAddress['change'] = (part, { replace = false } = {}) => {
    const next = { ...view(), page: 1, ...part }
    setSearch(writeDataViewState(next, defaults()), { replace, scroll: false })
  }
  return { view, columns: () => view().columns ?? defaults(), change }
}
