/** The administrators’ dashboard. */
export const dashboard = {
  'dashboard.title': 'Tableau de bord',
  'dashboard.lead': 'Les rapports de tout le monde, le {at}.',
  'dashboard.reading': 'Lecture en cours…',
  'dashboard.today': 'Aujourd’hui',
  'dashboard.number': 'N° {number}',
  'dashboard.recipients': { one: '{count} destinataire', other: '{count} destinataires' },
  'dashboard.show_more': { one: 'Afficher {count} de plus', other: 'Afficher {count} de plus' },
  'dashboard.latest_only': { one: 'Le plus récent seulement.', other: 'Les {count} plus récents seulement.' },
  'chart.figures': 'Voir les chiffres',

  'dashboard.installation.title': 'Installation',
  'dashboard.installation.workers_detail':
    'Les rapports attendent. Démarrez un worker, ou voyez dans son journal pourquoi il s’arrête ou ne joint pas Temporal.',
  'dashboard.installation.sweep_detail':
    'Chaque minute, un balayage démarre ce qui attend et clôt ce qui est perdu ; le dernier est trop ancien. Voyez les workers et Temporal.',
  'dashboard.installation.mail_connection_detail':
    'Les envois attendent qu’il réponde. Vérifiez le serveur, et SMTP_URL. Voici ce que l’API a entendu :',
  'dashboard.installation.storage_tidying_detail':
    'Des fichiers dont la conservation est terminée, ou des restes de production, ne sont pas supprimés. Vérifiez les droits de Rapporteur sur le stockage, en suppression surtout.',
  'dashboard.installation.storage_abilities_detail':
    'Des rapports échoueront, ou des fichiers ne seront jamais supprimés. La documentation d’exploitation dit de quoi Rapporteur a besoin.',
  'dashboard.installation.stuck_reports_detail':
    'Leur exécution échoue à chaque reprise. « À regarder » dit lesquels ; leur page dit que faire.',
  'dashboard.installation.storage_full_detail':
    'Les rapports attendent qu’il y ait de la place. Agrandissez le stockage ou son quota, ou réduisez RETENTION_DAYS. Réponse du stockage :',
  'dashboard.installation.mail_server_detail':
    'Le serveur de messagerie refuse tout ce que Rapporteur lui envoie. Corrigez la configuration (SMTP_…), puis relancez les rapports.',
  'dashboard.installation.search_attributes_detail':
    'Les rapports partent ; on ne peut pas encore les retrouver dans Temporal par numéro, type ou état. Un opérateur peut les ajouter ainsi :',
  'dashboard.installation.mail_sign_in_detail':
    'Aucun message ne part, ni rapport ni avis. Vérifiez les réglages SMTP_… ; les rapports concernés pourront être relancés.',
  'dashboard.installation.clock_detail':
    'Au-delà de 60 secondes d’écart, le worker concerné ne prend plus de travail. Synchronisez les horloges des machines (NTP).',

  'dashboard.installation.report_types_detail':
    'Les fichiers de REPORTS_DIR n’y sont pas ceux des autres, ou ont un défaut. Corrigez-les, puis rechargez les types.',

  'dashboard.headline.due': 'À venir en 24 heures',
  'dashboard.headline.week': { one: '{count} en 7 jours', other: '{count} en 7 jours' },
  'dashboard.headline.failures': 'À regarder',
  'dashboard.headline.in_a_row': {
    zero: 'aucun échec répété',
    one: 'dont {count} rapport en échec répété',
    other: 'dont {count} rapports en échec répété',
  },
  'dashboard.headline.rate': 'Taux de réussite sur 30 jours',
  'dashboard.headline.reports': {
    zero: 'aucun rapport terminé',
    one: '{count} rapport terminé',
    other: '{count} rapports terminés',
  },
  'dashboard.headline.paused': 'En pause',
  'dashboard.headline.paused_detail': 'rapports programmés désactivés',

  'dashboard.due.title': 'À venir',
  'dashboard.due.count': {
    zero: 'rien en 24 heures',
    one: '{count} rapport en 24 heures',
    other: '{count} rapports en 24 heures',
  },
  'dashboard.due.none': 'Aucun rapport programmé n’est prévu dans les 7 jours.',
  'dashboard.due.hours': 'Prochaines 24 heures, par heure',
  'dashboard.due.hours_label': {
    one: 'Par heure, les prochaines 24 heures : {count} rapport',
    other: 'Par heure, les prochaines 24 heures : {count} rapports',
  },
  'dashboard.due.hour': 'Heure',
  'dashboard.due.reports': 'Rapports',
  'dashboard.due.days': 'Prochains 7 jours, par jour',
  'dashboard.due.show': { one: 'Afficher', other: 'Afficher les {count} premiers' },
  'dashboard.due.more': {
    one: 'Et {count} autre avant demain à cette heure.',
    other: 'Et {count} autres avant demain à cette heure.',
  },

  'dashboard.failures.title': 'À regarder',
  'dashboard.failures.none': 'Rien à signaler : aucun échec en attente, tous les envois sont passés.',
  'dashboard.failures.stuck': 'Bloqués',
  'dashboard.failures.stuck_mark': 'Bloqué',
  'dashboard.failures.in_a_row': 'Rapports programmés en échec répété',
  'dashboard.failures.failed': 'Échoués et non relancés, sur 30 jours',
  'dashboard.failures.partly': 'Envoyés en partie, sur 30 jours',
  'dashboard.failures.times': { one: '{count} échec', other: '{count} échecs de suite' },
  'dashboard.failures.undelivered': {
    zero: 'Des destinataires ne l’ont pas reçu.',
    one: 'Non remis à {emails}',
    other: 'Non remis à {emails}',
  },

  'dashboard.month.title': '30 derniers jours',
  'dashboard.month.none': 'Aucun rapport en 30 jours.',
  'dashboard.month.results': 'Résultats',
  'dashboard.month.rate': 'Taux de réussite',
  'dashboard.month.results_label':
    'Résultats par jour sur 30 jours : {completed} rapports complétés, {failed} échoués',
  'dashboard.month.day': 'Jour',
  'dashboard.month.durations': 'Durées, du début à la fin',
  'dashboard.month.median': 'Médiane',
  'dashboard.month.p95': '95 % en moins de',
  'dashboard.month.durations_label':
    'Durées par jour sur 30 jours : la moitié en moins de {median}, 95 % en moins de {p95}',

  'dashboard.types.title': 'Types de rapport',
  'dashboard.types.count': { one: '{count} type', other: '{count} types' },
  'dashboard.types.lead': 'Version {version} des fichiers de l’organisation (REPORTS_DIR).',
  'dashboard.types.reload': 'Recharger',
  'dashboard.types.reloaded':
    'La version {version} des types de rapport est en service ; tous les processus suivent.',
  'dashboard.types.unchanged': 'Les fichiers n’ont pas changé : la version {version} reste en service.',

  'dashboard.paused.title': 'En pause',
  'dashboard.paused.none': 'Tous les rapports programmés sont activés.',
  'dashboard.paused.by_hand': 'Désactivé par une personne, sans note.',
} as const
