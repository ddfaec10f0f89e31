/** Two lines of a CSV file with given options, for a person who chooses them. A test holds them to the files. */

import { mustQuote, separatorOf, type CsvOptions } from './csv-options.ts'
import type { Locale, Localized } from './locale.ts'
import type { ColumnDescription } from './report-type.ts'

interface SampleColumn extends ColumnDescription {
  /** As PostgreSQL writes it. */
  value: string | null
}

const column = (key: string, label: Localized, type: SampleColumn['type'], value: string | null) => {
  return { key, label, type, value }
}

/** One of each kind, with a comma in the text and a fraction in the number. */
export const csvSample: readonly SampleColumn[] = [
  column('client', { fr: 'Client', en: 'Client' }, 'text', 'Martin, fils'),
  column('amount', { fr: 'Montant', en: 'Amount' }, 'decimal', '1234.50'),
  column('due_on', { fr: 'Échéance', en: 'Due' }, 'date', '2026-03-31'),
  column('sent_at', { fr: 'Envoyé', en: 'Sent' }, 'timestamp', '2026-03-14 08:30:00'),
  column('paid', { fr: 'Payé', en: 'Paid' }, 'boolean', 't'),
  column('note', { fr: 'Remarque', en: 'Note' }, 'text', null),
]

/** The header, if there is one, and a row, without their line ends. */
export function csvPreview(options: CsvOptions, locale: Locale): string[] {
  const separator = separatorOf(options)
  const row = csvSample.map((one) => valueIn(options, one)).join(separator)
  if (options.header === 'none') return [row]
  const header = csvSample.map((one) => (options.header === 'keys' ? one.key : one.label[locale]))
  return [header.map((text) => textIn(options, text)).join(separator), row]
}

function valueIn(options: CsvOptions, { type, value }: SampleColumn): string {
  if (value === null) return options.null_text
  if (type === 'text') return textIn(options, value)
  const written = typedIn(options, type, value)
  return options.quoting === 'always' || written.includes(separatorOf(options)) ? `"${written}"` : written
}

function typedIn(options: CsvOptions, type: SampleColumn['type'], value: string): string {
  switch (type) {
    case 'boolean':
      return options.booleans.split('/')[value === 't' ? 0 : 1] ?? ''
    case 'date':
    case 'timestamp': {
      const [year = '', month = '', day = ''] = value.slice(0, 10).split('-')
      const dates = {
        iso: `${year}-${month}-${day}`,
        'dd/mm/yyyy': `${day}/${month}/${year}`,
        'mm/dd/yyyy': `${month}/${day}/${year}`,
      }
      return dates[options.date_form] + value.slice(10)
    }
    default:
      return value.replace('.', options.decimal_mark)
  }
}

function textIn(options: CsvOptions, text: string): string {
  return mustQuote(options).test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
