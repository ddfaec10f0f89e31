import Ban from 'lucide-solid/icons/ban'
import Download from 'lucide-solid/icons/download'
import RotateCw from 'lucide-solid/icons/rotate-cw'
import { Show } from 'solid-js'
import { canRelaunch, isSettled } from '#domain/report-status.ts'
import type { ReportJson } from '../api.ts'
import { formatBytes, formatDate } from '../format.ts'
import { locale, t, timeZone } from '../i18n.ts'
import { Button } from '../ui/button.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { useReportCommands } from './report-commands.tsx'
import { Tooltip } from '../ui/tooltip.tsx'

/** « Télécharger », « Relancer », « Annuler »: those that the report's state allows. */
export function ReportButtons(props: {
  report: ReportJson
  /** Little room: beside « Télécharger » the others are icons. */
  compact?: boolean
}) {
  const commands = useReportCommands()
  const hasFile = () => props.report.file_available_at !== null
  /** Relaunching a partial delivery sends the existing file to the recipients that were not reached. */
  const relaunchLabel = () =>
    props.report.delivery === 'uncertain'
      ? t('action.resend')
      : props.report.delivery === 'partial' && hasFile()
        ? t('action.sendAgain')
        : t('action.relaunch')
  const mayRelaunch = () =>
    canRelaunch(props.report.status, props.report.delivery) ||
    (isSettled(props.report.status) && props.report.uncertain_recipients > 0)
  return (
    <div class={`flex items-center gap-1.5 ${props.compact ? 'justify-end' : 'flex-wrap'}`}>
      <Show when={hasFile()}>
        <DownloadButton report={props.report} />
      </Show>
      <Show when={mayRelaunch()}>
        <Show
          when={props.compact && hasFile()}
          fallback={
            <Button size="small" icon={<RotateCw />} onClick={() => commands.relaunch(props.report)}>
              {relaunchLabel()}
            </Button>
          }
        >
          <IconButton
            label={relaunchLabel()}
            icon={<RotateCw />}
            size="small"
            onClick={() => commands.relaunch(props.report)}
          />
        </Show>
      </Show>
      <Show when={!isSettled(props.report.status)}>
        <Button
          kind="quiet"
          size="small"
          icon={<Ban />}
          disabled={commands.isCancelling(props.report)}
          onClick={() => commands.cancel(props.report)}
        >
          {t('action.cancel')}
        </Button>
      </Show>
    </div>
  )
}

/** Size and date of the file on hover and on focus. */
function DownloadButton(props: { report: ReportJson }) {
  const commands = useReportCommands()
  return (
    <Tooltip text={fileInWords(props.report)}>
      <Button
        size="small"
        icon={<Download />}
        busy={commands.isDownloading(props.report)}
        onClick={() => commands.download(props.report)}
      >
        {t('action.download')}
      </Button>
    </Tooltip>
  )
}

/** « 1,2 Mo, généré le 22/11/2026 08:00 ». */
function fileInWords({ size_bytes, file_available_at }: ReportJson): string {
  if (file_available_at === null) return ''
  const date = formatDate(file_available_at, 'dateTime', locale(), timeZone())
  return t('reports.file', { size: formatBytes(size_bytes ?? 0, locale()), date })
}
