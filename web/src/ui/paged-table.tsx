import type { UseQueryResult } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { pageSize, type PageAddress } from '../page-address.ts'
import { Card } from './card.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Pagination } from './pagination.tsx'
import { Table, type TableProps } from './table.tsx'

export interface PagedTableProps<Row> extends Omit<TableProps<Row>, 'rows' | 'loading' | 'stale'> {
  /** What the service answered, or is being asked. */
  list: UseQueryResult<{ items: Row[]; total: number }>
  address: PageAddress
}

/** A list of the service's, page by page: its rows, what failed, and the other pages. */
export function PagedTable<Row extends object>(props: PagedTableProps<Row>) {
  const list = () => props.list
  return (
    <>
      <Show when={list().isError}>
        <ErrorNotice
          error={list().error}
          onRetry={() => void list().refetch()}
          retrying={list().isFetching}
        />
      </Show>
      <Show when={list().data || !list().isError}>
        <Card class="overflow-hidden">
          <Table
            {...props}
            rows={list().data?.items ?? []}
            loading={!list().data}
            stale={list().isPlaceholderData}
          />
        </Card>
        <Show when={list().data?.total}>
          <Pagination
            page={props.address.page()}
            pageSize={pageSize}
            total={list().data?.total ?? 0}
            busy={list().isPlaceholderData}
            onChange={props.address.goTo}
          />
        </Show>
      </Show>
    </>
  )
}
