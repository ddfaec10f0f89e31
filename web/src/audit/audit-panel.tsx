import { For, Show, type JSX } from 'solid-js'
import { auditEmptyValue, auditFields, auditValues, auditViaWords } from '#domain/audit-words.ts'
import type { AuditEntry } from '../api.ts'
import { formatDate, formatList } from '../format.ts'
import { locale, t, timeZone } from '../i18n.ts'
import { useReportTypes } from '../report-type-queries.ts'
import { SidePanel } from '../ui/side-panel.tsx'
import { AuditSubjectLink } from './audit-subject-link.tsx'

/** All about one entry. */
export function AuditPanel(props: { entry: AuditEntry; onClose: () => void }) {
  const types = useReportTypes()
  const words = (field: string, value: unknown): string =>
    field === 'type'
      ? (types.data?.find(({ key }) => key === value)?.title ?? inWords(field, value))
      : inWords(field, value)
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
                    {t('audit.change', {
                      from: words(change.field, change.from),
                      to: words(change.field, change.to),
                    })}
                  </li>
                )}
              </For>
            </ul>
          </Fact>
        </Show>
        <Show when={Object.keys(props.entry.details).length > 0}>
          <Fact label={t('audit.details')}>
            <ul class="flex flex-col gap-1">
              <For each={Object.entries(props.entry.details)}>
                {([field, value]) => (
                  <li>
                    <span class="font-medium">{fieldName(field)}</span> {words(field, value)}
                  </li>
                )}
              </For>
            </ul>
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
  return (Object.hasOwn(auditFields, field) && auditFields[field]?.[locale()]) || field
}

/** A stored value as a person reads it. */
function inWords(field: string, value: unknown): string {
  const empty = auditEmptyValue[locale()]
  if (value === null || value === undefined || value === '') return empty
  if (typeof value === 'boolean') return t(value ? 'filters.yes' : 'filters.no')
  if (Array.isArray(value)) {
    const parts = value.map((one: unknown) => inWords(field, one))
    return parts.length === 0 ? empty : formatList(parts, locale())
  }
  if (typeof value === 'object') {
    const parts = Object.entries(value).map(([name, one]) =>
      t('filters.sentence', { label: fieldName(name), value: inWords(name, one) }),
    )
    return parts.length === 0 ? empty : parts.join(' · ')
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return formatDate(text, 'dateTime', locale(), timeZone())
  const known = Object.hasOwn(auditValues, field) ? auditValues[field] : undefined
  return (known && Object.hasOwn(known, text) && known[text]?.[locale()]) || text
}

/** Who did it, by the name of then, and by what way they came. */
export function AuditActor(props: { entry: AuditEntry }) {
  return (
    <span class="flex min-w-0 flex-col">
      <span class="wrap-anywhere">{props.entry.actor.name || t('audit.nobody')}</span>
      {/* Somebody who signs in was recognised by that alone. */}
      <Show when={props.entry.via !== 'none' || props.entry.actor.id === null}>
        <span class="text-xs text-faint">
          <Show when={props.entry.key_name} fallback={auditViaWords[props.entry.via][locale()]}>
            {(name) => <>{t('audit.with_key', { name: name() })}</>}
          </Show>
        </span>
      </Show>
    </span>
  )
}
