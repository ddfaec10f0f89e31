import SearchX from 'lucide-solid/icons/search-x'
import UserRoundCheck from 'lucide-solid/icons/user-round-check'
import UserRoundX from 'lucide-solid/icons/user-round-x'
import { createSignal, Show } from 'solid-js'
import type { UserJson, UsersQuery } from '../api.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { PagedTable } from '../ui/paged-table.tsx'
import { SearchToolbar } from '../ui/search-toolbar.tsx'
import { type TableColumn, createMediaQuery } from '../ui/table.tsx'
import { toast, toastError } from '../ui/toast.tsx'
import { formatNumber } from '../format.ts'
import { locale, t } from '../i18n.ts'
import { pageSize, usePageAddress, useSearchAddress } from '../page-address.ts'
import { useMe } from '../account-queries.ts'
import { useSetActive, useUsers } from './people-queries.ts'

const states = ['active', 'inactive'] as const

/** `/parametres/personnes`: who has an account, and closing one. */
export default function PeoplePage() {
  const me = useMe()
  const setActive = useSetActive()
  const search = useSearchAddress(states)
  const address = usePageAddress()
  const query = (): UsersQuery => ({
    page: address.page(),
    page_size: pageSize,
    q: search.text(),
    active: search.state() && search.state() === 'active',
  })
  const list = useUsers(query)

  const [picked, setPicked] = createSignal<UserJson>()
  /** As it is now: what the question says will be paused is read again while it is asked. */
  const closing = () => list.data?.items.find(({ id }) => id === picked()?.id) ?? picked()
  const [closingOpen, setClosingOpen] = createSignal(false)
  const ask = (person: UserJson) => {
    setActive.reset()
    setPicked(person)
    setClosingOpen(true)
    void list.refetch()
  }
  const reactivate = (person: UserJson) =>
    setActive.mutate(
      { id: person.id, active: true },
      {
        onSuccess: ({ name }) => toast(t('people.reactivated_toast', { name })),
        onError: (error) => toastError(error, { onRetry: () => reactivate(person) }),
      },
    )
  const deactivate = () => {
    const person = closing()
    if (!person) return
    setActive.mutate(
      { id: person.id, active: false },
      {
        onSuccess: ({ name }) => {
          setClosingOpen(false)
          toast(t('people.deactivated_toast', { name }))
        },
      },
    )
  }
  const isWide = createMediaQuery('(width >= 40rem)')
  const isBusy = (person: UserJson) => setActive.isPending && setActive.variables?.id === person.id

  const columns: readonly TableColumn<UserJson>[] = [
    {
      key: 'name',
      label: () => t('people.column.name'),
      class: 'sm:min-w-48',
      cell: (person) => (
        <span class="flex min-w-0 flex-col py-0.5">
          <span class="font-medium text-ink">
            {person.id === me.data?.id ? t('owner.oneself', { name: person.name }) : person.name}
          </span>
          <span class="text-xs break-all text-faint">{person.email}</span>
          {/* What its columns have no room for; once in the page, so that nothing finds it twice. */}
          <Show when={!isWide()}>
            <span class="text-xs text-faint">
              {t('people.scheduled', { count: person.scheduled_reports })}
            </span>
            <Show when={!person.active}>
              <span class="mt-1">
                <State person={person} />
              </span>
            </Show>
          </Show>
        </span>
      ),
    },
    {
      key: 'role',
      label: () => t('people.column.role'),
      class: 'whitespace-nowrap',
      from: 'md',
      cell: (person) => <>{t(`people.role.${person.role}`)}</>,
    },
    {
      key: 'state',
      label: () => t('people.column.state'),
      class: 'whitespace-nowrap',
      from: 'sm',
      cell: (person) => <State person={person} />,
    },
    {
      key: 'scheduled',
      label: () => t('people.column.scheduled'),
      align: 'right',
      from: 'sm',
      cell: (person) => <>{formatNumber(person.scheduled_reports, locale())}</>,
    },
    {
      key: 'actions',
      label: () => t('scheduled.column.actions'),
      hideLabel: true,
      align: 'right',
      class: 'whitespace-nowrap',
      cell: (person) => (
        <Show when={person.id !== me.data?.id}>
          <Show
            when={person.active}
            fallback={
              <Button
                size="small"
                icon={<UserRoundCheck />}
                busy={isBusy(person)}
                aria-label={t('people.reactivate_whom', { name: person.name })}
                onClick={() => reactivate(person)}
              >
                {t('people.reactivate')}
              </Button>
            }
          >
            <Button
              size="small"
              kind="quiet"
              icon={<UserRoundX />}
              aria-label={t('people.deactivate_whom', { name: person.name })}
              onClick={() => ask(person)}
            >
              {t('people.deactivate')}
            </Button>
          </Show>
        </Show>
      ),
    },
  ]
  return (
    <>
      <PageHeader title={t('people.title')} lead={t('people.lead')} />
      <SearchToolbar
        address={search}
        hint={t('people.search_hint')}
        stateLabel={t('people.column.state')}
        states={[
          { value: 'any', label: t('people.filter.any') },
          ...states.map((one) => ({ value: one, label: t(`people.filter.${one}`) })),
        ]}
      />
      <PagedTable
        list={list}
        address={address}
        caption={t('people.title')}
        columns={columns}
        rowKey={({ id }) => id}
        skeletonRows={5}
        empty={
          <EmptyState
            icon={<SearchX />}
            title={t('people.none_found')}
            action={<Button onClick={() => search.clear()}>{t('scheduled.clear_filters')}</Button>}
          >
            {t('scheduled.none_found.detail')}
          </EmptyState>
        }
      />
      <ConfirmDialog
        open={closingOpen()}
        title={t('people.confirm.title', { name: closing()?.name ?? '' })}
        confirmLabel={t('people.deactivate')}
        danger
        busy={setActive.isPending}
        error={setActive.error}
        onClose={() => setClosingOpen(false)}
        onConfirm={deactivate}
      >
        <p>{t('people.confirm.account')}</p>
        <p class="font-medium text-ink">
          {t('people.confirm.scheduled', { count: closing()?.enabled_scheduled_reports ?? 0 })}
        </p>
        <Show when={(closing()?.enabled_scheduled_reports ?? 0) > 0}>
          <p>{t('people.confirm.after', { count: closing()?.enabled_scheduled_reports ?? 0 })}</p>
        </Show>
      </ConfirmDialog>
    </>
  )
}

function State(props: { person: UserJson }) {
  return (
    <Show when={props.person.active} fallback={<Badge tone="outline">{t('people.inactive')}</Badge>}>
      <Badge tone="green">{t('people.active')}</Badge>
    </Show>
  )
}
