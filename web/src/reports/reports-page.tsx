import { A, useLocation, useNavigate, useParams, type RouteSectionProps } from '@solidjs/router'
import CalendarClock from 'lucide-solid/icons/calendar-clock'
import FileText from 'lucide-solid/icons/file-text'
import Plus from 'lucide-solid/icons/plus'
import SearchX from 'lucide-solid/icons/search-x'
import { createEffect, For, Show } from 'solid-js'
import { pagePaths } from '#domain/page-paths.ts'
import type { ReportJson } from '../api.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Menu } from '../ui/menu.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Pagination } from '../ui/pagination.tsx'
import { ReportButtons } from './report-buttons.tsx'
import { ReportCards } from './report-cards.tsx'
import { ReportCommandsProvider } from './report-commands.tsx'
import { FileAvailability } from './file-availability.tsx'
import { StatusSummary } from './status-summary.tsx'
import { ReportsToolbar } from './reports-toolbar.tsx'
import { StackedTime } from '../ui/relative-time.tsx'
import { SupportHint } from '../ui/support-hint.tsx'
import { Table, type TableColumn, createMediaQuery } from '../ui/table.tsx'
import { t } from '../i18n.ts'
import { pageSize } from '../page-address.ts'
import { useReports } from './report-queries.ts'
import { useReportTypes } from '../report-type-queries.ts'
import { useReportsAddress } from './reports-address.ts'

/** `/rapports`; the panel of one report is a route below it, shown over the list. */
export default function ReportsPage(props: RouteSectionProps) {
  return (
    <ReportCommandsProvider>
      <PageHeader
        title={t('reports.title')}
        lead={t('reports.lead')}
        place={pagePaths.reports}
        actions={<NewReport />}
      />
      <ReportList />
      {props.children}
    </ReportCommandsProvider>
  )
}

function ReportList() {
  const address = useReportsAddress()
  const reports = useReports(address.query)
  const location = useLocation()
  const navigate = useNavigate()
  const params = useParams<{ number?: string }>()
  /** Where seven columns beside the menu would have to scroll. */
  const isNarrow = createMediaQuery('(width < 77rem)')

  const items = () => reports.data?.items ?? []
  const total = () => reports.data?.total ?? 0
  const isLoading = () => reports.isPending
  const isEmpty = () => reports.data !== undefined && total() === 0
  /** The panel opens over the same filters and page. */
  const href = (report: ReportJson) => pagePaths.report(report.number) + location.search

  // A page that is no more, such as the last one after a filter or a deletion.
  createEffect(() => {
    const pages = Math.max(1, Math.ceil(total() / pageSize))
    if (reports.data && !reports.isPlaceholderData && address.page() > pages) address.goTo(pages)
  })

  return (
    <>
      <SupportHint reports={items()} />
      <Show when={!isEmpty() || address.isFiltered()}>
        <ReportsToolbar address={address} withSort={isNarrow()} />
      </Show>
      <Show when={reports.isError}>
        <ErrorNotice
          error={reports.error}
          onRetry={() => void reports.refetch()}
          retrying={reports.isFetching}
        />
      </Show>
      <Show when={!reports.isError || reports.data}>
        <Show
          when={!isEmpty()}
          fallback={
            <Card>
              <Nothing
                filtered={address.isFiltered()}
                onClear={() => address.change({ status: '', type: '' })}
              />
            </Card>
          }
        >
          <Show
            when={isNarrow()}
            fallback={
              <Card class="overflow-hidden">
                <Table
                  caption={t('reports.title')}
                  columns={columns(href)}
                  rows={items()}
                  rowKey={(report) => report.number}
                  sort={address.sort()}
                  onSort={(sort) => address.change({ sort })}
                  loading={isLoading()}
                  skeletonRows={pageSize}
                  stale={reports.isPlaceholderData}
                  isCurrent={(report) => String(report.number) === params.number}
                  onOpenRow={(report) => navigate(href(report), { scroll: false })}
                />
              </Card>
            }
          >
            <ReportCards
              reports={items()}
              href={href}
              loading={isLoading()}
              stale={reports.isPlaceholderData}
            />
          </Show>
        </Show>
        <Show when={!isEmpty()}>
          <Pagination
            page={address.page()}
            pageSize={pageSize}
            total={total()}
            onChange={address.goTo}
            busy={reports.isFetching}
          />
        </Show>
      </Show>
    </>
  )
}

function columns(href: (report: ReportJson) => string): TableColumn<ReportJson>[] {
  return [
    {
      key: 'number',
      label: () => t('reports.number'),
      sortable: true,
      class: 'align-top font-medium whitespace-nowrap',
      cell: (report) => report.number,
    },
    {
      key: 'title',
      label: () => t('reports.type'),
      sortable: true,
      class: 'align-top min-w-36',
      cell: (report) => <TitleCell report={report} href={href(report)} />,
    },
    {
      key: 'status',
      label: () => t('reports.status'),
      sortable: true,
      class: 'align-top min-w-50',
      cell: (report) => <StatusSummary report={report} />,
    },
    {
      key: 'column_count',
      label: () => t('reports.columns'),
      align: 'right',
      wrapLabel: true,
      class: 'align-top min-w-28',
      cell: (report) => report.column_count,
    },
    {
      key: 'requested_at',
      label: () => t('reports.requested'),
      sortable: true,
      class: 'align-top whitespace-nowrap',
      cell: (report) => <StackedTime at={report.requested_at} />,
    },
    {
      key: 'file_available_at',
      label: () => t('reports.available'),
      sortable: true,
      wrapLabel: true,
      class: 'align-top min-w-38',
      cell: (report) => <FileAvailability report={report} stacked />,
    },
    {
      key: 'actions',
      label: () => t('reports.actions'),
      align: 'right',
      class: 'align-top py-1.5!',
      cell: (report) => <ReportButtons report={report} compact />,
    },
  ]
}

function TitleCell(props: { report: ReportJson; href: string }) {
  return (
    <>
      <A
        href={props.href}
        noScroll
        aria-label={t('reports.open', { title: props.report.title, number: String(props.report.number) })}
        class="rounded-sm font-medium text-ink underline-offset-4 hover:underline"
      >
        {props.report.title}
      </A>
      <span class="mt-0.5 flex items-center gap-1.5 text-xs text-faint">
        {t(`format.${props.report.format}`)}
        <Show when={props.report.scheduled_report_id}>
          <span aria-hidden="true">·</span>
          <span class="inline-flex items-center gap-1">
            <CalendarClock aria-hidden="true" class="size-3" />
            {t('reports.scheduled')}
          </span>
        </Show>
      </span>
    </>
  )
}

/** Reports begin where their data is. */
function NewReport() {
  const types = useReportTypes()
  const navigate = useNavigate()
  return (
    <Show when={types.data?.length}>
      <Menu
        label={t('reports.new')}
        triggerClass={buttonClass('primary')}
        trigger={
          <>
            <Plus aria-hidden="true" class="-ml-0.5 size-4" />
            {t('reports.new')}
          </>
        }
        items={(types.data ?? []).map((type) => ({
          label: type.title,
          onSelect: () => navigate(pagePaths.data(type.key)),
        }))}
      />
    </Show>
  )
}

function Nothing(props: { filtered: boolean; onClear: () => void }) {
  const types = useReportTypes()
  return (
    <Show
      when={!props.filtered}
      fallback={
        <EmptyState
          icon={<SearchX />}
          title={t('reports.none.title')}
          action={<Button onClick={() => props.onClear()}>{t('reports.filter.clear')}</Button>}
        >
          {t('reports.none.detail')}
        </EmptyState>
      }
    >
      <EmptyState
        icon={<FileText />}
        title={t('reports.empty.title')}
        action={
          <For each={types.data}>
            {(type) => (
              <A href={pagePaths.data(type.key)} class={buttonClass('secondary')}>
                {type.title}
              </A>
            )}
          </For>
        }
      >
        {t('reports.empty.detail')}
      </EmptyState>
    </Show>
  )
}
