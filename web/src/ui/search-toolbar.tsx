import { useSearchParams } from '@solidjs/router'
import Search from 'lucide-solid/icons/search'
import type { ParentProps } from 'solid-js'
import { t } from '../i18n.ts'
import { Select, type SelectOption } from './select.tsx'
import { TextField } from './text-field.tsx'

interface SearchToolbarProps<State extends string> {
  typed: string
  onType: (text: string) => void
  /** What can be searched for. */
  hint: string
  stateLabel: string
  state: State | undefined
  /** The first stands for all of them. */
  states: readonly [SelectOption<'any'>, ...SelectOption<State>[]]
}

/** Above a list: its search, and its filter by state, which stands in the address as `etat`. More filters follow. */
export function SearchToolbar<State extends string>(props: ParentProps<SearchToolbarProps<State>>) {
  const [, setSearch] = useSearchParams<{ etat: string; page: string }>()
  return (
    <div class="flex flex-wrap items-center gap-x-4 gap-y-3">
      <TextField
        label={t('scheduled.search')}
        hideLabel
        type="search"
        icon={<Search />}
        class="w-full sm:w-72"
        placeholder={props.hint}
        maxLength={200}
        value={props.typed}
        onChange={(text) => props.onType(text)}
      />
      <Select<State | 'any'>
        label={props.stateLabel}
        hideLabel
        class="w-full sm:w-52"
        value={props.state ?? 'any'}
        options={props.states}
        onChange={(value) =>
          setSearch({ etat: value === 'any' ? undefined : value, page: undefined }, { replace: true })
        }
      />
      {props.children}
    </div>
  )
}
