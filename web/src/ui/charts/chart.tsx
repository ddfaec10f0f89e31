import { createUniqueId, For, Show } from 'solid-js'
import { ChartFrame, ChartTable } from './chart-frame.tsx'
import { axisSteps, isAlone, unbroken } from './chart-scale.ts'

export type ChartTone = 'accent' | 'green' | 'amber' | 'red' | 'grey'

export interface ChartSeries {
  label: string
  tone: ChartTone
  /** One a point; null where there is none: a line has a gap. */
  values: readonly (number | null)[]
  /** A striped column, a dashed line: told apart without its colour. */
  patterned?: boolean
}

export interface ChartProps {
  /** Columns count whole things and stand on one another, the first series lowest; lines follow values each by itself. */
  kind: 'columns' | 'lines'
  label: string
  series: readonly ChartSeries[]
  /** Their names, from left to right. */
  points: readonly string[]
  marks: readonly string[]
  /** What the points are: the first column of the figures. */
  head: string
  formatValue: (value: number) => string
  height?: number
}

const inks: Readonly<Record<ChartTone, string>> = {
  accent: 'text-accent',
  green: 'text-green-mark',
  amber: 'text-amber-mark',
  red: 'text-red-mark',
  grey: 'text-grey-mark',
}

/** Values side by side; each point says what it is when one points at it. */
export function Chart(props: ChartProps) {
  const id = createUniqueId()
  const isColumns = () => props.kind === 'columns'
  const valuesAt = (point: number) => props.series.map(({ values }) => values[point] ?? 0)
  const steps = () => {
    const tops = props.points.map((_, point) =>
      isColumns() ? sum(valuesAt(point)) : Math.max(...valuesAt(point)),
    )
    const all = axisSteps(Math.max(...tops, 0))
    // An axis of halves would be of nothing.
    return isColumns() ? all.filter(Number.isInteger) : all
  }
  const share = (value: number) => (value / (steps().at(-1) || 1)) * 100
  const width = () => 100 / Math.max(props.points.length, 1)
  const middle = (point: number) => (point + 0.5) * width()
  const told = (value: number | null | undefined) => (value == null ? '—' : props.formatValue(value))
  const fill = (series: ChartSeries, index: number) =>
    series.patterned ? `url(#${id}-${index})` : 'currentColor'
  return (
    <ChartFrame
      label={props.label}
      steps={steps()}
      formatStep={props.formatValue}
      marks={props.marks}
      height={props.height}
      legend={
        props.series.length > 1
          ? props.series.map((series, index) => ({
              label: series.label,
              swatch: (
                <g class={inks[series.tone]}>
                  <Show
                    when={isColumns()}
                    fallback={
                      <line x2="100%" y1="50%" y2="50%" stroke-width="2" {...lineLook(series, '3 2')} />
                    }
                  >
                    <rect width="100%" height="100%" rx="2" fill={fill(series, index)} />
                  </Show>
                </g>
              ),
            }))
          : undefined
      }
      table={
        <ChartTable
          caption={props.label}
          heads={[props.head, ...props.series.map(({ label }) => label)]}
          rows={props.points.map((name, point) => [
            name,
            ...props.series.map(({ values }) => told(values[point])),
          ])}
        />
      }
    >
      <defs>
        <For each={props.series}>
          {(series, index) => (
            <pattern
              id={`${id}-${index()}`}
              width="5"
              height="5"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
              class={`fill-current ${inks[series.tone]}`}
            >
              <rect width="5" height="5" opacity="0.35" />
              <rect width="2.5" height="5" />
            </pattern>
          )}
        </For>
      </defs>
      <Show when={!isColumns()}>
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
                    points={part
                      .map(({ index, value }) => `${middle(index)},${100 - share(value)}`)
                      .join(' ')}
                    fill="none"
                    stroke-width="1.75"
                    stroke-linejoin="round"
                    vector-effect="non-scaling-stroke"
                    class={inks[series.tone]}
                    {...lineLook(series, '4 3')}
                  />
                )}
              </For>
            )}
          </For>
        </svg>
      </Show>
      <For each={props.points}>
        {(name, point) => (
          <g class="group">
            <title>
              {[name, ...props.series.map(({ label, values }) => `${label} : ${told(values[point()])}`)].join(
                '\n',
              )}
            </title>
            <rect
              x={`${point() * width()}%`}
              width={`${width()}%`}
              height="100%"
              class={`fill-transparent ${isColumns() ? 'group-hover:fill-hover' : ''}`}
            />
            <For each={props.series}>
              {(series, index) => {
                const value = series.values[point()]
                if (typeof value !== 'number') return null
                return isColumns() ? (
                  <rect
                    x={`${(point() + 0.14) * width()}%`}
                    width={`${width() * 0.72}%`}
                    y={`${100 - share(sum(valuesAt(point()).slice(0, index() + 1)))}%`}
                    height={`${share(value)}%`}
                    class={inks[series.tone]}
                    fill={fill(series, index())}
                  />
                ) : (
                  <circle
                    cx={`${middle(point())}%`}
                    cy={`${100 - share(value)}%`}
                    r={isAlone(series.values, point()) ? 2.5 : 3}
                    class={`fill-current ${inks[series.tone]} ${isAlone(series.values, point()) ? '' : 'opacity-0 group-hover:opacity-100'}`}
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

function lineLook({ patterned }: ChartSeries, dashes: string) {
  return { stroke: 'currentColor', 'stroke-dasharray': patterned ? dashes : undefined }
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0)
}
