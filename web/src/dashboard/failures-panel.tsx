import { A } from '@solidjs/router'
import CircleAlert from 'lucide-solid/icons/circle-alert'
import CircleCheck from 'lucide-solid/icons/circle-check'
import MailWarning from 'lucide-solid/icons/mail-warning'
import Repeat from 'lucide-solid/icons/repeat'
import { createSignal, For, Show, type JSX } from 'solid-js'
import { pagePaths } from '#domain/page-paths.ts'
import { stuckWords } from '#domain/stuck-report.ts'
import type { Dashboard } from '../api.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { StatusBadge } from '../reports/status-badge.tsx'
import { formatList, formatNumber } from '../format.ts'
import { locale, t } from '../i18n.ts'
import { AllQuiet, Panel } from '../ui/panel.tsx'

type Failures = Dashboard['failures']

/** What an administrator should look at, the worst first. */
export function FailuresPanel(props: { failures: Failures }) {
  const total = () =>
    props.failures.stuck.total + props.failures.failed.total + props.failures.partly_delivered.total
  return (
    <Panel
      id="a-regarder"
      title={t('dashboard.failures.title')}
      count={total() > 0 ? formatNumber(total(), locale()) : undefined}
    >
      <Show
        when={total() + props.failures.in_a_row.total > 0}
        fallback={
          <AllQuiet icon={<CircleCheck class="text-green-mark" />}>{t('dashboard.failures.none')}</AllQuiet>
        }
      >
        <FailureList title={t('dashboard.failures.stuck')} list={props.failures.stuck}>
          {(item) => (
            <FailureItem
              number={item.number}
              name={item.name ?? item.title}
              definition={item.scheduled_report_id}
              owner={item.owner_name}
              at={item.stuck.since}
              badge={
                <Badge tone="red" mark={<CircleAlert />}>
                  {t('dashboard.failures.stuck_mark')}
                </Badge>
              }
              detail={t('reports.stuck', { why: stuckWords[item.stuck.reason].why[locale()] })}
            />
          )}
        </FailureList>
        <FailureList title={t('dashboard.failures.in_a_row')} list={props.failures.in_a_row}>
          {(item) => (
            <FailureItem
              number={item.number}
              name={item.name}
              definition={item.scheduled_report_id}
              owner={item.owner_name}
              at={item.failed_at}
              badge={
                <Badge tone="red" mark={<Repeat />}>
                  {t('dashboard.failures.times', { count: item.failed_in_a_row })}
                </Badge>
              }
              detail={item.failure?.message}
            />
          )}
        </FailureList>
        <FailureList title={t('dashboard.failures.failed')} list={props.failures.failed}>
          {(item) => (
            <FailureItem
              number={item.number}
              name={item.name ?? item.title}
              definition={item.scheduled_report_id}
              owner={item.owner_name}
              at={item.requested_at}
              badge={<StatusBadge status="failed" />}
              detail={item.failure?.message}
            />
          )}
        </FailureList>
        <FailureList title={t('dashboard.failures.partly')} list={props.failures.partly_delivered}>
          {(item) => (
            <FailureItem
              number={item.number}
              name={item.name ?? item.title}
              definition={item.scheduled_report_id}
              owner={item.owner_name}
              at={item.requested_at}
              badge={
                <Badge tone="amber" mark={<MailWarning />}>
                  {t('delivery.partial')}
                </Badge>
              }
              detail={t('dashboard.failures.undelivered', {
                count: item.undelivered.length,
                emails: formatList(item.undelivered, locale()),
              })}
            />
          )}
        </FailureList>
      </Show>
    </Panel>
  )
}

const firstShown = 5

function FailureList<Item>(props: {
  title: string
  list: { items: readonly Item[]; total: number }
  children: (item: Item) => JSX.Element
}) {
  const [all, setAll] = createSignal(false)
  const hidden = () => props.list.items.length - firstShown
  return (
    <Show when={props.list.total > 0}>
      <section class="border-t border-line">
        <h3 class="flex items-baseline gap-2 px-4 pt-2.5 pb-1 text-xs font-medium text-soft">
          {props.title}
          <span class="figures text-faint">{formatNumber(props.list.total, locale())}</span>
        </h3>
        <ul class="flex flex-col">
          <For each={props.list.items.slice(0, all() ? undefined : firstShown)}>
            {(item) => <li class="border-b border-line last:border-0">{props.children(item)}</li>}
          </For>
        </ul>
        <Show when={!all() && hidden() > 0}>
          <div class="px-2 pb-2">
            <Button kind="quiet" size="small" onClick={() => setAll(true)}>
              {t('dashboard.show_more', { count: hidden() })}
            </Button>
          </div>
        </Show>
        <Show when={all() && props.list.total > props.list.items.length}>
          <p class="px-4 pb-3 text-xs text-faint">
            {t('dashboard.latest_only', { count: props.list.items.length })}
          </p>
        </Show>
      </section>
    </Show>
  )
}

interface FailureItemProps {
  number: number
  name: string
  definition: string | null
  owner: string
  at: string
  badge: JSX.Element
  detail: string | undefined
}

function FailureItem(props: FailureItemProps) {
  return (
    <div class="flex flex-wrap items-start gap-x-4 gap-y-1 px-4 py-2 hover:bg-hover/60">
      <div class="min-w-0 flex-1 basis-64">
        <p class="flex min-w-0 items-baseline gap-2">
          <A
            href={pagePaths.report(props.number)}
            class="figures shrink-0 rounded-sm font-medium text-accent underline decoration-transparent underline-offset-4 hover:decoration-current"
          >
            {t('dashboard.number', { number: String(props.number) })}
          </A>
          <Show
            when={props.definition}
            fallback={<span class="min-w-0 truncate font-medium">{props.name}</span>}
          >
            {(id) => (
              <A
                href={pagePaths.scheduledReport(id())}
                class="min-w-0 truncate rounded-sm font-medium hover:text-accent hover:underline hover:underline-offset-4"
              >
                {props.name}
              </A>
            )}
          </Show>
        </p>
        <Show when={props.detail}>
          <p class="text-[0.8125rem] break-words text-soft">{props.detail}</p>
        </Show>
      </div>
      <div class="flex flex-col items-start gap-1 text-xs text-faint sm:items-end">
        {props.badge}
        <span>
          {props.owner} · <RelativeTime at={props.at} />
        </span>
      </div>
    </div>
  )
}
