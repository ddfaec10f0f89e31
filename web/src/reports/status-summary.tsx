import { Show } from 'solid-js'
import type { ReportJson } from '../api.ts'
import { t } from '../i18n.ts'
import { useReportCommands } from './report-commands.tsx'
import { ReportProgress } from './report-progress.tsx'
import { StatusBadge } from './status-badge.tsx'

/** The badge, and beneath it where a running report is, or why one failed. */
export function StatusSummary(props: { report: ReportJson }) {
  const commands = useReportCommands()
  return (
    <span class="flex flex-col items-start gap-1">
      <StatusBadge status={props.report.status} delivery={props.report.delivery} />
      <Show
        when={commands.isCancelling(props.report)}
        fallback={<ReportProgress report={props.report} class="pl-0.5" />}
      >
        <span class="pl-0.5 text-xs text-soft">{t('reports.cancelling')}</span>
      </Show>
      <Show when={props.report.status === 'failed' && props.report.failure}>
        {(failure) => (
          <span class="line-clamp-2 max-w-xs pl-0.5 text-xs text-soft" title={failure().message}>
            {failure().message}
          </span>
        )}
      </Show>
      <Show when={props.report.status === 'skipped' && props.report.skip_reason}>
        {(reason) => <span class="pl-0.5 text-xs text-soft">{t(`skip.${reason()}`)}</span>}
      </Show>
    </span>
  )
}
