/** The days that an occurrence of a definition covers. */

import type { Report, ScheduledReport } from '#prisma/client/client.ts'
import type { AbsolutePeriod, PeriodValue } from '#domain/report-type.ts'
import { checkFilterValue } from '#domain/filter-values.ts'
import { resolvePeriod } from '#domain/timing/resolve-period.ts'
import type { Catalogue } from '#catalogue/load-catalogue.ts'

/**
 * @returns a function from the time due to the days of the definition's relative period, both included; null when it
 * has none: every occurrence then covers the same days. Of several periods, that of the type's first filter counts.
 */
export function relativePeriodOf(
  { type, filters, timeZone }: ScheduledReport,
  catalogue: Catalogue,
): ((at: Date) => AbsolutePeriod) | null {
  const relative = relativeFilter(catalogue, type, filters)
  return relative && ((at) => resolvePeriod(relative.value, { at, timeZone }))
}

/**
 * @returns the days that an occurrence's report covers, also when it is relaunched: its filters were resolved when it
 * was created. Null when none of them is a relative period.
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
