import { A, useLocation, useNavigate, useParams } from '@solidjs/router'
import CircleAlert from 'lucide-solid/icons/circle-alert'
import ExternalLink from 'lucide-solid/icons/external-link'
import { createEffect, For, on, Show, type JSX } from 'solid-js'
import { pagePaths } from '#domain/page-paths.ts'
import { stuckWords } from '#domain/stuck-report.ts'
import type { DeliveryLog, ReportJson } from '../api.ts'
import { buttonClass } from '../ui/button.tsx'
import { DeliveryPhases } from './delivery-phases.tsx'
import { DeliveryRecipients, recipientsInWords } from './delivery-recipients.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { ExactTime } from '../ui/relative-time.tsx'
import { ReportButtons } from './report-buttons.tsx'
import { FileAvailability } from './file-availability.tsx'
import { ReportProgress } from './report-progress.tsx'
import { SidePanel } from '../ui/side-panel.tsx'
import { SkeletonLines } from '../ui/skeleton.tsx'
import { StatusBadge } from './status-badge.tsx'
import { SupportHint } from '../ui/support-hint.tsx'
import { formatBytes, formatDate, formatNumber } from '../format.ts'
import { locale, t, timeZone } from '../i18n.ts'
import { useMe } from '../account-queries.ts'
import { useReport, useReportLog } from './report-queries.ts'

/** `/rapports/:number`. */
export default function ReportPanel() {
  const params = useParams<{ number: string }>()
  const navigate = useNavigate()
  const location = useLocation()
  return (
    <ReportSidePanel
      number={Number(params.number)}
      onClose={() => navigate(pagePaths.reports + location.search, { scroll: false })}
    />
  )
}

/** All about one report, beside the list it comes from. */
export function ReportSidePanel(props: { number: number; onClose: () => void }) {
  const number = () => props.number
  const report = useReport(number)
  const log = useReportLog(number)

  // The report's own changes come live; each step it takes is a line more in its log.
  createEffect(
    on(
      () => {
        const { status, delivery, progress, stuck } = report.data ?? {}
        return [number(), status, delivery, progress?.phase, progress?.attempt, stuck?.reason].join()
      },
      () => void log.refetch(),
      { defer: true },
    ),
  )
  return (
    <SidePanel
      open
      onClose={() => props.onClose()}
      title={t('reports.name', { number: String(number()) })}
      lead={<Show when={report.data}>{(known) => <Lead report={known()} />}</Show>}
      footer={
        <Show when={report.data}>
          {(known) => (
            <>
              <Show when={log.data?.temporal_url}>
                {(url) => (
                  <a
                    href={url()}
                    target="_blank"
                    rel="noreferrer"
                    class={`${buttonClass('quiet', 'small')} mr-auto -ml-2.5`}
                  >
                    <ExternalLink aria-hidden="true" class="size-4" />
                    {t('report.temporal')}
                  </a>
                )}
              </Show>
              <ReportButtons report={known()} />
            </>
          )}
        </Show>
      }
    >
      <div class="flex flex-col gap-6 px-5 py-5">
        <Show when={report.isError}>
          <ErrorNotice
            error={report.error}
            onRetry={() => void report.refetch()}
            retrying={report.isFetching}
          />
        </Show>
        <Show when={report.data} fallback={<Show when={!report.isError}>{<SkeletonLines count={6} />}</Show>}>
          {(known) => (
            <>
              <Outcome report={known()} />
              <Details report={known()} catalogueVersion={log.data?.catalogue_version ?? null} />
              <Show
                when={log.data}
                fallback={
                  <Show when={log.isError} fallback={<SkeletonLines count={5} />}>
                    <ErrorNotice
                      error={log.error}
                      onRetry={() => void log.refetch()}
                      retrying={log.isFetching}
                    />
                  </Show>
                }
              >
                {(read) => <Log log={read()} />}
              </Show>
            </>
          )}
        </Show>
      </div>
    </SidePanel>
  )
}

function Lead(props: { report: ReportJson }) {
  return (
    <span class="flex flex-wrap items-center gap-x-2.5 gap-y-1">
      {props.report.title}
      <StatusBadge status={props.report.status} delivery={props.report.delivery} />
      <Show when={!props.report.stuck}>
        <ReportProgress report={props.report} />
      </Show>
    </span>
  )
}

/** What a person should know first: why it failed or did not run, that its file is gone, whom to ask. */
function Outcome(props: { report: ReportJson }) {
  return (
    <div class="flex flex-col gap-3 empty:hidden">
      <Show when={props.report.status === 'failed' && props.report.failure}>
        {(failure) => (
          <Notice title={t('report.failed_in', { phase: t(`phase.${failure().phase}`) })}>
            {failure().message}
          </Notice>
        )}
      </Show>
      <Show when={props.report.stuck}>
        {(stuck) => {
          const words = () => stuckWords[stuck().reason]
          return (
            <Notice title={t('reports.stuck', { why: words().why[locale()] })}>
              {words().remedy[locale()]}
            </Notice>
          )
        }}
      </Show>
      <Show when={props.report.status === 'skipped' && props.report.skip_reason}>
        {(reason) => <Notice title={t('report.skipped')}>{t(`skip.${reason()}`)}</Notice>}
      </Show>
      <SupportHint reports={[props.report]} />
      <Show when={props.report.file_removed_at}>
        {(at) => (
          <p class="text-soft">
            {t('reports.file_removed.detail', { date: formatDate(at(), 'date', locale(), timeZone()) })}{' '}
            <A
              class="font-medium text-accent underline underline-offset-4"
              href={pagePaths.data(props.report.type)}
            >
              {t('reports.to_data')}
            </A>
          </p>
        )}
      </Show>
    </div>
  )
}

function Notice(props: { title: string; children: JSX.Element }) {
  return (
    <div class="flex items-start gap-3 rounded-xl bg-red-soft p-3.5">
      <CircleAlert aria-hidden="true" class="mt-px size-[1.125rem] shrink-0 text-red" />
      <div class="min-w-0">
        <p class="font-semibold">{props.title}</p>
        <p class="break-words text-soft">{props.children}</p>
      </div>
    </div>
  )
}

function Details(props: { report: ReportJson; catalogueVersion: string | null }) {
  const me = useMe()
  return (
    <Section title={t('report.details')}>
      <dl class="figures grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 text-[0.8125rem] [&_dd]:text-right [&_dt]:text-soft">
        <dt>{t('reports.requested')}</dt>
        <dd>
          <ExactTime at={props.report.requested_at} />
        </dd>
        <Show when={props.report.scheduled_for}>
          {(at) => (
            <>
              <dt>{t('report.scheduled_for')}</dt>
              <dd>
                <ExactTime at={at()} />
              </dd>
            </>
          )}
        </Show>
        <dt>{t('reports.available')}</dt>
        <dd>
          <FileAvailability report={props.report} />
        </dd>
        <dt>{t('report.format')}</dt>
        <dd>{t(`format.${props.report.format}`)}</dd>
        <Show when={props.report.size_bytes !== null}>
          <dt>{t('report.size')}</dt>
          <dd>{formatBytes(props.report.size_bytes ?? 0, locale())}</dd>
        </Show>
        <Show when={props.report.row_count !== null}>
          <dt>{t('report.row_count')}</dt>
          <dd>{formatNumber(props.report.row_count ?? 0, locale())}</dd>
        </Show>
        <For each={props.report.misfits}>
          {({ label, kind, values }) => (
            <>
              <dt>{t('report.misfits', { column: label })}</dt>
              <dd>{t(`report.misfits.${kind}`, { count: values })}</dd>
            </>
          )}
        </For>
        <Show when={props.catalogueVersion}>
          <dt>{t('report.catalogue_version')}</dt>
          <dd>{props.catalogueVersion}</dd>
        </Show>
        <dt>{t('reports.columns')}</dt>
        <dd>{props.report.column_count}</dd>
        <dt>{t('report.delivery')}</dt>
        <dd>{t(`delivery.${props.report.delivery}`)}</dd>
        <Show when={me.data?.role === 'admin' && props.report.scheduled_report_id}>
          {(id) => (
            <>
              <dt>{t('report.definition')}</dt>
              <dd>
                <A
                  class="font-medium text-accent underline-offset-4 hover:underline"
                  href={pagePaths.scheduledReport(id())}
                >
                  {t('report.open_definition')}
                </A>
              </dd>
            </>
          )}
        </Show>
      </dl>
    </Section>
  )
}

function Log(props: { log: DeliveryLog }) {
  return (
    <>
      <Section title={t('log.phases')}>
        <DeliveryPhases log={props.log} />
      </Section>
      <Section title={t('log.recipients')} beside={recipientsInWords(props.log)}>
        <DeliveryRecipients log={props.log} />
      </Section>
    </>
  )
}

function Section(props: { title: string; beside?: string; children: JSX.Element }) {
  return (
    <section class="flex flex-col gap-3">
      <div class="flex items-baseline justify-between gap-3">
        <h3 class="font-semibold">{props.title}</h3>
        <Show when={props.beside}>
          <span class="figures text-xs text-soft">{props.beside}</span>
        </Show>
      </div>
      {props.children}
    </section>
  )
}
