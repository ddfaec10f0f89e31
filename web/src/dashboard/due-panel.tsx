import { A } from '@solidjs/router'
import CalendarOff from 'lucide-solid/icons/calendar-off'
import { createMemo, createSignal, For, Show } from 'solid-js'
import { pagePaths } from '#domain/page-paths.ts'
import type { Dashboard } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Chart } from '../ui/charts/chart.tsx'
import { formatDate, formatNumber } from '../format.ts'
import { locale, t } from '../i18n.ts'
import { AllQuiet, Panel } from '../ui/panel.tsx'

type Due = Dashboard['due']
type DueRun = Due['next_24_hours']['items'][number]

const firstShown = 10

/** What is due: hour by hour and one by one for a day, day by day for a week. */
export function DuePanel(props: { due: Due; timeZone: string }) {
  const day = () => props.due.next_24_hours
  const [all, setAll] = createSignal(false)
  const shown = createMemo(() => day().items.slice(0, all() ? undefined : firstShown))
  const hourName = (from: string) => formatDate(from, 'time', locale(), props.timeZone)
  const count = (value: number) => formatNumber(value, locale())
  return (
    <Panel
      id="a-venir"
      title={t('dashboard.due.title')}
      count={t('dashboard.due.count', { count: day().total })}
    >
      <Show
        when={props.due.next_7_days.total > 0}
        fallback={<AllQuiet icon={<CalendarOff />}>{t('dashboard.due.none')}</AllQuiet>}
      >
        <div class="grid gap-x-8 gap-y-5 px-4 pb-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <div class="flex min-w-0 flex-col gap-3">
            <h3 class="text-xs font-medium text-faint">{t('dashboard.due.hours')}</h3>
            <Chart
              kind="columns"
              label={t('dashboard.due.hours_label', { count: day().total })}
              series={[
                {
                  label: t('dashboard.due.reports'),
                  tone: 'accent',
                  values: day().hours.map(({ count: value }) => value),
                },
              ]}
              points={day().hours.map(({ from }) => hourName(from))}
              marks={day()
                .hours.filter((_, index) => index % 6 === 0)
                .map(({ from }) => hourName(from))}
              head={t('dashboard.due.hour')}
              formatValue={count}
              height={96}
            />
          </div>
          <div class="flex min-w-0 flex-col gap-3">
            <h3 class="text-xs font-medium text-faint">{t('dashboard.due.days')}</h3>
            <DayList days={props.due.next_7_days.days} />
          </div>
        </div>
        <Show when={day().items.length > 0}>
          <div class="border-t border-line">
            <ol class="flex flex-col" aria-label={t('dashboard.due.title')}>
              <For each={shown()}>{(run) => <DueItem run={run} timeZone={props.timeZone} />}</For>
            </ol>
            <Show when={day().total > firstShown}>
              <div class="flex flex-wrap items-center gap-3 border-t border-line px-4 py-2">
                <Show when={!all()}>
                  <Button kind="quiet" size="small" onClick={() => setAll(true)}>
                    {t('dashboard.due.show', { count: Math.min(day().items.length, day().total) })}
                  </Button>
                </Show>
                <Show when={all() && day().total > day().items.length}>
                  <p class="text-xs text-faint">
                    {t('dashboard.due.more', { count: day().total - day().items.length })}
                  </p>
                </Show>
              </div>
            </Show>
          </div>
        </Show>
      </Show>
    </Panel>
  )
}

function DueItem(props: { run: DueRun; timeZone: string }) {
  return (
    <li class="grid grid-cols-[3.75rem_minmax(0,1fr)] items-baseline gap-x-3 border-b border-line px-4 py-1.5 last:border-0 hover:bg-hover/60 sm:grid-cols-[8.5rem_minmax(0,1fr)_auto]">
      <time datetime={props.run.at} class="font-medium">
        {formatDate(props.run.at, 'time', locale(), props.timeZone)}
        <span class="ml-2 text-xs font-normal text-faint max-sm:hidden">
          {formatDate(props.run.at, 'day', locale(), props.timeZone)}
        </span>
      </time>
      <A
        href={pagePaths.scheduledReport(props.run.scheduled_report_id)}
        class="truncate rounded-sm font-medium hover:text-accent hover:underline hover:underline-offset-4"
      >
        {props.run.name}
      </A>
      <span class="truncate text-xs text-soft max-sm:col-start-2">
        {props.run.type_title} · {t(`format.${props.run.format}`)} ·{' '}
        {t('dashboard.recipients', { count: props.run.recipient_count })} · {props.run.owner_name}
      </span>
    </li>
  )
}

/** Eight days, each with its bar. */
function DayList(props: { days: Due['next_7_days']['days'] }) {
  const most = () => Math.max(...props.days.map(({ count }) => count), 1)
  const name = (date: string, index: number) =>
    index === 0 ? t('dashboard.today') : formatDate(`${date}T00:00:00Z`, 'day', locale(), 'UTC')
  return (
    <ul class="flex flex-col gap-1 text-[0.8125rem]">
      <For each={props.days}>
        {(day, index) => (
          <li class="figures grid grid-cols-[6.5rem_minmax(0,1fr)_3.5rem] items-center gap-2">
            <span class="truncate text-soft first-letter:uppercase">{name(day.date, index())}</span>
            <svg aria-hidden="true" class="h-2 w-full overflow-visible">
              <rect width="100%" height="100%" rx="2" class="fill-sunken" />
              <rect width={`${(day.count / most()) * 100}%`} height="100%" rx="2" class="fill-accent" />
            </svg>
            <span class="text-right font-medium">{formatNumber(day.count, locale())}</span>
          </li>
        )}
      </For>
    </ul>
  )
}
