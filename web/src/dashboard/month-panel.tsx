import { Show } from 'solid-js'
import ChartColumn from 'lucide-solid/icons/chart-column'
import type { Dashboard } from '../api.ts'
import { Chart } from '../ui/charts/chart.tsx'
import { formatDate, formatDuration, formatNumber } from '../format.ts'
import { locale, t } from '../i18n.ts'
import { rateText } from './headlines.tsx'
import { AllQuiet, Panel } from '../ui/panel.tsx'

type Month = Dashboard['last_30_days']

/** How it has been going: results and durations, day by day. */
export function MonthPanel(props: { month: Month }) {
  const days = () => props.month.days
  const dayName = (date: string) => formatDate(`${date}T00:00:00Z`, 'day', locale(), 'UTC')
  const marks = () => [0, 10, 20, 29].flatMap((index) => days()[index] ?? []).map(({ date }) => dayName(date))
  const count = (value: number) => formatNumber(value, locale())
  const duration = (ms: number) => (ms === 0 ? count(0) : formatDuration(ms, locale()))
  const told = (ms: number | null) => (ms === null ? t('none') : duration(ms))
  const total = () => props.month.completed + props.month.failed + props.month.cancelled + props.month.skipped
  return (
    <Panel id="trente-jours" title={t('dashboard.month.title')}>
      <Show
        when={total() > 0}
        fallback={<AllQuiet icon={<ChartColumn />}>{t('dashboard.month.none')}</AllQuiet>}
      >
        <div class="grid gap-x-8 gap-y-7 px-4 pb-4 lg:grid-cols-2">
          <div class="flex min-w-0 flex-col gap-2">
            <h3 class="text-xs font-medium text-faint">{t('dashboard.month.results')}</h3>
            <dl class="figures flex flex-wrap gap-x-6 gap-y-1">
              <Figure label={t('dashboard.month.rate')} value={rateText(props.month.success_rate)} />
              <Figure label={t('status.completed')} value={count(props.month.completed)} />
              <Figure label={t('status.failed')} value={count(props.month.failed)} />
              <Figure label={t('delivery.partial')} value={count(props.month.partly_delivered)} />
              <Figure label={t('status.skipped')} value={count(props.month.skipped)} />
            </dl>
            <Chart
              kind="columns"
              label={t('dashboard.month.results_label', {
                completed: count(props.month.completed),
                failed: count(props.month.failed),
              })}
              series={[
                {
                  label: t('status.completed'),
                  tone: 'green',
                  values: days().map((day) => day.completed - day.partly_delivered),
                },
                {
                  label: t('delivery.partial'),
                  tone: 'amber',
                  values: days().map((day) => day.partly_delivered),
                },
                {
                  label: t('status.failed'),
                  tone: 'red',
                  values: days().map(({ failed }) => failed),
                  patterned: true,
                },
              ]}
              points={days().map(({ date }) => dayName(date))}
              marks={marks()}
              head={t('dashboard.month.day')}
              formatValue={count}
            />
          </div>
          <div class="flex min-w-0 flex-col gap-2">
            <h3 class="text-xs font-medium text-faint">{t('dashboard.month.durations')}</h3>
            <dl class="figures flex flex-wrap gap-x-6 gap-y-1">
              <Figure label={t('dashboard.month.median')} value={told(props.month.median_ms)} />
              <Figure label={t('dashboard.month.p95')} value={told(props.month.p95_ms)} />
            </dl>
            <Chart
              kind="lines"
              label={t('dashboard.month.durations_label', {
                median: told(props.month.median_ms),
                p95: told(props.month.p95_ms),
              })}
              series={[
                {
                  label: t('dashboard.month.median'),
                  tone: 'accent',
                  values: days().map(({ median_ms: ms }) => ms),
                },
                {
                  label: t('dashboard.month.p95'),
                  tone: 'grey',
                  values: days().map(({ p95_ms: ms }) => ms),
                  patterned: true,
                },
              ]}
              points={days().map(({ date }) => dayName(date))}
              marks={marks()}
              head={t('dashboard.month.day')}
              formatValue={duration}
            />
          </div>
        </div>
      </Show>
    </Panel>
  )
}

function Figure(props: { label: string; value: string }) {
  return (
    <div class="flex flex-col-reverse">
      <dt class="text-xs text-soft">{props.label}</dt>
      <dd class="text-base font-semibold">{props.value}</dd>
    </div>
  )
}
