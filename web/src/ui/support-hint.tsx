import LifeBuoy from 'lucide-solid/icons/life-buoy'
import { Show } from 'solid-js'
import type { ReportJson } from '../api.ts'
import { formatList } from '../format.ts'
import { locale, t } from '../i18n.ts'
import { SupportContact } from './support-contact.tsx'

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
            <SupportContact subject={t('reports.support.subject', { numbers: numbers() })} />
          </p>
        </div>
      )}
    </Show>
  )
}
