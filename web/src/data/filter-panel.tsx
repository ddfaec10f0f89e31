import { debounce } from '@solid-primitives/scheduled'
import { createEffect, createSignal, on } from 'solid-js'
import type { ReportType } from '../api.ts'
import { FilterFields } from '../filters/filter-fields.tsx'
import { filterFault, type FilterValues } from '../filters/filter-words.ts'
import { t } from '../i18n.ts'

export interface FilterPanelProps {
  type: ReportType
  /** Those the rows are found by. */
  filters: FilterValues
  onChange: (filters: FilterValues) => void
}

/** Debounce of typing, before the rows are read again. */
const pauseMs = 350

/** The type's filters. An invalid value stays in the panel; the rows keep the last valid one. */
export function FilterPanel(props: FilterPanelProps) {
  const [draft, setDraft] = createSignal<FilterValues>(props.filters)
  const applicable = (): FilterValues =>
    Object.fromEntries(
      props.type.filters.flatMap((filter) => {
        const typed = draft()[filter.key]
        const value = filterFault(filter, typed) === undefined ? typed : props.filters[filter.key]
        return value === undefined ? [] : [[filter.key, value]]
      }),
    )
  const apply = debounce(() => {
    const next = applicable()
    if (JSON.stringify(next) !== JSON.stringify(props.filters)) props.onChange(next)
  }, pauseMs)
  const change = (values: FilterValues) => {
    setDraft(values)
    apply()
  }
  // Follows changes from outside: a removed chip, the browser's back button.
  createEffect(
    on(
      () => JSON.stringify(props.filters),
      (applied) => {
        if (applied === JSON.stringify(applicable())) return
        apply.clear()
        setDraft(props.filters)
      },
      { defer: true },
    ),
  )
  return (
    <div role="group" aria-label={t('data.filters')} class="border-b border-line bg-sunken/45 px-4 py-4">
      <FilterFields
        type={props.type}
        value={draft()}
        onChange={change}
        class="grid gap-x-4 gap-y-3.5 sm:grid-cols-2 lg:grid-cols-3 xl:grid-cols-4"
      />
    </div>
  )
}
