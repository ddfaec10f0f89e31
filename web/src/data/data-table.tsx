import SearchX from 'lucide-solid/icons/search-x'
import Table2 from 'lucide-solid/icons/table-2'
import { createMemo, Show } from 'solid-js'
import type { DataRows, DataTotals, ReportType } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Table, type TableColumn } from '../ui/table.tsx'
import { t } from '../i18n.ts'
import { DataCell, formatCell, isNumeric, type DataColumn } from './data-cell.tsx'

type Row = DataRows['items'][number]

export interface DataTableProps {
  type: ReportType
  columns: readonly string[]
  page: DataRows | undefined
  /** Undefined while they are counted. */
  totals: DataTotals | undefined
  /** They could not be counted in time. */
  totalsFailed: boolean
  sort: string | undefined
  loading: boolean
  stale: boolean
  isFiltered: boolean
  pageSize: number
  onSort: (sort: string | undefined) => void
  onClearFilters: () => void
}

export function DataTable(props: DataTableProps) {
  const rows = createMemo(() => props.page?.items ?? [])
  const positions = createMemo(() => new Map(rows().map((row, index) => [row, index])))
  const columns = createMemo(() => {
    const shown = props.columns.flatMap((key) => props.type.columns.find((one) => one.key === key) ?? [])
    const firstNumber = shown.findIndex(({ total }) => total !== null)
    return shown.map((column, index): TableColumn<Row> => ({
      key: column.key,
      label: () => column.label,
      align: isNumeric(column.type) ? 'right' : 'left',
      sortable: true,
      cell: (row) => <DataCell column={column} value={row[column.key]} />,
      total:
        firstNumber < 0 || rows().length === 0
          ? undefined
          : () => (
              <Show
                when={column.total !== null}
                fallback={<Show when={index === 0 && firstNumber > 0}>{t('data.total')}</Show>}
              >
                <Total column={column} totals={props.totals} failed={props.totalsFailed} />
              </Show>
            ),
    }))
  })
  return (
    <Table
      dense
      caption={props.type.title}
      columns={columns()}
      rows={rows()}
      rowKey={(row) => positions().get(row) ?? 0}
      sort={props.sort}
      // Up, down, and back to the type's own order.
      onSort={(sort) => props.onSort(props.sort === `-${sort}` ? undefined : sort)}
      loading={props.loading}
      skeletonRows={Math.min(props.pageSize, 15)}
      stale={props.stale}
      empty={
        <Show when={props.isFiltered} fallback={<EmptyState icon={<Table2 />} title={t('data.empty')} />}>
          <EmptyState
            icon={<SearchX />}
            title={t('data.none_found')}
            action={<Button onClick={() => props.onClearFilters()}>{t('data.filters.clear')}</Button>}
          >
            {t('data.none_found_hint')}
          </EmptyState>
        </Show>
      }
    />
  )
}

/** Of all the rows found, not of this page. */
function Total(props: { column: DataColumn; totals: DataTotals | undefined; failed: boolean }) {
  const text = () => formatCell(props.column, props.totals?.columns[props.column.key] ?? null)
  return (
    <Show
      when={props.totals}
      fallback={
        <Show when={!props.failed} fallback={<span title={t('data.total_failed')}>{t('none')}</span>}>
          <Skeleton class="ml-auto h-4 w-16" />
        </Show>
      }
    >
      <span class="whitespace-nowrap" title={t(`data.total.${props.column.total ?? 'sum'}`)}>
        <Show when={props.column.total === 'average'}>
          <span class="mr-1 text-xs font-normal text-soft">{t('data.average_mark')}</span>
        </Show>
        {text() || t('none')}
      </span>
    </Show>
  )
}
