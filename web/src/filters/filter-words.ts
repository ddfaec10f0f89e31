/** Filters in words, for summaries. */

import { formatPeriod } from '#domain/timing/format-period.ts'
import { checkFilterValue, filterValueSchemas } from '#domain/filter-values.ts'
import type { ReportType } from '../api.ts'
import { formatList, formatNumber } from '../format.ts'
import { locale, t } from '../i18n.ts'

export type FilterDescription = ReportType['filters'][number]
export type FilterValues = Readonly<Record<string, unknown>>

/** `Période : Hier`, one for each filter in use, in the type's order. */
export function filterSentences(type: ReportType, values: Readonly<Record<string, unknown>>): string[] {
  return type.filters.flatMap((filter) =>
    values[filter.key] === undefined
      ? []
      : [t('filters.sentence', { label: filter.label, value: filterWords(filter, values[filter.key]) })],
  )
}

/**
 * One value in words; as JSON when it is not of its kind.
 * @param options the choices, where the type does not bring them and the caller has read them.
 */
export function filterWords(
  filter: FilterDescription,
  value: unknown,
  options: NonNullable<FilterDescription['options']> = filter.options ?? [],
): string {
  const labelOf = (one: string) => options.find((option) => option.value === one)?.label ?? one
  const schemas = filterValueSchemas
  switch (filter.kind) {
    case 'period': {
      const { data } = schemas.period.safeParse(value)
      if (!data) break
      return 'relative' in data ? t(`period.${data.relative}`) : formatPeriod(data, locale())
    }
    case 'one_of':
    case 'contains': {
      const { data } = schemas.one_of.safeParse(value)
      if (data === undefined) break
      return filter.kind === 'one_of' ? labelOf(data) : t('filters.quoted', { text: data })
    }
    case 'many_of': {
      const { data } = schemas.many_of.safeParse(value)
      if (!data) break
      return formatList(data.map(labelOf), locale())
    }
    case 'number_range': {
      const { data } = schemas.number_range.safeParse(value)
      if (!data) break
      const { min, max } = data
      return [
        min === undefined ? '' : `≥ ${formatNumber(min, locale())}`,
        max === undefined ? '' : `≤ ${formatNumber(max, locale())}`,
      ]
        .filter(Boolean)
        .join(', ')
    }
    case 'boolean':
      if (typeof value === 'boolean') return value ? t('filters.yes') : t('filters.no')
  }
  return JSON.stringify(value)
}

/** What is wrong with a value, in words; undefined when the API would take it, or when the filter is not used. */
export function filterFault(filter: FilterDescription, value: unknown): string | undefined {
  if (value === undefined) return undefined
  const checked = checkFilterValue(filter.kind, value)
  return checked.ok ? undefined : t(`filters.fault.${checked.fault}`)
}
