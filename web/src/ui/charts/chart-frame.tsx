import { For, Show, type JSX } from 'solid-js'
import { t } from '../../i18n.ts'

export interface ChartFrameProps {
  /** What it shows, in a sentence with its main figure: all that a screen reader says of the drawing. */
  label: string
  /** Values of the axis, from the bottom up. */
  steps: readonly number[]
  formatStep: (value: number) => string
  /** Beneath, from left to right, evenly spread. */
  marks: readonly string[]
  /** SVG, its height and width 100 %, y downwards. */
  children: JSX.Element
  /** The same figures as a table. */
  table: JSX.Element
  legend?: readonly { label: string; swatch: JSX.Element }[]
  height?: number
}

/** Axis, marks, legend and figures around a drawing. */
export function ChartFrame(props: ChartFrameProps) {
  const share = (value: number) => 100 - (value / (props.steps.at(-1) || 1)) * 100
  return (
    <figure class="flex flex-col gap-2">
      <Show when={props.legend}>
        {(legend) => (
          <ul class="flex flex-wrap gap-x-4 gap-y-1 text-xs text-soft">
            <For each={legend()}>
              {(entry) => (
                <li class="inline-flex items-center gap-1.5">
                  <svg aria-hidden="true" class="size-2.5 shrink-0 overflow-visible">
                    {entry.swatch}
                  </svg>
                  {entry.label}
                </li>
              )}
            </For>
          </ul>
        )}
      </Show>
      <div class="figures mt-1.5 grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 gap-y-1.5 text-[0.6875rem] text-faint">
        <div aria-hidden="true" class="relative">
          {/* Keeps the column as wide as its widest value. */}
          <For each={props.steps}>
            {(step) => <span class="invisible block h-0 whitespace-nowrap">{props.formatStep(step)}</span>}
          </For>
          <For each={props.steps}>
            {(step) => (
              <span
                class="absolute right-0 -translate-y-1/2 whitespace-nowrap"
                style={{ top: `${share(step)}%` }}
              >
                {props.formatStep(step)}
              </span>
            )}
          </For>
        </div>
        <svg role="img" aria-label={props.label} class="w-full overflow-visible" height={props.height ?? 132}>
          <For each={props.steps}>
            {(step, index) => (
              <line
                x1="0"
                x2="100%"
                y1={`${share(step)}%`}
                y2={`${share(step)}%`}
                class={index() === 0 ? 'stroke-line-strong' : 'stroke-line'}
              />
            )}
          </For>
          {props.children}
        </svg>
        <div class="col-start-2 flex justify-between" aria-hidden="true">
          <For each={props.marks}>{(mark) => <span>{mark}</span>}</For>
        </div>
      </div>
      <details class="group text-xs">
        <summary class="w-fit rounded-sm text-soft underline decoration-line-strong decoration-dotted underline-offset-4 hover:text-ink">
          {t('chart.figures')}
        </summary>
        <div
          class="mt-2 max-h-64 overflow-auto rounded-lg border border-line"
          tabIndex={0}
          role="region"
          aria-label={t('chart.figures')}
        >
          {props.table}
        </div>
      </details>
    </figure>
  )
}

/** The figures of a chart: a row a mark, its name first. */
export function ChartTable(props: {
  caption: string
  heads: readonly string[]
  rows: readonly (readonly string[])[]
}) {
  return (
    <table class="w-full border-collapse">
      <caption class="sr-only">{props.caption}</caption>
      <thead class="sticky top-0 bg-surface text-soft">
        <tr>
          <For each={props.heads}>
            {(head, index) => (
              <th
                scope="col"
                class={`border-b border-line px-2.5 py-1 font-medium ${index() === 0 ? 'text-left' : 'text-right'}`}
              >
                {head}
              </th>
            )}
          </For>
        </tr>
      </thead>
      <tbody>
        <For each={props.rows}>
          {(row) => (
            <tr>
              <For each={row}>
                {(cell, index) => (
                  <Show
                    when={index() > 0}
                    fallback={
                      <th scope="row" class="px-2.5 py-0.5 text-left font-normal whitespace-nowrap">
                        {cell}
                      </th>
                    }
                  >
                    <td class="px-2.5 py-0.5 text-right">{cell}</td>
                  </Show>
                )}
              </For>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  )
}
