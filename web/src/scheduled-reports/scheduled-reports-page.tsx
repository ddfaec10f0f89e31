import { A, useNavigate, useSearchParams } from '@solidjs/router'
import CalendarClock from 'lucide-solid/icons/calendar-clock'
import Ellipsis from 'lucide-solid/icons/ellipsis'
import FileSpreadsheet from 'lucide-solid/icons/file-spreadsheet'
import FileText from 'lucide-solid/icons/file-text'
import Hourglass from 'lucide-solid/icons/hourglass'
import Play from 'lucide-solid/icons/play'
import Plus from 'lucide-solid/icons/plus'
import SearchX from 'lucide-solid/icons/search-x'
import UserRoundX from 'lucide-solid/icons/user-round-x'
import { Show, type Accessor } from 'solid-js'
import { pagePaths } from '#domain/page-paths.ts'
import type { ScheduledReportJson, ScheduledReportsQuery } from '../api.ts'
import { AmberNotice } from '../ui/error-notice.tsx'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Menu } from '../ui/menu.tsx'
import { OccurrenceStrip } from './occurrence-strip.tsx'
import { OwnerBadge, PauseNote, TypeGoneBadge } from './pause-note.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { PagedTable } from '../ui/paged-table.tsx'
import { SearchToolbar } from '../ui/search-toolbar.tsx'
import { ExactTime, RelativeTime } from '../ui/relative-time.tsx'
import {
  ScheduledReportCommandsProvider,
  scheduledReportMenu,
  useScheduledReportCommands,
} from './scheduled-report-commands.tsx'
import { StatusBadge } from '../reports/status-badge.tsx'
import { Switch } from '../ui/switch.tsx'
import { type TableColumn, createMediaQuery } from '../ui/table.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { t } from '../i18n.ts'
import { pageSize, usePageAddress, useSearchAddress } from '../page-address.ts'
import { useMe } from '../account-queries.ts'
import { useScheduledReports } from './scheduled-report-queries.ts'

const statuses = ['enabled', 'disabled', 'failed', 'owner_inactive'] as const

/** `/parametres/rapports-programmes`. */
export default function ScheduledReportsPage() {
  return (
    <ScheduledReportCommandsProvider>
      <ScheduledReportList />
    </ScheduledReportCommandsProvider>
  )
}

function ScheduledReportList() {
  const commands = useScheduledReportCommands()
  const navigate = useNavigate()
  const me = useMe()
  const [params, setParams] = useSearchParams<{ q: string; etat: string; tous: string; page: string }>()
  const search = useSearchAddress(statuses)
  const everyone = () => params.tous === '1'
  const address = usePageAddress()
  const query = (): ScheduledReportsQuery => ({
    page: address.page(),
    page_size: pageSize,
    q: search.text(),
    status: search.state(),
    owner: everyone() ? 'all' : undefined,
  })
  const list = useScheduledReports(query)
  const ownerless = useScheduledReports(() => ({ owner: 'all', status: 'owner_inactive', page_size: 1 }))
  const isFiltered = () => Boolean(search.text() || search.state())
  // The widths at which the table leaves out its columns.
  const room: Room = {
    sm: createMediaQuery('(width >= 40rem)'),
    md: createMediaQuery('(width >= 48rem)'),
    lg: createMediaQuery('(width >= 64rem)'),
  }

  const columns: readonly TableColumn<ScheduledReportJson>[] = [
    {
      key: 'name',
      label: () => t('scheduled.column.name'),
      class: 'min-w-60 max-w-80',
      cell: (report) => (
        <NameCell
          report={report}
          showOwner={everyone() && report.user_id !== me.data?.id}
          room={room}
          onChangeOwner={() => commands.changeOwner(report)}
        />
      ),
    },
    {
      key: 'frequency',
      label: () => t('scheduled.column.frequency'),
      class: 'min-w-40 max-w-64',
      from: 'md',
      cell: (report) => <Rule text={report.description} />,
    },
    {
      key: 'next',
      label: () => t('scheduled.column.next'),
      class: 'whitespace-nowrap',
      from: 'sm',
      cell: (report) => <NextRun report={report} />,
    },
    {
      key: 'last',
      label: () => t('scheduled.column.last'),
      class: 'whitespace-nowrap',
      from: 'lg',
      cell: (report) => <LastResult report={report} />,
    },
    {
      key: 'recent',
      label: () => t('scheduled.column.recent'),
      class: 'whitespace-nowrap',
      from: 'xl',
      cell: (report) => <OccurrenceStrip reports={report.recent} />,
    },
    {
      key: 'enabled',
      label: () => t('scheduled.column.enabled'),
      cell: (report) => (
        <Switch
          hideLabel
          label={t('scheduled.switch', { name: report.name })}
          checked={report.enabled}
          onChange={(enabled) => commands.toggle(report, enabled)}
        />
      ),
    },
    {
      key: 'actions',
      label: () => t('scheduled.column.actions'),
      hideLabel: true,
      align: 'right',
      class: 'whitespace-nowrap',
      cell: (report) => (
        <div class="inline-flex items-center">
          <span class="max-sm:hidden">
            <IconButton
              label={t('scheduled.action.run')}
              icon={<Play />}
              size="small"
              disabled={commands.isStarting(report) || !report.owner_active}
              onClick={() => commands.run(report)}
            />
          </span>
          <Menu
            label={t('scheduled.actions', { name: report.name })}
            trigger={<Ellipsis />}
            items={scheduledReportMenu(report, commands, [
              {
                label: t('scheduled.action.deliveries'),
                icon: <CalendarClock />,
                onSelect: () => navigate(pagePaths.scheduledReport(report.id)),
              },
            ])}
          />
        </div>
      ),
    },
  ]
  return (
    <>
      <PageHeader
        title={t('scheduled.title')}
        lead={t('scheduled.lead')}
        actions={
          <Button kind="primary" icon={<Plus />} onClick={() => commands.create()}>
            {t('scheduled.new')}
          </Button>
        }
      />
      <SearchToolbar
        address={search}
        hint={t('scheduled.search_hint')}
        stateLabel={t('scheduled.filter.status')}
        states={[
          { value: 'any', label: t('scheduled.filter.any') },
          ...statuses.map((one) => ({ value: one, label: t(`scheduled.filter.${one}`) })),
        ]}
      >
        <span class="sm:ml-auto">
          <Switch
            label={t('scheduled.filter.everyone')}
            checked={everyone()}
            onChange={(on) => setParams({ tous: on ? '1' : undefined, page: undefined }, { replace: true })}
          />
        </span>
      </SearchToolbar>
      <Show when={search.state() !== 'owner_inactive' && (ownerless.data?.total ?? 0) > 0}>
        <AmberNotice
          icon={<UserRoundX />}
          action={
            <Button
              size="small"
              onClick={() => {
                search.setTyped('')
                setParams({ q: undefined, etat: 'owner_inactive', tous: '1', page: undefined })
              }}
            >
              {t('owner.waiting_show', { count: ownerless.data?.total ?? 0 })}
            </Button>
          }
        >
          {t('owner.waiting', { count: ownerless.data?.total ?? 0 })}
        </AmberNotice>
      </Show>
      <PagedTable
        list={list}
        address={address}
        caption={t('scheduled.title')}
        columns={columns}
        rowKey={({ id }) => id}
        skeletonRows={6}
        onOpenRow={(report) => navigate(pagePaths.scheduledReport(report.id))}
        empty={
          <Show
            when={isFiltered() || address.page() > 1}
            fallback={<NothingYet onCreate={() => commands.create()} />}
          >
            <EmptyState
              icon={<SearchX />}
              title={t('scheduled.none_found.title')}
              action={<Button onClick={() => search.clear()}>{t('scheduled.clear_filters')}</Button>}
            >
              {t('scheduled.none_found.detail')}
            </EmptyState>
          </Show>
        }
      />
    </>
  )
}

function NothingYet(props: { onCreate: () => void }) {
  return (
    <EmptyState
      icon={<CalendarClock />}
      title={t('scheduled.empty.title')}
      action={
        <Button kind="primary" icon={<Plus />} onClick={() => props.onCreate()}>
          {t('scheduled.new')}
        </Button>
      }
    >
      {t('scheduled.empty.detail')}
    </EmptyState>
  )
}

type Room = Readonly<Record<'sm' | 'md' | 'lg', Accessor<boolean>>>

function NameCell(props: {
  report: ScheduledReportJson
  showOwner: boolean
  room: Room
  onChangeOwner: () => void
}) {
  return (
    <div class="flex min-w-0 flex-col gap-0.5 py-0.5">
      <A
        href={pagePaths.scheduledReport(props.report.id)}
        class="rounded-sm font-medium text-ink decoration-line-strong underline-offset-4 hover:underline"
      >
        {props.report.name}
      </A>
      <span class="text-xs text-faint">
        <span aria-hidden="true" class="mr-1 inline-block align-[-0.15rem] [&>svg]:size-3.5">
          <Show when={props.report.format === 'excel'} fallback={<FileText />}>
            <FileSpreadsheet />
          </Show>
        </span>
        <span class="sr-only">{t(`format.${props.report.format}`)}, </span>
        {props.report.type_title} ·{' '}
        <span class="whitespace-nowrap">
          {t('scheduled.recipients', { count: props.report.recipients.length })}
        </span>
        <Show when={props.showOwner}>
          {' '}
          · <span class="whitespace-nowrap">{props.report.user_name}</span>
        </Show>
      </span>
      {/* What its columns have no room for; once in the page, so that nothing finds it twice. */}
      <Show when={!props.room.md()}>
        <span class="text-xs text-soft">{props.report.description}</span>
      </Show>
      <Show when={!props.room.sm()}>
        <span class="text-xs text-soft">
          <NextRun report={props.report} />
        </span>
      </Show>
      <Show when={!props.room.lg() && props.report.recent.length > 0}>
        <span class="mt-1">
          <OccurrenceStrip reports={props.report.recent} />
        </span>
      </Show>
      <Show when={props.report.type_gone}>
        <TypeGoneBadge />
      </Show>
      <Show when={!props.report.owner_active}>
        <span class="mt-0.5 flex flex-wrap items-center gap-x-1 gap-y-0.5">
          <OwnerBadge />
          <button
            type="button"
            class="rounded-md px-1.5 py-0.5 text-xs font-medium text-accent hover:bg-hover"
            aria-label={t('owner.change_of', { name: props.report.name })}
            onClick={() => props.onChangeOwner()}
          >
            {t('owner.change')}
          </button>
        </span>
      </Show>
      <Show when={props.report.sync === 'pending'}>
        <Tooltip text={t('scheduled.sync_pending_detail')}>
          <span tabIndex={0} class="mt-0.5 w-fit rounded-full">
            <Badge tone="amber" mark={<Hourglass />}>
              {t('scheduled.sync_pending')}
            </Badge>
          </span>
        </Tooltip>
      </Show>
    </div>
  )
}

/** The rule in words; the zone beneath it, quieter. */
function Rule(props: { text: string }) {
  const parts = () => /^(.*) \(([^()]+)\)$/.exec(props.text)
  return (
    <span class="flex flex-col text-soft">
      <span>{parts()?.[1] ?? props.text}</span>
      <Show when={parts()?.[2]}>{(zone) => <span class="text-xs text-faint">{zone()}</span>}</Show>
    </span>
  )
}

/** Relative, exact, or why there is none. */
function NextRun(props: { report: ScheduledReportJson }) {
  return (
    <Show
      when={props.report.next_run}
      fallback={
        <span class="flex max-w-56 flex-col whitespace-normal">
          <span class="text-soft">
            {props.report.enabled ? t('scheduled.no_next') : t('scheduled.disabled')}
          </span>
          <Show when={props.report.pause_note}>{(note) => <PauseNote note={note()} />}</Show>
        </span>
      }
    >
      {(at) => (
        <span class="flex flex-col">
          <span>
            <RelativeTime at={at()} />
          </span>
          <span class="text-xs text-faint">
            <ExactTime at={at()} />
          </span>
        </span>
      )}
    </Show>
  )
}

function LastResult(props: { report: ScheduledReportJson }) {
  return (
    <Show
      when={props.report.last_status}
      fallback={<span class="text-faint">{t('scheduled.never_run')}</span>}
    >
      {(status) => (
        <span class="flex flex-col items-start gap-0.5">
          <StatusBadge status={status()} delivery={props.report.recent[0]?.delivery} />
          <Show when={props.report.last_run}>
            {(at) => (
              <span class="pl-0.5 text-xs text-faint">
                <RelativeTime at={at()} />
              </span>
            )}
          </Show>
        </span>
      )}
    </Show>
  )
}
