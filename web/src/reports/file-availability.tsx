import { Show } from 'solid-js'
import type { ReportJson } from '../api.ts'
import { formatDate } from '../format.ts'
import { locale, t, timeZone } from '../i18n.ts'
import { ExactTime, StackedTime } from '../ui/relative-time.tsx'

/** Since when the file can be had; that retention removed it; or a dash. */
export function FileAvailability(props: { report: ReportJson; stacked?: boolean }) {
  return (
    <Show
      when={props.report.file_available_at}
      fallback={
        <Show
          when={props.report.file_removed_at}
          fallback={
            <>
              <span aria-hidden="true" class="text-faint">
                {t('none')}
              </span>
              <span class="sr-only">{t('reports.no_file')}</span>
            </>
          }
        >
          {(at) => (
            <span class="text-xs text-faint">
              {t('reports.file_removed', { date: formatDate(at(), 'date', locale(), timeZone()) })}
            </span>
          )}
        </Show>
      }
    >
      {(at) => (props.stacked ? <StackedTime at={at()} /> : <ExactTime at={at()} />)}
    </Show>
  )
}
