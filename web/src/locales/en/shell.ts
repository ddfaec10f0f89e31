import type { Translation } from '../translation.ts'
import type { shell as french } from '../fr/shell.ts'

export const shell = {
  'app.name': 'Rapporteur',
  'nav.skip': 'Skip to content',
  'nav.label': 'Main navigation',
  'nav.open': 'Open the menu',
  'nav.reports': 'Reports',
  'nav.my_reports': 'My reports',
  'nav.data': 'Data',
  'nav.settings': 'Settings',
  'nav.scheduled': 'Scheduled reports',
  'nav.people': 'People',
  'nav.audit': 'Audit log',
  'nav.dashboard': 'Dashboard',
  'nav.account': 'Account',
  'nav.my_account': 'My account',
  'nav.language': 'Language',
  'nav.theme': 'Theme',
  'nav.sign_out': 'Sign out',
  'theme.system': 'Same as the system',
  'theme.light': 'Light',
  'theme.dark': 'Dark',
  'role.admin': 'Administrator',
  'role.user': 'User',

  'sign_in.title': 'Sign in',
  'sign_in.lead': 'Your reports, made and delivered on time.',
  'sign_in.email': 'Email address',
  'sign_in.password': 'Password',
  'sign_in.submit': 'Sign in',
  'sign_in.or': 'or',
  'sign_in.sso': 'Sign in with your organisation’s account',
  'sign_in.ended': 'Your session has ended. Sign in again to return to where you were.',
  'sign_in.email_missing': 'Enter your email address.',
  'sign_in.password_missing': 'Enter your password.',
  'sign_in.forgotten': 'Forgotten password?',
  'sign_in.failure.claims_missing':
    'Your organisation’s account did not pass on your email address: IT has to let Rapporteur read it.',
  'sign_in.failure.address_not_verified':
    'The email address of your organisation’s account is not verified: ask IT to verify it, then sign in again.',
  'sign_in.failure.not_invited':
    'Your organisation’s account does not open Rapporteur: ask an administrator of Rapporteur to invite you or, if you have an account already, to allow it to be linked.',
  'sign_in.failure.not_in_group':
    'You are in none of the groups that may use Rapporteur: ask IT to add you to one of them.',
  'sign_in.failure.deactivated':
    'Your Rapporteur account is deactivated: an administrator of Rapporteur can reactivate it.',
  'sign_in.failure.provider_away':
    'Your organisation’s sign-in service does not answer: try again in a few minutes. If it lasts, tell IT.',
  'sign_in.failure.provider_declined':
    'Signing in was refused or given up at your organisation’s side: start again.',
  'sign_in.failure.provider_wrong':
    'Your organisation’s sign-in service gave an answer that Rapporteur cannot accept: tell IT, its configuration needs checking.',
  'sign_in.failure.sign_in_expired':
    'Signing in took too long, or was begun in another browser: start again here.',
  'sign_in.failure.other': 'Signing in with your organisation’s account did not work: try again, or tell IT.',
  'sign_in.failure.subject': 'Rapporteur: cannot sign in ({code})',

  'forgotten.title': 'Forgotten password',
  'forgotten.lead': 'You are sent a link to choose another one.',
  'forgotten.submit': 'Send me a link',
  'forgotten.sent':
    'If {email} has an account, a message with a link arrives there in a few minutes. The link works once, for two hours.',
  'forgotten.nothing_came': 'Nothing arrives? Look among the spam, check the address, then ask IT.',
  'forgotten.back': 'Back to sign-in',

  'choose.title': 'Choose a password',
  'choose.lead': 'The one before will not work any more. Your other sessions and your API keys end.',
  'choose.welcome': 'Welcome, {name}',
  'choose.welcome_lead': 'Your Rapporteur account is open. Choose the password that lets you in.',
  'choose.submit': 'Save and sign in',
  'choose.submit_welcome': 'Open my account',
  'choose.expired': 'This link no longer works',
  'choose.expired_lead': 'It was used already, a newer link replaced it, or its time is over.',
  'choose.expired_invitation':
    'Ask for another link. If you were invited, an administrator can also send the invitation again.',
  'choose.ask_again': 'Ask for another link',

  'password.new': 'New password',
  'password.rules': 'At least 10 characters, hard to guess. Several words in a row do well.',
  'password.new_missing': 'Enter the new password.',

  'not_found.title': 'Page not found',
  'not_found.detail': 'Nothing is at this address. It may have been copied wrongly.',
  'not_found.home': 'Go to My reports',
  'forbidden.title': 'Restricted access',
  'forbidden.detail': 'This page is for administrators. If you should have access, ask IT.',
} as const satisfies Translation<typeof french>
