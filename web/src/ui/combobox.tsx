import { Combobox as Base } from '@kobalte/core/combobox'
import Check from 'lucide-solid/icons/check'
import ChevronsUpDown from 'lucide-solid/icons/chevrons-up-down'
import { createMemo, createSignal, createUniqueId, Show } from 'solid-js'
import { t } from '../i18n.ts'
import { popupHome } from './overlay.ts'
import { FieldError, type FieldProps } from './field.tsx'

export interface ComboboxOption {
  value: string
  label: string
  /** Beside the label, quieter. */
  detail?: string
}

export interface ComboboxProps extends FieldProps {
  value: string | null
  options: readonly ComboboxOption[]
  onChange: (value: string | null) => void
  placeholder?: string
  disabled?: boolean
  /** Given: the owner finds the options (a search on the service); else they are narrowed here. */
  onSearch?: (text: string) => void
}

/** At most this many choices are laid out at once: typing narrows to the rest. */
const mostShown = 80

/** One choice out of many, found by typing: accents and capitals do not matter. */
export function Combobox(props: ComboboxProps) {
  const id = createUniqueId()
  const [typed, setTyped] = createSignal('')
  // A search leaves out what is chosen: it keeps the name it had, and is the same option as long as it reads the same
  // (another one would put its name back into the field in the middle of a word).
  const chosen = createMemo<ComboboxOption | null>(
    (before) => {
      const { value } = props
      if (!value) return props.options.find((option) => option.value === value) ?? null
      const known = before?.value === value ? before : { value, label: value }
      return props.options.find((option) => option.value === value) ?? known
    },
    null,
    { equals: (before, after) => before?.value === after?.value && before?.label === after?.label },
  )
  const shown = createMemo(() => {
    const words = plain(typed()).split(/\s+/).filter(Boolean)
    const matches =
      props.onSearch || words.length === 0 || typed() === chosen()?.label
        ? props.options
        : props.options.filter((option) => {
            const text = plain(`${option.label} ${option.detail ?? ''} ${option.value}`)
            return words.every((word) => text.includes(word))
          })
    return matches.slice(0, mostShown)
  })
  const found = createMemo(() => new Set(shown().map(({ value }) => value)))
  // What is chosen is always among the options, or the field could not say it.
  const offered = createMemo(() => {
    const option = chosen()
    return option && !found().has(option.value) ? [option, ...shown()] : [...shown()]
  })
  const search = (text: string) => {
    setTyped(text)
    props.onSearch?.(text)
  }
  return (
    <Base<ComboboxOption>
      class={`flex min-w-0 flex-col gap-1.5 ${props.class ?? ''}`}
      options={offered()}
      optionValue="value"
      optionTextValue="label"
      optionLabel="label"
      value={chosen()}
      onChange={(option) => props.onChange(option?.value ?? null)}
      onInputChange={search}
      onOpenChange={(open) => {
        if (!open) search('')
      }}
      defaultFilter={(option) => found().has(option.value)}
      triggerMode="focus"
      placeholder={props.placeholder}
      disabled={props.disabled}
      validationState={props.error ? 'invalid' : 'valid'}
      gutter={4}
      sameWidth
      translations={announcements}
      allowsEmptyCollection
      disallowEmptySelection
      itemComponent={(item) => (
        <Base.Item
          item={item.item}
          class="flex cursor-pointer items-center gap-2 rounded-md px-2.5 py-1.5 outline-none data-highlighted:bg-hover"
        >
          <Base.ItemLabel class="min-w-0 flex-1 truncate">{item.item.rawValue.label}</Base.ItemLabel>
          <Show when={item.item.rawValue.detail}>
            <span class="shrink-0 text-xs text-faint">{item.item.rawValue.detail}</span>
          </Show>
          <Base.ItemIndicator>
            <Check aria-hidden="true" class="size-4 text-accent" />
          </Base.ItemIndicator>
        </Base.Item>
      )}
    >
      <Base.Label class={props.hideLabel ? 'sr-only' : 'font-medium text-ink'}>{props.label}</Base.Label>
      <Base.Control class="relative">
        <Base.Input
          class="control pr-8"
          aria-describedby={`${id}-hint ${id}-error`}
          aria-invalid={props.error ? true : undefined}
          onFocus={(event) => event.currentTarget.select()}
          onKeyDown={(event) => {
            // Escape closes the list; the dialog around it must not take it for its own.
            if (event.key === 'Escape' && event.currentTarget.getAttribute('aria-expanded') === 'true') {
              event.preventDefault()
            }
          }}
        />
        {/* No button of its own: the field opens by itself, and one name means one control. */}
        <ChevronsUpDown
          aria-hidden="true"
          class="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-faint"
        />
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
          {/* Its own name: the field's label means the field alone. */}
          <Base.Listbox
            aria-label={t('combobox.choices')}
            aria-labelledby=""
            class="max-h-64 overflow-y-auto overscroll-contain"
          />
          <Show when={shown().length === 0}>
            <p class="px-2.5 py-1.5 text-faint">{t('combobox.none')}</p>
          </Show>
        </Base.Content>
      </Base.Portal>
    </Base>
  )
}

/** What screen readers say while one chooses. */
export const announcements = {
  focusAnnouncement: (option: string, isChosen: boolean) =>
    isChosen ? t('combobox.chosen', { option }) : option,
  // Typed by Kobalte as its one English sentence.
  countAnnouncement: (count: number) => t('combobox.count', { count }) as 'one option available',
  selectedAnnouncement: (option: string) => t('combobox.chosen', { option }),
  triggerLabel: '',
  get listboxLabel() {
    return t('combobox.choices')
  },
}

/** Lower case, without accents; underscores and slashes are spaces, as people type zones. */
export function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/[_/]/g, ' ')
    .toLowerCase()
}
