import { keepPreviousData, useQuery } from '@tanstack/solid-query'
import SearchX from 'lucide-solid/icons/search-x'
import X from 'lucide-solid/icons/x'
import Download from 'lucide-solid/icons/download'
import { A } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import { auditKindNames, auditKinds } from '#domain/audit-kinds.ts'
import type { auditSubjectWords } from '#domain/audit-words.ts'
import { api, type AuditEntry } from '../api.ts'
import { formatDate } from '../format.ts'
import { locale, t, timeZone } from '../i18n.ts'
import { PersonField } from '../people/person-field.tsx'
import { queryKeys } from '../query-keys.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { PagedTable } from '../ui/paged-table.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { Select } from '../ui/select.tsx'
import type { TableColumn } from '../ui/table.tsx'
import { DateField } from '../ui/text-field.tsx'
import { useAuditAddress } from './audit-address.ts'
import { AuditActor, AuditPanel } from './audit-panel.tsx'
import { AuditSubjectLink } from './audit-subject-link.tsx'

/** `/parametres/journal`: who did what, newest first. */
export default function AuditPage() {
  const address = useAuditAddress()
  const list = useQuery(() => ({
    queryKey: queryKeys.audit(address.query()),
    queryFn: ({ signal }) => api.audit(address.query(), signal),
    placeholderData: keepPreviousData,
  }))
  const [opened, setOpened] = createSignal<AuditEntry>()
  /** Of an address that was opened, whose id says nothing: as the entries found name them. */
  const personName = () => {
    const entry = list.data?.items.find(({ actor }) => actor.id === address.person())
    return entry ? plainName(entry.actor.name) : t('audit.this_person')
  }
  const subjectName = (type: keyof typeof auditSubjectWords) => {
    const { subject_id: id } = address.query()
    const entry = list.data?.items.find(({ subject }) => subject?.type === type && subject.id === id)
    return plainName(entry?.subject?.name ?? '') || t(`audit.about.${type}`)
  }
  const columns: readonly TableColumn<AuditEntry>[] = [
    {
      key: 'at',
      label: () => t('audit.column.at'),
      class: 'whitespace-nowrap',
      from: 'sm',
      cell: (entry) => (
        <time datetime={entry.at}>{formatDate(entry.at, 'dateTime', locale(), timeZone())}</time>
      ),
    },
    {
      key: 'kind',
      label: () => t('audit.column.kind'),
      cell: (entry) => (
        <>
          <button
            type="button"
            class="text-left font-medium underline-offset-4 hover:underline"
            onClick={() => setOpened(entry)}
          >
            {entry.description}
          </button>
          <span class="block text-xs text-faint sm:hidden">
            {formatDate(entry.at, 'dateTime', locale(), timeZone())}
          </span>
        </>
      ),
    },
    { key: 'actor', label: () => t('audit.column.actor'), cell: (entry) => <AuditActor entry={entry} /> },
    {
      key: 'subject',
      label: () => t('audit.column.subject'),
      from: 'md',
      cell: (entry) => <Show when={entry.subject}>{(one) => <AuditSubjectLink subject={one()} />}</Show>,
    },
    {
      key: 'address',
      label: () => t('audit.column.address'),
      from: 'lg',
      cell: (entry) => <>{entry.ip_address}</>,
    },
  ]
  return (
    <>
      <PageHeader
        title={t('audit.title')}
        lead={t('audit.lead')}
        actions={
          <A href={address.exportHref()} class={buttonClass()}>
            <Download aria-hidden="true" class="-ml-0.5 size-4" />
            {t('audit.export')}
          </A>
        }
      />
      <div class="flex flex-wrap items-center gap-x-4 gap-y-3">
        <SearchField hint={t('audit.search_hint')} value={address.typed()} onChange={address.setTyped} />
        <Select<string>
          label={t('audit.column.kind')}
          hideLabel
          class="w-full sm:w-56"
          value={address.kind() ?? ''}
          options={[
            { value: '', label: t('audit.any_kind') },
            ...auditKindNames.map((kind) => ({ value: kind, label: auditKinds[kind][locale()] })),
          ]}
          onChange={(action) => address.change({ action })}
        />
        <PersonField
          label={t('audit.person')}
          anybody={t('audit.any_person')}
          class="w-full sm:w-60"
          value={address.person()}
          name={personName()}
          onChange={(personne) => address.change({ personne })}
        />
      </div>
      <div role="group" aria-label={t('audit.period')} class="grid grid-cols-2 gap-x-4 sm:flex">
        <DateField
          label={t('filters.from')}
          value={address.day('du')}
          onChange={(du) => address.change({ du })}
        />
        <DateField
          label={t('filters.to')}
          value={address.day('au')}
          error={address.isReversed() ? t('audit.order') : undefined}
          onChange={(au) => address.change({ au })}
        />
      </div>
      <Show when={address.subjectType()}>
        {(type) => (
          <Button
            size="small"
            icon={<X />}
            class="max-w-full self-start"
            onClick={() => address.change({ subject_type: '', subject_id: '' })}
          >
            <span class="truncate">{t('audit.about', { name: subjectName(type()) })}</span>
          </Button>
        )}
      </Show>
      <PagedTable
        list={list}
        address={address}
        caption={t('audit.title')}
        columns={columns}
        rowKey={({ id }) => id}
        onOpenRow={setOpened}
        empty={
          <EmptyState
            icon={<SearchX />}
            title={t('audit.none')}
            action={<Button onClick={() => address.clear()}>{t('scheduled.clear_filters')}</Button>}
          >
            {t('scheduled.none_found.detail')}
          </EmptyState>
        }
      />
      <Show when={opened()}>
        {(entry) => <AuditPanel entry={entry()} onClose={() => setOpened(undefined)} />}
      </Show>
    </>
  )
}

/** « Camille Martin » of « Camille Martin <camille@exemple.fr> ». */
function plainName(name: string): string {
  return name.replace(/ <[^<>]*>$/, '')
}
