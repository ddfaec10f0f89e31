/** What may be wrong with the installation itself, apart from any one report; administrators see it. */

export const installationParts = [
  /** Files past their retention and what is left in staging cannot be removed. */
  'storage_tidying',
  /** The storage lacks something that reports need. */
  'storage_abilities',
  /** The mail server, or who gives tokens for it, refuses this installation's sign-in. */
  'mail_sign_in',
] as const

export type InstallationPart = (typeof installationParts)[number]
