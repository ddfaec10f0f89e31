import X from 'lucide-solid/icons/x'
import { createSignal, createUniqueId, For, Show, type JSX } from 'solid-js'
import { locale, t } from '../i18n.ts'
import { formatList } from '../format.ts'
import { FieldError, type FieldProps } from './field.tsx'

export interface ChipsFieldProps extends FieldProps {
  values: readonly string[]
  onChange: (values: string[]) => void
  /** What is wrong with one value, or undefined. Wrong ones stay, marked, to be corrected. */
  validate?: (value: string) => string | undefined
  placeholder?: string
  disabled?: boolean
  /** Focuses the input: for the first field of a dialog. */
  ref?: (input: HTMLInputElement) => void
}

/** What separates addresses in lists that people paste: of mail programs, spreadsheets, sentences. */
const separators = /[\s,;]+/
/** `Awa Diop <awa@exemple.fr>` is the address in the angles. */
const named = /(?:"[^"]*"|[^<>,;\n]*)<([^<>\s]+)>/g

/** Several values as chips: typed one by one or pasted as a list; each can be corrected or removed by keyboard. */
export function ChipsField(props: ChipsFieldProps): JSX.Element {
  const id = createUniqueId()
  let input: HTMLInputElement | undefined
  let list: HTMLUListElement | undefined
  const [text, setText] = createSignal('')
  const [news, setNews] = createSignal('')
  const [duplicates, setDuplicates] = createSignal<string[]>([])

  const add = (typed: string) => {
    const found = typed
      .replace(named, ' $1 ')
      .split(separators)
      .map((part) => part.replace(/^mailto:/i, '').replace(/^[<"']+|[>"'.]+$/g, ''))
      .filter(Boolean)
    const known = new Set(props.values.map((value) => value.toLowerCase()))
    const added: string[] = []
    const repeated: string[] = []
    for (const value of found) {
      if (known.has(value.toLowerCase())) repeated.push(value)
      else {
        known.add(value.toLowerCase())
        added.push(value)
      }
    }
    setDuplicates(repeated)
    if (added.length > 0) {
      props.onChange([...props.values, ...added])
      setNews(t('chips.added', { count: added.length }))
    }
    setText('')
  }
  const commit = () => {
    if (text().trim() !== '') add(text())
  }
  const remove = (index: number) => {
    props.onChange(props.values.filter((_, position) => position !== index))
    setDuplicates([])
    input?.focus()
  }
  /** Back into the input, where it can be corrected. */
  const edit = (index: number) => {
    const value = props.values[index] ?? ''
    commit()
    remove(index)
    setText(value)
    queueMicrotask(() => input?.select())
  }
  const focusChip = (index: number) => {
    const chips = list?.querySelectorAll<HTMLElement>('[data-chip]')
    if (!chips) return
    if (index >= chips.length) input?.focus()
    else chips[Math.max(index, 0)]?.focus()
  }
  const onInputKey = (event: KeyboardEvent) => {
    if (event.isComposing) return
    const atStart = input?.selectionStart === 0 && input.selectionEnd === 0
    if (event.key === 'Enter' || event.key === ',' || event.key === ';') {
      if (text().trim() === '' && event.key === 'Enter') return
      event.preventDefault()
      commit()
    } else if (
      event.key === ' ' &&
      props.validate &&
      text().trim() !== '' &&
      !props.validate(text().trim())
    ) {
      event.preventDefault()
      commit()
    } else if (
      (event.key === 'Backspace' || event.key === 'ArrowLeft') &&
      atStart &&
      props.values.length > 0
    ) {
      event.preventDefault()
      focusChip(props.values.length - 1)
    }
  }
  const onChipKey = (event: KeyboardEvent, index: number) => {
    const actions: Record<string, () => void> = {
      ArrowLeft: () => focusChip(index - 1),
      ArrowRight: () => focusChip(index + 1),
      Home: () => focusChip(0),
      End: () => input?.focus(),
      Enter: () => edit(index),
      F2: () => edit(index),
      Delete: () => remove(index),
      Backspace: () => remove(index),
    }
    const action = actions[event.key]
    if (!action) return
    event.preventDefault()
    action()
  }
  const wrong = () => props.values.filter((value) => props.validate?.(value) !== undefined)
  const firstProblem = () => wrong()[0] && `${wrong()[0]} : ${props.validate?.(wrong()[0] ?? '')}`
  return (
    <div class={`flex min-w-0 flex-col gap-1.5 ${props.class ?? ''}`}>
      <label for={id} class={props.hideLabel ? 'sr-only' : 'font-medium text-ink'}>
        {props.label}
      </label>
      <div
        class="control flex cursor-text flex-wrap items-center gap-1 py-1 pl-1.5"
        data-invalid={props.error || wrong().length > 0 ? '' : undefined}
        onClick={(event) => {
          if (event.target === event.currentTarget) input?.focus()
        }}
      >
        <ul ref={(element) => (list = element)} class="contents">
          <For each={props.values}>
            {(value, index) => {
              const problem = () => props.validate?.(value)
              return (
                <li
                  class={`inline-flex max-w-full items-center rounded-md text-[0.8125rem] ${problem() ? 'bg-red-soft text-red inset-ring inset-ring-red-mark' : 'bg-sunken text-ink inset-ring inset-ring-line'}`}
                >
                  <span
                    data-chip
                    role="button"
                    tabIndex={-1}
                    class="truncate rounded-md py-0.5 pl-2"
                    title={problem()}
                    onDblClick={() => edit(index())}
                    onKeyDown={(event) => onChipKey(event, index())}
                  >
                    {value}
                    <Show when={problem()}>
                      <span class="sr-only"> ({problem()})</span>
                    </Show>
                  </span>
                  <button
                    type="button"
                    tabIndex={-1}
                    disabled={props.disabled}
                    aria-label={t('chips.remove', { value })}
                    class="grid size-6 place-items-center rounded-md opacity-70 hover:opacity-100"
                    onClick={() => remove(index())}
                  >
                    <X aria-hidden="true" class="size-3.5" />
                  </button>
                </li>
              )
            }}
          </For>
        </ul>
        <input
          ref={(element) => {
            input = element
            props.ref?.(element)
          }}
          id={id}
          class="min-w-40 flex-1 bg-transparent px-1 py-0.5 outline-none"
          value={text()}
          placeholder={props.values.length === 0 ? (props.placeholder ?? t('chips.placeholder')) : undefined}
          disabled={props.disabled}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          inputmode="email"
          aria-required={props.required || undefined}
          aria-invalid={props.error || wrong().length > 0 ? true : undefined}
          aria-describedby={`${id}-hint ${id}-error`}
          onInput={(event) => {
            setText(event.currentTarget.value)
            setDuplicates([])
          }}
          onKeyDown={onInputKey}
          onPaste={(event) => {
            const pasted = event.clipboardData?.getData('text') ?? ''
            if (!separators.test(pasted.trim())) return
            event.preventDefault()
            add(`${text()} ${pasted}`)
          }}
          onBlur={commit}
        />
      </div>
      <p id={`${id}-hint`} class="text-xs text-faint">
        {props.hint ?? t('chips.hint')}
      </p>
      <Show when={duplicates().length > 0}>
        <p class="text-xs font-medium text-amber">
          {t('chips.duplicates', { count: duplicates().length, values: formatList(duplicates(), locale()) })}
        </p>
      </Show>
      <FieldError id={`${id}-error`} text={props.error ?? firstProblem()} />
      <span role="status" class="sr-only">
        {news()}
      </span>
    </div>
  )
}
