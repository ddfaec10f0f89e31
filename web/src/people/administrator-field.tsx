import { createMemo, createSignal, Show } from 'solid-js'
import { useMe } from '../account-queries.ts'
import { t } from '../i18n.ts'
import { createDebounced } from '../query-client.ts'
import { Combobox } from '../ui/combobox.tsx'
import type { ComboboxOption } from '../ui/create-choices.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useUsers } from './people-queries.ts'

/** As many as a list can be read through; typing finds the others. */
const maxOffered = 50

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
  const [typed, setTyped] = createSignal('')
  const asked = createDebounced(typed, 200)
  const people = useUsers(() => ({
    role: 'admin' as const,
    active: true,
    page_size: maxOffered,
    q: asked().trim() || undefined,
  }))
  const options = createMemo(() =>
    (people.data?.items ?? [])
      .filter(({ id }) => id !== props.except)
      .map(({ id, name, email }) => ({
        value: id,
        label: id === me.data?.id ? t('owner.oneself', { name }) : name,
        detail: email,
      })),
  )
  /** No other administrator to give it to, whatever is typed. */
  const isAlone = () => people.isSuccess && asked() === '' && options().length === 0
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
        onSearch={(text) => setTyped(text === props.value?.label ? '' : text)}
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
