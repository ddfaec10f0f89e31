import type { Translation } from '../translation.ts'
import type { people as french } from '../fr/people.ts'

export const people = {
  'people.title': 'People',
  'people.lead': 'Who has an account, what each may do and see, and what is theirs.',
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
    'Its sessions end and its API keys are deleted, at once. Reports already made stay; those under way write to nobody any more, and cannot be relaunched.',
  'people.confirm.scheduled': {
    one: '{count} enabled scheduled report will be paused.',
    other: '{count} enabled scheduled reports will be paused.',
    zero: 'No enabled scheduled report is theirs.',
  },
  'people.confirm.after': {
    one: 'It does not run until somebody takes it over: “Hand over their scheduled reports…”, among this person’s actions.',
    other:
      'They do not run until somebody takes them over: “Hand over their scheduled reports…”, among this person’s actions.',
  },
  'people.deactivated_toast': 'The account of {name} is deactivated.',
  'people.reactivated_toast': 'The account of {name} is active again. Its scheduled reports stay paused.',

  'people.invited': 'Invited',
  'people.attribute': '{title}: {value}',
  'people.actions_on': 'Actions on {name}',
  'people.edit': 'Edit…',
  'people.edit_whom': 'Edit the account of {name}',
  'people.changed_toast': 'The account of {name} is changed.',
  'people.role_hint.user': 'Asks for reports and finds them again.',
  'people.role_hint.admin': 'Also manages scheduled reports and people.',
  'people.own_role': 'Nobody changes their own role: another administrator can.',
  'people.promotion':
    'As an administrator this person manages everybody’s accounts and scheduled reports. Some report types also show administrators more rows.',
  'people.demotion': {
    one: 'Without the administrator’s role this person manages nothing any more, and {count} enabled scheduled report will be paused. Give it to somebody else afterwards.',
    other:
      'Without the administrator’s role this person manages nothing any more, and {count} enabled scheduled reports will be paused. Give them to somebody else afterwards.',
    zero: 'Without the administrator’s role this person manages neither accounts nor scheduled reports any more. No enabled scheduled report is theirs.',
  },
  'people.provider_role':
    'If your organisation’s groups decide the role, they restore it at the next sign-in.',
  'people.attributes': 'Access to data',
  'people.attributes_hint':
    'Each value opens the rows that have it, in pages and in reports. Without a value this person sees none, unless their role sees all.',
  'people.attribute_types': 'For: {types}.',
  'people.attribute_none': '— No value',
  'people.attribute_add': 'Add another attribute',
  'people.attribute_name': 'Attribute',
  'people.attribute_value': 'Value',
  'people.attribute_remove': 'Remove this attribute',
  'people.link': 'Allow the organisation’s account to be linked',
  'people.link_anew': 'Allow another account of the organisation to be linked',
  'people.link_hint':
    'The next sign-in by the organisation with the verified address {email} will open this account, and the permission will end.',

  'people.invite': 'Invite a person',
  'people.invite_lead':
    'Their account is open at once. A mail brings them a link, which works once, for 72 hours.',
  'people.email_missing': 'Enter their email address.',
  'people.language': 'Language',
  'people.language_hint': 'Of the invitation and the pages; they can change it.',
  'people.invite_submit': 'Send the invitation',
  'people.invite_again': 'Send the invitation again',
  'people.invited_toast': 'The invitation is on its way to {email}.',

  'people.hand_over': 'Hand over their scheduled reports…',
  'people.hand_over_title': 'Hand over all their scheduled reports',
  'people.hand_over_lead': {
    one: '{count} scheduled report belongs to {name}.',
    other: '{count} scheduled reports belong to {name}.',
  },
  'people.hand_over_hint':
    'They run in the new owner’s name from now on, with the data that person may see, and failures are reported to them. The recipients stay the same.',
  'people.hand_over_resume': 'Resume those that are paused for want of an owner',
  'people.hand_over_resume_hint': 'They run at their next occurrence. The others stay as they are.',
  'people.hand_over_submit': 'Hand over',
  'people.handed_over_toast': {
    one: '{count} scheduled report now belongs to {owner}.',
    other: '{count} scheduled reports now belong to {owner}.',
  },

  'people.anonymised': 'Anonymised',
  'people.anonymise': 'Anonymise…',
  'people.anonymise_title': 'Anonymise {name}?',
  'people.anonymise_final': 'This is final: nobody can undo it.',
  'people.anonymise_goes':
    'Name, address, role, access to data and everything that opens the account are erased. The address also goes from the recipients and delivery logs of others’ reports.',
  'people.anonymise_stays':
    'Their reports and the numbers stay, in the name of “Personne anonymisée”, and so do mails already sent and, until their period ends, the entries of the audit trail.',
  'people.anonymise_before': 'To be done first:',
  'people.anonymise_hand_over': {
    one: 'hand over or delete their scheduled report',
    other: 'hand over or delete their {count} scheduled reports',
  },
  'people.anonymise_deactivate': 'deactivate their account',
  'people.anonymise_type': 'To confirm, write “{name}”',
  'people.anonymise_mistyped': 'That is not this person’s name.',
  'people.anonymise_submit': 'Anonymise for good',
  'people.anonymised_toast': 'The person is anonymised.',

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
