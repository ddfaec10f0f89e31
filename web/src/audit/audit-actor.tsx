import { Show } from 'solid-js'
import type { AuditEntry } from '../api.ts'
import { t } from '../i18n.ts'

/** Who did it, by the name of then, and by what way they came. */
export function AuditActor(props: { entry: AuditEntry }) {
  return (
    <span class="flex min-w-0 flex-col">
      <span class="wrap-anywhere">{props.entry.actor.name || t('audit.nobody')}</span>
      <span class="text-xs text-faint">
        <Show when={props.entry.key_name} fallback={t(`audit.via.${props.entry.via}`)}>
          {(name) => <>{t('audit.with_key', { name: name() })}</>}
        </Show>
      </span>
    </span>
  )
}
