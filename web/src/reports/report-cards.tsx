import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import type { ReportJson } from '../api.ts'
import { formatBytes } from '../format.ts'
import { locale, t } from '../i18n.ts'
import { Card } from '../ui/card.tsx'
import { ExactTime } from '../ui/relative-time.tsx'
import { ReportButtons } from './report-buttons.tsx'
import { FileAvailability } from './file-availability.tsx'
import { StatusSummary } from './status-summary.tsx'
import { Skeleton, SkeletonLines } from '../ui/skeleton.tsx'

/** The list of reports where a table has no room. */
export function ReportCards(props: {
  reports: readonly ReportJson[]
  href: (report: ReportJson) => string
  loading: boolean
  stale: boolean
}) {
  return (
    <ul
      aria-label={t('reports.title')}
      aria-busy={props.loading || props.stale}
      class={`grid gap-3 transition-opacity md:grid-cols-2 ${props.stale ? 'opacity-55' : ''}`}
    >
      <Show
        when={!props.loading}
        fallback={
          <For each={Array.from({ length: 5 })}>
            {() => (
              <li>
                <Card class="flex flex-col gap-3 p-4">
                  <Skeleton class="h-4 w-2/5" />
                  <SkeletonLines count={3} />
                </Card>
              </li>
            )}
          </For>
        }
      >
        <For each={props.reports}>
          {(report) => (
            <li>
              <Card class="flex h-full flex-col gap-3 p-4">
                <div class="flex items-baseline justify-between gap-3">
                  <A
                    href={props.href(report)}
                    aria-label={t('reports.open', { title: report.title, number: String(report.number) })}
                    class="min-w-0 font-semibold underline-offset-4 hover:underline"
                  >
                    {report.title}
                  </A>
                  <span class="figures shrink-0 text-xs text-soft">
                    {t('reports.number')} {report.number}
                  </span>
                </div>
                <StatusSummary report={report} />
                <dl class="figures grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-[0.8125rem] [&_dd]:text-right [&_dt]:text-soft">
                  <dt>{t('reports.requested')}</dt>
                  <dd>
                    <ExactTime at={report.requested_at} />
                  </dd>
                  <dt>{t('reports.available')}</dt>
                  <dd>
                    <FileAvailability report={report} />
                  </dd>
                  {/* No pointer hovers here: what « Télécharger » would tell is said. */}
                  <Show when={report.file_available_at !== null && report.size_bytes !== null}>
                    <dt>{t('report.size')}</dt>
                    <dd>{formatBytes(report.size_bytes ?? 0, locale())}</dd>
                  </Show>
                  <dt>{t('reports.columns')}</dt>
                  <dd>{report.column_count}</dd>
                </dl>
                <div class="mt-auto">
                  <ReportButtons report={report} />
                </div>
              </Card>
            </li>
          )}
        </For>
      </Show>
    </ul>
  )
}
