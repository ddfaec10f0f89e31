import Check from 'lucide-solid/icons/check'
import CopyPlus from 'lucide-solid/icons/copy-plus'
import Hourglass from 'lucide-solid/icons/hourglass'
import Play from 'lucide-solid/icons/play'
import RotateCw from 'lucide-solid/icons/rotate-cw'
import { createMemo, createSignal, For, Show, type JSX } from 'solid-js'
import { formatPeriod } from '#domain/timing/format-period.ts'
import { dayBounds } from '#domain/timing/day-bounds.ts'
import { asFailure } from '../api-failure.ts'
import type { BackfillPreview, ScheduledReportJson } from '../api.ts'
import { createDebounced } from '../query-client.ts'
import { formatDate } from '../format.ts'
import { locale, t } from '../i18n.ts'
import { useBackfillPreview, useBackfillScheduledReport } from './scheduled-report-queries.ts'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { DateField } from '../ui/text-field.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { SkeletonLines } from '../ui/skeleton.tsx'
import { toast } from '../ui/toast.tsx'

const dayMs = 86_400_000
/** Margin for a browser clock that runs ahead: the service refuses times in the future. */
const marginMs = 60_000

type PlannedOccurrence = BackfillPreview['occurrences'][number]

/** What becomes of an occurrence, as a person sees it; in the order of the counts. */
const outcomes = ['started', 'relaunched', 'repeated', 'sent', 'running'] as const
type Outcome = (typeof outcomes)[number]

function outcomeOf({ action, status }: PlannedOccurrence): Outcome {
  if (action !== 'already_run') return action
  // Skipped, since Temporal remembers that it was run.
  return status === 'completed' || status === 'skipped' ? 'sent' : 'running'
}

const marks: Readonly<Record<Outcome, () => JSX.Element>> = {
  started: () => <Play />,
  relaunched: () => <RotateCw />,
  repeated: () => <CopyPlus />,
  sent: () => <Check />,
  running: () => <Hourglass />,
}
const starts: ReadonlySet<Outcome> = new Set(['started', 'relaunched', 'repeated'])

/** Runs the occurrences of past days; says first what becomes of each. */
export function BackfillDialog(props: { open: boolean; report: ScheduledReportJson; onClose: () => void }) {
  return (
    <Show when={props.open}>
      <BackfillForm report={props.report} onClose={() => props.onClose()} />
    </Show>
  )
}

function BackfillForm(props: { report: ScheduledReportJson; onClose: () => void }) {
  const backfill = useBackfillScheduledReport()
  const zone = () => props.report.time_zone
  /** The day it is in the report's zone, some days ago. */
  const day = (ago: number) =>
    new Intl.DateTimeFormat('en-CA', { timeZone: zone(), dateStyle: 'short' }).format(
      Date.now() - ago * dayMs,
    )
  const [from, setFrom] = createSignal(day(7))
  const [to, setTo] = createSignal(day(0))
  const isOutOfOrder = () => from() !== '' && to() !== '' && from() > to()

  // The report is read again while one chooses: only other days make another period.
  const [again, setAgain] = createSignal(false)
  const period = createMemo<{ from: string; to: string; again: boolean } | null>(
    () => {
      if (from() === '' || to() === '' || isOutOfOrder()) return null
      const bounds = dayBounds({ from: from(), to: to() }, zone())
      const latest = Math.min(bounds.to.getTime(), Math.floor(Date.now() / marginMs - 1) * marginMs)
      return { from: bounds.from.toISOString(), to: new Date(latest).toISOString(), again: again() }
    },
    null,
    {
      equals: (before, after) =>
        before?.from === after?.from && before?.to === after?.to && before?.again === after?.again,
    },
  )
  const asked = createDebounced(period, 200)
  const preview = useBackfillPreview(
    () => props.report.id,
    () => asked() ?? { from: '', to: '', again: false },
    () => asked() !== null,
  )
  const isOld = () => preview.isPlaceholderData || asked() !== period()
  const occurrences = () => (period() ? (preview.data?.occurrences ?? []) : [])
  const counts = createMemo(() => {
    const each = occurrences().map(outcomeOf)
    return outcomes
      .map((outcome) => ({ outcome, count: each.filter((one) => one === outcome).length }))
      .filter(({ count }) => count > 0)
  })
  const toStart = () =>
    counts().reduce((sum, { outcome, count }) => (starts.has(outcome) ? sum + count : sum), 0)
  const areAnySent = () => occurrences().some(({ status }) => status === 'completed')
  const faultAt = (path: string) => (preview.isError ? asFailure(preview.error).errorAt(path) : undefined)

  const start = () => {
    const wanted = period()
    if (!wanted) return
    backfill.mutate(
      { id: props.report.id, ...wanted },
      {
        onSuccess: (done) => {
          const count = done.occurrences.filter(({ action }) => action !== 'already_run').length
          toast(t('backfill.done', { count }))
          props.onClose()
        },
      },
    )
  }
  return (
    <Dialog
      open
      onClose={() => props.onClose()}
      title={t('backfill.title')}
      lead={t('backfill.lead')}
      footer={
        <>
          <Button onClick={() => props.onClose()}>{t('action.cancel')}</Button>
          <Button
            kind="primary"
            busy={backfill.isPending}
            disabled={toStart() === 0 || isOld() || preview.isError}
            onClick={start}
          >
            {t('backfill.submit', { count: toStart() })}
          </Button>
        </>
      }
    >
      <div class="flex flex-col gap-4 pt-1">
        <div class="grid grid-cols-2 gap-4">
          <DateField
            label={t('backfill.from')}
            value={from()}
            max={to() || day(0)}
            error={from() === '' ? t('backfill.needed') : faultAt('from')}
            onChange={setFrom}
          />
          <DateField
            label={t('backfill.to')}
            value={to()}
            min={from() || undefined}
            max={day(0)}
            error={to() === '' ? t('backfill.needed') : isOutOfOrder() ? t('backfill.order') : faultAt('to')}
            onChange={setTo}
          />
        </div>
        <p class="-mt-2 text-xs text-faint">{t('backfill.zone', { zone: zone() })}</p>
        <Show when={preview.isError && asFailure(preview.error).errors.length === 0}>
          <ErrorNotice
            error={preview.error}
            onRetry={() => void preview.refetch()}
            retrying={preview.isFetching}
          />
        </Show>
        <Show when={period() && !preview.isError}>
          <section aria-live="polite" aria-busy={isOld()} class={isOld() ? 'opacity-60' : ''}>
            <div class="mb-1.5 flex flex-wrap items-baseline justify-between gap-x-4">
              <h3 class="font-medium">{t('backfill.preview')}</h3>
              <Show when={occurrences().length > 0}>
                <p class="figures text-xs text-soft">
                  {counts()
                    .map(({ outcome, count }) => t(`backfill.count.${outcome}`, { count }))
                    .join(' · ')}
                </p>
              </Show>
            </div>
            <Show when={preview.data} fallback={<SkeletonLines count={4} />}>
              <Show
                when={occurrences().length > 0}
                fallback={<p class="text-soft">{t('backfill.none_due')}</p>}
              >
                <ol
                  aria-label={t('backfill.preview')}
                  tabIndex={0}
                  class="figures max-h-64 overflow-y-auto overscroll-contain rounded-lg border border-line"
                >
                  <For each={occurrences()}>
                    {(occurrence) => <Occurrence occurrence={occurrence} timeZone={zone()} />}
                  </For>
                </ol>
              </Show>
            </Show>
          </section>
        </Show>
        <Show when={areAnySent() || again()}>
          <Checkbox
            label={t('backfill.again')}
            hint={t('backfill.again_hint')}
            checked={again()}
            onChange={setAgain}
          />
        </Show>
        <Show when={backfill.isError}>
          <ErrorNotice error={backfill.error} onRetry={start} retrying={backfill.isPending} />
        </Show>
      </div>
    </Dialog>
  )
}

/** When it was due, which days it reports, and what becomes of it. */
function Occurrence(props: { occurrence: PlannedOccurrence; timeZone: string }) {
  const outcome = () => outcomeOf(props.occurrence)
  return (
    <li
      class={`flex flex-wrap items-center justify-between gap-x-4 border-b border-line px-3 py-1.5 text-[0.8125rem] last:border-0 ${starts.has(outcome()) ? '' : 'text-faint'}`}
    >
      <span class="min-w-0">
        <time datetime={props.occurrence.scheduled_for}>
          {formatDate(props.occurrence.scheduled_for, 'long', locale(), props.timeZone)}
        </time>
        <Show when={props.occurrence.period}>
          {(period) => (
            <span class="block text-xs text-faint">
              {t('backfill.period', { period: formatPeriod(period(), locale()) })}
            </span>
          )}
        </Show>
      </span>
      <span class="ml-auto inline-flex items-center gap-1.5 text-xs">
        <span
          aria-hidden="true"
          class={`shrink-0 [&>svg]:size-3.5 ${starts.has(outcome()) ? 'text-accent' : ''}`}
        >
          {marks[outcome()]()}
        </span>
        {t(`backfill.${outcome()}`)}
        <Show when={outcome() !== 'started' && outcome() !== 'repeated' && props.occurrence.number}>
          {(number) => <span class="text-faint">N° {String(number())}</span>}
        </Show>
      </span>
    </li>
  )
}
