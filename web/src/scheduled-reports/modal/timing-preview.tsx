import CalendarClock from 'lucide-solid/icons/calendar-clock'
import Timer from 'lucide-solid/icons/timer'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import { createMemo, For, Show } from 'solid-js'
import { locales } from '#domain/locale.ts'
import { describeSpread } from '#domain/timing/describe-timing.ts'
import type { TimingPreview as TimingPreviewJson } from '../../api.ts'
import { createDebounced } from '../../query-client.ts'
import { formatDate, formatRelative } from '../../format.ts'
import { locale, t, timeZone } from '../../i18n.ts'
import { useTimingPreview } from '../scheduled-report-queries.ts'
import { useNow } from '../../ui/relative-time.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { timingIssues, timingOf, type Draft } from './definition-draft.ts'

/** Debounce of typing: fewer requests than keys, and still felt as immediate. */
const stillMs = 180

/** The rule in words, its next five runs, and what one should know before saving: as the engine will do it. */
export function TimingPreview(props: { draft: Draft }) {
  const now = useNow()
  const input = createMemo(() => timingOf(props.draft, locale()), undefined, {
    equals: (before, after) => JSON.stringify(before) === JSON.stringify(after),
  })
  const isRight = createMemo(() => timingIssues(props.draft, locale()).length === 0)
  const asked = createDebounced(
    createMemo(() => (isRight() ? input() : null)),
    stillMs,
  )
  const preview = useTimingPreview(
    () => asked() ?? input(),
    () => asked() !== null && isRight(),
  )
  const isOld = () => !isRight() || preview.isPlaceholderData || asked() !== input()
  const zone = () => props.draft.time_zone
  const isElsewhere = () => zone() !== timeZone()
  return (
    <div class="rounded-xl bg-sunken px-4 py-3.5" aria-live="polite" aria-busy={isOld()}>
      <Show
        when={preview.data}
        fallback={
          <Show when={preview.isError} fallback={<PreviewSkeleton waiting={isRight()} />}>
            <p class="text-soft">{t('modal.preview.failed')}</p>
          </Show>
        }
      >
        {(data) => (
          <div class={`flex flex-col gap-3 transition-opacity ${isOld() ? 'opacity-50' : ''}`}>
            <p class="flex items-start gap-2 font-medium">
              <CalendarClock aria-hidden="true" class="mt-px size-[1.125rem] shrink-0 text-accent" />
              <span data-testid="timing-sentence">{data().description}</span>
            </p>
            <div>
              <h4 class="mb-1 text-xs font-medium text-faint">{t('modal.preview.title')}</h4>
              <ol aria-label={t('modal.preview.title')} class="figures grid gap-y-0.5">
                <For each={data().next_runs} fallback={<li class="text-soft">{t('modal.preview.none')}</li>}>
                  {(run) => (
                    <li class="flex flex-wrap items-baseline gap-x-3">
                      <time datetime={run}>{formatDate(run, 'long', locale(), zone())}</time>
                      <span class="text-xs text-faint">
                        {formatRelative(run, now(), locale())}
                        <Show when={isElsewhere()}>
                          {' · '}
                          {formatDate(run, 'dateTime', locale(), timeZone())} ({timeZone()})
                        </Show>
                      </span>
                    </li>
                  )}
                </For>
              </ol>
            </div>
            <Show when={spreadOf(data())}>
              {(spread) => (
                <p class="flex items-start gap-2 text-[0.8125rem] text-soft">
                  <Timer aria-hidden="true" class="mt-px size-4 shrink-0" />
                  {spread()}
                </p>
              )}
            </Show>
            <Show when={warningsOf(data()).length > 0}>
              <ul class="flex flex-col gap-1.5">
                <For each={warningsOf(data())}>
                  {(warning) => (
                    <li class="flex items-start gap-2 text-[0.8125rem] text-amber">
                      <TriangleAlert aria-hidden="true" class="mt-px size-4 shrink-0" />
                      {warning}
                    </li>
                  )}
                </For>
              </ul>
            </Show>
          </div>
        )}
      </Show>
    </div>
  )
}

/** The spread is shown as information, not as a warning. */
function spreadOf({ spread_minutes: minutes, warnings }: TimingPreviewJson): string | undefined {
  return warnings.find((warning) => locales.some((one) => warning === describeSpread(minutes, one)))
}
function warningsOf(preview: TimingPreviewJson): string[] {
  return preview.warnings.filter((warning) => warning !== spreadOf(preview))
}

function PreviewSkeleton(props: { waiting: boolean }) {
  return (
    <Show when={props.waiting} fallback={<p class="text-soft">{t('modal.preview.pending')}</p>}>
      <div class="flex flex-col gap-3">
        <Skeleton class="h-4 w-3/5" />
        <Skeleton class="h-4 w-2/5" />
        <Skeleton class="h-4 w-2/5" />
      </div>
    </Show>
  )
}
