import type { Translation } from '../translation.ts'
import type { reports as french } from '../fr/reports.ts'

export const reports = {
  'reports.title': 'My reports',
  'reports.lead': 'The reports you asked for, and those of your scheduled reports.',
  'reports.new': 'New report',
  'reports.number': 'N°',
  'reports.type': 'Report type',
  'reports.status': 'Status',
  'reports.columns': 'Columns selected',
  'reports.requested': 'Requested on',
  'reports.available': 'File available since',
  'reports.actions': 'Actions',
  'reports.open': '{title}, N° {number}',
  'reports.name': 'Report N° {number}',
  'reports.scheduled': 'Scheduled',
  'reports.attempt': 'attempt {attempt}',
  'reports.rows': { one: '{count} row', other: '{count} rows' },
  'reports.starting': 'Starting…',
  'reports.cancelling': 'Cancelling…',
  'reports.file': '{size}, generated on {date}',
  'reports.no_file': 'No file',
  'reports.file_removed': 'Removed on {date}',
  'reports.file_removed.detail':
    'The file was removed on {date}, at the end of its retention. To have it again, ask for the report from the page of its data.',
  'reports.to_data': 'Open this data',

  'reports.filter.status': 'Filter by status',
  'reports.filter.type': 'Filter by report type',
  'reports.filter.any_status': 'All statuses',
  'reports.filter.any_type': 'All types',
  'reports.filter.sort': 'Sort',
  'reports.filter.clear': 'Clear the filters',
  'reports.sort.-number': 'Newest first',
  'reports.sort.number': 'Oldest first',
  'reports.sort.title': 'Report type, A to Z',
  'reports.sort.status': 'Status',
  'reports.sort.-file_available_at': 'Newest file first',
  'reports.sort.other': 'Another order',
  'reports.live': 'Live',
  'reports.polling': 'Refreshed every 5 seconds',

  'reports.empty.title': 'No reports yet',
  'reports.empty.detail':
    'Open some data, choose filters and columns, then “Export”: your first report will appear here.',
  'reports.none.title': 'No report matches',
  'reports.none.detail': 'None of your reports has this status and type.',

  'reports.relaunched':
    'The report has been relaunched. You will receive an email with the download link once it is ready.',
  'reports.sentAgain':
    'The report is being sent again to those who have not had it. The others will not receive it a second time.',
  'reports.relaunching': 'Relaunching…',
  'reports.resend.title': 'Send report N° {number} again?',
  'reports.resend.detail': {
    one: 'For {count} recipient, the message was handed to the mail server, which did not confirm it: it may have arrived. If you send it again, this person may get it twice.',
    other:
      'For {count} recipients, the message was handed to the mail server, which did not confirm it: it may have arrived. If you send it again, these people may get it twice.',
  },
  'reports.resend.also': {
    one: 'Also to the person who perhaps has it',
    other: 'Also to the {count} people who perhaps have it',
  },
  'reports.cancel.title': 'Cancel report N° {number}?',
  'reports.cancel.detail':
    'Making it stops, and what has not been sent yet will not be. You can relaunch it later.',
  'reports.cancel.confirm': 'Cancel the report',
  'reports.cancel.keep': 'Let it go on',

  'reports.support.one': 'Report N° {number} failed {times} times in a row. Contact IT and give this number.',
  'reports.support.many':
    'Reports N° {numbers} failed several times in a row. Contact IT and give their numbers.',
  'reports.support.subject': 'Report N° {numbers}: repeated failures',

  'report.failed_in': 'Failed at the step “{phase}”',
  'report.skipped': 'This occurrence did not run',
  'report.details': 'Details',
  'report.scheduled_for': 'Due on',
  'report.format': 'Format',
  'report.row_count': 'Rows',
  'report.misfits': 'Written as texts, column “{column}”',
  'report.misfits.integer': {
    one: '{count} value was not a whole number',
    other: '{count} values were not whole numbers',
  },
  'report.misfits.number': {
    one: '{count} value was not a number',
    other: '{count} values were not numbers',
  },
  'report.misfits.date': {
    one: '{count} value was not a date',
    other: '{count} values were not dates',
  },
  'report.misfits.timestamp': {
    one: '{count} value was not a date and time',
    other: '{count} values were not dates and times',
  },
  'report.misfits.boolean': {
    one: '{count} value was neither yes nor no',
    other: '{count} values were neither yes nor no',
  },
  'report.size': 'File size',
  'report.delivery': 'Delivery',
  'report.definition': 'Scheduled report',
  'report.open_definition': 'See its deliveries',
  'report.temporal': 'Open in Temporal Web',

  'log.phases': 'Steps',
  'log.attempts': { one: '{count} attempt', other: '{count} attempts' },
  'log.phase.pending': 'To come',
  'log.phase.running': 'Running',
  'log.phase.completed': 'Done',
  'log.phase.failed': 'Failed',
  'log.phase.cancelled': 'Cancelled',
  'log.phase.not_done': 'Not done',
  'log.recipients': 'Recipients',
  'log.recipients.removed': 'The recipients were removed when their retention ended.',
  'log.recipients.none': 'No recipient has been tried yet.',
  'log.recipients.note': '“Sent”: accepted by the first mail server.',
  'log.recipients.sent': { one: '{count} sent', other: '{count} sent' },
  'log.recipients.uncertain': { one: '{count} perhaps received', other: '{count} perhaps received' },
  'log.recipients.failed': { one: '{count} not delivered', other: '{count} not delivered' },
  'log.recipient.not_sent': 'Not sent',
  'log.response': 'Server’s answer',
} as const satisfies Translation<typeof french>
