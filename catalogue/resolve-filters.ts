import type { FilterValue } from '#domain/filter-values.ts'
import type { PeriodValue } from '#domain/report-type.ts'
import { resolvePeriod } from '#domain/timing/resolve-period.ts'
import type { ReportDefinition } from './define-report.ts'
import { checkColumnsAndFilters, findFilter, ReportConfigurationError } from './report-configuration.ts'

/**
 * The filters as a query needs them: relative periods become the days that they mean at `at`, the *scheduled* time, in
 * the report's time zone. Absolute periods stay unchanged, so resolving is idempotent.
 * @throws ReportConfigurationError when a filter is unknown to the type or its value is wrong.
 */
export function resolveFilters(
  definition: ReportDefinition,
  filters: Readonly<Record<string, unknown>>,
  moment: { at: Date; timeZone: string },
): Record<string, FilterValue> {
  const issues = checkColumnsAndFilters(definition, { filters })
  if (issues.length > 0) throw new ReportConfigurationError(definition.key, issues)
  return Object.fromEntries(
    Object.entries(filters).map(([key, value]) =>
      findFilter(definition, key)?.kind === 'period'
        ? [key, resolvePeriod(value as PeriodValue, moment)]
        : [key, value as FilterValue],
    ),
  )
}
