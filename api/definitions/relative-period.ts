/** Which days an occurrence of a definition reports. */

import type { ScheduledReport } from '#prisma/client/client.ts'
import type { AbsolutePeriod, PeriodValue } from '#domain/report-type.ts'
import { checkFilterValue } from '#domain/filter-values.ts'
import { resolvePeriod } from '#domain/timing/resolve-period.ts'
import type { Catalogue } from '#reports/catalogue.ts'

/**
 * @returns from the time due to the days of the definition's relative period, both included; null when it has none,
 * for every occurrence reports the same days then. Of several, the type's first filter counts.
 */
export function relativePeriodOf(
  { type, filters, timeZone }: ScheduledReport,
  catalogue: Catalogue,
): ((at: Date) => AbsolutePeriod) | null {
  const chosen = new Map(Object.entries(filters ?? {}))
  const values = (catalogue.get(type)?.filters ?? []).flatMap(({ key, kind }) => {
    const value = chosen.get(key)
    return kind === 'period' && isRelative(value) ? [value] : []
  })
  const [value] = values
  return value ? (at) => resolvePeriod(value, { at, timeZone }) : null
}

function isRelative(value: unknown): value is PeriodValue {
  return (
    typeof value === 'object' && value !== null && 'relative' in value && checkFilterValue('period', value).ok
  )
}
