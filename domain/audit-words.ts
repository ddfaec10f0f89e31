/**
 * The audit trail's entries in words, for the pages and for files: the fields that changed, the codes among their
 * values, and how somebody came. A field or value without words is shown as it is stored.
 */

import type { AuditSubject, AuditVia } from './audit-kinds.ts'
import type { Localized } from './locale.ts'

export const auditFields: Readonly<Record<string, Localized>> = {
  owner_id: { fr: 'Propriétaire', en: 'Owner' },
  owner: { fr: 'Propriétaire', en: 'Owner' },
  name: { fr: 'Nom', en: 'Name' },
  type: { fr: 'Type de rapport', en: 'Report type' },
  frequency: { fr: 'Fréquence', en: 'Frequency' },
  time: { fr: 'Heure', en: 'Time' },
  weekdays: { fr: 'Jours de la semaine', en: 'Days of the week' },
  month_day: { fr: 'Jour du mois', en: 'Day of the month' },
  cron_expression: { fr: 'Expression cron', en: 'Cron expression' },
  time_zone: { fr: 'Fuseau horaire', en: 'Time zone' },
  recipients: { fr: 'Destinataires', en: 'Recipients' },
  format: { fr: 'Format', en: 'Format' },
  csv: { fr: 'Options du fichier CSV', en: 'Options of the CSV file' },
  preset: { fr: 'Préréglage', en: 'Preset' },
  separator: { fr: 'Séparateur', en: 'Separator' },
  quoting: { fr: 'Guillemets', en: 'Quotes' },
  decimal_mark: { fr: 'Décimales', en: 'Decimals' },
  bom: { fr: 'BOM', en: 'BOM' },
  line_end: { fr: 'Fin de ligne', en: 'Line end' },
  date_form: { fr: 'Dates', en: 'Dates' },
  header: { fr: 'En-têtes', en: 'Headings' },
  booleans: { fr: 'Vrai et faux', en: 'True and false' },
  null_text: { fr: 'Valeur absente', en: 'Missing value' },
  gzip: { fr: 'Compression', en: 'Compression' },
  columns: { fr: 'Colonnes', en: 'Columns' },
  filters: { fr: 'Filtres', en: 'Filters' },
  locale: { fr: 'Langue', en: 'Language' },
  enabled: { fr: 'Actif', en: 'Enabled' },
  missed_runs: { fr: 'Occurrences manquées', en: 'Missed occurrences' },
  only_if_rows: { fr: 'Seulement s’il y a des lignes', en: 'Only if there are rows' },
  subject: { fr: 'Objet du message', en: 'Subject of the mail' },
  message: { fr: 'Message', en: 'Message' },
  spread_minutes: { fr: 'Étalement (minutes)', en: 'Spread (minutes)' },
  pause_after_failures: { fr: 'Pause après échecs', en: 'Pause after failures' },
  role: { fr: 'Rôle', en: 'Role' },
  attributes: { fr: 'Restrictions', en: 'Restrictions' },
  linkable: { fr: 'Rattachable au fournisseur d’identité', en: 'May be linked to the identity provider' },
  status: { fr: 'Code de réponse', en: 'Response status' },
  reason: { fr: 'Motif', en: 'Reason' },
  number: { fr: 'N° du rapport', en: 'Report no.' },
  from: { fr: 'Du', en: 'From' },
  to: { fr: 'À', en: 'To' },
  occurrences: { fr: 'Occurrences', en: 'Occurrences' },
  scopes: { fr: 'Droits', en: 'Scopes' },
  expires_in_days: { fr: 'Expire après (jours)', en: 'Expires after (days)' },
  catalogue_version: { fr: 'Version des types de rapport', en: 'Version of the report types' },
  scheduled_reports: { fr: 'Rapports programmés', en: 'Scheduled reports' },
}

/** By field. */
export const auditValues: Readonly<Record<string, Readonly<Record<string, Localized>>>> = {
  role: {
    admin: { fr: 'Administrateur', en: 'Administrator' },
    user: { fr: 'Utilisateur', en: 'User' },
  },
  frequency: {
    daily: { fr: 'Quotidienne', en: 'Daily' },
    weekly: { fr: 'Hebdomadaire', en: 'Weekly' },
    monthly: { fr: 'Mensuelle', en: 'Monthly' },
    custom: { fr: 'Personnalisée', en: 'Custom' },
  },
  weekdays: {
    0: { fr: 'dimanche', en: 'Sunday' },
    1: { fr: 'lundi', en: 'Monday' },
    2: { fr: 'mardi', en: 'Tuesday' },
    3: { fr: 'mercredi', en: 'Wednesday' },
    4: { fr: 'jeudi', en: 'Thursday' },
    5: { fr: 'vendredi', en: 'Friday' },
    6: { fr: 'samedi', en: 'Saturday' },
    7: { fr: 'dimanche', en: 'Sunday' },
  },
  format: { csv: { fr: 'CSV', en: 'CSV' }, excel: { fr: 'Excel', en: 'Excel' } },
  preset: {
    excel_fr: { fr: 'Excel en français', en: 'Excel in French' },
    excel_en: { fr: 'Excel en anglais', en: 'Excel in English' },
    rfc4180: { fr: 'RFC 4180', en: 'RFC 4180' },
  },
  quoting: {
    needed: { fr: 'où il en faut', en: 'where needed' },
    always: { fr: 'partout', en: 'everywhere' },
  },
  header: {
    labels: { fr: 'noms des colonnes', en: 'names of the columns' },
    keys: { fr: 'identifiants des colonnes', en: 'keys of the columns' },
    none: { fr: 'aucun', en: 'none' },
  },
  locale: { fr: { fr: 'Français', en: 'French' }, en: { fr: 'Anglais', en: 'English' } },
  missed_runs: {
    latest: { fr: 'rattraper la dernière', en: 'catch up the latest' },
    all: { fr: 'les rattraper toutes', en: 'catch up all' },
    none: { fr: 'n’en rattraper aucune', en: 'catch up none' },
  },
  scopes: {
    'reports:read': { fr: 'lire les rapports', en: 'read reports' },
    'reports:write': { fr: 'demander des rapports', en: 'ask for reports' },
    'scheduled-reports:write': { fr: 'gérer les rapports programmés', en: 'manage scheduled reports' },
    'people:write': { fr: 'gérer les personnes', en: 'manage people' },
  },
  reason: {
    claims_missing: { fr: 'il manque des informations du fournisseur', en: 'the provider left out claims' },
    address_not_verified: { fr: 'adresse non vérifiée', en: 'address not verified' },
    not_invited: { fr: 'personne non invitée', en: 'not invited' },
    not_in_group: { fr: 'hors des groupes autorisés', en: 'not in an allowed group' },
    deactivated: { fr: 'compte désactivé', en: 'account deactivated' },
  },
}

export const auditYesNo = {
  true: { fr: 'oui', en: 'yes' },
  false: { fr: 'non', en: 'no' },
} as const satisfies Record<string, Localized>

export const auditEmptyValue: Localized = { fr: 'vide', en: 'empty' }

export const auditViaWords: Readonly<Record<AuditVia, Localized>> = {
  session: { fr: 'Session', en: 'Session' },
  key: { fr: 'Clé d’API', en: 'API key' },
  link: { fr: 'Lien d’un e-mail', en: 'Link in a mail' },
  provider: { fr: 'Fournisseur d’identité', en: 'Identity provider' },
  command: { fr: 'Ligne de commande', en: 'Command line' },
  none: { fr: 'Sans identification', en: 'Without identification' },
}

export const auditSubjectWords: Readonly<Record<AuditSubject, Localized>> = {
  person: { fr: 'Personne', en: 'Person' },
  api_key: { fr: 'Clé d’API', en: 'API key' },
  session: { fr: 'Session', en: 'Session' },
  report: { fr: 'Rapport', en: 'Report' },
  scheduled_report: { fr: 'Rapport programmé', en: 'Scheduled report' },
}
