import { For, Show } from 'solid-js'
import { isIncomplete } from '#domain/report-status.ts'
import type { RecentReport } from '#domain/schemas/scheduled-report-schema.ts'
import { formatDate } from '../format.ts'
import { locale, t, timeZone } from '../i18n.ts'

type Look = 'completed' | 'partial' | 'failed' | 'open' | 'out'

/** How one occurrence ended, in words. */
export function resultWords({ status, delivery }: Pick<RecentReport, 'status' | 'delivery'>): string {
  const words = t(`status.${status}`)
  return status === 'completed' && isIncomplete(delivery) ? `${words}, ${t(`delivery.${delivery}`)}` : words
}

function lookOf({ status, delivery }: RecentReport): Look {
  if (status === 'completed') return isIncomplete(delivery) ? 'partial' : 'completed'
  if (status === 'failed') return 'failed'
  return status === 'queued' || status === 'running' ? 'open' : 'out'
}

/** The last occurrences, oldest first, one mark each: its height and cut say what its colour says. */
export function OccurrenceStrip(props: { reports: readonly RecentReport[] }) {
  const oldestFirst = () => [...props.reports].reverse()
  const words = (report: RecentReport) =>
    t('scheduled.recent.occurrence', {
      number: String(report.number),
      at: report.scheduled_for
        ? formatDate(report.scheduled_for, 'dateTime', locale(), timeZone())
        : t('scheduled.recent.by_hand'),
      result: resultWords(report),
    })
  return (
    <Show
      when={props.reports.length > 0}
      fallback={<span class="text-faint">{t('scheduled.recent.none')}</span>}
    >
      <ol aria-label={t('scheduled.recent')} class="flex h-5 items-end gap-[3px]">
        <For each={oldestFirst()}>
          {(report) => (
            <li title={words(report)} class="flex h-full items-end">
              <Mark look={lookOf(report)} />
              <span class="sr-only">{words(report)}</span>
            </li>
          )}
        </For>
      </ol>
    </Show>
  )
}

function Mark(props: { look: Look }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 7 20" class="h-5 w-[7px]">
      <Show when={props.look === 'completed'}>
        <rect x="0" y="2" width="7" height="18" rx="2" class="fill-green-mark" />
      </Show>
      <Show when={props.look === 'partial'}>
        <rect x="0" y="11" width="7" height="9" rx="2" class="fill-amber-mark" />
        <rect
          x="0.75"
          y="2.75"
          width="5.5"
          height="6"
          rx="1.5"
          class="fill-none stroke-amber-mark"
          stroke-width="1.5"
        />
      </Show>
      <Show when={props.look === 'failed'}>
        <rect x="0" y="2" width="7" height="18" rx="2" class="fill-red-mark" />
        <path
          d="M1.9 8.9l3.2 3.2M5.1 8.9l-3.2 3.2"
          class="stroke-surface"
          stroke-width="1.6"
          stroke-linecap="round"
        />
      </Show>
      <Show when={props.look === 'open'}>
        <rect x="0" y="13" width="7" height="7" rx="2" class="fill-orange-mark" />
      </Show>
      <Show when={props.look === 'out'}>
        <rect
          x="0.75"
          y="16.25"
          width="5.5"
          height="3"
          rx="1.5"
          class="fill-none stroke-line-strong"
          stroke-width="1.5"
        />
      </Show>
    </svg>
  )
}
