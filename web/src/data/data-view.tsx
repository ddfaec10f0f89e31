import CalendarClock from 'lucide-solid/icons/calendar-clock'
import Columns3 from 'lucide-solid/icons/columns-3'
import Download from 'lucide-solid/icons/download'
import ListFilter from 'lucide-solid/icons/list-filter'
import Lock from 'lucide-solid/icons/lock'
import { createEffect, createSignal, createUniqueId, lazy, Show } from 'solid-js'
import type { ReportType } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { AmberNotice, ErrorNotice } from '../ui/error-notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { t } from '../i18n.ts'
import { useMe } from '../account-queries.ts'
import { useRows, useTotals } from './data-queries.ts'
import { ActiveFilters } from './active-filters.tsx'
import { ColumnDialog } from './column-dialog.tsx'
import { DataPagination } from './data-pagination.tsx'
import { DataTable } from './data-table.tsx'
import { useDataViewAddress } from './data-view-address.ts'
import { ExportDialog } from './export-dialog.tsx'
import { FilterPanel } from './filter-panel.tsx'

/** Large, and for administrators alone: loaded on demand. */
const ScheduledReportsModal = lazy(async () => ({
  default: (await import('../scheduled-reports/modal/scheduled-reports-modal.tsx')).ScheduledReportsModal,
}))

type Open = 'export' | 'schedule' | 'columns' | null

/** One type's data: filters, columns, order and page in the address, the rows below. */
export function DataView(props: { type: ReportType }) {
  const me = useMe()
  const { view, columns, change } = useDataViewAddress(() => props.type)
  const rows = useRows(
    () => props.type.key,
    () => ({
      page: view().page,
      page_size: view().pageSize,
      columns: view().columns,
      filters: view().filters,
      sort: view().sort,
    }),
  )
  const totals = useTotals(
    () => props.type.key,
    () => view().filters,
  )
  const [open, setOpen] = createSignal<Open>(null)
  const [filtersOpen, setFiltersOpen] = createSignal(Object.keys(view().filters).length > 0)
  const panelId = createUniqueId()
  const isFiltered = () => Object.keys(view().filters).length > 0
  /** Counted, once the totals are there; before that as the page knows it. */
  const count = () => {
    if (totals.data) return { rows: totals.data.total, exact: true }
    if (rows.data && !rows.isPlaceholderData) return { rows: rows.data.total, exact: rows.data.total_exact }
    return undefined
  }
  // Rows went away, or the address is of another day: the last page there is, instead of none.
  createEffect(() => {
    const page = rows.isPlaceholderData ? undefined : rows.data
    if (!page || page.items.length > 0 || view().page === 1 || page.page !== view().page) return
    const known = count()
    if (known?.exact) {
      change({ page: Math.max(1, Math.ceil(known.rows / view().pageSize)) }, { replace: true })
    }
  })
  const countWords = () => {
    const known = count()
    if (!known) return undefined
    return t(known.exact ? 'data.count' : 'data.count_about', { count: known.rows })
  }
  /** Why there are no rows: of this page, since an administrator may have mended it after the type was read. */
  const notice = () => (rows.data ? rows.data.notice : props.type.notice)
  const extent = () =>
    [countWords(), t('data.columns_count', { count: columns().length })].filter(Boolean).join(', ')
  return (
    <>
      <PageHeader
        title={props.type.title}
        lead={<span class="figures">{countWords() ?? t('data.counting')}</span>}
        actions={
          <>
            <Show when={me.data?.role === 'admin'}>
              <Button icon={<CalendarClock />} onClick={() => setOpen('schedule')}>
                {t('data.schedule')}
              </Button>
            </Show>
            <Button kind="primary" icon={<Download />} onClick={() => setOpen('export')}>
              {t('data.export')}
            </Button>
          </>
        }
      />
      <Card class="overflow-hidden">
        <div class="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2.5">
          <Button
            size="small"
            icon={<ListFilter />}
            aria-expanded={filtersOpen()}
            aria-controls={panelId}
            onClick={() => setFiltersOpen(!filtersOpen())}
          >
            {t('data.filters')}
          </Button>
          <ActiveFilters
            type={props.type}
            filters={view().filters}
            onChange={(filters) => change({ filters })}
          />
          <Button
            size="small"
            kind="quiet"
            class="ml-auto"
            icon={<Columns3 />}
            aria-haspopup="dialog"
            onClick={() => setOpen('columns')}
          >
            {t('data.columns', { shown: columns().length, all: props.type.columns.length })}
          </Button>
        </div>
        <div id={panelId}>
          <Show when={filtersOpen()}>
            <FilterPanel
              type={props.type}
              filters={view().filters}
              // Typing is one step back, not one a letter.
              onChange={(filters) => change({ filters }, { replace: true })}
            />
          </Show>
        </div>
        <Show when={notice()}>
          {(words) => (
            <div class="m-3">
              <AmberNotice icon={<Lock />}>{words()}</AmberNotice>
            </div>
          )}
        </Show>
        <Show when={rows.isError}>
          <ErrorNotice
            class="m-3"
            error={rows.error}
            onRetry={() => void rows.refetch()}
            retrying={rows.isFetching}
          />
        </Show>
        <Show when={!rows.isError || rows.data}>
          <DataTable
            type={props.type}
            columns={columns()}
            page={rows.data}
            totals={totals.data}
            totalsFailed={totals.isError}
            sort={view().sort}
            loading={rows.isPending}
            stale={rows.isPlaceholderData}
            isFiltered={isFiltered()}
            pageSize={view().pageSize}
            onSort={(sort) => change({ sort })}
            onClearFilters={() => change({ filters: {} })}
          />
          <Show when={rows.data}>
            {(page) => (
              <DataPagination
                page={view().page}
                pageSize={view().pageSize}
                total={count() ?? { rows: page().total, exact: page().total_exact }}
                isFull={page().items.length === page().page_size}
                busy={rows.isPlaceholderData}
                onPage={(wanted) => change({ page: wanted })}
                onPageSize={(pageSize) => change({ pageSize })}
              />
            )}
          </Show>
        </Show>
      </Card>
      <Show when={open() === 'columns'}>
        <ColumnDialog
          type={props.type}
          value={columns()}
          onApply={(keys) => change({ columns: keys, page: view().page })}
          onClose={() => setOpen(null)}
        />
      </Show>
      <Show when={open() === 'export'}>
        <ExportDialog
          title={props.type.title}
          extent={extent()}
          isSorted={view().sort !== undefined}
          request={{ type: props.type.key, columns: [...columns()], filters: { ...view().filters } }}
          onClose={() => setOpen(null)}
        />
      </Show>
      <Show when={open() === 'schedule'}>
        <ScheduledReportsModal
          open
          variant="create"
          given={{
            type: props.type.key,
            columns: [...columns()],
            filters_json: { ...view().filters },
          }}
          onClose={() => setOpen(null)}
        />
      </Show>
    </>
  )
}
