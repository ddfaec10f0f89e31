import { For, Show } from 'solid-js'
import type { Dashboard } from '../api.ts'
import { RelativeTime } from '../ui/relative-time.tsx'
import { locale, t } from '../i18n.ts'
import { installationTitles } from '#domain/installation-part.ts'
import { Panel } from '../ui/panel.tsx'

/** What is wrong with the installation itself; nothing when all is well. */
export function InstallationPanel(props: { faults: Dashboard['installation'] }) {
  return (
    <Show when={props.faults.length > 0}>
      <Panel id="installation" title={t('dashboard.installation.title')} class="border-red">
        <ul class="flex flex-col border-t border-line">
          <For each={props.faults}>
            {(fault) => (
              <li class="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 border-b border-line px-4 py-2 last:border-0">
                <div class="min-w-0 flex-1 basis-64">
                  <p class="font-medium text-red">{installationTitles[fault.part][locale()]}</p>
                  <p class="text-[0.8125rem] text-soft">{t(`dashboard.installation.${fault.part}_detail`)}</p>
                  <p class="text-xs break-words text-faint">{fault.detail}</p>
                </div>
                <span class="text-xs text-faint">
                  <RelativeTime at={fault.since} />
                </span>
              </li>
            )}
          </For>
        </ul>
      </Panel>
    </Show>
  )
}
