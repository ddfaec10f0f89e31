/** What the audit trail tells of, in words. The codes are stable: they are stored. */

import type { Localized } from './locale.ts'

export const auditKinds = {
  signed_in: { fr: 'Connexion', en: 'Signed in' },
  sign_in_refused: { fr: 'Connexion refusée', en: 'Sign-in refused' },
  signed_out: { fr: 'Déconnexion', en: 'Signed out' },
  session_ended: { fr: 'Session terminée', en: 'Session ended' },
  password_changed: { fr: 'Mot de passe changé', en: 'Password changed' },
  password_link_sent: { fr: 'Lien de mot de passe envoyé', en: 'Password link sent' },
  password_chosen: { fr: 'Mot de passe choisi par un lien', en: 'Password chosen by a link' },
  key_created: { fr: 'Clé d’API créée', en: 'API key made' },
  key_deleted: { fr: 'Clé d’API supprimée', en: 'API key deleted' },
  account_changed: { fr: 'Compte modifié par la personne', en: 'Account changed by the person' },
  person_invited: { fr: 'Personne invitée', en: 'Person invited' },
  person_invited_again: { fr: 'Invitation renvoyée', en: 'Invitation sent again' },
  person_joined: {
    fr: 'Compte ouvert par le fournisseur d’identité',
    en: 'Account opened by the identity provider',
  },
  person_changed: { fr: 'Personne modifiée', en: 'Person changed' },
  person_deactivated: { fr: 'Compte désactivé', en: 'Account deactivated' },
  person_reactivated: { fr: 'Compte réactivé', en: 'Account reactivated' },
  person_anonymised: { fr: 'Personne anonymisée', en: 'Person anonymised' },
  reports_handed_over: { fr: 'Rapports programmés confiés', en: 'Scheduled reports handed over' },
  scheduled_report_created: { fr: 'Rapport programmé créé', en: 'Scheduled report created' },
  scheduled_report_changed: { fr: 'Rapport programmé modifié', en: 'Scheduled report changed' },
  scheduled_report_deleted: { fr: 'Rapport programmé supprimé', en: 'Scheduled report deleted' },
  scheduled_report_run: {
    fr: 'Rapport programmé exécuté à la demande',
    en: 'Scheduled report run on request',
  },
  scheduled_report_tested: { fr: 'Rapport programmé essayé', en: 'Scheduled report tested' },
  scheduled_report_backfilled: { fr: 'Occurrences rattrapées', en: 'Occurrences backfilled' },
  report_requested: { fr: 'Rapport demandé', en: 'Report requested' },
  report_relaunched: { fr: 'Rapport relancé', en: 'Report relaunched' },
  report_cancelled: { fr: 'Rapport annulé', en: 'Report cancelled' },
  report_downloaded: { fr: 'Rapport téléchargé', en: 'Report downloaded' },
  report_types_reloaded: { fr: 'Types de rapport rechargés', en: 'Report types reloaded' },
  recipient_unsubscribed: { fr: 'Désabonnement', en: 'Unsubscription' },
} as const satisfies Record<string, Localized>

export type AuditKind = keyof typeof auditKinds

export const auditKindNames = Object.keys(auditKinds) as [AuditKind, ...AuditKind[]]

export const auditVias = ['session', 'key', 'link', 'provider', 'command', 'none'] as const
export type AuditVia = (typeof auditVias)[number]

export const auditSubjects = ['person', 'api_key', 'session', 'report', 'scheduled_report'] as const
export type AuditSubject = (typeof auditSubjects)[number]
