import { createMemo, Show } from 'solid-js'
import { useMe } from '../account-queries.ts'
import { t } from '../i18n.ts'
import { Combobox } from '../ui/combobox.tsx'
import type { ComboboxOption } from '../ui/create-choices.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { createPeopleSearch } from './people-search.ts'

export interface AdministratorFieldProps {
  /** Who has them now, and is not offered. */
  except: string
  value: ComboboxOption | null
  onChange: (administrator: ComboboxOption | null) => void
  hint: string
  error: string | undefined
  /** A try was made: without a choice, one is asked for. */
  attempted: boolean
}

/** To whom scheduled reports are given: an active administrator, found by name or address. */
export function AdministratorField(props: AdministratorFieldProps) {
  const me = useMe()
  const { people, found, isSearching, search } = createPeopleSearch({ role: 'admin', active: true })
  const options = createMemo(() =>
    found()
      .filter(({ id }) => id !== props.except)
      .map(({ id, name, email }) => ({
        value: id,
        label: id === me.data?.id ? t('owner.oneself', { name }) : name,
        detail: email,
      })),
  )
  /** No other administrator to give it to, whatever is typed. */
  const isAlone = () => people.isSuccess && !isSearching() && options().length === 0
  return (
    <>
      <Combobox
        label={t('owner.new')}
        required
        placeholder={t('owner.search')}
        hint={isAlone() ? t('owner.nobody_else') : props.hint}
        error={props.error ?? (props.attempted && !props.value ? t('owner.choose') : undefined)}
        value={props.value?.value ?? null}
        options={options()}
        onSearch={(text) => search(text, props.value?.label)}
        onChange={(value) => props.onChange(options().find((option) => option.value === value) ?? null)}
      />
      <Show when={people.isError}>
        <ErrorNotice
          error={people.error}
          onRetry={() => void people.refetch()}
          retrying={people.isFetching}
        />
      </Show>
    </>
  )
}
