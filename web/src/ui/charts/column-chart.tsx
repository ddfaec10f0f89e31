import { createUniqueId, For } from 'solid-js'
import { ChartFrame, ChartTable } from './chart-frame.tsx'
import { axisSteps } from './scale.ts'

export type ColumnTone = 'accent' | 'green' | 'amber' | 'red' | 'grey'

export interface ColumnPart {
  label: string
  tone: ColumnTone
  /** Striped: told apart without its colour. */
  striped?: boolean
}

export interface ColumnChartProps {
  label: string
  /** What each column is made of, from the bottom up. */
  parts: readonly ColumnPart[]
  /** In order; `values` as `parts`. */
  columns: readonly { name: string; values: readonly number[] }[]
  marks: readonly string[]
  /** Of what the columns are, the first column of the figures. */
  head: string
  formatValue: (value: number) => string
  height?: number
}

const fills: Readonly<Record<ColumnTone, string>> = {
  accent: 'fill-accent',
  green: 'fill-green-mark',
  amber: 'fill-amber-mark',
  red: 'fill-red-mark',
  grey: 'fill-grey-mark',
}

/** Columns side by side, each of one part or several. */
export function ColumnChart(props: ColumnChartProps) {
  const id = createUniqueId()
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)
  // Whole things are counted: an axis of halves would be of nothing.
  const steps = () =>
    axisSteps(Math.max(...props.columns.map(({ values }) => sum(values)), 0)).filter(Number.isInteger)
  const top = () => steps().at(-1) || 1
  const width = () => 100 / Math.max(props.columns.length, 1)
  const paint = (part: ColumnPart, index: number) =>
    part.striped ? { fill: `url(#${id}-${index})` } : { class: fills[part.tone] }
  return (
    <ChartFrame
      label={props.label}
      steps={steps()}
      formatStep={props.formatValue}
      marks={props.marks}
      height={props.height}
      legend={
        props.parts.length > 1
          ? props.parts.map((part, index) => ({
              label: part.label,
              swatch: <rect width="100%" height="100%" rx="2" {...paint(part, index)} />,
            }))
          : undefined
      }
      table={
        <ChartTable
          caption={props.label}
          heads={[props.head, ...props.parts.map(({ label }) => label)]}
          rows={props.columns.map(({ name, values }) => [name, ...values.map(props.formatValue)])}
        />
      }
    >
      <defs>
        <For each={props.parts}>
          {(part, index) => (
            <pattern
              id={`${id}-${index()}`}
              width="5"
              height="5"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width="5" height="5" class={fills[part.tone]} opacity="0.35" />
              <rect width="2.5" height="5" class={fills[part.tone]} />
            </pattern>
          )}
        </For>
      </defs>
      <For each={props.columns}>
        {(column, index) => (
          <g class="group">
            <title>
              {[
                column.name,
                ...props.parts.map(({ label }, at) => `${label} : ${column.values[at] ?? 0}`),
              ].join('\n')}
            </title>
            <rect
              x={`${index() * width()}%`}
              width={`${width()}%`}
              height="100%"
              class="fill-transparent group-hover:fill-hover"
            />
            <For each={props.parts}>
              {(part, at) => {
                const value = () => column.values[at()] ?? 0
                const below = () => sum(column.values.slice(0, at()))
                return (
                  <rect
                    x={`${(index() + 0.14) * width()}%`}
                    width={`${width() * 0.72}%`}
                    y={`${100 - ((below() + value()) / top()) * 100}%`}
                    height={`${(value() / top()) * 100}%`}
                    {...paint(part, at())}
                  />
                )
              }}
            </For>
          </g>
        )}
      </For>
    </ChartFrame>
  )
}
