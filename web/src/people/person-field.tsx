import { createMemo, createSignal } from 'solid-js'
import { createDebounced } from '../query-client.ts'
import { Combobox } from '../ui/combobox.tsx'
import { useUsers } from './people-queries.ts'

/** As many as a list can be read through; typing finds the others. */
const maxOffered = 50

export interface PersonFieldProps {
  label: string
  /** The choice of no one in particular. */
  anybody: string
  /** The account's id; empty for anybody. */
  value: string
  /** Whose id that is, as far as the page knows, until the account is found. */
  name: string
  onChange: (id: string) => void
  class?: string
}

/** One of all accounts, active or not, found by name or address. */
export function PersonField(props: PersonFieldProps) {
  const [typed, setTyped] = createSignal('')
  const asked = createDebounced(typed, 200)
  const people = useUsers(() => ({ page_size: maxOffered, q: asked().trim() || undefined }))
  const options = createMemo(() => {
    const found = (people.data?.items ?? []).map(({ id, name, email }) => ({
      value: id,
      label: name || email,
      detail: email,
    }))
    const isFound = props.value === '' || found.some(({ value }) => value === props.value)
    const chosen = isFound ? [] : [{ value: props.value, label: props.name }]
    return asked().trim() === ''
      ? [{ value: '', label: props.anybody }, ...chosen, ...found]
      : [...chosen, ...found]
  })
  const chosenLabel = () => options().find(({ value }) => value === props.value)?.label
  return (
    <Combobox
      label={props.label}
      hideLabel
      class={props.class}
      // « Toutes » is no choice of one: while one types, a choice that leaves the list would empty the field.
      value={props.value || null}
      placeholder={props.anybody}
      options={options()}
      onSearch={(text) => setTyped(text === chosenLabel() ? '' : text)}
      onChange={(id) => props.onChange(id ?? '')}
    />
  )
}
