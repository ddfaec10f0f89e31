import { A, useNavigate, useParams, useSearchParams } from '@solidjs/router'
import ChevronLeft from 'lucide-solid/icons/chevron-left'
import Ellipsis from 'lucide-solid/icons/ellipsis'
import ExternalLink from 'lucide-solid/icons/external-link'
import Inbox from 'lucide-solid/icons/inbox'
import Play from 'lucide-solid/icons/play'
import RotateCcwClock from 'lucide-solid/icons/rotate-ccw-clock'
import UserRoundX from 'lucide-solid/icons/user-round-x'
import { createSignal, Show, type JSX } from 'solid-js'
import { pagePaths } from '#domain/page-paths.ts'
import type { DeliveryEntry, ScheduledReportJson } from '../api.ts'
import { AmberNotice, ErrorNotice } from '../ui/error-notice.tsx'
import { BackfillDialog } from './backfill-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { recipientsInWords } from '../reports/delivery-recipients.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { filterSentences } from '../filters/filter-words.ts'
import { Menu } from '../ui/menu.tsx'
import { durationOf, OccurrenceTrend } from './occurrence-trend.tsx'
import { OwnerBadge, PauseNote, TypeGoneBadge } from './pause-note.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { PagedTable } from '../ui/paged-table.tsx'
import { ExactTime, RelativeTime } from '../ui/relative-time.tsx'
import { ReportCommandsProvider } from '../reports/report-commands.tsx'
import {
  ScheduledReportCommandsProvider,
  scheduledReportMenu,
  useScheduledReportCommands,
} from './scheduled-report-commands.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { StatusBadge } from '../reports/status-badge.tsx'
import { Switch } from '../ui/switch.tsx'
import type { TableColumn } from '../ui/table.tsx'
import { formatDuration, formatNumber } from '../format.ts'
import { locale, t } from '../i18n.ts'
import { pageSize, usePageAddress } from '../page-address.ts'
import { useDeliveryLogs, useOccurrences, useScheduledReport } from './scheduled-report-queries.ts'
import { useMe } from '../account-queries.ts'
import { useReportTypes } from '../report-type-queries.ts'
import { ReportSidePanel } from '../reports/report-panel.tsx'

/** More bars could not be told apart. */
const maxBars = 60

/** `/parametres/rapports-programmes/:id`. */
export default function DeliveriesPage() {
  const navigate = useNavigate()
  return (
    <ScheduledReportCommandsProvider onRemoved={() => navigate(pagePaths.scheduledReports)}>
      <ReportCommandsProvider>
        <Deliveries />
      </ReportCommandsProvider>
    </ScheduledReportCommandsProvider>
  )
}

function Deliveries() {
  const params = useParams<{ id: string }>()
  const [search, setSearch] = useSearchParams<{ envoi: string }>()
  const [backfillOpen, setBackfillOpen] = createSignal(false)
  const me = useMe()
  const commands = useScheduledReportCommands()
  const report = useScheduledReport(() => params.id)
  const address = usePageAddress()
  const logs = useDeliveryLogs(
    () => params.id,
    () => ({ page: address.page(), page_size: pageSize }),
  )
  const occurrences = useOccurrences(() => params.id, maxBars)
  const known = () => report.data?.value
  const opened = () => (/^[1-9]\d{0,9}$/.test(search.envoi ?? '') ? Number(search.envoi) : null)
  const open = (number: number) => setSearch({ envoi: String(number) }, { scroll: false })

  const columns: readonly TableColumn<DeliveryEntry>[] = [
    {
      key: 'occurrence',
      label: () => t('deliveries.column.occurrence'),
      class: 'whitespace-nowrap',
      cell: (entry) => (
        <div class="flex flex-col py-0.5">
          <button
            type="button"
            class="w-fit rounded-sm text-left font-medium decoration-line-strong underline-offset-4 hover:underline"
            onClick={() => open(entry.number)}
          >
            <ExactTime at={entry.scheduled_for ?? entry.started_at ?? entry.requested_at} />
            <span class="sr-only">, {t('deliveries.open', { number: String(entry.number) })}</span>
          </button>
          <span class="text-xs text-faint">
            N° {String(entry.number)} · {t(`deliveries.origin.${entry.origin}`)}
          </span>
        </div>
      ),
    },
    {
      key: 'result',
      label: () => t('deliveries.column.result'),
      class: 'min-w-40 max-w-96',
      cell: (entry) => <Result entry={entry} />,
    },
    {
      key: 'duration',
      label: () => t('deliveries.column.duration'),
      align: 'right',
      class: 'whitespace-nowrap',
      from: 'md',
      cell: (entry) => <Duration entry={entry} />,
    },
    {
      key: 'rows',
      label: () => t('deliveries.column.rows'),
      align: 'right',
      from: 'sm',
      cell: (entry) => (entry.row_count === null ? <None /> : <>{formatNumber(entry.row_count, locale())}</>),
    },
    {
      key: 'recipients',
      label: () => t('deliveries.column.recipients'),
      class: 'whitespace-nowrap',
      from: 'lg',
      cell: (entry) => <>{recipientsInWords(entry) || <None />}</>,
    },
    {
      key: 'attempts',
      label: () => t('deliveries.column.attempts'),
      align: 'right',
      from: 'lg',
      cell: (entry) => <>{mostAttempts(entry) || <None />}</>,
    },
    {
      key: 'temporal',
      label: () => 'Temporal',
      hideLabel: true,
      align: 'right',
      cell: (entry) => (
        <Show when={entry.temporal_url}>
          {(url) => (
            <a
              href={url()}
              target="_blank"
              rel="noreferrer"
              aria-label={t('deliveries.temporal', { number: String(entry.number) })}
              title={t('deliveries.temporal', { number: String(entry.number) })}
              class="inline-grid size-8 place-items-center rounded-lg text-soft hover:bg-hover hover:text-ink"
            >
              <ExternalLink aria-hidden="true" class="size-4" />
            </a>
          )}
        </Show>
      ),
    },
  ]
  return (
    <>
      <PageHeader
        title={known()?.name ?? t('deliveries.title')}
        above={
          <A
            href={pagePaths.scheduledReports}
            class="inline-flex items-center gap-0.5 rounded-sm text-[0.8125rem] underline-offset-4 hover:text-ink hover:underline"
          >
            <ChevronLeft aria-hidden="true" class="-ml-1 size-4" />
            {t('scheduled.title')}
          </A>
        }
        lead={
          <Show when={known()}>
            {(one) => (
              <>
                {one().description}
                <Show when={one().type_gone}>
                  <TypeGoneBadge />
                </Show>
                <Show when={me.data && one().user_id !== me.data.id}>
                  <span class="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-faint">
                    {t('deliveries.owner', { name: one().user_name })}
                    <Show when={!one().owner_active}>
                      <OwnerBadge />
                    </Show>
                  </span>
                </Show>
              </>
            )}
          </Show>
        }
        actions={
          <Show when={known()}>
            {(one) => (
              <>
                <Button
                  icon={<RotateCcwClock />}
                  disabled={!one().owner_active}
                  onClick={() => setBackfillOpen(true)}
                >
                  {t('backfill.action')}
                </Button>
                <Button
                  kind="primary"
                  icon={<Play />}
                  disabled={!one().owner_active}
                  busy={commands.isStarting(one())}
                  onClick={() => commands.run(one())}
                >
                  {t('scheduled.action.run')}
                </Button>
                <Menu
                  label={t('scheduled.actions', { name: one().name })}
                  trigger={<Ellipsis />}
                  items={scheduledReportMenu(one(), commands)}
                />
              </>
            )}
          </Show>
        }
      />
      <Show when={report.isError && !report.data}>
        <ErrorNotice
          error={report.error}
          onRetry={() => void report.refetch()}
          retrying={report.isFetching}
        />
      </Show>
      <Show when={!report.isError || report.data}>
        <Show when={known()?.owner_active === false && known()}>
          {(one) => (
            <AmberNotice
              icon={<UserRoundX />}
              action={
                <Button size="small" onClick={() => commands.changeOwner(one())}>
                  {t('owner.change')}
                </Button>
              }
            >
              {t('owner.notice', { name: one().user_name })}
            </AmberNotice>
          )}
        </Show>
        <Summary report={known()} />
        <Show when={(occurrences.data?.length ?? 0) > 0}>
          <Card>
            <OccurrenceTrend occurrences={occurrences.data ?? []} />
          </Card>
        </Show>
        <PagedTable
          list={logs}
          address={address}
          caption={t('deliveries.title')}
          columns={columns}
          rowKey={({ number }) => number}
          skeletonRows={5}
          isCurrent={({ number }) => number === opened()}
          onOpenRow={({ number }) => open(number)}
          empty={
            <EmptyState icon={<Inbox />} title={t('deliveries.empty.title')}>
              {t('deliveries.empty.detail')}
            </EmptyState>
          }
        />
      </Show>
      <Show when={opened()}>
        {(number) => (
          <ReportSidePanel
            number={number()}
            onClose={() => setSearch({ envoi: undefined }, { scroll: false })}
          />
        )}
      </Show>
      <Show when={known()}>
        {(one) => (
          <BackfillDialog open={backfillOpen()} report={one()} onClose={() => setBackfillOpen(false)} />
        )}
      </Show>
    </>
  )
}

/** What it is, at a glance. */
function Summary(props: { report: ScheduledReportJson | undefined }) {
  const commands = useScheduledReportCommands()
  const types = useReportTypes()
  const filters = (report: ScheduledReportJson) => {
    const type = types.data?.find(({ key }) => key === report.type)
    return type ? filterSentences(type, report.filters_json) : []
  }
  return (
    <Card>
      <Show when={props.report} fallback={<Skeleton class="m-4 h-12" />}>
        {(report) => (
          <dl class="grid gap-x-8 gap-y-4 p-4 sm:grid-cols-2 lg:grid-cols-[auto_minmax(0,1fr)_minmax(0,1.4fr)_auto]">
            <Fact label={t('deliveries.next')}>
              <Show
                when={report().next_run}
                fallback={
                  <>
                    <span class="text-soft">
                      {report().enabled ? t('scheduled.no_next') : t('scheduled.disabled')}
                    </span>
                    <Show when={report().pause_note}>
                      {(note) => (
                        <span class="block lg:max-w-56">
                          <PauseNote note={note()} />
                        </span>
                      )}
                    </Show>
                  </>
                }
              >
                {(at) => (
                  <>
                    <RelativeTime at={at()} />
                    <span class="block text-xs text-faint">
                      <ExactTime at={at()} />
                    </span>
                  </>
                )}
              </Show>
            </Fact>
            <Fact label={t('deliveries.recipients')}>
              <span class="line-clamp-3 break-words" title={report().recipients.join(', ')}>
                {report().recipients.join(', ')}
              </span>
            </Fact>
            <Fact label={t('deliveries.content')}>
              {report().type_title} · {t(`format.${report().format}`)} ·{' '}
              {t('deliveries.columns', { count: report().columns.length })}
              <span class="line-clamp-2 text-xs text-faint">{filters(report()).join(' · ')}</span>
            </Fact>
            <Fact label={t('deliveries.enabled')}>
              <Switch
                hideLabel
                label={t('scheduled.switch', { name: report().name })}
                checked={report().enabled}
                onChange={(enabled) => commands.toggle(report(), enabled)}
              />
            </Fact>
          </dl>
        )}
      </Show>
    </Card>
  )
}

function Fact(props: { label: string; children: JSX.Element }) {
  return (
    <div class="min-w-0">
      <dt class="mb-0.5 text-xs text-faint">{props.label}</dt>
      <dd>{props.children}</dd>
    </div>
  )
}

/** The badge, and beneath it why it failed or was left out. */
function Result(props: { entry: DeliveryEntry }) {
  const error = () =>
    props.entry.status === 'failed' ? props.entry.phases.find((phase) => phase.error)?.error : undefined
  return (
    <span class="flex flex-col items-start gap-0.5">
      <StatusBadge status={props.entry.status} delivery={props.entry.delivery} />
      <Show when={props.entry.skip_reason}>
        {(reason) => <span class="text-xs text-soft">{t(`skip.${reason()}`)}</span>}
      </Show>
      <Show when={error()}>
        {(text) => (
          <span class="line-clamp-2 text-xs text-soft" title={text()}>
            {text()}
          </span>
        )}
      </Show>
    </span>
  )
}

function Duration(props: { entry: DeliveryEntry }) {
  const ms = () => durationOf(props.entry)
  return (
    <Show when={ms() !== null} fallback={<None />}>
      {formatDuration(ms() ?? 0, locale())}
    </Show>
  )
}

function None() {
  return <span class="text-faint">{t('none')}</span>
}

/** Of any of its steps or recipients; 0 when nothing was tried. */
function mostAttempts(entry: DeliveryEntry): number {
  return Math.max(0, ...entry.phases.map(({ attempts }) => attempts))
}
