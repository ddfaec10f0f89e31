import type { FilterValue } from '#domain/filter-values.ts'
import type { Locale } from '#domain/locale.ts'
import type { Viewer } from '#domain/report-type.ts'
import type { ReportDefinition } from './define-report.ts'
import { describeFilters, type DescribedFilter } from './describe-filters.ts'
import { optionLabels, type OptionSource } from './list-options.ts'
import { scopeNotice } from './scope.ts'

/** Of a report whose owner's account lacks the attribute of the type's scope: why it is empty. */
const noRows = {
  label: { fr: 'Accès', en: 'Access' },
  value: {
    fr: 'aucune ligne : il manque au compte du demandeur l’attribut qui dit lesquelles lui sont ouvertes',
    en: 'no rows: the requester’s account lacks the attribute that says which are open to it',
  },
}

/**
 * The filters in words, choices by their label. When the source cannot return the labels, the values are shown
 * instead, and neither the file nor the mail fails.
 */
export async function filtersInWords(
  source: OptionSource,
  definition: ReportDefinition,
  {
    filters,
    viewer,
    locale,
  }: { filters: Readonly<Record<string, FilterValue>>; viewer: Viewer; locale: Locale },
): Promise<DescribedFilter[]> {
  const labels = await optionLabels(source, definition, filters, viewer).catch(() => ({}))
  return [
    ...describeFilters(definition, filters, locale, labels),
    ...(scopeNotice(definition, viewer)
      ? [{ label: noRows.label[locale], value: noRows.value[locale] }]
      : []),
  ]
}
