import type { ParentProps } from 'solid-js'
import type { SearchAddress } from '../page-address.ts'
import { SearchField } from './search-field.tsx'
import { Select, type SelectOption } from './select.tsx'

interface SearchToolbarProps<State extends string> {
  address: SearchAddress<State>
  /** What can be searched for. */
  hint: string
  stateLabel: string
  /** The first stands for all of them. */
  states: readonly [SelectOption<'any'>, ...SelectOption<State>[]]
}

/** Above a list: its search, and its filter by state, which stands in the address as `etat`. More filters follow. */
export function SearchToolbar<State extends string>(props: ParentProps<SearchToolbarProps<State>>) {
  return (
    <div class="flex flex-wrap items-center gap-x-4 gap-y-3">
      <SearchField
        hint={props.hint}
        value={props.address.typed()}
        onChange={(text) => props.address.setTyped(text)}
      />
      <Select<State | 'any'>
        label={props.stateLabel}
        hideLabel
        class="w-full sm:w-52"
        value={props.address.state() ?? 'any'}
        options={props.states}
        onChange={(value) => props.address.setState(value === 'any' ? undefined : value)}
      />
      {props.children}
    </div>
  )
}
