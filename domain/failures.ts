/** The named failures of a report: the message for a person, and whether another attempt can help. */

import type { Locale, Localized } from './locale.ts'

interface Failure {
  /** Whether the same attempt, repeated, may succeed. */
  retryable: boolean
  sentence: Localized
}

const failures = {
  database_unavailable: {
    retryable: true,
    sentence: {
      fr: 'La base de données de Rapporteur ne répondait pas. Relancez le rapport dans quelques minutes.',
      en: 'Rapporteur’s own database did not answer. Relaunch the report in a few minutes.',
    },
  },
  source_unavailable: {
    retryable: true,
    sentence: {
      fr: 'La base de données des rapports ne répond pas. Relancez le rapport dans quelques minutes.',
      en: 'The reports’ database does not answer. Relaunch the report in a few minutes.',
    },
  },
  source_conflict: {
    retryable: true,
    sentence: {
      fr: 'La base de données des rapports est une copie, qui a interrompu la lecture pour se mettre à jour. Relancez le rapport plus tard ; si cela se répète, transmettez son N° au service informatique.',
      en: 'The reports’ database is a copy, which interrupted the reading to take over changes. Relaunch the report later; if it happens again, give its N° to IT.',
    },
  },
  source_timeout: {
    retryable: false,
    sentence: {
      fr: 'La lecture des données a dépassé le temps permis. Réduisez la période ou les filtres, puis relancez.',
      en: 'Reading the data took longer than allowed. Narrow the period or the filters, then relaunch.',
    },
  },
  time_limit_exceeded: {
    retryable: false,
    sentence: {
      fr: 'La production du fichier a dépassé le temps permis. Réduisez la période ou les filtres, puis relancez.',
      en: 'Making the file took longer than allowed. Narrow the period or the filters, then relaunch.',
    },
  },
  memory_limit_exceeded: {
    retryable: false,
    sentence: {
      fr: 'La production du fichier a dépassé la mémoire permise. Choisissez moins de colonnes, ou transmettez le N° du rapport au service informatique.',
      en: 'Making the file took more memory than allowed. Choose fewer columns, or give the report’s N° to IT.',
    },
  },
  source_query_failed: {
    retryable: false,
    sentence: {
      fr: 'La base de données a refusé la requête de ce type de rapport. Transmettez le N° du rapport au service informatique.',
      en: 'The database refused this report type’s query. Give the report’s N° to IT.',
    },
  },
  report_type_unknown: {
    retryable: false,
    sentence: {
      fr: 'Ce type de rapport n’existe plus, ou une de ses colonnes a disparu. Transmettez le N° du rapport au service informatique.',
      en: 'This report type no longer exists, or one of its columns is gone. Give the report’s N° to IT.',
    },
  },
  access_revoked: {
    retryable: false,
    sentence: {
      fr: 'La personne pour qui ce rapport est produit n’a plus accès à ces données.',
      en: 'The person this report runs as may no longer see this data.',
    },
  },
  storage_unavailable: {
    retryable: true,
    sentence: {
      fr: 'Le stockage des fichiers ne répond pas. Relancez le rapport dans quelques minutes.',
      en: 'The file storage does not answer. Relaunch the report in a few minutes.',
    },
  },
  storage_full: {
    retryable: true,
    sentence: {
      fr: 'Le stockage des fichiers est plein. Les administrateurs en sont avertis ; relancez le rapport quand ils auront fait de la place.',
      en: 'The file storage is full. The administrators have been told; relaunch the report once they have made room.',
    },
  },
  storage_missing: {
    retryable: false,
    sentence: {
      fr: 'L’espace de stockage des fichiers n’existe pas. Transmettez le N° du rapport au service informatique.',
      en: 'The file storage has no such bucket. Give the report’s N° to IT.',
    },
  },
  storage_refused: {
    retryable: false,
    sentence: {
      fr: 'Le stockage des fichiers refuse l’accès. Transmettez le N° du rapport au service informatique.',
      en: 'The file storage refuses access. Give the report’s N° to IT.',
    },
  },
  storage_no_credentials: {
    retryable: true,
    sentence: {
      fr: 'Rapporteur n’a pas reçu de quoi s’identifier auprès du stockage des fichiers. Relancez ; si cela se répète, transmettez le N° au service informatique.',
      en: 'Rapporteur was not given credentials for the file storage. Relaunch; if it happens again, give the N° to IT.',
    },
  },
  storage_unsupported: {
    retryable: false,
    sentence: {
      fr: 'Le stockage des fichiers refuse la demande elle-même : il ne sait pas faire ce que Rapporteur lui demande. Transmettez le N° du rapport au service informatique.',
      en: 'The file storage refuses the request itself: it cannot do what Rapporteur asks of it. Give the report’s N° to IT.',
    },
  },
  file_too_large: {
    retryable: false,
    sentence: {
      fr: 'Le fichier dépasse la taille permise. Réduisez la période, les filtres ou les colonnes, puis relancez.',
      en: 'The file is larger than allowed. Narrow the period, the filters or the columns, then relaunch.',
    },
  },
  file_missing: {
    retryable: false,
    sentence: {
      fr: 'Le fichier produit n’est plus dans le stockage. Relancez : il sera produit à nouveau.',
      en: 'The file is no longer in storage. Relaunch: it will be made again.',
    },
  },
  file_damaged: {
    retryable: false,
    sentence: {
      fr: 'Le fichier stocké ne correspond pas à celui qui a été produit. Relancez : il sera produit à nouveau.',
      en: 'The stored file is not the one that was made. Relaunch: it will be made again.',
    },
  },
  mail_refused: {
    retryable: false,
    sentence: {
      fr: 'Le serveur de messagerie refuse ce destinataire. Vérifiez son adresse.',
      en: 'The mail server refuses this recipient. Check the address.',
    },
  },
  mail_deferred: {
    retryable: true,
    sentence: {
      fr: 'Le serveur de messagerie demande d’attendre avant d’écrire à ce destinataire.',
      en: 'The mail server asks to wait before writing to this recipient.',
    },
  },
  mail_busy: {
    retryable: false,
    sentence: {
      fr: 'Le serveur de messagerie est très sollicité : l’envoi attend son tour.',
      en: 'The mail server is very busy: the mail waits for its turn.',
    },
  },
  mail_quota: {
    retryable: false,
    sentence: {
      fr: 'Rapporteur a atteint le nombre d’emails que son serveur de messagerie permet pour l’instant. Ni l’adresse ni l’expéditeur ne sont en cause : l’envoi est repris dans quelques heures.',
      en: 'Rapporteur has reached the number of mails that its mail server allows for now. Neither the address nor the sender is at fault: sending is tried again in a few hours.',
    },
  },
  mail_misconfigured: {
    retryable: false,
    sentence: {
      fr: 'Le serveur de messagerie n’accepte rien de Rapporteur tel qu’il est configuré. Les administrateurs sont prévenus ; relancez une fois la configuration corrigée.',
      en: 'The mail server accepts nothing from Rapporteur as it is configured. The administrators are told; relaunch once the configuration is corrected.',
    },
  },
  mail_uncertain: {
    retryable: false,
    sentence: {
      fr: 'Le message a été transmis au serveur de messagerie, qui n’a pas confirmé : il est peut-être arrivé. Rapporteur ne le renverra pas de lui-même.',
      en: 'The message was handed to the mail server, which did not confirm it: it may have arrived. Rapporteur will not send it again by itself.',
    },
  },
  mail_unavailable: {
    retryable: true,
    sentence: {
      fr: 'Le serveur de messagerie ne répond pas. Relancez le rapport dans quelques minutes.',
      en: 'The mail server does not answer. Relaunch the report in a few minutes.',
    },
  },
  mail_sender_refused: {
    retryable: false,
    sentence: {
      fr: 'Le serveur de messagerie n’accepte pas l’adresse d’expédition de Rapporteur. Transmettez le N° du rapport au service informatique.',
      en: 'The mail server does not accept the address Rapporteur sends from. Give the report’s N° to IT.',
    },
  },
  mail_content_refused: {
    retryable: false,
    sentence: {
      fr: 'Le serveur de messagerie a refusé le message lui-même. Transmettez le N° du rapport au service informatique.',
      en: 'The mail server refused the message itself. Give the report’s N° to IT.',
    },
  },
  mail_too_large: {
    retryable: false,
    sentence: {
      fr: 'Le fichier joint est trop lourd pour le serveur de messagerie. Téléchargez-le depuis « Mes Rapports », ou demandez au service informatique d’abaisser la limite des pièces jointes.',
      en: 'The attached file is too large for the mail server. Download it from “My reports”, or ask IT to lower the limit on attachments.',
    },
  },
  clock_off: {
    retryable: true,
    sentence: {
      fr: 'L’horloge d’une machine de Rapporteur est fausse. Prévenez le service informatique.',
      en: 'The clock of one of Rapporteur’s machines is wrong. Tell IT.',
    },
  },
  mail_auth: {
    retryable: true,
    sentence: {
      fr: 'Rapporteur n’a pas pu s’identifier auprès du serveur de messagerie. Transmettez le N° du rapport au service informatique.',
      en: 'Rapporteur could not sign in to the mail server. Give the report’s N° to IT.',
    },
  },
  mail_tls: {
    retryable: true,
    sentence: {
      fr: 'La connexion chiffrée au serveur de messagerie a échoué. Transmettez le N° du rapport au service informatique.',
      en: 'The encrypted connection to the mail server failed. Give the report’s N° to IT.',
    },
  },
  recipient_unsubscribed: {
    retryable: false,
    sentence: {
      fr: 'Cette personne s’est désabonnée de ces rapports : rien ne lui a été envoyé.',
      en: 'This person unsubscribed from these reports: nothing was sent to them.',
    },
  },
  definition_deleted: {
    retryable: false,
    sentence: {
      fr: 'Le rapport programmé a été supprimé entre-temps : rien ne lui a été envoyé.',
      en: 'The scheduled report was deleted in the meantime: nothing was sent to them.',
    },
  },
  recipient_removed: {
    retryable: false,
    sentence: {
      fr: 'Ce destinataire n’est plus de ceux du rapport : rien ne lui a été envoyé.',
      en: 'This recipient is no longer among those of the report: nothing was sent to them.',
    },
  },
  recipient_not_allowed: {
    retryable: false,
    sentence: {
      fr: 'Les domaines permis, ou le rôle du propriétaire, excluent cette adresse : rien ne lui a été envoyé.',
      en: 'The allowed domains, or the owner’s role, rule out this address: nothing was sent to it.',
    },
  },
  nobody_reached: {
    retryable: false,
    sentence: {
      fr: 'Aucun destinataire n’a pu être joint. Le fichier reste téléchargeable.',
      en: 'No recipient could be reached. The file can still be downloaded.',
    },
  },
  worker_lost: {
    retryable: true,
    sentence: {
      fr: 'Le programme qui produisait le rapport s’est arrêté plusieurs fois. Relancez ; si cela se répète, transmettez le N° au service informatique.',
      en: 'The program making the report stopped several times. Relaunch; if it happens again, give the N° to IT.',
    },
  },
  worker_stopping: {
    retryable: true,
    sentence: {
      fr: 'Le programme qui produisait le rapport a été arrêté, pour une mise à jour par exemple. Relancez le rapport.',
      en: 'The program making the report was stopped, for an update for instance. Relaunch the report.',
    },
  },
  timed_out: {
    retryable: true,
    sentence: {
      fr: 'Cette étape a dépassé le temps permis. Relancez ; si cela se répète, transmettez le N° au service informatique.',
      en: 'This step took longer than allowed. Relaunch; if it happens again, give the N° to IT.',
    },
  },
  workflow_lost: {
    retryable: false,
    sentence: {
      fr: 'Le suivi de ce rapport a été interrompu dans Temporal. Relancez-le.',
      en: 'This report’s run was ended in Temporal. Relaunch it.',
    },
  },
  internal_error: {
    retryable: true,
    sentence: {
      fr: 'Une erreur imprévue s’est produite. Relancez ; si cela se répète, transmettez le N° au service informatique.',
      en: 'An unexpected error occurred. Relaunch; if it happens again, give the N° to IT.',
    },
  },
} as const satisfies Record<string, Failure>

export type FailureCode = keyof typeof failures

export function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(failures, code)
}

export function failureSentence(code: FailureCode, locale: Locale): string {
  return failures[code].sentence[locale]
}

export function isRetryable(code: FailureCode): boolean {
  return failures[code].retryable
}

/**
 * Whether somebody must correct the installation first: it concerns every mail, no recipient, and administrators are
 * told.
 */
export function isInstallationFault(code: FailureCode): boolean {
  return code === 'mail_misconfigured' || code === 'mail_auth' || code === 'mail_tls'
}

/** The parts of the installation that a report waits for when they are away. */
export const awayParts = ['source', 'storage', 'database', 'mail'] as const
export type AwayPart = (typeof awayParts)[number]

const partsByCode: Readonly<Partial<Record<FailureCode, AwayPart>>> = {
  source_unavailable: 'source',
  // A standby is away for a report while it takes over its primary's changes.
  source_conflict: 'source',
  storage_unavailable: 'storage',
  storage_full: 'storage',
  database_unavailable: 'database',
  mail_unavailable: 'mail',
}

export function awayPartOf(code: string): AwayPart | null {
  return isFailureCode(code) ? (partsByCode[code] ?? null) : null
}

/** How long a part was waited for before a report gave up. */
export function waitedSentence(ms: number, locale: Locale): string {
  const seconds = Math.round(ms / 1000)
  const time = seconds < 60 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
  return locale === 'fr' ? `Rapporteur a attendu ${time}.` : `Rapporteur waited for ${time}.`
}

/** The mail server's own words among a failure's details (`{ response }`), null when there are none. */
export function mailResponseIn(details: unknown): string | null {
  if (typeof details !== 'object' || details === null || !('response' in details)) return null
  return typeof details.response === 'string' ? details.response : null
}
