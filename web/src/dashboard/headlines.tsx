import type { JSX } from 'solid-js'
import { Show } from 'solid-js'
import type { Dashboard } from '../api.ts'
import { formatNumber, formatPercent } from '../format.ts'
import { locale, t } from '../i18n.ts'

/** The four figures one looks at first; each leads to its part of the page. */
export function Headlines(props: { dashboard: Dashboard }) {
  const failures = () => {
    const { stuck, failed, in_a_row: inARow, partly_delivered: partly } = props.dashboard.failures
    return { all: stuck.total + failed.total + partly.total, inARow: inARow.total }
  }
  const month = () => props.dashboard.last_30_days
  return (
    <ul class="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Headline
        href="#a-venir"
        label={t('dashboard.headline.due')}
        value={formatNumber(props.dashboard.due.next_24_hours.total, locale())}
        detail={t('dashboard.headline.week', { count: props.dashboard.due.next_7_days.total })}
      />
      <Headline
        href="#a-regarder"
        label={t('dashboard.headline.failures')}
        value={formatNumber(failures().all, locale())}
        detail={t('dashboard.headline.in_a_row', { count: failures().inARow })}
        tone={failures().all > 0 ? 'bad' : undefined}
      />
      <Headline
        href="#trente-jours"
        label={t('dashboard.headline.rate')}
        value={rateText(month().success_rate)}
        detail={t('dashboard.headline.reports', { count: month().completed + month().failed })}
      />
      <Headline
        href="#en-pause"
        label={t('dashboard.headline.paused')}
        value={formatNumber(props.dashboard.paused.total, locale())}
        detail={t('dashboard.headline.paused_detail')}
      />
    </ul>
  )
}

/** Below 1 at most 99.9 %: where one report failed, 99.96 % is not shown as 100 %. */
export function rateText(rate: number | null): string {
  if (rate === null) return t('none')
  return formatPercent(rate === 1 ? 1 : Math.min(rate, 0.999), locale(), rate < 1 && rate > 0.95 ? 1 : 0)
}

function Headline(props: { href: string; label: string; value: JSX.Element; detail: string; tone?: 'bad' }) {
  return (
    <li>
      <a
        href={props.href}
        // The router takes links for pages; this one only scrolls.
        target="_self"
        class="flex h-full flex-col rounded-xl border border-line bg-surface px-4 py-3 shadow-low transition-colors hover:border-line-strong"
      >
        <span class="text-xs font-medium text-soft">{props.label}</span>
        <span
          class={`figures mt-0.5 text-2xl leading-tight font-semibold tracking-tight ${props.tone === 'bad' ? 'text-red' : 'text-ink'}`}
        >
          {props.value}
        </span>
        <Show when={props.detail}>
          <span class="figures mt-1 text-xs text-faint">{props.detail}</span>
        </Show>
      </a>
    </li>
  )
}
