import ArrowDown from 'lucide-solid/icons/arrow-down'
import ArrowUp from 'lucide-solid/icons/arrow-up'
import GripVertical from 'lucide-solid/icons/grip-vertical'
import Plus from 'lucide-solid/icons/plus'
import X from 'lucide-solid/icons/x'
import { createSignal, createUniqueId, For, Show, type JSX } from 'solid-js'
import type { ReportType } from '../api.ts'
import { t } from '../i18n.ts'
import { FieldError } from './field.tsx'

export interface ColumnChooserProps {
  type: ReportType
  /** Keys of the chosen columns, in the file's order. */
  value: readonly string[]
  onChange: (keys: string[]) => void
  error?: string
}

/** Which columns, and in which order: by dragging, by buttons, or by Alt and the arrows. */
export function ColumnChooser(props: ColumnChooserProps) {
  const id = createUniqueId()
  let list: HTMLOListElement | undefined
  const [dragged, setDragged] = createSignal<string | null>(null)
  const [news, setNews] = createSignal('')
  const labelOf = (key: string) => props.type.columns.find((column) => column.key === key)?.label ?? key
  const available = () => props.type.columns.filter(({ key }) => !props.value.includes(key))
  const defaults = () => props.type.columns.filter((column) => column.default).map(({ key }) => key)

  const move = (key: string, to: number) => {
    const from = props.value.indexOf(key)
    if (from < 0 || to < 0 || to >= props.value.length || to === from) return false
    const rest = props.value.filter((one) => one !== key)
    props.onChange([...rest.slice(0, to), key, ...rest.slice(to)])
    setNews(t('modal.columns.moved', { label: labelOf(key), position: to + 1, count: props.value.length }))
    return true
  }
  /** A row that moves in the document loses the focus it held. */
  const moveBy = (key: string, step: number, control: string) => {
    if (!move(key, props.value.indexOf(key) + step)) return
    queueMicrotask(() => {
      const row = [...(list?.children ?? [])].find((one) => one.getAttribute('data-key') === key)
      const button = row?.querySelector<HTMLButtonElement>(`[data-control="${control}"]`)
      const other = row?.querySelector<HTMLButtonElement>('[data-control]:not(:disabled)')
      ;(button?.disabled ? other : button)?.focus()
      row?.scrollIntoView({ block: 'nearest' })
    })
  }
  const onKey = (event: KeyboardEvent, key: string) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    const control = event.target instanceof HTMLElement ? event.target.dataset.control : undefined
    moveBy(key, event.key === 'ArrowUp' ? -1 : 1, control ?? 'remove')
  }
  const remove = (key: string) => {
    const index = props.value.indexOf(key)
    props.onChange(props.value.filter((one) => one !== key))
    queueMicrotask(() => {
      const row = list?.children[Math.min(index, props.value.length - 1)]
      row?.querySelector<HTMLButtonElement>('[data-control="remove"]')?.focus()
    })
  }
  return (
    <div role="group" aria-labelledby={`${id}-label`} class="flex min-w-0 flex-col gap-2">
      <div class="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <p>
          <span id={`${id}-label`} class="font-medium">
            {t('modal.columns')}
          </span>
          <span class="figures ml-2 text-xs text-faint">
            {t('modal.columns.count', { count: props.value.length, total: props.type.columns.length })}
          </span>
        </p>
        <div class="flex gap-3 text-xs">
          <LinkButton onClick={() => props.onChange(props.type.columns.map(({ key }) => key))}>
            {t('modal.columns.all')}
          </LinkButton>
          <LinkButton onClick={() => props.onChange(defaults())}>{t('modal.columns.default')}</LinkButton>
        </div>
      </div>
      <div class="grid gap-3 sm:grid-cols-2">
        <ColumnList title={t('modal.columns.chosen')} note={t('modal.columns.keys')}>
          <ol ref={(element) => (list = element)} class="flex flex-col">
            <For
              each={props.value}
              fallback={<li class="px-2 py-1.5 text-faint">{t('modal.columns.none_chosen')}</li>}
            >
              {(key, index) => (
                <li
                  data-key={key}
                  draggable={true}
                  class={`group flex items-center gap-1 rounded-md pr-1 text-[0.8125rem] hover:bg-hover ${dragged() === key ? 'opacity-45' : ''}`}
                  onKeyDown={(event) => onKey(event, key)}
                  onDragStart={(event) => {
                    setDragged(key)
                    event.dataTransfer?.setData('text/plain', labelOf(key))
                    if (event.dataTransfer) event.dataTransfer.effectAllowed = 'move'
                  }}
                  onDragOver={(event) => {
                    const moving = dragged()
                    if (moving === null) return
                    event.preventDefault()
                    if (moving !== key) move(moving, index())
                  }}
                  onDrop={(event) => event.preventDefault()}
                  onDragEnd={() => setDragged(null)}
                >
                  <GripVertical aria-hidden="true" class="size-4 shrink-0 cursor-grab text-faint" />
                  <span class="min-w-0 flex-1 truncate py-1" title={labelOf(key)}>
                    {labelOf(key)}
                  </span>
                  <RowButton
                    control="up"
                    label={t('modal.columns.up', { label: labelOf(key) })}
                    icon={<ArrowUp />}
                    disabled={index() === 0}
                    onClick={() => moveBy(key, -1, 'up')}
                  />
                  <RowButton
                    control="down"
                    label={t('modal.columns.down', { label: labelOf(key) })}
                    icon={<ArrowDown />}
                    disabled={index() === props.value.length - 1}
                    onClick={() => moveBy(key, 1, 'down')}
                  />
                  <RowButton
                    control="remove"
                    label={t('modal.columns.remove', { label: labelOf(key) })}
                    icon={<X />}
                    onClick={() => remove(key)}
                  />
                </li>
              )}
            </For>
          </ol>
        </ColumnList>
        <ColumnList title={t('modal.columns.available')}>
          <ul class="flex flex-col">
            <For
              each={available()}
              fallback={<li class="px-2 py-1.5 text-faint">{t('modal.columns.all_chosen')}</li>}
            >
              {(column) => (
                <li>
                  <button
                    type="button"
                    aria-label={t('modal.columns.add', { label: column.label })}
                    class="flex w-full items-center gap-2 rounded-md px-2 py-1 text-left text-[0.8125rem] text-soft hover:bg-hover hover:text-ink"
                    onClick={() => props.onChange([...props.value, column.key])}
                  >
                    <Plus aria-hidden="true" class="size-4 shrink-0 text-faint" />
                    <span class="truncate">{column.label}</span>
                  </button>
                </li>
              )}
            </For>
          </ul>
        </ColumnList>
      </div>
      <FieldError id={`${id}-error`} text={props.error} />
      <span role="status" class="sr-only">
        {news()}
      </span>
    </div>
  )
}

function ColumnList(props: { title: string; note?: string; children: JSX.Element }) {
  return (
    <div class="flex min-w-0 flex-col rounded-lg border border-line">
      <p class="border-b border-line px-2.5 py-1.5 text-xs font-medium text-soft">{props.title}</p>
      <div class="max-h-60 min-h-16 flex-1 overflow-y-auto overscroll-contain p-1">{props.children}</div>
      <Show when={props.note}>
        <p class="border-t border-line px-2.5 py-1 text-xs text-faint max-sm:hidden">{props.note}</p>
      </Show>
    </div>
  )
}

function RowButton(props: {
  control: string
  label: string
  icon: JSX.Element
  disabled?: boolean
  onClick: () => void
}) {
  return (
    <button
      type="button"
      data-control={props.control}
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled}
      class="grid size-6 shrink-0 place-items-center rounded-md text-faint hover:bg-sunken hover:text-ink disabled:opacity-30 [&>svg]:size-3.5"
      onClick={() => props.onClick()}
    >
      {props.icon}
    </button>
  )
}

function LinkButton(props: { children: JSX.Element; onClick: () => void }) {
  return (
    <button
      type="button"
      class="rounded-sm font-medium text-accent underline decoration-transparent underline-offset-4 hover:decoration-current"
      onClick={() => props.onClick()}
    >
      {props.children}
    </button>
  )
}
