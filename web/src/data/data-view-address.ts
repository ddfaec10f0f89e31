import { useSearchParams } from '@solidjs/router'
import { createMemo, type Accessor } from 'solid-js'
import type { ReportType } from '../api.ts'
import {
  readDataViewState,
  writeDataViewState,
  type DataViewParameters,
  type DataViewState,
} from './data-view-state.ts'

/** What the page shows, read from its address; `columns` are the keys of those shown. */
export function useDataViewAddress(type: Accessor<ReportType>) {
  const [search, setSearch] = useSearchParams<DataViewParameters>()
  const view = createMemo(() => readDataViewState(search as DataViewParameters, type()))
  const defaults = createMemo(() =>
    type()
      .columns.filter((column) => column.default)
      .map(({ key }) => key),
  )
  /** Anything but paging starts at the first page again. */
  const change = (part: Partial<DataViewState>, { replace = false } = {}) => {
    const next = { ...view(), page: 1, ...part }
    setSearch(writeDataViewState(next, defaults()), { replace, scroll: false })
  }
  return { view, columns: () => view().columns ?? defaults(), change }
}
