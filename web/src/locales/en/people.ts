import type { Translation } from '../translation.ts'
import type { people as french } from '../fr/people.ts'

export const people = {
  'people.title': 'People',
  'people.lead': 'Who has an account, and what is theirs.',
  'people.search_hint': 'Name or address',
  'people.filter.any': 'All accounts',
  'people.filter.active': 'Active',
  'people.filter.inactive': 'Deactivated',
  'people.none_found': 'Nobody matches',
  'people.column.name': 'Person',
  'people.column.role': 'Role',
  'people.column.state': 'State',
  'people.column.scheduled': 'Scheduled reports',
  'people.role.admin': 'Administrator',
  'people.role.user': 'User',
  'people.active': 'Active',
  'people.inactive': 'Deactivated',
  'people.scheduled': {
    one: '{count} scheduled report',
    other: '{count} scheduled reports',
    zero: 'No scheduled report',
  },
  'people.deactivate': 'Deactivate',
  'people.deactivate_whom': 'Deactivate the account of {name}',
  'people.reactivate': 'Reactivate',
  'people.reactivate_whom': 'Reactivate the account of {name}',
  'people.confirm.title': 'Deactivate the account of {name}?',
  'people.confirm.account':
    'Its sessions end and its API keys open nothing any more, at once. Reports already made stay.',
  'people.confirm.scheduled': {
    one: '{count} enabled scheduled report will be paused.',
    other: '{count} enabled scheduled reports will be paused.',
    zero: 'No enabled scheduled report is theirs.',
  },
  'people.confirm.after': {
    one: 'It does not run until somebody takes it over: “Change owner…”, among its actions.',
    other: 'They do not run until somebody takes them over: “Change owner…”, among the actions of each.',
  },
  'people.deactivated_toast': 'The account of {name} is deactivated.',
  'people.reactivated_toast': 'The account of {name} is active again. Its scheduled reports stay paused.',

  'owner.inactive': 'Owner deactivated',
  'owner.oneself': '{name} (you)',
  'owner.change': 'Change owner…',
  'owner.change_of': 'Change owner…: “{name}”',
  'owner.notice':
    'The account of {name} is deactivated: this scheduled report does not run any more. Give it to somebody else to resume it.',
  'owner.waiting': {
    one: '{count} scheduled report belongs to a deactivated account and does not run any more.',
    other: '{count} scheduled reports belong to a deactivated account and do not run any more.',
  },
  'owner.waiting_show': { one: 'See it', other: 'See them' },
  'owner.first': 'Its owner is deactivated: give it to somebody else first.',
  'owner.title': 'Change owner',
  'owner.present': 'Present owner: {name}',
  'owner.new': 'New owner',
  'owner.search': 'Name or address of an administrator',
  'owner.hint':
    'The report runs in their name from now on, with the data they may see, and a failure is reported to them. The recipients stay the same.',
  'owner.nobody_else': 'There is no other active administrator to give it to.',
  'owner.choose': 'Choose a person.',
  'owner.resume': 'Enable the scheduled report again',
  'owner.resume_hint': 'It runs at its next occurrence.',
  'owner.submit': 'Change owner',
  'owner.changed_toast': '“{name}” now belongs to {owner}.',
} as const satisfies Translation<typeof french>
