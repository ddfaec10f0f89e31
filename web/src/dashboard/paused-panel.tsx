import { A } from '@solidjs/router'
import CircleCheck from 'lucide-solid/icons/circle-check'
import { createSignal, For, Show } from 'solid-js'
import { pagePaths } from '#domain/page-paths.ts'
import type { Dashboard } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { formatNumber } from '../format.ts'
import { locale, t } from '../i18n.ts'
import { AllQuiet, Panel } from '../ui/panel.tsx'

const firstShown = 5

/** Scheduled reports that do not run, and why. */
export function PausedPanel(props: { paused: Dashboard['paused'] }) {
  const [all, setAll] = createSignal(false)
  const hidden = () => props.paused.items.length - firstShown
  return (
    <Panel
      id="en-pause"
      title={t('dashboard.paused.title')}
      count={props.paused.total > 0 ? formatNumber(props.paused.total, locale()) : undefined}
    >
      <Show
        when={props.paused.total > 0}
        fallback={
          <AllQuiet icon={<CircleCheck class="text-green-mark" />}>{t('dashboard.paused.none')}</AllQuiet>
        }
      >
        <ul class="flex flex-col border-t border-line">
          <For each={props.paused.items.slice(0, all() ? undefined : firstShown)}>
            {(item) => (
              <li class="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 border-b border-line px-4 py-2 last:border-0 hover:bg-hover/60">
                <div class="min-w-0 flex-1 basis-64">
                  <A
                    href={pagePaths.scheduledReport(item.scheduled_report_id)}
                    class="rounded-sm font-medium hover:text-accent hover:underline hover:underline-offset-4"
                  >
                    {item.name}
                  </A>
                  <p class="text-[0.8125rem] break-words text-soft">
                    {item.pause_note ?? t('dashboard.paused.by_hand')}
                  </p>
                </div>
                <span class="text-xs text-faint">
                  {item.type_title} · {item.owner_name} · <RelativeTime at={item.updated_at} />
                </span>
              </li>
            )}
          </For>
        </ul>
        <Show when={!all() && hidden() > 0}>
          <div class="border-t border-line px-2 py-2">
            <Button kind="quiet" size="small" onClick={() => setAll(true)}>
              {t('dashboard.show_more', { count: hidden() })}
            </Button>
          </div>
        </Show>
        <Show when={all() && props.paused.total > props.paused.items.length}>
          <p class="border-t border-line px-4 py-2.5 text-xs text-faint">
            {t('dashboard.latest_only', { count: props.paused.items.length })}
          </p>
        </Show>
      </Show>
    </Panel>
  )
}
