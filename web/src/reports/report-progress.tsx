import { createMemo, Show } from 'solid-js'
import type { ReportProgress as Progress } from '#domain/schemas/report-schema.ts'
import type { ReportJson } from '../api.ts'
import { t } from '../i18n.ts'

/** Phase, attempt and rows of a running report, as they come. */
export function ReportProgress(props: { report: ReportJson; class?: string }) {
  // Between two phases there is no progress for a moment: the last one stays, so that the line does not jump.
  const progress = createMemo<Progress | null>((before) => {
    if (props.report.status !== 'running') return null
    const { progress } = props.report
    return progress ? { phase: progress.phase, attempt: progress.attempt, rows: progress.rows } : before
  }, null)
  return (
    <Show when={props.report.status === 'running'}>
      <span class={`figures text-xs text-soft ${props.class ?? ''}`}>
        <Show when={progress()} fallback={t('reports.starting')}>
          {(known) => (
            <>
              {t(`phase.${known().phase}`)} · {t('reports.attempt', { attempt: known().attempt })}
              <Show when={known().rows !== null}> · {t('reports.rows', { count: known().rows ?? 0 })}</Show>
            </>
          )}
        </Show>
      </span>
    </Show>
  )
}
