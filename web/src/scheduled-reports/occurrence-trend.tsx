import { createMemo, createSignal, For, Show } from 'solid-js'
import type { OccurrenceJson } from '../api.ts'
import { formatDate, formatDuration, formatNumber } from '../format.ts'
import { locale, t, timeZone } from '../i18n.ts'
import { resultWords } from './occurrence-strip.tsx'

export interface OccurrenceTrendProps {
  /** Newest first, as the service answers. */
  occurrences: readonly OccurrenceJson[]
}

interface Metric {
  label: () => string
  valueOf: (occurrence: OccurrenceJson) => number | null
  format: (value: number) => string
}

const duration: Metric = {
  label: () => t('trend.duration'),
  valueOf: durationOf,
  format: (ms) => formatDuration(ms, locale()),
}
const rows: Metric = {
  label: () => t('trend.rows'),
  valueOf: (occurrence) => occurrence.row_count,
  format: (count) => formatNumber(count, locale()),
}

/** From start to end, in milliseconds; null while it runs, and for one that never began. */
export function durationOf(run: { started_at: string | null; finished_at: string | null }): number | null {
  if (!run.started_at || !run.finished_at) return null
  return Math.max(0, Date.parse(run.finished_at) - Date.parse(run.started_at))
}

/** How long the last occurrences took and how much they held, one bar each; the figures as a table on request. */
export function OccurrenceTrend(props: OccurrenceTrendProps) {
  /** By when they were due, not by number: a backfill makes up for the past. */
  const oldestFirst = createMemo(() =>
    [...props.occurrences].sort((left, right) => timeOf(left) - timeOf(right) || left.number - right.number),
  )
  return (
    <div class="flex flex-col gap-3 p-4">
      <div class="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        <Bars metric={duration} occurrences={oldestFirst()} />
        <Bars metric={rows} occurrences={oldestFirst()} />
      </div>
      <details class="text-[0.8125rem]">
        <summary class="w-fit rounded-sm text-xs text-soft hover:text-ink">{t('trend.figures')}</summary>
        <div class="mt-2 max-h-64 overflow-auto" tabIndex={0} role="region" aria-label={t('trend.table')}>
          <table class="w-full max-w-2xl">
            <caption class="sr-only">{t('trend.table')}</caption>
            <thead class="text-left text-xs text-soft">
              <tr>
                <th class="py-1 pr-4 font-medium">{t('deliveries.column.number')}</th>
                <th class="py-1 pr-4 font-medium">{t('deliveries.column.occurrence')}</th>
                <th class="py-1 pr-4 font-medium">{t('deliveries.column.result')}</th>
                <th class="py-1 pr-4 text-right font-medium">{t('trend.duration')}</th>
                <th class="py-1 text-right font-medium">{t('trend.rows')}</th>
              </tr>
            </thead>
            <tbody>
              <For each={props.occurrences}>
                {(occurrence) => (
                  <tr class="border-t border-line">
                    <td class="py-1 pr-4">{occurrence.number}</td>
                    <td class="py-1 pr-4">{whenOf(occurrence)}</td>
                    <td class="py-1 pr-4">{resultWords(occurrence)}</td>
                    <td class="py-1 pr-4 text-right">{valueWords(duration, occurrence)}</td>
                    <td class="py-1 text-right">{valueWords(rows, occurrence)}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </div>
      </details>
    </div>
  )
}

function Bars(props: { metric: Metric; occurrences: readonly OccurrenceJson[] }) {
  const [pointed, setPointed] = createSignal<OccurrenceJson | null>(null)
  const values = createMemo(() =>
    props.occurrences.flatMap((occurrence) => props.metric.valueOf(occurrence) ?? []),
  )
  const most = () => Math.max(0, ...values())
  const figures = () => ({
    median: props.metric.format(median(values())),
    most: props.metric.format(most()),
  })
  /** At least 4 %, so that a small value is visible. */
  const heightOf = (value: number) => (most() === 0 ? 2 : Math.max(4, (value / most()) * 100))
  const edges = () => [props.occurrences[0], props.occurrences.at(-1)] as const
  return (
    <figure class="m-0 min-w-0">
      <figcaption class="figures mb-2 flex flex-wrap items-baseline justify-between gap-x-3">
        <span class="font-medium">{props.metric.label()}</span>
        <span class="text-xs text-soft">
          <Show
            when={pointed()}
            fallback={<Show when={values().length > 0}>{t('trend.summary', figures())}</Show>}
          >
            {(one) => (
              <>
                N° {String(one().number)} · {whenOf(one())} ·{' '}
                <span class="font-medium text-ink">{valueWords(props.metric, one())}</span>
              </>
            )}
          </Show>
        </span>
      </figcaption>
      <div
        role="img"
        aria-label={t('trend.label', {
          metric: props.metric.label(),
          count: props.occurrences.length,
          ...figures(),
        })}
        class="flex h-20 items-end border-b border-line-strong/60"
        onPointerLeave={() => setPointed(null)}
      >
        <For each={props.occurrences}>
          {(occurrence) => {
            const value = () => props.metric.valueOf(occurrence)
            return (
              <div
                class="group flex h-full max-w-4 min-w-0 flex-1 items-end px-px"
                onPointerEnter={() => setPointed(occurrence)}
                onPointerDown={() => setPointed(occurrence)}
              >
                <Show
                  when={value() !== null}
                  fallback={<span class="h-1 w-full rounded-t-sm border border-b-0 border-line-strong" />}
                >
                  <span
                    class={`w-full rounded-t-sm group-hover:brightness-90 ${occurrence.status === 'failed' ? 'bg-[repeating-linear-gradient(135deg,var(--red-mark)_0_2px,var(--red-soft)_2px_4px)] inset-ring inset-ring-red-mark' : 'bg-accent/75 group-hover:bg-accent'}`}
                    style={{ height: `${heightOf(value() ?? 0)}%` }}
                  />
                </Show>
              </div>
            )
          }}
        </For>
      </div>
      <div
        class="figures mt-1 flex justify-between gap-4 text-xs whitespace-nowrap text-faint"
        style={{ 'max-width': `max(${props.occurrences.length}rem, 12rem)` }}
      >
        <For each={props.occurrences.length > 1 ? edges() : [edges()[1]]}>
          {(edge) => <span>{edge ? dayOf(edge) : ''}</span>}
        </For>
      </div>
    </figure>
  )
}

function valueWords(metric: Metric, occurrence: OccurrenceJson): string {
  const value = metric.valueOf(occurrence)
  return value === null ? t('none') : metric.format(value)
}

function instantOf(occurrence: OccurrenceJson): string | null {
  return occurrence.scheduled_for ?? occurrence.started_at
}

/** An occurrence that has not begun sorts last. */
function timeOf(occurrence: OccurrenceJson): number {
  const at = instantOf(occurrence)
  return at === null ? Infinity : Date.parse(at)
}

function whenOf(occurrence: OccurrenceJson): string {
  const at = instantOf(occurrence)
  return at === null ? t('none') : formatDate(at, 'dateTime', locale(), timeZone())
}

function dayOf(occurrence: OccurrenceJson): string {
  const at = instantOf(occurrence)
  return at === null ? '' : formatDate(at, 'day', locale(), timeZone())
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}
