/** What may be wrong with the installation itself, apart from any one report. Requests are answered all the same. */

import type { Localized } from './locale.ts'

export const installationParts = [
  /** No worker asks Temporal for work. */
  'workers',
  /** The last sweep is old: told to the administrators once, by the API itself. */
  'sweep',
  /** Files past their retention and what is left in staging cannot be removed. */
  'storage_tidying',
  /** The storage lacks something that reports need. */
  'storage_abilities',
  /** The storage has no room for files: told to the administrators once, see services/notices/storage-full.ts. */
  'storage_full',
  /** The mail server cannot be reached, or does not let the API in. */
  'mail_connection',
  /** The mail server, or who gives tokens for it, refuses this installation's sign-in. */
  'mail_sign_in',
  /** The mail server refuses every mail: told to the administrators once, see services/notices/mail-fault.ts. */
  'mail_server',
  /** Temporal's namespace lacks search attributes that this client may not register. */
  'search_attributes',
  /** A process cannot use the report types that the others use. */
  'report_types',
  /** Reports are open whose runs cannot go on: told to the administrators once, see failures.stuck. */
  'stuck_reports',
  /** The clock of a worker, of the database or of the engine differs from the others'. */
  'clock',
] as const
export type InstallationPart = (typeof installationParts)[number]

/** In pages and mails. */
export const installationTitles: Readonly<Record<InstallationPart, Localized>> = {
  workers: { fr: 'Aucun worker ne prend de travail', en: 'No worker takes any work' },
  sweep: {
    fr: 'L’entretien de Rapporteur ne se fait plus',
    en: 'Rapporteur’s own upkeep is not done any more',
  },
  storage_tidying: { fr: 'Le stockage ne peut pas être nettoyé', en: 'The storage cannot be tidied' },
  storage_abilities: {
    fr: 'Le stockage ne sait pas tout ce qu’il faut',
    en: 'The storage lacks something needed',
  },
  storage_full: { fr: 'Le stockage des fichiers est plein', en: 'The file storage is full' },
  mail_connection: {
    fr: 'Le serveur de messagerie n’est pas joignable',
    en: 'The mail server cannot be reached',
  },
  mail_sign_in: {
    fr: 'Rapporteur ne peut pas se connecter au serveur de messagerie',
    en: 'Rapporteur cannot sign in to the mail server',
  },
  mail_server: { fr: 'Aucun email ne part', en: 'No mail goes out' },
  search_attributes: {
    fr: 'Il manque des attributs de recherche à Temporal',
    en: 'Temporal lacks search attributes',
  },
  report_types: {
    fr: 'Un processus garde d’anciens types de rapport',
    en: 'A process keeps report types of before',
  },
  stuck_reports: { fr: 'Des rapports ne peuvent pas continuer', en: 'Reports cannot go on' },
  clock: { fr: 'Une horloge est fausse', en: 'A clock is wrong' },
}
