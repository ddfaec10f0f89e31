import type { Translation } from '../translation.ts'
import type { dashboard as french } from '../fr/dashboard.ts'

export const dashboard = {
  'dashboard.title': 'Dashboard',
  'dashboard.lead': 'Everybody’s reports, on {at}.',
  'dashboard.reading': 'Reading…',
  'dashboard.today': 'Today',
  'dashboard.number': 'No. {number}',
  'dashboard.recipients': { one: '{count} recipient', other: '{count} recipients' },
  'dashboard.show_more': { one: 'Show {count} more', other: 'Show {count} more' },
  'dashboard.latest_only': { one: 'The newest only.', other: 'The {count} newest only.' },
  'chart.figures': 'See the figures',

  'dashboard.installation.title': 'Installation',
  'dashboard.installation.workers_detail':
    'Reports wait. Start a worker, or see in its log why it ends or does not reach Temporal.',
  'dashboard.installation.sweep_detail':
    'Each minute a sweep starts what waits and ends what is lost; the last one is too old. Look at the workers and at Temporal.',
  'dashboard.installation.mail_connection_detail':
    'Mails wait until it answers. Check the server, and SMTP_URL. This is what the API heard:',
  'dashboard.installation.storage_tidying_detail':
    'Files past their retention, or what is left of making them, are not removed. Check what Rapporteur may do in the storage, deleting above all.',
  'dashboard.installation.storage_abilities_detail':
    'Reports will fail, or files will never be removed. The operations page says what Rapporteur needs.',
  'dashboard.installation.stuck_reports_detail':
    'Their runs fail each time they resume. “To look at” says which; their pages say what to do.',
  'dashboard.installation.storage_full_detail':
    'Reports wait until there is room. Enlarge the storage or its quota, or lower RETENTION_DAYS. The storage’s answer:',
  'dashboard.installation.mail_server_detail':
    'The mail server refuses everything Rapporteur sends it. Correct the configuration (SMTP_…), then relaunch the reports.',
  'dashboard.installation.search_attributes_detail':
    'Reports are made and sent; they cannot yet be found in Temporal by number, type or status. An operator can add them:',
  'dashboard.installation.mail_sign_in_detail':
    'No mail leaves, neither reports nor notices. Check the SMTP_… settings; the reports concerned can be relaunched.',
  'dashboard.installation.clock_detail':
    'Beyond 60 seconds, the worker concerned takes no more work. Synchronise the machines’ clocks (NTP).',

  'dashboard.installation.report_types_detail':
    'Its files of REPORTS_DIR are not those of the others, or are faulty. Correct them, then reload the types.',

  'dashboard.headline.due': 'Due in 24 hours',
  'dashboard.headline.week': { one: '{count} in 7 days', other: '{count} in 7 days' },
  'dashboard.headline.failures': 'To look at',
  'dashboard.headline.in_a_row': {
    zero: 'none failing again and again',
    one: '{count} report failing again and again',
    other: '{count} reports failing again and again',
  },
  'dashboard.headline.rate': 'Success rate over 30 days',
  'dashboard.headline.reports': {
    zero: 'no report ended',
    one: '{count} report ended',
    other: '{count} reports ended',
  },
  'dashboard.headline.paused': 'Paused',
  'dashboard.headline.paused_detail': 'disabled scheduled reports',

  'dashboard.due.title': 'Due',
  'dashboard.due.count': {
    zero: 'nothing in 24 hours',
    one: '{count} report in 24 hours',
    other: '{count} reports in 24 hours',
  },
  'dashboard.due.none': 'No scheduled report is due within 7 days.',
  'dashboard.due.hours': 'Next 24 hours, by hour',
  'dashboard.due.hours_label': {
    one: 'By hour, the next 24 hours: {count} report',
    other: 'By hour, the next 24 hours: {count} reports',
  },
  'dashboard.due.hour': 'Hour',
  'dashboard.due.reports': 'Reports',
  'dashboard.due.days': 'Next 7 days, by day',
  'dashboard.due.show': { one: 'Show', other: 'Show the first {count}' },
  'dashboard.due.more': {
    one: 'And {count} more before this time tomorrow.',
    other: 'And {count} more before this time tomorrow.',
  },

  'dashboard.failures.title': 'To look at',
  'dashboard.failures.none': 'Nothing to report: no failure is waiting, every mail went through.',
  'dashboard.failures.stuck': 'Stuck',
  'dashboard.failures.stuck_mark': 'Stuck',
  'dashboard.failures.in_a_row': 'Scheduled reports failing again and again',
  'dashboard.failures.failed': 'Failed and not relaunched, over 30 days',
  'dashboard.failures.partly': 'Partly delivered, over 30 days',
  'dashboard.failures.times': { one: '{count} failure', other: '{count} failures in a row' },
  'dashboard.failures.undelivered': {
    zero: 'Some recipients did not get it.',
    one: 'Not delivered to {emails}',
    other: 'Not delivered to {emails}',
  },

  'dashboard.month.title': 'Last 30 days',
  'dashboard.month.none': 'No report in 30 days.',
  'dashboard.month.results': 'Results',
  'dashboard.month.rate': 'Success rate',
  'dashboard.month.results_label':
    'Results by day over 30 days: {completed} reports completed, {failed} failed',
  'dashboard.month.day': 'Day',
  'dashboard.month.durations': 'Durations, from start to end',
  'dashboard.month.median': 'Median',
  'dashboard.month.p95': '95% within',
  'dashboard.month.durations_label': 'Durations by day over 30 days: half within {median}, 95% within {p95}',

  'dashboard.types.title': 'Report types',
  'dashboard.types.count': { one: '{count} type', other: '{count} types' },
  'dashboard.types.lead': 'Version {version} of the organisation’s files (REPORTS_DIR).',
  'dashboard.types.reload': 'Reload',
  'dashboard.types.reloaded': 'Version {version} of the report types is in use; all processes follow.',
  'dashboard.types.unchanged': 'The files have not changed: version {version} stays in use.',

  'dashboard.paused.title': 'Paused',
  'dashboard.paused.none': 'Every scheduled report is enabled.',
  'dashboard.paused.by_hand': 'Disabled by a person, without a note.',
} as const satisfies Translation<typeof french>
