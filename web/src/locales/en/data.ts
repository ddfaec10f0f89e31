import type { Translation } from '../translation.ts'
import type { data as french } from '../fr/data.ts'

export const data = {
  'data.title': 'Data',
  'data.count': { zero: 'No rows', one: '{count} row', other: '{count} rows' },
  'data.count_about': { one: 'About {count} row', other: 'About {count} rows' },
  'data.counting': 'Counting…',
  'data.columns_count': { one: '{count} column', other: '{count} columns' },
  'data.schedule': 'Save as scheduled report',
  'data.export': 'Export',

  'data.filters': 'Filters',
  'data.filters.active': 'Filters in use',
  'data.filters.clear': 'Clear filters',
  'data.filter.remove': 'Remove the filter {filter}',

  'data.columns': 'Columns ({shown} of {all})',
  'data.columns_title': 'Columns',
  'data.columns_lead': 'Those the page shows and the export takes, in the order you want.',
  'data.columns_apply': 'Apply',

  'data.page_size': 'Rows per page',
  'data.total': 'Total',
  'data.total.sum': 'Sum of all the rows found',
  'data.total.average': 'Average of all the rows found',
  'data.total_failed': 'The total could not be computed in time',
  'data.average_mark': 'avg.',
  'data.cell.more': '{column}: {text}… Show the whole text',
  'data.empty': 'There is no data here yet.',
  'data.none_found': 'No row matches these filters',
  'data.none_found_hint': 'Widen the period or remove a filter.',

  'data.export.title': 'Export: {title}',
  'data.export.format': 'File format',
  'data.export.excel': 'Typed numbers and dates, filters ready',
  'data.export.csv': 'Plain text, for other software',
  'data.export.recipients': 'Send to',
  'data.export.recipients_hint':
    'The file goes by email; you also find it in My Reports. Enter or comma adds an address.',
  'data.export.no_recipient': 'Give one address at least.',
  'data.export.not_an_address': 'Is not an email address.',
  'data.export.order': 'The file keeps the usual order of this data, not the page’s.',
  'data.export.submit': 'Export',
  'data.export.done': 'Report no. {number} requested.',
  'data.export.see': 'See My Reports',
} as const satisfies Translation<typeof french>
