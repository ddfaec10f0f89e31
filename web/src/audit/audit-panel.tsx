import { For, Show, type JSX } from 'solid-js'
import type { AuditEntry } from '../api.ts'
import { formatDate, formatList } from '../format.ts'
import { locale, t, timeZone } from '../i18n.ts'
import { fr } from '../locales/fr.ts'
import { SidePanel } from '../ui/side-panel.tsx'
import { AuditSubjectLink } from './audit-subject-link.tsx'

type FieldKey = Extract<keyof typeof fr, `audit.field.${string}`>

/** All about one entry. */
export function AuditPanel(props: { entry: AuditEntry; onClose: () => void }) {
  return (
    <SidePanel
      open
      onClose={() => props.onClose()}
      title={props.entry.description}
      lead={formatDate(props.entry.at, 'long', locale(), timeZone())}
    >
      <dl class="flex flex-col gap-4 px-5 py-5">
        <Fact label={t('audit.column.actor')}>
          <AuditActor entry={props.entry} />
        </Fact>
        <Show when={props.entry.subject}>
          {(subject) => (
            <Fact label={t('audit.column.subject')}>
              <AuditSubjectLink subject={subject()} />
            </Fact>
          )}
        </Show>
        <Show when={props.entry.changes.length > 0}>
          <Fact label={t('audit.changes')}>
            <ul class="flex flex-col gap-1">
              <For each={props.entry.changes}>
                {(change) => (
                  <li>
                    <span class="font-medium">{fieldName(change.field)}</span>{' '}
                    {t('audit.change', { from: inWords(change.from), to: inWords(change.to) })}
                  </li>
                )}
              </For>
            </ul>
          </Fact>
        </Show>
        <Show when={Object.keys(props.entry.details).length > 0}>
          <Fact label={t('audit.details')}>
            <p>{inWords(props.entry.details)}</p>
          </Fact>
        </Show>
        <Fact label={t('audit.column.address')}>{props.entry.ip_address ?? '—'}</Fact>
        <Fact label={t('audit.request')}>{props.entry.request_id ?? '—'}</Fact>
      </dl>
    </SidePanel>
  )
}

function Fact(props: { label: string; children: JSX.Element }) {
  return (
    <div>
      <dt class="text-xs text-faint">{props.label}</dt>
      <dd class="mt-0.5 wrap-anywhere">{props.children}</dd>
    </div>
  )
}

function fieldName(field: string): string {
  const key = `audit.field.${field}`
  return key in fr ? t(key as FieldKey) : field
}

/** A stored value as a person reads it. */
function inWords(value: unknown): string {
  if (value === null || value === undefined || value === '') return t('audit.empty_value')
  if (typeof value === 'boolean') return t(value ? 'filters.yes' : 'filters.no')
  if (Array.isArray(value)) {
    return value.length === 0 ? t('audit.empty_value') : formatList(value.map(inWords), locale())
  }
  if (typeof value === 'object') {
    const parts = Object.entries(value).map(([field, one]) =>
      t('filters.sentence', { label: fieldName(field), value: inWords(one) }),
    )
    return parts.length === 0 ? t('audit.empty_value') : parts.join(' · ')
  }
  return typeof value === 'string' ? value : JSON.stringify(value)
}

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
