/** Which days an occurrence of a definition reports. */

import type { Report, ScheduledReport } from '#prisma/client/client.ts'
import type { AbsolutePeriod, PeriodValue } from '#domain/report-type.ts'
import { checkFilterValue } from '#domain/filter-values.ts'
import { resolvePeriod } from '#domain/timing/resolve-period.ts'
import type { Catalogue } from '#catalogue/load-catalogue.ts'

/**
 * @returns from the time due to the days of the definition's relative period, both included; null when it has none,
 * for every occurrence reports the same days then. Of several, the type's first filter counts.
 */
export function relativePeriodOf(
  { type, filters, timeZone }: ScheduledReport,
  catalogue: Catalogue,
): ((at: Date) => AbsolutePeriod) | null {
  const relative = relativeFilter(catalogue, type, filters)
  return relative && ((at) => resolvePeriod(relative.value, { at, timeZone }))
}

/**
 * @returns the days that a report of an occurrence covers, and covers again when it is relaunched: they were settled
 * when it was opened, by its own filters. Null when none of those is a relative period.
 */
export function periodOfReport(
  {
    type,
    filters,
    resolvedFilters,
    timeZone,
  }: Pick<Report, 'type' | 'filters' | 'resolvedFilters' | 'timeZone'>,
  at: Date,
  catalogue: Catalogue,
): AbsolutePeriod | null {
  const relative = relativeFilter(catalogue, type, filters)
  if (!relative) return null
  const settled = new Map(Object.entries(resolvedFilters ?? {})).get(relative.key)
  return resolvePeriod(isPeriod(settled) ? settled : relative.value, { at, timeZone })
}

function relativeFilter(
  catalogue: Catalogue,
  type: string,
  filters: ScheduledReport['filters'],
): { key: string; value: PeriodValue } | null {
  const chosen = new Map(Object.entries(filters ?? {}))
  const found = (catalogue.get(type)?.filters ?? []).flatMap(({ key, kind }) => {
    const value = chosen.get(key)
    return kind === 'period' && isPeriod(value) && 'relative' in value ? [{ key, value }] : []
  })
  return found[0] ?? null
}

function isPeriod(value: unknown): value is PeriodValue {
  return checkFilterValue('period', value).ok
}
