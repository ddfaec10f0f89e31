import Ban from 'lucide-solid/icons/ban'
import Check from 'lucide-solid/icons/check'
import CircleAlert from 'lucide-solid/icons/circle-alert'
import Minus from 'lucide-solid/icons/minus'
import { For, Show, type JSX } from 'solid-js'
import { isSettled } from '#domain/report-status.ts'
import type { PhaseLog } from '#domain/schemas/report-schema.ts'
import type { DeliveryLog } from '../api.ts'
import { formatDuration } from '../format.ts'
import { locale, t } from '../i18n.ts'
import { ExactTime } from '../ui/relative-time.tsx'
import { TechnicalWords } from '../ui/error-notice.tsx'
import { Spinner } from '../ui/spinner.tsx'

const marks: Readonly<Record<PhaseLog['status'], { class: string; mark: () => JSX.Element }>> = {
  pending: { class: 'text-faint inset-ring inset-ring-line-strong', mark: () => <Minus /> },
  running: { class: 'bg-orange-soft text-orange', mark: () => <Spinner /> },
  completed: { class: 'bg-green-soft text-green', mark: () => <Check /> },
  failed: { class: 'bg-red-soft text-red', mark: () => <CircleAlert /> },
  cancelled: { class: 'text-soft inset-ring inset-ring-line-strong', mark: () => <Ban /> },
}

/** The steps of a run: what became of each, in how many attempts, how long it took. */
export function DeliveryPhases(props: { log: DeliveryLog }) {
  return (
    <ol>
      <For each={props.log.phases}>
        {(phase, index) => (
          <li class="relative flex gap-3 pb-4 last:pb-0">
            <Show when={index() < props.log.phases.length - 1}>
              <span aria-hidden="true" class="absolute top-7 bottom-1 left-3 w-px bg-line" />
            </Show>
            <span
              aria-hidden="true"
              class={`grid size-6 shrink-0 place-items-center rounded-full [&>svg]:size-3.5 ${marks[phase.status].class}`}
            >
              {marks[phase.status].mark()}
            </span>
            <div class="min-w-0 flex-1 pt-0.5">
              <p class="flex flex-wrap items-baseline justify-between gap-x-3">
                <span class="font-medium">{t(`phase.${phase.phase}`)}</span>
                <span class="figures text-xs text-soft">
                  {stateInWords(phase, isSettled(props.log.status))}
                  <Show when={phase.attempts > 0}> · {t('log.attempts', { count: phase.attempts })}</Show>
                  <Show when={durationOf(phase)}>{(ms) => <> · {formatDuration(ms(), locale())}</>}</Show>
                </span>
              </p>
              <Show when={phase.started_at}>
                {(at) => (
                  <p class="text-xs text-faint">
                    <ExactTime at={at()} />
                  </p>
                )}
              </Show>
              <Show when={phase.error}>
                <p class="mt-1 text-[0.8125rem] break-words text-red">{phase.error}</p>
              </Show>
              <Show when={phase.cause}>{(words) => <TechnicalWords>{words()}</TechnicalWords>}</Show>
            </div>
          </li>
        )}
      </For>
    </ol>
  )
}

function stateInWords(phase: PhaseLog, settled: boolean): string {
  if (phase.status === 'pending' && settled) return t('log.phase.not_done')
  return t(`log.phase.${phase.status}`)
}

function durationOf({ started_at, finished_at }: PhaseLog): number | null {
  if (started_at === null || finished_at === null) return null
  return Math.max(1, new Date(finished_at).getTime() - new Date(started_at).getTime())
}
