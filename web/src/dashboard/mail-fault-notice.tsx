import MailX from 'lucide-solid/icons/mail-x'
import type { Dashboard } from '../api.ts'
import { formatDate } from '../format.ts'
import { locale, t, timeZone } from '../i18n.ts'

/** No mail leaves until somebody corrects the configuration: above everything else on the page. */
export function MailFaultNotice(props: { fault: NonNullable<Dashboard['mail_fault']> }) {
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
