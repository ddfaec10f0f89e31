import SearchX from 'lucide-solid/icons/search-x'
import UserRoundCheck from 'lucide-solid/icons/user-round-check'
import UserRoundPlus from 'lucide-solid/icons/user-round-plus'
import UserRoundX from 'lucide-solid/icons/user-round-x'
import { createSignal, Show } from 'solid-js'
import type { UserJson, UsersQuery } from '../api.ts'
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
import { AnonymiseDialog } from './anonymise-dialog.tsx'
import { EditPersonDialog } from './edit-person-dialog.tsx'
import { HandOverDialog } from './hand-over-dialog.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import { useAttributes, useInviteAgain, useSetActive, useUsers } from './people-queries.ts'
import { PersonMenu, type PersonDialog } from './person-menu.tsx'
import { PersonState } from './person-state.tsx'

const states = ['active', 'inactive'] as const

/** `/parametres/personnes`: who has an account, what they may do and see, and inviting somebody. */
export default function PeoplePage() {
  const me = useMe()
  const setActive = useSetActive()
  const inviteAgain = useInviteAgain()
  const attributes = useAttributes()
  const search = useSearchAddress(states)
  const address = usePageAddress()
  const query = (): UsersQuery => ({
    page: address.page(),
    page_size: pageSize,
    q: search.text(),
    active: search.state() && search.state() === 'active',
  })
  const list = useUsers(query)

  const [inviting, setInviting] = createSignal(false)
  const [dialog, setDialog] = createSignal<PersonDialog>()
  const [picked, setPicked] = createSignal<UserJson>()
  /** As they are now: what a dialog says will follow is read again while it is open. */
  const current = () => list.data?.items.find(({ id }) => id === picked()?.id) ?? picked()
  const open = (person: UserJson, wanted: PersonDialog) => {
    setActive.reset()
    setPicked(person)
    setDialog(wanted)
    void list.refetch()
  }
  const close = () => setDialog(undefined)
  const sendAgain = (person: UserJson) =>
    inviteAgain.mutate(person, {
      onSuccess: () => toast(t('people.invited_toast', { email: person.email })),
      onError: (error) => toastError(error, { onRetry: () => sendAgain(person) }),
    })
  const reactivate = (person: UserJson) =>
    setActive.mutate(
      { id: person.id, active: true },
      {
        onSuccess: () => toast(t('people.reactivated_toast', { name: person.name })),
        onError: (error) => toastError(error, { onRetry: () => reactivate(person) }),
      },
    )
  const deactivate = () => {
    const person = current()
    if (!person) return
    setActive.mutate(
      { id: person.id, active: false },
      {
        onSuccess: () => {
          close()
          toast(t('people.deactivated_toast', { name: person.name }))
        },
      },
    )
  }
  /** « Province : Kasaï », by the titles that the report types give. */
  const restrictions = (person: UserJson) =>
    Object.entries(person.attributes)
      .map(([name, value]) => {
        const title = attributes.data?.find(({ attribute }) => attribute === name)?.title ?? name
        return t('people.attribute', { title, value })
      })
      .join(' · ')
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
          <Show when={!person.anonymised}>
            <span class="text-xs break-all text-faint">{person.email}</span>
          </Show>
          <Show when={Object.keys(person.attributes).length > 0}>
            <span class="text-xs wrap-anywhere text-soft">{restrictions(person)}</span>
          </Show>
          {/* What its columns have no room for; once in the page, so that nothing finds it twice. */}
          <Show when={!isWide()}>
            <span class="text-xs text-faint">
              {t('people.scheduled', { count: person.scheduled_reports })}
            </span>
            <Show when={!person.active || person.joined_at === null}>
              <span class="mt-1">
                <PersonState person={person} />
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
      cell: (person) => <PersonState person={person} />,
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
        <div class="flex items-center justify-end gap-1">
          <Show when={!person.anonymised}>
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
                  onClick={() => open(person, 'deactivate')}
                >
                  {t('people.deactivate')}
                </Button>
              </Show>
            </Show>
            <PersonMenu
              person={person}
              isOneself={person.id === me.data?.id}
              onOpen={(wanted) => open(person, wanted)}
              onInviteAgain={() => sendAgain(person)}
            />
          </Show>
        </div>
      ),
    },
  ]
  return (
    <>
      <PageHeader
        title={t('people.title')}
        lead={t('people.lead')}
        actions={
          <Button kind="primary" icon={<UserRoundPlus />} onClick={() => setInviting(true)}>
            {t('people.invite')}
          </Button>
        }
      />
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
      <InviteDialog open={inviting()} onClose={() => setInviting(false)} />
      <Show when={current()}>
        {(person) => (
          <>
            <EditPersonDialog open={dialog() === 'edit'} person={person()} onClose={close} />
            <HandOverDialog open={dialog() === 'hand-over'} person={person()} onClose={close} />
            <AnonymiseDialog open={dialog() === 'anonymise'} person={person()} onClose={close} />
          </>
        )}
      </Show>
      <ConfirmDialog
        open={dialog() === 'deactivate'}
        title={t('people.confirm.title', { name: current()?.name ?? '' })}
        confirmLabel={t('people.deactivate')}
        danger
        busy={setActive.isPending}
        error={setActive.error}
        onClose={close}
        onConfirm={deactivate}
      >
        <p>{t('people.confirm.account')}</p>
        <p class="font-medium text-ink">
          {t('people.confirm.scheduled', { count: current()?.enabled_scheduled_reports ?? 0 })}
        </p>
        <Show when={(current()?.enabled_scheduled_reports ?? 0) > 0}>
          <p>{t('people.confirm.after', { count: current()?.enabled_scheduled_reports ?? 0 })}</p>
        </Show>
      </ConfirmDialog>
    </>
  )
}
