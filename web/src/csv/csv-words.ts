/** How a CSV file is written, in words. */

import { csvValues, type CsvChoices } from '#domain/csv-options.ts'
import { t } from '../i18n.ts'

export type ValuedOption = keyof typeof csvValues

export const valuedOptions = Object.keys(csvValues) as ValuedOption[]

export function csvValueLabel(option: ValuedOption, value: string): string {
  switch (option) {
    case 'separator':
      return t(`csv.separator.${value as (typeof csvValues.separator)[number]}`)
    case 'quoting':
      return t(`csv.quoting.${value as (typeof csvValues.quoting)[number]}`)
    case 'decimal_mark':
      return t(`csv.decimal_mark.${value as (typeof csvValues.decimal_mark)[number]}`)
    case 'line_end':
      return t(`csv.line_end.${value as (typeof csvValues.line_end)[number]}`)
    case 'date_form':
      return t(`csv.date_form.${value as (typeof csvValues.date_form)[number]}`)
    case 'header':
      return t(`csv.header.${value as (typeof csvValues.header)[number]}`)
    case 'booleans':
      return value.replace('/', ' / ')
    case 'null_text':
      return value === '' ? t('csv.null_text.nothing') : value
  }
}

/** What was chosen; of the rest it says nothing. */
export function csvWords(choices: CsvChoices | null): string {
  if (choices === null) return t('csv.preset.service')
  const { preset } = choices
  const flags = (['bom', 'gzip'] as const).flatMap((option) => {
    const value = choices[option]
    return value === undefined ? [] : [sentence(t(`csv.${option}`), t(value ? 'filters.yes' : 'filters.no'))]
  })
  const valued = valuedOptions.flatMap((option) => {
    const value = choices[option]
    return value === undefined ? [] : [sentence(t(`csv.${option}`), csvValueLabel(option, value))]
  })
  return [preset ? t(`csv.preset.${preset}`) : t('csv.preset.service'), ...valued, ...flags].join(' · ')
}

function sentence(label: string, value: string): string {
  return t('filters.sentence', { label, value })
}
