/** The filters of a report in words, for the mail and the workbook's second sheet. */

import type { FilterValue, NumberRange } from '#domain/filter-values.ts'
import type { Locale } from '#domain/locale.ts'
import type { AbsolutePeriod } from '#domain/report-type.ts'
import { formatPeriod } from '#domain/timing/format-period.ts'
import type { ReportDefinition, ReportFilter } from './define-report.ts'
import { findFilter } from './report-configuration.ts'

export interface DescribedFilter {
  label: string
  value: string
}

const words = {
  fr: {
    between: (min: string, max: string) => `de ${min} à ${max}`,
    atLeast: (min: string) => `au moins ${min}`,
    atMost: (max: string) => `au plus ${max}`,
    contains: (text: string) => `contient « ${text} »`,
    yes: 'oui',
    no: 'non',
  },
  en: {
    between: (min: string, max: string) => `from ${min} to ${max}`,
    atLeast: (min: string) => `at least ${min}`,
    atMost: (max: string) => `at most ${max}`,
    contains: (text: string) => `contains “${text}”`,
    yes: 'yes',
    no: 'no',
  },
} as const

/**
 * In the order of the type's filters. Values of `one_of` and `many_of` are shown by their label when the type lists
 * them, or when `labels` (see `optionLabels`) has one; otherwise unchanged. A filter that the type no longer has is
 * shown by its key, so that a stored report hides nothing.
 */
export function describeFilters(
  definition: ReportDefinition,
  resolvedFilters: Readonly<Record<string, FilterValue>>,
  locale: Locale,
  labels: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): DescribedFilter[] {
  const order = definition.filters.map(({ key }) => key)
  return Object.entries(resolvedFilters)
    .sort(([left], [right]) => position(order, left) - position(order, right))
    .map(([key, value]) => {
      const filter = findFilter(definition, key)
      if (!filter) return { label: key, value: typeof value === 'string' ? value : JSON.stringify(value) }
      return { label: filter.label[locale], value: inWords(filter, value, locale, labels[key] ?? {}) }
    })
}

function position(order: readonly string[], key: string): number {
  const index = order.indexOf(key)
  return index < 0 ? order.length : index
}

function inWords(
  filter: ReportFilter,
  value: FilterValue,
  locale: Locale,
  labels: Readonly<Record<string, string>>,
): string {
  const say = words[locale]
  switch (filter.kind) {
    case 'period':
      return formatPeriod(value as AbsolutePeriod, locale)
    case 'one_of':
    case 'many_of': {
      const listed = Array.isArray(filter.options) ? filter.options : []
      const values = Array.isArray(value) ? value : [value]
      return values
        .map(
          (one: string) =>
            listed.find((option) => option.value === one)?.label[locale] ??
            (Object.hasOwn(labels, one) ? labels[one] : undefined) ??
            one,
        )
        .join(', ')
    }
    case 'contains':
      return say.contains(value as string)
    case 'number_range': {
      const { min, max } = value as NumberRange
      const number = new Intl.NumberFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', { maximumFractionDigits: 10 })
      if (min !== undefined && max !== undefined) return say.between(number.format(min), number.format(max))
      return min === undefined ? say.atMost(number.format(max ?? 0)) : say.atLeast(number.format(min))
    }
    case 'boolean':
      return value === true ? say.yes : say.no
  }
}
