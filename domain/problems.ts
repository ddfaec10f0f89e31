/** What can go wrong with a request, for people and for programs. Codes are stable: clients act on them. */

import type { Locale, Localized } from './locale.ts'

/** What is wrong with one field, in every language; `path` in JSON terms, such as `recipients.3`. */
export interface FieldIssue {
  path: string
  message: Localized
}

interface Problem {
  status: number
  title: Localized
  detail: Localized
}

/** RFC 9457 problems: `title` names the kind, `detail` says what to do. */
export const problems = {
  malformed_json: {
    status: 400,
    title: { fr: 'JSON illisible', en: 'Malformed JSON' },
    detail: { fr: 'Le corps de la requête n’est pas du JSON.', en: 'The request’s body is not JSON.' },
  },
  json_too_complex: {
    status: 400,
    title: { fr: 'JSON trop complexe', en: 'JSON too complex' },
    detail: {
      fr: 'Le JSON d’une requête a au plus 32 niveaux et 20 000 valeurs.',
      en: 'A request’s JSON has at most 32 levels and 20,000 values.',
    },
  },
  bad_request: {
    status: 400,
    title: { fr: 'Requête incorrecte', en: 'Bad request' },
    detail: { fr: 'La requête n’a pas pu être lue.', en: 'The request could not be read.' },
  },
  unauthenticated: {
    status: 401,
    title: { fr: 'Connexion nécessaire', en: 'Sign-in needed' },
    detail: {
      fr: 'Connectez-vous, ou donnez une clé d’API dans l’en-tête x-api-key.',
      en: 'Sign in, or give an API key in the x-api-key header.',
    },
  },
  invalid_api_key: {
    status: 401,
    title: { fr: 'Clé d’API refusée', en: 'API key refused' },
    detail: {
      fr: 'Cette clé d’API est inconnue, désactivée ou expirée.',
      en: 'This API key is unknown, disabled or expired.',
    },
  },
  wrong_credentials: {
    status: 401,
    title: { fr: 'Connexion refusée', en: 'Sign-in refused' },
    detail: {
      fr: 'L’adresse ou le mot de passe n’est pas le bon.',
      en: 'The address or the password is wrong.',
    },
  },
  forbidden: {
    status: 403,
    title: { fr: 'Accès refusé', en: 'Access refused' },
    detail: { fr: 'Votre rôle ne permet pas cette action.', en: 'Your role does not allow this.' },
  },
  account_deactivated: {
    status: 403,
    title: { fr: 'Compte désactivé', en: 'Account deactivated' },
    detail: {
      fr: 'Ce compte est désactivé. Un administrateur peut le réactiver.',
      en: 'This account is deactivated. An administrator can reactivate it.',
    },
  },
  password_sign_in_closed: {
    status: 403,
    title: { fr: 'Sans mot de passe', en: 'No passwords here' },
    detail: {
      fr: 'Ici, on se connecte par le compte de l’organisation, sans mot de passe de Rapporteur.',
      en: 'Here people sign in with their organisation’s account, without a password of Rapporteur’s.',
    },
  },
  scope_missing: {
    status: 403,
    title: { fr: 'Clé d’API sans ce droit', en: 'API key without this scope' },
    detail: {
      fr: 'Cette clé d’API n’a pas le droit que cette adresse demande. Faites-en une qui l’a.',
      en: 'This API key does not have the scope that this address asks for. Make one that has it.',
    },
  },
  session_needed: {
    status: 403,
    title: { fr: 'Session nécessaire', en: 'Session needed' },
    detail: {
      fr: 'Cette action concerne votre compte : connectez-vous, une clé d’API n’y suffit pas.',
      en: 'This concerns your account: sign in, an API key is not enough.',
    },
  },
  origin_refused: {
    status: 403,
    title: { fr: 'Origine refusée', en: 'Origin refused' },
    detail: {
      fr: 'Cette requête vient d’un autre site que celui de Rapporteur.',
      en: 'This request comes from a site other than Rapporteur’s.',
    },
  },
  not_found: {
    status: 404,
    title: { fr: 'Introuvable', en: 'Not found' },
    detail: {
      fr: 'Rien ne se trouve à cette adresse, ou vous n’y avez pas accès.',
      en: 'Nothing is at this address, or you have no access to it.',
    },
  },
  method_not_allowed: {
    status: 405,
    title: { fr: 'Méthode non permise', en: 'Method not allowed' },
    detail: {
      fr: 'Cette adresse existe, mais pas pour cette méthode HTTP ; voyez l’en-tête Allow.',
      en: 'This address exists, but not for this HTTP method; see the Allow header.',
    },
  },
  report_types_faulty: {
    status: 409,
    title: { fr: 'Types de rapport non rechargés', en: 'Report types not reloaded' },
    detail: {
      fr: 'Un fichier de REPORTS_DIR est faux ou illisible. Les types d’avant restent en service.',
      en: 'A file of REPORTS_DIR is faulty or cannot be read. The types of before stay in use.',
    },
  },
  already_running: {
    status: 409,
    title: { fr: 'Déjà en cours', en: 'Already running' },
    detail: {
      fr: 'Ce rapport est en attente ou en cours : il n’y a rien à relancer.',
      en: 'This report is queued or running: there is nothing to relaunch.',
    },
  },
  not_relaunchable: {
    status: 409,
    title: { fr: 'Relance impossible', en: 'Cannot be relaunched' },
    detail: {
      fr: 'Seul un rapport échoué, annulé ou partiellement envoyé peut être relancé.',
      en: 'Only a report that failed, was cancelled or was partly delivered can be relaunched.',
    },
  },
  recipients_removed: {
    status: 409,
    title: { fr: 'Destinataires supprimés', en: 'Recipients removed' },
    detail: {
      fr: 'La durée de conservation est passée et les destinataires de ce rapport ont été supprimés. Demandez-le à nouveau.',
      en: 'The recipients of this report were removed when their retention ended. Ask for the report again.',
    },
  },
  not_cancellable: {
    status: 409,
    title: { fr: 'Annulation impossible', en: 'Cannot be cancelled' },
    detail: {
      fr: 'Seul un rapport en attente ou en cours peut être annulé.',
      en: 'Only a queued or running report can be cancelled.',
    },
  },
  file_not_ready: {
    status: 409,
    title: { fr: 'Fichier pas encore prêt', en: 'File not ready yet' },
    detail: {
      fr: 'Ce rapport n’a pas encore de fichier.',
      en: 'This report has no file yet.',
    },
  },
  own_account: {
    status: 409,
    title: { fr: 'Votre propre compte', en: 'Your own account' },
    detail: {
      fr: 'Nul ne désactive son propre compte ni ne change son propre rôle. Demandez-le à un autre administrateur.',
      en: 'Nobody deactivates their own account or changes their own role. Ask another administrator to.',
    },
  },
  last_administrator: {
    status: 409,
    title: { fr: 'Dernier administrateur', en: 'Last administrator' },
    detail: {
      fr: 'C’est le dernier administrateur actif : sans lui, plus personne ne pourrait gérer les comptes.',
      en: 'This is the last active administrator: without them nobody could manage accounts.',
    },
  },
  account_exists: {
    status: 409,
    title: { fr: 'Compte déjà existant', en: 'Account exists already' },
    detail: {
      fr: 'Cette adresse a déjà un compte. Cherchez-la parmi les personnes.',
      en: 'This address has an account already. Look for it among the people.',
    },
  },
  already_joined: {
    status: 409,
    title: { fr: 'Déjà inscrit', en: 'Joined already' },
    detail: {
      fr: 'Cette personne s’est déjà connectée : une invitation n’y ajoute rien. « Mot de passe oublié » lui en redonne un.',
      en: 'This person has signed in already: an invitation adds nothing. "Forgotten password" gives them a new one.',
    },
  },
  too_many_keys: {
    status: 409,
    title: { fr: 'Trop de clés d’API', en: 'Too many API keys' },
    detail: {
      fr: 'Une personne a au plus 20 clés d’API. Supprimez-en une d’abord.',
      en: 'A person has at most 20 API keys. Delete one first.',
    },
  },
  account_active: {
    status: 409,
    title: { fr: 'Compte actif', en: 'Active account' },
    detail: {
      fr: 'Seul un compte désactivé peut être anonymisé. Désactivez-le d’abord.',
      en: 'Only a deactivated account can be anonymised. Deactivate it first.',
    },
  },
  owns_scheduled_reports: {
    status: 409,
    title: { fr: 'Rapports programmés à céder', en: 'Scheduled reports to hand over' },
    detail: {
      fr: 'Des rapports programmés appartiennent encore à cette personne. Changez leur propriétaire, ou supprimez-les.',
      en: 'Scheduled reports still belong to this person. Change their owner, or delete them.',
    },
  },
  reports_in_progress: {
    status: 409,
    title: { fr: 'Rapports en cours', en: 'Reports in progress' },
    detail: {
      fr: 'Des rapports de cette personne, ou qui lui sont destinés, sont en cours. Réessayez quand ils sont terminés.',
      en: 'Reports of this person, or sent to them, are in progress. Try again when they have ended.',
    },
  },
  person_anonymised: {
    status: 409,
    title: { fr: 'Personne anonymisée', en: 'Anonymised person' },
    detail: {
      fr: 'Le nom et l’adresse de cette personne ont été supprimés : son compte ne peut plus être réactivé.',
      en: 'This person’s name and address were removed: the account cannot be reactivated.',
    },
  },
  owner_inactive: {
    status: 409,
    title: { fr: 'Propriétaire désactivé', en: 'Owner deactivated' },
    detail: {
      fr: 'Le compte du propriétaire est désactivé, ou n’est plus celui d’un administrateur. Changez d’abord le propriétaire de ce rapport programmé.',
      en: 'The owner’s account is deactivated, or no administrator’s any more. Change the owner of this scheduled report first.',
    },
  },
  report_owner_inactive: {
    status: 409,
    title: { fr: 'Propriétaire parti', en: 'Owner gone' },
    detail: {
      fr: 'Ce rapport a été produit pour une personne dont le compte est désactivé, ou qui n’est plus administrateur : il n’est plus envoyé à personne. Demandez-le à votre nom.',
      en: 'This report runs as a person whose account is deactivated, or who is no administrator any more: it is sent to nobody. Ask for it in your own name.',
    },
  },
  recipients_refused: {
    status: 409,
    title: { fr: 'Destinataires refusés', en: 'Recipients refused' },
    detail: {
      fr: 'Rien ne peut être envoyé à certains destinataires. Retirez-les, puis recommencez.',
      en: 'Nothing may be sent to some of the recipients. Remove them, then try again.',
    },
  },
  request_in_progress: {
    status: 409,
    title: { fr: 'Requête déjà en cours', en: 'Request already in progress' },
    detail: {
      fr: 'Une requête avec la même Idempotency-Key est en cours ; réessayez dans un instant.',
      en: 'A request with the same Idempotency-Key is in progress; try again in a moment.',
    },
  },
  file_removed: {
    status: 410,
    title: { fr: 'Fichier supprimé', en: 'File removed' },
    detail: {
      fr: 'La durée de conservation est passée et le fichier a été supprimé. Demandez le rapport à nouveau.',
      en: 'The file was removed when its retention ended. Ask for the report again.',
    },
  },
  file_missing: {
    status: 410,
    title: { fr: 'Fichier introuvable', en: 'File not found' },
    detail: {
      fr: 'Le fichier de ce rapport n’est plus dans le stockage. Demandez le rapport à nouveau, et signalez son N° au service informatique.',
      en: 'The file of this report is no longer in the storage. Ask for the report again, and give its N° to IT.',
    },
  },
  link_expired: {
    status: 410,
    title: { fr: 'Lien expiré', en: 'Link expired' },
    detail: {
      fr: 'Ce lien n’est plus valable.',
      en: 'This link is no longer valid.',
    },
  },
  stale_version: {
    status: 412,
    title: { fr: 'Modifié entre-temps', en: 'Changed in the meantime' },
    detail: {
      fr: 'Ce rapport programmé a été modifié depuis que vous l’avez lu. Relisez-le, puis recommencez.',
      en: 'This scheduled report was changed since you read it. Read it again, then retry.',
    },
  },
  request_timeout: {
    status: 408,
    title: { fr: 'Requête trop lente', en: 'Request too slow' },
    detail: {
      fr: 'La requête n’est pas arrivée entière à temps : 10 secondes pour ses en-têtes, 30 avec son corps.',
      en: 'The request did not arrive whole in time: 10 seconds for its headers, 30 with its body.',
    },
  },
  body_too_large: {
    status: 413,
    title: { fr: 'Requête trop grande', en: 'Request too large' },
    detail: { fr: 'Le corps d’une requête ne dépasse pas 1 Mo.', en: 'A request’s body is at most 1 MB.' },
  },
  unsupported_media_type: {
    status: 415,
    title: { fr: 'Type de contenu refusé', en: 'Content type refused' },
    detail: {
      fr: 'Envoyez du JSON, avec l’en-tête Content-Type: application/json.',
      en: 'Send JSON, with the header Content-Type: application/json.',
    },
  },
  payload_sealed: {
    status: 422,
    title: { fr: 'Donnée scellée', en: 'Sealed data' },
    detail: {
      fr: 'Une donnée de Temporal ne peut pas être ouverte avec les clés de PAYLOAD_KEYS.',
      en: 'Data of Temporal cannot be opened with the keys in PAYLOAD_KEYS.',
    },
  },
  validation_failed: {
    status: 422,
    title: { fr: 'Saisie à corriger', en: 'Input to correct' },
    detail: {
      fr: 'Un ou plusieurs champs sont à corriger ; « errors » dit lesquels. Rien n’a été enregistré.',
      en: 'One or more fields need correcting; "errors" says which. Nothing was stored.',
    },
  },
  idempotency_key_reused: {
    status: 422,
    title: { fr: 'Idempotency-Key déjà utilisée', en: 'Idempotency-Key already used' },
    detail: {
      fr: 'Cette Idempotency-Key a servi pour une requête différente. Utilisez-en une nouvelle.',
      en: 'This Idempotency-Key was used for a different request. Use a new one.',
    },
  },
  too_many_recipients: {
    status: 422,
    title: { fr: 'Trop de destinataires', en: 'Too many recipients' },
    detail: {
      fr: 'Ces envois iraient à trop de destinataires en une fois. Demandez-les en plusieurs fois.',
      en: 'This would be sent to too many recipients at once. Ask for it in parts.',
    },
  },
  recipient_quota_exceeded: {
    status: 429,
    title: { fr: 'Trop d’envois pour le moment', en: 'Too many deliveries for now' },
    detail: {
      fr: 'Vous avez atteint le nombre de destinataires permis par heure. Réessayez après le délai de l’en-tête Retry-After.',
      en: 'You have reached the number of recipients allowed per hour. Try again after the delay in the Retry-After header.',
    },
  },
  too_many_attempts: {
    status: 429,
    title: { fr: 'Trop d’essais', en: 'Too many attempts' },
    detail: {
      fr: 'Trop de connexions refusées. Réessayez après le délai de l’en-tête Retry-After.',
      en: 'Too many refused sign-ins. Try again after the delay in the Retry-After header.',
    },
  },
  too_busy: {
    status: 503,
    title: { fr: 'Trop de connexions à la fois', en: 'Too many sign-ins at once' },
    detail: {
      fr: 'Trop de personnes se connectent en ce moment. Réessayez dans quelques secondes.',
      en: 'Too many people are signing in at the moment. Try again in a few seconds.',
    },
  },
  too_many_queries: {
    status: 429,
    title: { fr: 'Trop de lectures à la fois', en: 'Too many reads at once' },
    detail: {
      fr: 'Vos lectures précédentes sont encore en cours. Attendez leur fin, ou réduisez la période.',
      en: 'Your earlier reads are still running. Wait for them to end, or narrow the period.',
    },
  },
  client_gone: {
    status: 499,
    title: { fr: 'Requête abandonnée', en: 'Request abandoned' },
    detail: {
      fr: 'Le client a fermé la connexion avant la réponse.',
      en: 'The client closed the connection before the answer.',
    },
  },
  headers_too_large: {
    status: 431,
    title: { fr: 'En-têtes trop grands', en: 'Headers too large' },
    detail: {
      fr: 'L’adresse et les en-têtes d’une requête ne dépassent pas 16 ko ensemble.',
      en: 'The address and the headers of a request are at most 16 kB together.',
    },
  },
  internal_error: {
    status: 500,
    title: { fr: 'Erreur imprévue', en: 'Unexpected error' },
    detail: {
      fr: 'Une erreur imprévue s’est produite. Si elle se répète, transmettez request_id au service informatique.',
      en: 'An unexpected error occurred. If it happens again, give request_id to IT.',
    },
  },
  engine_unavailable: {
    status: 503,
    title: { fr: 'Temporal ne répond pas', en: 'Temporal does not answer' },
    detail: {
      fr: 'Cette action a besoin de Temporal, qui ne répond pas. Réessayez dans quelques instants.',
      en: 'This needs Temporal, which does not answer. Try again in a moment.',
    },
  },
  database_unavailable: {
    status: 503,
    title: { fr: 'Base de données indisponible', en: 'Database unavailable' },
    detail: {
      fr: 'La base de données du service ne répond pas. Réessayez dans quelques instants.',
      en: 'The service’s database does not answer. Try again in a moment.',
    },
  },
  source_unavailable: {
    status: 503,
    title: { fr: 'Données indisponibles', en: 'Data unavailable' },
    detail: {
      fr: 'La base de données des rapports ne répond pas. Réessayez dans quelques instants.',
      en: 'The reports’ database does not answer. Try again in a moment.',
    },
  },
  source_conflict: {
    status: 503,
    title: { fr: 'Lecture interrompue par une mise à jour', en: 'Read interrupted by an update' },
    detail: {
      fr: 'La base de données des rapports est une copie, qui a dû se mettre à jour pendant la lecture. Réessayez dans quelques instants.',
      en: 'The reports’ database is a copy, which had to take over changes during the read. Try again in a moment.',
    },
  },
  source_query_failed: {
    status: 502,
    title: { fr: 'Requête refusée par la base de données', en: 'Query refused by the database' },
    detail: {
      fr: 'La base de données a refusé la requête de ce type de rapport. Transmettez request_id au service informatique.',
      en: 'The database refused this report type’s query. Give request_id to IT.',
    },
  },
  source_busy: {
    status: 503,
    title: { fr: 'Données très demandées', en: 'Data in high demand' },
    detail: {
      fr: 'Trop de personnes lisent des données en ce moment. Réessayez dans quelques instants.',
      en: 'Too many people are reading data at this moment. Try again in a moment.',
    },
  },
  storage_unavailable: {
    status: 503,
    title: { fr: 'Stockage indisponible', en: 'Storage unavailable' },
    detail: {
      fr: 'Le stockage des fichiers ne répond pas. Réessayez dans quelques instants.',
      en: 'The file storage does not answer. Try again in a moment.',
    },
  },
  too_many_streams: {
    status: 503,
    title: { fr: 'Trop de suivis en direct', en: 'Too many live streams' },
    detail: {
      fr: 'Le service tient autant de suivis en direct qu’il peut. Lisez la liste, et réessayez après le délai de Retry-After.',
      en: 'The service holds as many live streams as it can. Read the list, and try again after the delay in Retry-After.',
    },
  },
  source_timeout: {
    status: 504,
    title: { fr: 'Lecture trop longue', en: 'Reading took too long' },
    detail: {
      fr: 'La lecture des données a dépassé le temps permis. Réduisez la période ou ajoutez un filtre.',
      en: 'Reading the data took longer than allowed. Narrow the period or add a filter.',
    },
  },
} as const satisfies Record<string, Problem>

export type ProblemCode = keyof typeof problems

export function problemTitle(code: ProblemCode, locale: Locale): string {
  return problems[code].title[locale]
}
