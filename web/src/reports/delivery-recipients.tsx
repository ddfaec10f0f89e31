import Check from 'lucide-solid/icons/check'
import Clock from 'lucide-solid/icons/clock'
import MailQuestionMark from 'lucide-solid/icons/mail-question-mark'
import MailX from 'lucide-solid/icons/mail-x'
import { For, Show, type JSX } from 'solid-js'
import { isSettled, type RecipientStatus } from '#domain/report-status.ts'
import type { RecipientLog } from '#domain/schemas/report-schema.ts'
import type { DeliveryLog } from '../api.ts'
import { t } from '../i18n.ts'
import { Badge, type BadgeTone } from '../ui/badge.tsx'
import { ExactTime } from '../ui/relative-time.tsx'

const looks: Readonly<Record<RecipientStatus, { tone: BadgeTone; mark: () => JSX.Element }>> = {
  pending: { tone: 'grey', mark: () => <Clock /> },
  sent: { tone: 'green', mark: () => <Check /> },
  uncertain: { tone: 'amber', mark: () => <MailQuestionMark /> },
  failed: { tone: 'red', mark: () => <MailX /> },
}
/** Who needs a look comes first. */
const order: Readonly<Record<RecipientStatus, number>> = { failed: 0, uncertain: 1, pending: 2, sent: 3 }

/** Who has had it and who has not, with what the mail server answered. */
export function DeliveryRecipients(props: { log: DeliveryLog }) {
  const recipients = () =>
    [...props.log.recipients].sort((left, right) => order[left.status] - order[right.status])
  const none = () => (props.log.recipients_removed ? 'log.recipients.removed' : 'log.recipients.none')
  return (
    <Show when={recipients().length > 0} fallback={<p class="text-soft">{t(none())}</p>}>
      <ul class="divide-y divide-line">
        <For each={recipients()}>
          {(recipient) => <Recipient recipient={recipient} settled={isSettled(props.log.status)} />}
        </For>
      </ul>
      <p class="mt-3 text-xs text-faint">{t('log.recipients.note')}</p>
    </Show>
  )
}

/** « 3 envoyés · 1 peut-être reçu · 1 non remis ». */
export function recipientsInWords(log: DeliveryLog): string {
  const count = (status: RecipientStatus) => log.recipients.filter((one) => one.status === status).length
  const [sent, uncertain, failed] = [count('sent'), count('uncertain'), count('failed')]
  return [
    sent > 0 ? t('log.recipients.sent', { count: sent }) : '',
    uncertain > 0 ? t('log.recipients.uncertain', { count: uncertain }) : '',
    failed > 0 ? t('log.recipients.failed', { count: failed }) : '',
  ]
    .filter(Boolean)
    .join(' · ')
}

function Recipient(props: { recipient: RecipientLog; settled: boolean }) {
  const word = () =>
    props.recipient.status === 'pending' && props.settled
      ? t('log.recipient.not_sent')
      : t(`recipient.${props.recipient.status}`)
  return (
    <li class="flex flex-col gap-1 py-2.5 first:pt-0">
      <div class="flex items-start justify-between gap-3">
        <span class="min-w-0 font-medium break-all">{props.recipient.email}</span>
        <Badge tone={looks[props.recipient.status].tone} mark={looks[props.recipient.status].mark()}>
          {word()}
        </Badge>
      </div>
      <p class="figures text-xs text-soft">
        <Show when={props.recipient.sent_at}>
          {(at) => (
            <>
              <ExactTime at={at()} />
              {' · '}
            </>
          )}
        </Show>
        {t('log.attempts', { count: props.recipient.attempts })}
      </p>
      <Show when={props.recipient.error}>
        <p class="text-[0.8125rem] break-words text-red">{props.recipient.error}</p>
      </Show>
      <Show when={props.recipient.response}>
        <p class="text-xs text-faint">
          {t('log.response')}{' '}
          <code class="ml-1 font-mono break-all text-soft">{props.recipient.response}</code>
        </p>
      </Show>
    </li>
  )
}
