import { debounce } from '@solid-primitives/scheduled'
import { createMemo, createSignal, createUniqueId, For, Show } from 'solid-js'
import type { RelativePeriod } from '#domain/report-type.ts'
import type { ReportType } from '../api.ts'
import { t } from '../i18n.ts'
import { useFilterOptions } from '../report-type-queries.ts'
import { Combobox } from '../ui/combobox.tsx'
import { DateField, TextField } from '../ui/text-field.tsx'
import { filterFault, type FilterDescription, type FilterValues } from './filter-words.ts'
import { FieldError } from '../ui/field.tsx'
import { MultiCombobox } from '../ui/multi-combobox.tsx'
import { Select } from '../ui/select.tsx'

export interface FilterFieldProps {
  /** The report type's key: choices are asked of the service under it. */
  type: string
  filter: FilterDescription
  /** As the API takes it; undefined: this filter is not used. May be half-typed, see `filterFault`. */
  value: unknown
  onChange: (value: unknown) => void
  /** What the service said about it; what is wrong while typing is found here. */
  error?: string
  /** What a relative period is counted from. */
  periodHint?: string
  class?: string
}

/** The value of one filter, by the control its kind wants. */
export function FilterField(props: FilterFieldProps) {
  const fault = () => filterFault(props.filter, props.value) ?? props.error
  const field = {
    get label() {
      return props.filter.label
    },
    get error() {
      return fault()
    },
    get class() {
      return props.class
    },
  }
  switch (props.filter.kind) {
    case 'period':
      return <PeriodField {...props} error={fault()} />
    case 'one_of':
      return <OneOfField {...props} error={fault()} />
    case 'many_of':
      return <ManyOfField {...props} error={fault()} />
    case 'number_range':
      return <RangeField {...props} error={fault()} />
    case 'boolean':
      return (
        <Select
          {...field}
          value={props.value === true ? 'yes' : props.value === false ? 'no' : 'any'}
          options={[
            { value: 'any', label: t('filters.any') },
            { value: 'yes', label: t('filters.yes') },
            { value: 'no', label: t('filters.no') },
          ]}
          onChange={(choice) => props.onChange(choice === 'any' ? undefined : choice === 'yes')}
        />
      )
    case 'contains':
      return (
        <TextField
          {...field}
          type="search"
          value={typeof props.value === 'string' ? props.value : ''}
          placeholder={t('filters.contains')}
          onChange={(text) => props.onChange(text === '' ? undefined : text)}
        />
      )
  }
}

export interface FilterFieldsProps {
  type: ReportType
  value: FilterValues
  /** All filters in use, the changed one among them. */
  onChange: (value: Record<string, unknown>) => void
  errorAt?: (filter: string) => string | undefined
  periodHint?: string
  class?: string
}

/** Every filter of a report type. */
export function FilterFields(props: FilterFieldsProps) {
  return (
    <div class={props.class ?? 'grid gap-x-4 gap-y-4 sm:grid-cols-2'}>
      <For each={props.type.filters}>
        {(filter) => (
          <FilterField
            type={props.type.key}
            filter={filter}
            value={props.value[filter.key]}
            error={props.errorAt?.(filter.key)}
            periodHint={props.periodHint}
            onChange={(value) => props.onChange(withFilter(props.value, filter.key, value))}
          />
        )}
      </For>
    </div>
  )
}

/** The filters with one changed; one that is not used has no key. */
export function withFilter(values: FilterValues, key: string, value: unknown): Record<string, unknown> {
  const { [key]: _, ...others } = values
  return value === undefined ? others : { ...others, [key]: value }
}

interface Period {
  relative?: RelativePeriod
  from?: string
  to?: string
}

function PeriodField(props: FilterFieldProps) {
  const period = (): Period => (typeof props.value === 'object' && props.value !== null ? props.value : {})
  const form = () => {
    if (props.value === undefined) return 'any'
    return period().relative ?? 'exact'
  }
  const choose = (choice: RelativePeriod | 'any' | 'exact') => {
    if (choice === 'any') props.onChange(undefined)
    else if (choice === 'exact') props.onChange(thisMonth())
    else props.onChange({ relative: choice })
  }
  const set = (part: Period) => props.onChange({ from: '', to: '', ...period(), ...part })
  return (
    <div class={`flex min-w-0 flex-col gap-2 ${props.class ?? ''}`}>
      <Select
        label={props.filter.label}
        value={form()}
        hint={period().relative ? props.periodHint : undefined}
        options={[
          { value: 'any', label: t('filters.any_date') },
          ...(props.filter.relative ?? []).map((value) => ({ value, label: t(`period.${value}`) })),
          { value: 'exact', label: t('filters.exact') },
        ]}
        onChange={choose}
      />
      <Show when={form() === 'exact'}>
        <div role="group" aria-label={props.filter.label} class="grid grid-cols-2 gap-2">
          <DateField
            label={t('filters.from')}
            value={period().from ?? ''}
            max={period().to || undefined}
            onChange={(from) => set({ from })}
          />
          <DateField
            label={t('filters.to')}
            value={period().to ?? ''}
            min={period().from || undefined}
            onChange={(to) => set({ to })}
          />
        </div>
      </Show>
      <FieldError id={`${props.type}-${props.filter.key}-error`} text={props.error} />
    </div>
  )
}

/** From the first of this month to today: something to start from. */
function thisMonth(): { from: string; to: string } {
  const now = new Date()
  const [year, month, day] = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
  const text = (dayOfMonth: number) =>
    `${year}-${String(month).padStart(2, '0')}-${String(dayOfMonth).padStart(2, '0')}`
  return { from: text(1), to: text(day) }
}

/** The choices of a filter: its fixed list, or those the service finds for what is typed. */
function useChoices(props: FilterFieldProps) {
  const [typed, setTyped] = createSignal('')
  const search = debounce((text: string) => setTyped(text.trim()), 200)
  const answer = useFilterOptions(
    () => props.type,
    () => props.filter.key,
    typed,
    () => props.filter.options === null,
  )
  const options = createMemo(() => props.filter.options ?? answer.data?.items ?? [])
  const note = () => {
    if (answer.isError) return t('filters.options_failed')
    return answer.data?.truncated ? t('filters.search_more') : undefined
  }
  return {
    options,
    note,
    search,
    isSearching: () => typed() !== '',
    isLong: () => props.filter.options === null,
  }
}

function OneOfField(props: FilterFieldProps) {
  const choices = useChoices(props)
  const value = () => (typeof props.value === 'string' ? props.value : null)
  /** « Tous » is a choice too, but not a search result. */
  const options = () =>
    choices.isSearching() ? choices.options() : [{ value: '', label: t('filters.any') }, ...choices.options()]
  const change = (chosen: string | null) => props.onChange(chosen ? chosen : undefined)
  return (
    <Show
      when={choices.isLong()}
      fallback={
        <Select
          label={props.filter.label}
          error={props.error}
          class={props.class}
          value={value() ?? ''}
          options={options()}
          onChange={change}
        />
      }
    >
      <Combobox
        label={props.filter.label}
        error={props.error}
        hint={choices.note()}
        class={props.class}
        value={value()}
        options={options()}
        placeholder={t('filters.any')}
        onSearch={choices.search}
        onChange={change}
      />
    </Show>
  )
}

function ManyOfField(props: FilterFieldProps) {
  const choices = useChoices(props)
  return (
    <MultiCombobox
      label={props.filter.label}
      error={props.error}
      class={props.class}
      values={Array.isArray(props.value) ? props.value : []}
      options={choices.options()}
      onSearch={choices.isLong() ? choices.search : undefined}
      note={choices.note()}
      onChange={(values) => props.onChange(values.length > 0 ? values : undefined)}
    />
  )
}

interface Bounds {
  min?: unknown
  max?: unknown
}

function RangeField(props: FilterFieldProps) {
  const id = createUniqueId()
  const bounds = (): Bounds => (typeof props.value === 'object' && props.value !== null ? props.value : {})
  const set = (bound: 'min' | 'max', text: string) => {
    const { [bound]: _, ...other } = bounds()
    const next = text === '' ? other : { ...other, [bound]: Number(text) }
    props.onChange(Object.keys(next).length > 0 ? next : undefined)
  }
  const shown = (bound: unknown) => (typeof bound === 'number' && Number.isFinite(bound) ? String(bound) : '')
  return (
    <div
      role="group"
      aria-labelledby={`${id}-label`}
      aria-describedby={`${id}-error`}
      class={`flex min-w-0 flex-col gap-1.5 ${props.class ?? ''}`}
    >
      <span id={`${id}-label`} class="font-medium text-ink">
        {props.filter.label}
      </span>
      <div class="grid grid-cols-2 gap-2">
        <For each={['min', 'max'] as const}>
          {(bound) => (
            <TextField
              label={t(`filters.${bound}`)}
              hideLabel
              type="number"
              step="any"
              inputmode="decimal"
              placeholder={t(`filters.${bound}`)}
              aria-invalid={props.error ? true : undefined}
              value={shown(bounds()[bound])}
              onChange={(text) => set(bound, text)}
            />
          )}
        </For>
      </div>
      <FieldError id={`${id}-error`} text={props.error} />
    </div>
  )
}
