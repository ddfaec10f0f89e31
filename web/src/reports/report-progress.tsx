import { createMemo, Show } from 'solid-js'
import type { AwayPart } from '#domain/failures.ts'
import type { ReportProgress as Progress } from '#domain/schemas/report-schema.ts'
import { stuckWords } from '#domain/stuck-report.ts'
import type { ReportJson } from '../api.ts'
import { formatDuration } from '../format.ts'
import { locale, t } from '../i18n.ts'
import { useNow } from '../ui/relative-time.tsx'

/** Phase, attempt and rows of a running report, as they come, or what it waits for; or that its run cannot go on. */
export function ReportProgress(props: { report: ReportJson; class?: string }) {
  // Between two phases there is no progress for a moment: the last one stays, so that the line does not jump.
  const progress = createMemo<Progress | null>((before) => {
    if (props.report.status !== 'running') return null
    const { progress } = props.report
    return progress ? { ...progress } : before
  }, null)
  return (
    <Show
      when={props.report.stuck}
      fallback={<Steps report={props.report} progress={progress()} class={props.class} />}
    >
      {(stuck) => (
        <span class={`max-w-xs text-xs text-red ${props.class ?? ''}`}>
          {t('reports.stuck', { why: stuckWords[stuck().reason].why[locale()] })}
        </span>
      )}
    </Show>
  )
}

function Steps(props: { report: ReportJson; progress: Progress | null; class?: string }) {
  return (
    <Show when={props.report.status === 'running'}>
      <span class={`figures text-xs text-soft ${props.class ?? ''}`}>
        <Show when={props.progress} fallback={t('reports.starting')}>
          {(known) => (
            <>
              {t(`phase.${known().phase}`)} ·{' '}
              <Show when={known().waiting} fallback={t('reports.attempt', { attempt: known().attempt })}>
                {(waiting) => <Waited part={waiting().part} since={waiting().since} />}
              </Show>
              <Show when={known().rows !== null}> · {t('reports.rows', { count: known().rows ?? 0 })}</Show>
            </>
          )}
        </Show>
      </span>
    </Show>
  )
}

const minuteMs = 60_000

/** « en attente du stockage depuis 3 min » */
function Waited(props: { part: AwayPart; since: string }) {
  const now = useNow()
  const minutes = () => Math.max(1, Math.floor((now().getTime() - Date.parse(props.since)) / minuteMs))
  return <>{t(`reports.waiting.${props.part}`, { time: formatDuration(minutes() * minuteMs, locale()) })}</>
}
