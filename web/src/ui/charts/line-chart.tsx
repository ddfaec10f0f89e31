import { For } from 'solid-js'
import { ChartFrame, ChartTable } from './chart-frame.tsx'
import { axisSteps } from './scale.ts'

export interface LineSeries {
  label: string
  /** One a point; null where there is none: the line has a gap. */
  values: readonly (number | null)[]
  /** Dashed and quieter: told apart without its colour. */
  secondary?: boolean
}

export interface LineChartProps {
  label: string
  series: readonly LineSeries[]
  /** Names of the points, in order. */
  points: readonly string[]
  marks: readonly string[]
  head: string
  formatValue: (value: number) => string
  height?: number
}

/** Values that follow one another, as lines. */
export function LineChart(props: LineChartProps) {
  const steps = () =>
    axisSteps(Math.max(...props.series.flatMap(({ values }) => values.map((one) => one ?? 0)), 0))
  const top = () => steps().at(-1) || 1
  const x = (index: number) => ((index + 0.5) / Math.max(props.points.length, 1)) * 100
  const y = (value: number) => 100 - (value / top()) * 100
  const told = (value: number | null | undefined) =>
    value === null || value === undefined ? '—' : props.formatValue(value)
  const look = (series: LineSeries) => (series.secondary ? 'stroke-grey-mark' : 'stroke-accent')
  return (
    <ChartFrame
      label={props.label}
      steps={steps()}
      formatStep={props.formatValue}
      marks={props.marks}
      height={props.height}
      legend={props.series.map((series) => ({
        label: series.label,
        swatch: (
          <line
            x1="0"
            x2="100%"
            y1="50%"
            y2="50%"
            stroke-width="2"
            stroke-dasharray={series.secondary ? '3 2' : undefined}
            class={look(series)}
          />
        ),
      }))}
      table={
        <ChartTable
          caption={props.label}
          heads={[props.head, ...props.series.map(({ label }) => label)]}
          rows={props.points.map((name, index) => [
            name,
            ...props.series.map(({ values }) => told(values[index])),
          ])}
        />
      }
    >
      <svg
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        width="100%"
        height="100%"
        class="overflow-visible"
      >
        <For each={props.series}>
          {(series) => (
            <For each={unbroken(series.values)}>
              {(part) => (
                <polyline
                  points={part.map(({ index, value }) => `${x(index)},${y(value)}`).join(' ')}
                  fill="none"
                  stroke-width="1.75"
                  stroke-linejoin="round"
                  stroke-dasharray={series.secondary ? '4 3' : undefined}
                  vector-effect="non-scaling-stroke"
                  class={look(series)}
                />
              )}
            </For>
          )}
        </For>
      </svg>
      <For each={props.points}>
        {(name, index) => (
          <g class="group">
            <title>
              {[name, ...props.series.map(({ label, values }) => `${label} : ${told(values[index()])}`)].join(
                '\n',
              )}
            </title>
            <rect
              x={`${(index() * 100) / props.points.length}%`}
              width={`${100 / props.points.length}%`}
              height="100%"
              class="fill-transparent"
            />
            <For each={props.series}>
              {(series) => {
                const value = series.values[index()]
                return typeof value === 'number' ? (
                  <circle
                    cx={`${x(index())}%`}
                    cy={`${y(value)}%`}
                    r={isAlone(series.values, index()) ? 2.5 : 3}
                    class={`${series.secondary ? 'fill-grey-mark' : 'fill-accent'} ${isAlone(series.values, index()) ? '' : 'opacity-0 group-hover:opacity-100'}`}
                  />
                ) : null
              }}
            </For>
          </g>
        )}
      </For>
    </ChartFrame>
  )
}

/** The stretches without a gap. */
function unbroken(values: readonly (number | null)[]): { index: number; value: number }[][] {
  const parts: { index: number; value: number }[][] = [[]]
  values.forEach((value, index) => {
    if (value === null) parts.push([])
    else parts.at(-1)?.push({ index, value })
  })
  return parts.filter((part) => part.length > 1)
}

/** A point without neighbours is in no line: it is always shown. */
function isAlone(values: readonly (number | null)[], index: number): boolean {
  return typeof values[index - 1] !== 'number' && typeof values[index + 1] !== 'number'
}
