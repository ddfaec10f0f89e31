import LifeBuoy from 'lucide-solid/icons/life-buoy'
import { Show } from 'solid-js'
import type { ReportJson } from '../api.ts'
import { formatList } from '../format.ts'
import { locale, t } from '../i18n.ts'
import { useConfiguration } from '../account-queries.ts'

/** From this many failures on, IT is needed. */
const repeatedly = 3

/**
 * Reports that keep failing: the newest known one of each definition, if it failed, and requests that failed as often
 * when relaunched.
 * @param reports in any order
 */
export function failingRepeatedly(reports: readonly ReportJson[]): ReportJson[] {
  const newest = new Map<string, ReportJson>()
  for (const report of reports) {
    const key = report.scheduled_report_id ?? `report ${report.number}`
    const known = newest.get(key)
    if (!known || known.number < report.number) newest.set(key, report)
  }
  return [...newest.values()].filter(
    ({ status, failed_in_a_row }) => status === 'failed' && failed_in_a_row >= repeatedly,
  )
}

/** « Contactez le service informatique » with the numbers to give, when reports fail again and again. */
export function SupportHint(props: { reports: readonly ReportJson[] }) {
  const configuration = useConfiguration()
  const failing = () => failingRepeatedly(props.reports)
  const numbers = () =>
    formatList(
      failing().map(({ number }) => String(number)),
      locale(),
    )
  return (
    <Show when={failing()[0]}>
      {(first) => (
        <div role="status" class="flex items-start gap-3 rounded-xl bg-amber-soft p-3.5 text-ink">
          <LifeBuoy aria-hidden="true" class="mt-px size-[1.125rem] shrink-0 text-amber" />
          <p class="figures min-w-0">
            {failing().length === 1
              ? t('reports.support.one', { number: String(first().number), times: first().failed_in_a_row })
              : t('reports.support.many', { numbers: numbers() })}
            <Show when={configuration.data?.support_contact}>
              {(contact) => <Contact text={contact()} numbers={numbers()} />}
            </Show>
          </p>
        </div>
      )}
    </Show>
  )
}

/** As configured: an address and a telephone number can be followed, a name is said. */
function Contact(props: { text: string; numbers: string }) {
  const href = () => {
    const text = props.text.trim()
    if (/^[^\s@]+@[^\s@]+$/.test(text)) {
      return `mailto:${text}?subject=${encodeURIComponent(t('reports.support.subject', { numbers: props.numbers }))}`
    }
    if (/^\+?[\d\s().-]{4,}$/.test(text)) return `tel:${text.replace(/[^\d+]/g, '')}`
    if (/^https?:\/\/\S+$/.test(text)) return text
    return undefined
  }
  return (
    <Show when={href()} fallback={<> {t('reports.support.contact', { contact: props.text })}</>}>
      {(address) => (
        <>
          {' '}
          <a class="font-medium underline underline-offset-4" href={address()}>
            {props.text}
          </a>
        </>
      )}
    </Show>
  )
}
