import { Combobox as Base } from '@kobalte/core/combobox'
import Check from 'lucide-solid/icons/check'
import ChevronsUpDown from 'lucide-solid/icons/chevrons-up-down'
import X from 'lucide-solid/icons/x'
import { createMemo, createSignal, createUniqueId, For, Show } from 'solid-js'
import { t } from '../i18n.ts'
import { announcements, plain, type ComboboxOption } from './combobox.tsx'
import { FieldError, type FieldProps } from './field.tsx'
import { popupHome } from './overlay.ts'

export interface MultiComboboxProps extends FieldProps {
  values: readonly string[]
  options: readonly ComboboxOption[]
  onChange: (values: string[]) => void
  placeholder?: string
  disabled?: boolean
  /** Given: the owner finds the options (a search on the service); else they are narrowed here. */
  onSearch?: (text: string) => void
  /** Beneath the choices: that there are more, or that they could not be read. */
  note?: string
}

/** At most this many choices are laid out at once: typing narrows to the rest. */
const mostShown = 100

/** Several choices out of many, found by typing; what is chosen stands in the field as chips. */
export function MultiCombobox(props: MultiComboboxProps) {
  const id = createUniqueId()
  const [typed, setTyped] = createSignal('')
  /** A search leaves out chosen options: what they were called is remembered. */
  const known = new Map<string, ComboboxOption>()
  const optionOf = (value: string) => {
    const found = props.options.find((option) => option.value === value) ?? known.get(value)
    if (found) known.set(value, found)
    return found ?? { value, label: value }
  }
  // The same list as long as it reads the same: another one would empty the field in the middle of a word.
  const chosen = createMemo(() => props.values.map(optionOf), [], {
    equals: (before, after) =>
      before.length === after.length &&
      before.every((option, index) => {
        const other = after[index]
        return option.value === other?.value && option.label === other.label
      }),
  })
  const shown = createMemo(() => {
    const words = plain(typed()).split(/\s+/).filter(Boolean)
    const matches =
      props.onSearch || words.length === 0
        ? props.options
        : props.options.filter((option) => words.every((word) => plain(option.label).includes(word)))
    return matches.slice(0, mostShown)
  })
  const found = createMemo(() => new Set(shown().map(({ value }) => value)))
  const search = (text: string) => {
    setTyped(text)
    props.onSearch?.(text)
  }
  return (
    <Base<ComboboxOption>
      multiple
      class={`flex min-w-0 flex-col gap-1.5 ${props.class ?? ''}`}
      // The chosen ones must be among the options, or choosing another would drop them.
      options={[...shown(), ...chosen().filter(({ value }) => !found().has(value))]}
      optionValue="value"
      optionTextValue="label"
      optionLabel="label"
      value={chosen()}
      onChange={(options) => props.onChange(options.map(({ value }) => value))}
      onInputChange={search}
      defaultFilter={(option) => found().has(option.value)}
      triggerMode="focus"
      disabled={props.disabled}
      validationState={props.error ? 'invalid' : 'valid'}
      gutter={4}
      sameWidth
      translations={announcements}
      allowsEmptyCollection
      closeOnSelection={false}
      itemComponent={(item) => (
        <Base.Item
          item={item.item}
          class="flex cursor-pointer items-center gap-2 rounded-md px-2.5 py-1.5 outline-none data-highlighted:bg-hover"
        >
          <span
            aria-hidden="true"
            class="grid size-4 shrink-0 place-items-center rounded-[0.3125rem] border border-line-strong text-on-accent [[data-selected]>&]:border-accent [[data-selected]>&]:bg-accent"
          >
            <Base.ItemIndicator>
              <Check class="size-3 stroke-[3]" />
            </Base.ItemIndicator>
          </span>
          <Base.ItemLabel class="min-w-0 flex-1 truncate">{item.item.rawValue.label}</Base.ItemLabel>
          <Show when={item.item.rawValue.detail}>
            <span class="shrink-0 text-xs text-faint">{item.item.rawValue.detail}</span>
          </Show>
        </Base.Item>
      )}
    >
      <Base.Label class={props.hideLabel ? 'sr-only' : 'font-medium text-ink'}>{props.label}</Base.Label>
      <Base.Control<ComboboxOption> class="control relative flex flex-wrap items-center gap-1 py-1 pr-8 pl-1.5">
        {(state) => (
          <>
            <For each={state.selectedOptions()}>
              {(option) => (
                <span class="inline-flex max-w-full items-center rounded-md bg-sunken text-[0.8125rem] inset-ring inset-ring-line">
                  <span class="truncate py-0.5 pl-2">{option.label}</span>
                  <button
                    type="button"
                    aria-label={t('filters.remove', { value: option.label })}
                    class="grid size-6 shrink-0 place-items-center rounded-md text-soft hover:text-ink"
                    disabled={props.disabled}
                    onClick={() => state.remove(option)}
                  >
                    <X aria-hidden="true" class="size-3.5" />
                  </button>
                </span>
              )}
            </For>
            <Base.Input
              class="min-w-16 flex-1 bg-transparent px-1 py-0.5 outline-none"
              placeholder={props.values.length === 0 ? (props.placeholder ?? t('filters.any')) : undefined}
              aria-describedby={`${id}-hint ${id}-error`}
              aria-invalid={props.error ? true : undefined}
              onKeyDown={(event) => {
                // Escape closes the list; the dialog around it must not take it for its own.
                if (event.key === 'Escape' && event.currentTarget.getAttribute('aria-expanded') === 'true') {
                  event.preventDefault()
                }
              }}
            />
            <ChevronsUpDown
              aria-hidden="true"
              class="pointer-events-none absolute top-2.5 right-2.5 size-4 text-faint"
            />
          </>
        )}
      </Base.Control>
      <Show when={props.hint}>
        <p id={`${id}-hint`} class="text-xs text-faint">
          {props.hint}
        </p>
      </Show>
      <FieldError id={`${id}-error`} text={props.error} />
      <Base.Portal mount={popupHome()}>
        {/* The focus stays in the field while one chooses: it would go to what is around the list, and close it. */}
        <Base.Content
          class="z-50 animate-appear rounded-lg border border-line bg-raised p-1 shadow-high"
          onMouseDown={(event: MouseEvent) => event.preventDefault()}
        >
          <Base.Listbox class="max-h-64 overflow-y-auto overscroll-contain" />
          <Show when={shown().length === 0}>
            <p class="px-2.5 py-1.5 text-faint">{t('combobox.none')}</p>
          </Show>
          <Show when={props.note}>
            <p class="border-t border-line px-2.5 py-1.5 text-xs text-faint">{props.note}</p>
          </Show>
        </Base.Content>
      </Base.Portal>
    </Base>
  )
}
