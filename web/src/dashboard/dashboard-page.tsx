import MailX from 'lucide-solid/icons/mail-x'
import { For, Show } from 'solid-js'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { formatDate } from '../format.ts'
import { locale, t, timeZone } from '../i18n.ts'
import { keepPreviousData, useQuery } from '@tanstack/solid-query'
import { api, type Dashboard } from '../api.ts'
import { queryKeys } from '../query-keys.ts'
import { withRecovery } from '../query-client.ts'
import { DuePanel } from './due-panel.tsx'
import { Headlines } from './headlines.tsx'
import { InstallationPanel } from './installation-panel.tsx'
import { MonthPanel } from './month-panel.tsx'
import { PausedPanel } from './paused-panel.tsx'
import { FailuresPanel } from './failures-panel.tsx'

/** `/tableau-de-bord`: what an administrator looks at in the morning, looked at again by itself. */
export default function DashboardPage() {
  const dashboard = useDashboard()
  return (
    <>
      <PageHeader
        title={t('dashboard.title')}
        lead={
          <Show when={dashboard.data} fallback={<span>{t('dashboard.reading')}</span>}>
            {(data) => (
              <span class="figures">
                {t('dashboard.lead', {
                  at: formatDate(data().generated_at, 'dateTime', locale(), data().time_zone),
                })}
              </span>
            )}
          </Show>
        }
      />
      <Show when={dashboard.isError}>
        <ErrorNotice
          error={dashboard.error}
          onRetry={() => void dashboard.refetch()}
          retrying={dashboard.isFetching}
        />
      </Show>
      <Show when={dashboard.data} fallback={<Show when={dashboard.isPending}>{<ToCome />}</Show>}>
        {(data) => (
          <>
            <InstallationPanel faults={data().installation} />
            <Show when={data().mail_fault}>{(fault) => <MailFaultNotice fault={fault()} />}</Show>
            <Headlines dashboard={data()} />
            <FailuresPanel failures={data().failures} />
            <DuePanel due={data().due} timeZone={data().time_zone} />
            <MonthPanel month={data().last_30_days} />
            <PausedPanel paused={data().paused} />
          </>
        )}
      </Show>
    </>
  )
}

/** No mail leaves until somebody corrects the configuration: above everything else on the page. */
function MailFaultNotice(props: { fault: NonNullable<Dashboard['mail_fault']> }) {
  const since = () => formatDate(props.fault.since, 'dateTime', locale(), timeZone())
  return (
    <div role="alert" class="flex gap-3 rounded-xl border border-red-mark bg-red-soft px-4 py-3 text-red">
      <MailX aria-hidden="true" class="mt-0.5 size-5 shrink-0" />
      <div class="min-w-0">
        <p class="font-medium">{t('dashboard.mail_fault', { server: props.fault.server, since: since() })}</p>
        <p class="text-[0.8125rem]">{props.fault.reason}</p>
        <code class="font-mono text-xs break-all">{props.fault.response}</code>
      </div>
    </div>
  )
}

function ToCome() {
  return (
    <div class="flex flex-col gap-5" aria-busy="true">
      <div class="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <For each={[1, 2, 3, 4]}>{() => <Skeleton class="h-23 w-full rounded-xl" />}</For>
      </div>
      <Skeleton class="h-48 w-full rounded-xl" />
      <Skeleton class="h-64 w-full rounded-xl" />
    </div>
  )
}

const useDashboard = () =>
  useQuery(() => ({
    queryKey: queryKeys.dashboard(),
    queryFn: ({ signal }) => api.dashboard(signal),
    placeholderData: keepPreviousData,
    refetchInterval: withRecovery(30_000),
  }))
