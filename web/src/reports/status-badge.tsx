import Ban from 'lucide-solid/icons/ban'
import Check from 'lucide-solid/icons/check'
import CircleAlert from 'lucide-solid/icons/circle-alert'
import Clock from 'lucide-solid/icons/clock'
import MailQuestionMark from 'lucide-solid/icons/mail-question-mark'
import MailWarning from 'lucide-solid/icons/mail-warning'
import SkipForward from 'lucide-solid/icons/skip-forward'
import { Show, type JSX } from 'solid-js'
import type { DeliveryState, ReportStatus } from '#domain/report-status.ts'
import { t } from '../i18n.ts'
import { Badge, type BadgeTone } from '../ui/badge.tsx'
import { Spinner } from '../ui/spinner.tsx'

const looks: Readonly<Record<ReportStatus, { tone: BadgeTone; mark: () => JSX.Element }>> = {
  queued: { tone: 'grey', mark: () => <Clock /> },
  running: { tone: 'orange', mark: () => <Spinner /> },
  completed: { tone: 'green', mark: () => <Check /> },
  failed: { tone: 'red', mark: () => <CircleAlert /> },
  cancelled: { tone: 'outline', mark: () => <Ban /> },
  skipped: { tone: 'outline', mark: () => <SkipForward /> },
}

/** Where a report stands; beside it « Envoi partiel » or « Peut-être reçu » when not everybody has it for sure. */
export function StatusBadge(props: { status: ReportStatus; delivery?: DeliveryState }) {
  return (
    <span class="inline-flex flex-wrap items-center gap-1">
      <Badge tone={looks[props.status].tone} mark={looks[props.status].mark()}>
        {t(`status.${props.status}`)}
      </Badge>
      <Show when={props.status === 'completed' && props.delivery === 'partial'}>
        <Badge tone="amber" mark={<MailWarning />}>
          {t('delivery.partial')}
        </Badge>
      </Show>
      <Show when={props.status === 'completed' && props.delivery === 'uncertain'}>
        <Badge tone="amber" mark={<MailQuestionMark />}>
          {t('delivery.uncertain')}
        </Badge>
      </Show>
    </span>
  )
}
