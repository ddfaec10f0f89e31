import { For, Show } from 'solid-js'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { formatDate } from '../format.ts'
import { locale, t } from '../i18n.ts'
import { keepPreviousData, useQuery } from '@tanstack/solid-query'
import { api } from '../api.ts'
import { queryKeys } from '../query-keys.ts'
import { withRecovery } from '../query-client.ts'
import { DuePanel } from './due-panel.tsx'
import { Headlines } from './headlines.tsx'
import { InstallationPanel } from './installation-panel.tsx'
import { MonthPanel } from './month-panel.tsx'
import { PausedPanel } from './paused-panel.tsx'
import { ReportTypesPanel } from './report-types-panel.tsx'
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
            <Headlines dashboard={data()} />
            <FailuresPanel failures={data().failures} />
            <DuePanel due={data().due} timeZone={data().time_zone} />
            <MonthPanel month={data().last_30_days} />
            <PausedPanel paused={data().paused} />
            <ReportTypesPanel types={data().report_types} />
          </>
        )}
      </Show>
    </>
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
