import { createUniqueId, For, Show } from 'solid-js'
import { Pagination } from '../ui/pagination.tsx'
import { t } from '../i18n.ts'
import { pageSizes } from './data-view-state.ts'

export interface DataPaginationProps {
  page: number
  pageSize: number
  /** `exact` false: an estimate, whose last page is unknown. */
  total: { rows: number; exact: boolean }
  /** The page shown is full: there may be another. */
  isFull: boolean
  busy: boolean
  onPage: (page: number) => void
  onPageSize: (pageSize: number) => void
}

/** Pages, and how many rows each has. */
export function DataPagination(props: DataPaginationProps) {
  const id = createUniqueId()
  /** Estimated too low, there is still a next page; too high, a page that is not full is the last. */
  const total = () => {
    const { rows, exact } = props.total
    if (exact) return rows
    return props.isFull ? Math.max(rows, props.page * props.pageSize + 1) : rows
  }
  return (
    <div class="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-t border-line px-4 py-2.5">
      <div class="min-w-0 flex-1">
        <Pagination
          page={props.page}
          pageSize={props.pageSize}
          total={total()}
          isEstimate={!props.total.exact}
          busy={props.busy}
          onChange={props.onPage}
        />
      </div>
      <Show when={props.total.rows > (pageSizes[0] ?? 0)}>
        <div class="flex items-center gap-2 text-soft">
          <label for={id}>{t('data.page_size')}</label>
          <select
            id={id}
            class="rounded-md border border-line-strong bg-surface px-1.5 py-1 text-ink"
            onChange={(event) => props.onPageSize(Number(event.currentTarget.value))}
          >
            <For each={pageSizes}>
              {(size) => (
                <option value={size} selected={size === props.pageSize} class="bg-raised text-ink">
                  {size}
                </option>
              )}
            </For>
          </select>
        </div>
      </Show>
    </div>
  )
}
