import type { Translation } from '../translation.ts'
import type { common as french } from '../fr/common.ts'

export const common = {
  'action.cancel': 'Cancel',
  'action.close': 'Close',
  'action.confirm': 'Confirm',
  'action.delete': 'Delete',
  'action.retry': 'Try again',
  'action.save': 'Save',
  'action.undo': 'Undo',
  'action.dismiss': 'Dismiss',
  'action.download': 'Download',
  'action.relaunch': 'Relaunch',
  'action.resend': 'Send again',
  'action.sendAgain': 'Send again to those who have not had it',
  'action.clear': 'Clear',
  'action.more': 'More actions',

  'status.queued': 'Queued',
  'status.running': 'Running',
  'status.completed': 'Completed',
  'status.failed': 'Failed',
  'status.cancelled': 'Cancelled',
  'status.skipped': 'Skipped',
  'delivery.none': 'Not sent',
  'delivery.sent': 'Sent',
  'delivery.partial': 'Partly sent',
  'delivery.uncertain': 'Perhaps received',
  'delivery.failed': 'Sending failed',
  'recipient.pending': 'Waiting',
  'recipient.sent': 'Sent',
  'recipient.uncertain': 'Perhaps received',
  'recipient.failed': 'Not delivered',
  'phase.generate': 'Generating',
  'phase.store': 'Storing',
  'phase.email': 'Sending',
  'format.csv': 'CSV',
  'format.excel': 'Excel',
  'skip.previous_still_running':
    'The previous occurrence was still running. Run it less often, or backfill this date.',
  'skip.replaced_by_newer':
    'After the service was stopped, a newer occurrence ran in its place. Backfill this date if you need it.',
  'skip.missed':
    'It could not begin in time, and this report does not catch up on what it misses. Backfill this date if you need it.',
  'skip.already_run':
    'Run already: Temporal knows this run, which Rapporteur’s database has lost. Backfill this date if you need it again.',
  'skip.owner_not_allowed':
    'The owner is deactivated, or may no longer see this data. Change the owner, then backfill this date.',
  'skip.no_rows': 'There were no rows, and this report is sent only if there are some. Nothing to do.',
  'language.fr': 'Français',
  'language.en': 'English',

  'field.required': 'required',
  'field.optional': 'optional',

  'pagination.label': 'Pagination',
  'pagination.range': '{from} to {to} of {total}',
  'pagination.range_about': '{from} to {to} of about {total}',
  'pagination.page_alone': 'Page {page}',
  'pagination.none': 'No results',
  'pagination.first': 'First page',
  'pagination.previous': 'Previous page',
  'pagination.next': 'Next page',
  'pagination.last': 'Last page',
  'pagination.page': 'Page {page} of {pages}',

  'table.sort': 'Sort by {column}',
  'table.loading': 'Loading…',

  'combobox.choices': 'Choices',
  'combobox.chosen': '{option}, chosen',
  'combobox.count': { one: '{count} choice', other: '{count} choices', zero: 'No choice' },
  'combobox.none': 'No choice matches',

  'chips.remove': 'Remove {value}',
  'chips.added': { one: '{count} address added', other: '{count} addresses added' },
  'chips.duplicates': {
    one: 'Already in the list, left out: {values}',
    other: 'Already in the list, left out: {values}',
  },
  'chips.invalid': { one: '{count} address to correct', other: '{count} addresses to correct' },
  'chips.hint': 'Enter or comma to add; a list can be pasted.',
  'chips.placeholder': 'name@example.com',

  'password.show': 'Show “{field}”',

  'error.too_many_attempts': 'Too many attempts were refused. Try again in {wait}.',
  'error.too_busy': 'Too many people are signing in at the moment. Try again in {wait}.',
  'error.network.title': 'The service does not answer',
  'error.network.detail': 'Check your connection, then try again. What you typed is kept.',
  'error.unexpected.title': 'An unexpected error occurred',
  'error.unexpected.detail': 'Try again. If it happens again, tell IT.',
  'error.reference': 'Reference to give to IT: {id}',
  'support.contact': 'Contact: {contact}',
  'error.page.title': 'This page could not be shown',
  'error.update': 'A new version of Rapporteur is available: reload the page.',
  'action.reload': 'Reload the page',

  'time.now': 'just now',
  none: '—',
} as const satisfies Translation<typeof french>
