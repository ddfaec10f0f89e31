import { createTable, tableFeatures, type ColumnDef } from '@tanstack/solid-table'
import ArrowDown from 'lucide-solid/icons/arrow-down'
import ArrowUp from 'lucide-solid/icons/arrow-up'
import ChevronsUpDown from 'lucide-solid/icons/chevrons-up-down'
import { For, Show, type JSX, createSignal, onCleanup, type Accessor } from 'solid-js'
import { t } from '../i18n.ts'
import { Skeleton } from './skeleton.tsx'

/** Sorting, paging and filtering are the service's: the table only lays out. */
const features = tableFeatures({})

export interface TableColumn<Row> {
  key: string
  /** Asked each time, since the language may change. */
  label: () => string
  cell: (row: Row) => JSX.Element
  /** Numbers to the right. */
  align?: 'left' | 'right'
  sortable?: boolean
  /** The label is for screen readers alone (a column of buttons). */
  hideLabel?: boolean
  /** Of the cells, such as a width or `whitespace-nowrap`. */
  class?: string
  /** The label may take several lines: where a column's name is longer than what it holds. */
  wrapLabel?: boolean
  /** Of all the rows, beneath the column; a table with one has a last row for them. */
  total?: () => JSX.Element
  /** Left out below this width of the screen. */
  from?: 'sm' | 'md' | 'lg' | 'xl'
}

export interface TableProps<Row> {
  /** What the table is, for screen readers. */
  caption: string
  columns: readonly TableColumn<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string | number
  /** The column sorted by; a hyphen before its key for downwards. */
  sort?: string
  onSort?: (sort: string) => void
  /** Nothing read yet: rows to come are shown in their place. */
  loading?: boolean
  skeletonRows?: number
  /** What is shown is older than what was asked for. */
  stale?: boolean
  /** Instead of rows, when there are none. */
  empty?: JSX.Element
  /** Many rows, read by comparing: closer together. */
  dense?: boolean
  /** A row that stands out, such as the one whose panel is open. */
  isCurrent?: (row: Row) => boolean
  /** A click anywhere on the row that is not on a control: a short cut for the mouse to what a link in it does. */
  onOpenRow?: (row: Row) => void
}

const visibleFrom = {
  sm: 'max-sm:hidden',
  md: 'max-md:hidden',
  lg: 'max-lg:hidden',
  xl: 'max-xl:hidden',
} as const

/** Rows and columns, dense, with tabular figures; scrolls sideways by itself where it must. */
export function Table<Row extends object>(props: TableProps<Row>) {
  const table = createTable<typeof features, Row>({
    features,
    get data() {
      return props.rows as Row[]
    },
    get columns() {
      return props.columns.map(({ key }): ColumnDef<typeof features, Row> => ({ id: key }))
    },
    getRowId: (row) => String(props.rowKey(row)),
  })
  const columnOf = (id: string) => props.columns.find(({ key }) => key === id)
  const cellClass = (column: TableColumn<Row> | undefined) =>
    [
      props.dense ? 'px-3 py-[0.3125rem] first:pl-4 last:pr-4' : 'px-3 py-2 first:pl-4 last:pr-4',
      column?.align === 'right' ? 'text-right' : 'text-left',
      column?.from ? visibleFrom[column.from] : '',
      column?.class ?? '',
    ].join(' ')
  const sorted = (key: string) =>
    props.sort === key ? 'ascending' : props.sort === `-${key}` ? 'descending' : 'none'
  return (
    <div
      class="relative overflow-x-auto overscroll-x-contain"
      tabIndex={0}
      role="region"
      aria-label={props.caption}
      aria-busy={props.loading || props.stale}
    >
      <table class="w-full border-collapse text-[0.8125rem]">
        <caption class="sr-only">{props.caption}</caption>
        <thead class="border-b border-line text-xs text-soft">
          <tr>
            <For each={table.getHeaderGroups()[0]?.headers ?? []}>
              {(header) => {
                const column = columnOf(header.column.id)
                return (
                  <th
                    scope="col"
                    class={`${cellClass(column)} align-bottom! font-medium ${column?.wrapLabel ? 'whitespace-normal!' : 'whitespace-nowrap'}`}
                    aria-sort={column?.sortable ? sorted(column.key) : undefined}
                  >
                    <Show
                      when={column?.sortable && props.onSort}
                      fallback={<span class={column?.hideLabel ? 'sr-only' : ''}>{column?.label()}</span>}
                    >
                      <SortButton
                        label={column?.label() ?? ''}
                        state={sorted(column?.key ?? '')}
                        onSort={() =>
                          props.onSort?.(
                            sorted(column?.key ?? '') === 'ascending'
                              ? `-${column?.key}`
                              : (column?.key ?? ''),
                          )
                        }
                      />
                    </Show>
                  </th>
                )
              }}
            </For>
          </tr>
        </thead>
        <tbody class={`transition-opacity ${props.stale ? 'opacity-55' : ''}`}>
          <Show
            when={!props.loading}
            fallback={
              <For each={Array.from({ length: props.skeletonRows ?? 8 })}>
                {() => (
                  <tr class="border-b border-line last:border-0">
                    <For each={props.columns}>
                      {(column, index) => (
                        <td class={cellClass(column)}>
                          <Skeleton class={`h-4 ${index() % 3 === 0 ? 'w-12' : 'w-24'}`} />
                        </td>
                      )}
                    </For>
                  </tr>
                )}
              </For>
            }
          >
            <For
              each={props.rows}
              fallback={
                <tr>
                  <td colSpan={props.columns.length}>{props.empty}</td>
                </tr>
              }
            >
              {(row) => (
                <tr
                  class={`border-b border-line transition-colors last:border-0 hover:bg-hover/60 ${props.isCurrent?.(row) ? 'bg-accent-soft/60' : ''} ${props.onOpenRow ? 'cursor-pointer' : ''}`}
                  onClick={(event) => {
                    if (!props.onOpenRow || isControl(event.target) || getSelection()?.toString()) return
                    // What a cell opened over the page (a menu) passes its events on to the row it came from.
                    if (!event.currentTarget.contains(event.target)) return
                    props.onOpenRow(row)
                  }}
                >
                  <For each={props.columns}>
                    {(column) => <td class={cellClass(column)}>{column.cell(row)}</td>}
                  </For>
                </tr>
              )}
            </For>
          </Show>
        </tbody>
        <Show when={!props.loading && props.columns.some(({ total }) => total)}>
          <tfoot class="border-t border-line-strong/60 bg-sunken/60 font-medium">
            <tr>
              <For each={props.columns}>
                {(column) => <td class={cellClass(column)}>{column.total?.()}</td>}
              </For>
            </tr>
          </tfoot>
        </Show>
      </table>
    </div>
  )
}

function SortButton(props: {
  label: string
  state: 'ascending' | 'descending' | 'none'
  onSort: () => void
}) {
  return (
    <button
      type="button"
      class="-mx-1.5 -my-0.5 inline-flex items-end gap-1 rounded-md px-1.5 py-0.5 text-left font-medium hover:bg-hover hover:text-ink"
      title={t('table.sort', { column: props.label })}
      onClick={() => props.onSort()}
    >
      {props.label}
      <span aria-hidden="true" class="[&>svg]:size-3.5">
        <Show when={props.state !== 'none'} fallback={<ChevronsUpDown class="opacity-45" />}>
          <Show when={props.state === 'ascending'} fallback={<ArrowDown />}>
            <ArrowUp />
          </Show>
        </Show>
      </span>
    </button>
  )
}

function isControl(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('a, button, input, select, label, [role="button"]') !== null
  )
}

/** Whether the screen is so, as CSS would ask; follows it. */
export function createMediaQuery(query: string): Accessor<boolean> {
  const list = matchMedia(query)
  const [matches, setMatches] = createSignal(list.matches)
  const follow = () => setMatches(list.matches)
  list.addEventListener('change', follow)
  onCleanup(() => list.removeEventListener('change', follow))
  return matches
}
