/** What the combobox for one choice and that for several have in common. */

import { Combobox as Base } from '@kobalte/core/combobox'
import { createMemo, createSignal, Show, type Accessor } from 'solid-js'
import { t } from '../i18n.ts'
import { popupHome } from './overlay.ts'

export interface ComboboxOption {
  value: string
  label: string
  /** Beside the label, quieter. */
  detail?: string
}

export interface ChoicesProps {
  options: readonly ComboboxOption[]
  placeholder?: string
  disabled?: boolean
  /** Given: the owner finds the options (a search on the service); else they are narrowed here. */
  onSearch?: (text: string) => void
}

/** At most this many choices are laid out at once: typing narrows to the rest. */
const maxShown = 100

export interface ChoicesOptions {
  /** Those chosen; a search leaves them out, so each keeps the name it had. */
  values: Accessor<readonly string[]>
  /** What is searched in. */
  textOf: (option: ComboboxOption) => string
  /** The field says what is chosen: its name narrows nothing. */
  isNamed?: boolean
}

/** The choices among which one types: accents and capitals do not matter. */
export function createChoices(props: ChoicesProps, { values, textOf, isNamed = false }: ChoicesOptions) {
  const [typed, setTyped] = createSignal('')
  const known = new Map<string, ComboboxOption>()
  const optionOf = (value: string) => {
    const found = props.options.find((option) => option.value === value) ?? known.get(value)
    if (found) known.set(value, found)
    return found ?? { value, label: value }
  }
  // The same list as long as it reads the same: another one would rewrite the field in the middle of a word.
  const chosen = createMemo(() => values().map(optionOf), [], {
    equals: (before, after) =>
      before.length === after.length &&
      before.every(
        ({ value, label }, index) => value === after[index]?.value && label === after[index].label,
      ),
  })
  const shown = createMemo(() => {
    const words = plain(typed()).split(/\s+/).filter(Boolean)
    const matches =
      props.onSearch || (isNamed && typed() === chosen()[0]?.label)
        ? props.options
        : props.options.filter((option) => words.every((word) => plain(textOf(option)).includes(word)))
    return matches.slice(0, maxShown)
  })
  const found = createMemo(() => new Set(shown().map(({ value }) => value)))
  return {
    chosen,
    shown,
    /** What is chosen is always among the options: the field could not say it, and choosing another would drop it. */
    offered: createMemo(() => [...shown(), ...chosen().filter(({ value }) => !found().has(value))]),
    isFound: ({ value }: ComboboxOption) => found().has(value),
    search: (text: string) => {
      setTyped(text)
      props.onSearch?.(text)
    },
  }
}

/** Escape closes the list; the dialog around it must not take it for its own. */
export function keepEscape(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  if (event.key === 'Escape' && event.currentTarget.getAttribute('aria-expanded') === 'true') {
    event.preventDefault()
  }
}

/** One choice of the list, its mark before or after it. */
export const itemClass =
  'flex cursor-pointer items-center gap-2 rounded-md px-2.5 py-1.5 outline-none data-highlighted:bg-hover'

export function ItemText(props: { option: ComboboxOption }) {
  return (
    <>
      <Base.ItemLabel class="min-w-0 flex-1 truncate">{props.option.label}</Base.ItemLabel>
      <Show when={props.option.detail}>
        <span class="shrink-0 text-xs text-faint">{props.option.detail}</span>
      </Show>
    </>
  )
}

/** The list that opens beneath the field. */
export function ChoiceList(props: { isEmpty: boolean; note?: string }) {
  return (
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
        <Show when={props.isEmpty}>
          <p class="px-2.5 py-1.5 text-faint">{t('combobox.none')}</p>
        </Show>
        <Show when={props.note}>
          <p class="border-t border-line px-2.5 py-1.5 text-xs text-faint">{props.note}</p>
        </Show>
      </Base.Content>
    </Base.Portal>
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
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/[_/]/g, ' ')
    .toLowerCase()
}
