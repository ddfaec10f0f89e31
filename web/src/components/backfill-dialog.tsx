import Check from 'lucide-solid/icons/check'
import Play from 'lucide-solid/icons/play'
import { createMemo, createSignal, For, Show } from 'solid-js'
import { dayBounds } from '#domain/timing/day-bounds.ts'
import { asProblem } from '../api-problem.ts'
import type { ScheduledReportJson } from '../api.ts'
import { debounced } from '../debounced.ts'
import { formatDate } from '../format.ts'
import { locale, t } from '../i18n.ts'
import { useBackfillPreview, useBackfillScheduledReport } from '../queries.ts'
import { Button } from './button.tsx'
import { DateField } from './date-field.tsx'
import { Dialog } from './dialog.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { SkeletonLines } from './skeleton.tsx'
import { toast } from './toast.tsx'

const dayMs = 86_400_000
/** A clock of this machine that runs ahead must not ask for the future. */
const marginMs = 60_000

/** Runs the occurrences of past days that have no report; says first which. */
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
  const period = createMemo<{ from: string; to: string } | null>(
    () => {
      if (from() === '' || to() === '' || isOutOfOrder()) return null
      const bounds = dayBounds({ from: from(), to: to() }, zone())
      const latest = Math.min(bounds.to.getTime(), Math.floor(Date.now() / marginMs - 1) * marginMs)
      return { from: bounds.from.toISOString(), to: new Date(latest).toISOString() }
    },
    null,
    { equals: (before, after) => before?.from === after?.from && before?.to === after?.to },
  )
  const asked = debounced(period, 200)
  const preview = useBackfillPreview(
    () => props.report.id,
    () => asked() ?? { from: '', to: '' },
    () => asked() !== null,
  )
  const isOld = () => preview.isPlaceholderData || asked() !== period()
  const occurrences = () => (period() ? (preview.data?.occurrences ?? []) : [])
  const toStart = () => occurrences().filter(({ action }) => action === 'started').length
  const faultAt = (path: string) => (preview.isError ? asProblem(preview.error).errorAt(path) : undefined)

  const start = () => {
    const wanted = period()
    if (!wanted) return
    backfill.mutate(
      { id: props.report.id, ...wanted },
      {
        onSuccess: (done) => {
          const count = done.occurrences.filter(({ action }) => action === 'started').length
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
        <Show when={preview.isError && asProblem(preview.error).errors.length === 0}>
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
                  {t('backfill.to_start', { count: toStart() })}
                  <Show when={occurrences().length > toStart()}>
                    {' · '}
                    {t('backfill.known', { count: occurrences().length - toStart() })}
                  </Show>
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
                    {(occurrence) => (
                      <li
                        class={`flex items-center justify-between gap-4 border-b border-line px-3 py-1.5 text-[0.8125rem] last:border-0 ${occurrence.action === 'started' ? '' : 'text-faint'}`}
                      >
                        <time datetime={occurrence.scheduled_for}>
                          {formatDate(occurrence.scheduled_for, 'long', locale(), zone())}
                        </time>
                        <span class="inline-flex items-center gap-1.5 text-xs whitespace-nowrap">
                          <Show
                            when={occurrence.action === 'started'}
                            fallback={<Check aria-hidden="true" class="size-3.5" />}
                          >
                            <Play aria-hidden="true" class="size-3.5 text-accent" />
                          </Show>
                          {t(`backfill.${occurrence.action}`)}
                        </span>
                      </li>
                    )}
                  </For>
                </ol>
              </Show>
            </Show>
          </section>
        </Show>
        <Show when={backfill.isError}>
          <ErrorNotice error={backfill.error} onRetry={start} retrying={backfill.isPending} />
        </Show>
      </div>
    </Dialog>
  )
}
