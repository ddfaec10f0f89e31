import { createMemo } from 'solid-js'
import { Combobox } from '../ui/combobox.tsx'
import { createPeopleSearch } from './people-search.ts'

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
  const { found, isSearching, search } = createPeopleSearch()
  const options = createMemo(() => {
    const accounts = found().map(({ id, name, email }) => ({
      value: id,
      label: name || email,
      detail: email,
    }))
    const isFound = props.value === '' || accounts.some(({ value }) => value === props.value)
    const chosen = isFound ? [] : [{ value: props.value, label: props.name }]
    return [...(isSearching() ? [] : [{ value: '', label: props.anybody }]), ...chosen, ...accounts]
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
      onSearch={(text) => search(text, chosenLabel())}
      onChange={(id) => props.onChange(id ?? '')}
    />
  )
}
