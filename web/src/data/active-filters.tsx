import X from 'lucide-solid/icons/x'
import { For, Show } from 'solid-js'
import type { ReportType } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { withFilter } from '../filters/filter-fields.tsx'
import { type FilterDescription, type FilterValues, filterWords } from '../filters/filter-words.ts'
import { t } from '../i18n.ts'
import { useFilterOptions } from '../report-type-queries.ts'

export interface ActiveFiltersProps {
  type: ReportType
  filters: FilterValues
  onChange: (filters: FilterValues) => void
}

/** The filters in use, each in words, each with a cross. */
export function ActiveFilters(props: ActiveFiltersProps) {
  const used = () => props.type.filters.filter(({ key }) => props.filters[key] !== undefined)
  return (
    <Show when={used().length > 0}>
      <ul class="flex min-w-0 flex-wrap items-center gap-1.5" aria-label={t('data.filters.active')}>
        <For each={used()}>
          {(filter) => (
            <FilterChip
              type={props.type.key}
              filter={filter}
              value={props.filters[filter.key]}
              onRemove={() => props.onChange(withFilter(props.filters, filter.key, undefined))}
            />
          )}
        </For>
        <Show when={used().length > 1}>
          <li>
            <Button kind="quiet" size="small" onClick={() => props.onChange({})}>
              {t('data.filters.clear')}
            </Button>
          </li>
        </Show>
      </ul>
    </Show>
  )
}

function FilterChip(props: {
  type: string
  filter: FilterDescription
  value: unknown
  onRemove: () => void
}) {
  const isChoice = () => props.filter.kind === 'one_of' || props.filter.kind === 'many_of'
  const options = useFilterOptions(
    () => props.type,
    () => props.filter.key,
    () => '',
    () => isChoice() && props.filter.options === null,
  )
  return (
    <li class="inline-flex max-w-full items-center rounded-lg bg-accent-soft text-[0.8125rem] text-accent-strong">
      <span class="truncate py-1 pl-2.5">
        <span class="font-medium">{props.filter.label}</span>
        <span class="px-1 opacity-60" aria-hidden="true">
          ·
        </span>
        <span class="sr-only"> : </span>
        {filterWords(props.filter, props.value, props.filter.options ?? options.data?.items)}
      </span>
      <button
        type="button"
        aria-label={t('data.filter.remove', { filter: props.filter.label })}
        class="grid size-7 shrink-0 place-items-center rounded-lg opacity-75 hover:opacity-100"
        onClick={() => props.onRemove()}
      >
        <X aria-hidden="true" class="size-3.5" />
      </button>
    </li>
  )
}
