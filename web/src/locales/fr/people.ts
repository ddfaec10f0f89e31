/** « Personnes », and giving a scheduled report to another administrator. */
export const people = {
  'people.title': 'Personnes',
  'people.lead': 'Qui a un compte, ce que chacun peut faire et voir, et ce qui lui appartient.',
  'people.search_hint': 'Nom ou adresse',
  'people.filter.any': 'Tous les comptes',
  'people.filter.active': 'Actifs',
  'people.filter.inactive': 'Désactivés',
  'people.none_found': 'Personne ne correspond',
  'people.column.name': 'Personne',
  'people.column.role': 'Rôle',
  'people.column.state': 'État',
  'people.column.scheduled': 'Rapports programmés',
  'people.role.admin': 'Administrateur',
  'people.role.user': 'Utilisateur',
  'people.active': 'Actif',
  'people.inactive': 'Désactivé',
  'people.scheduled': {
    one: '{count} rapport programmé',
    other: '{count} rapports programmés',
    zero: 'Aucun rapport programmé',
  },
  'people.deactivate': 'Désactiver',
  'people.deactivate_whom': 'Désactiver le compte de {name}',
  'people.reactivate': 'Réactiver',
  'people.reactivate_whom': 'Réactiver le compte de {name}',
  'people.confirm.title': 'Désactiver le compte de {name} ?',
  'people.confirm.account':
    'Ses sessions se ferment et ses clés d’API sont supprimées, aussitôt. Ses rapports déjà faits restent ; ceux en cours n’écrivent plus à personne, et ne peuvent plus être relancés.',
  'people.confirm.scheduled': {
    one: '{count} rapport programmé activé sera mis en pause.',
    other: '{count} rapports programmés activés seront mis en pause.',
    zero: 'Aucun rapport programmé activé ne lui appartient.',
  },
  'people.confirm.after': {
    one: 'Il ne partira plus tant que personne ne l’aura repris : « Confier ses rapports programmés… », dans les actions de cette personne.',
    other:
      'Ils ne partiront plus tant que personne ne les aura repris : « Confier ses rapports programmés… », dans les actions de cette personne.',
  },
  'people.deactivated_toast': 'Le compte de {name} est désactivé.',
  'people.reactivated_toast': 'Le compte de {name} est réactivé. Ses rapports programmés restent en pause.',

  'people.invited': 'Invité',
  'people.attribute': '{title} : {value}',
  'people.actions_on': 'Actions sur {name}',
  'people.edit': 'Modifier…',
  'people.edit_whom': 'Modifier le compte de {name}',
  'people.changed_toast': 'Le compte de {name} est modifié.',
  'people.role_hint.user': 'Demande des rapports et les retrouve.',
  'people.role_hint.admin': 'Gère en plus les rapports programmés et les personnes.',
  'people.own_role': 'Nul ne change son propre rôle : un autre administrateur le peut.',
  'people.promotion':
    'Une fois administrateur, cette personne gère les comptes et les rapports programmés de tout le monde. Selon les types de rapport, elle voit aussi plus de lignes.',
  'people.demotion': {
    one: 'Sans le rôle d’administrateur, cette personne ne gère plus rien, et {count} rapport programmé activé sera mis en pause. Confiez-le ensuite à quelqu’un d’autre.',
    other:
      'Sans le rôle d’administrateur, cette personne ne gère plus rien, et {count} rapports programmés activés seront mis en pause. Confiez-les ensuite à quelqu’un d’autre.',
    zero: 'Sans le rôle d’administrateur, cette personne ne gère plus ni les comptes ni les rapports programmés. Aucun rapport programmé activé ne lui appartient.',
  },
  'people.provider_role':
    'Si les groupes de l’organisation décident du rôle, ils le rétablissent à la prochaine connexion.',
  'people.attributes': 'Accès aux données',
  'people.attributes_hint':
    'Chaque valeur ouvre les lignes qui la portent, dans les pages comme dans les rapports. Sans valeur, cette personne n’en voit aucune, à moins que son rôle ne les voie toutes.',
  'people.attribute_types': 'Pour : {types}.',
  'people.attribute_none': '— Aucune valeur',
  'people.attribute_add': 'Ajouter un autre attribut',
  'people.attribute_name': 'Attribut',
  'people.attribute_value': 'Valeur',
  'people.attribute_remove': 'Retirer cet attribut',
  'people.link': 'Autoriser le rattachement au compte de l’organisation',
  'people.link_anew': 'Autoriser le rattachement à un autre compte de l’organisation',
  'people.link_hint':
    'La prochaine connexion par l’organisation avec l’adresse vérifiée {email} ouvrira ce compte, et l’autorisation prendra fin.',

  'people.invite': 'Inviter une personne',
  'people.invite_lead':
    'Son compte est ouvert aussitôt. Un courriel lui apporte un lien, valable une fois, pendant 72 heures.',
  'people.email_missing': 'Saisissez son adresse électronique.',
  'people.language': 'Langue',
  'people.language_hint': 'De l’invitation et des pages ; elle pourra en changer.',
  'people.invite_submit': 'Envoyer l’invitation',
  'people.invite_again': 'Renvoyer l’invitation',
  'people.invited_toast': 'L’invitation part à {email}.',

  'people.hand_over': 'Confier ses rapports programmés…',
  'people.hand_over_title': 'Confier tous ses rapports programmés',
  'people.hand_over_lead': {
    one: '{count} rapport programmé appartient à {name}.',
    other: '{count} rapports programmés appartiennent à {name}.',
  },
  'people.hand_over_hint':
    'Ils s’exécutent désormais en son nom, avec les données qui lui sont ouvertes, et c’est à cette personne qu’un échec est signalé. Les destinataires ne changent pas.',
  'people.hand_over_resume': 'Reprendre ceux qui sont en pause faute de propriétaire',
  'people.hand_over_resume_hint':
    'Ils repartent à leur prochaine échéance. Les autres restent comme ils sont.',
  'people.hand_over_submit': 'Confier',
  'people.handed_over_toast': {
    one: '{count} rapport programmé appartient maintenant à {owner}.',
    other: '{count} rapports programmés appartiennent maintenant à {owner}.',
  },

  'people.anonymised': 'Anonymisé',
  'people.anonymise': 'Anonymiser…',
  'people.anonymise_title': 'Anonymiser {name} ?',
  'people.anonymise_final': 'C’est définitif : personne ne pourra le défaire.',
  'people.anonymise_goes':
    'Nom, adresse, rôle, accès aux données et tout ce qui ouvre le compte sont effacés. L’adresse disparaît aussi des destinataires et des journaux d’envoi des rapports d’autrui.',
  'people.anonymise_stays':
    'Ses rapports et leurs numéros restent, au nom de « Personne anonymisée », ainsi que les courriels déjà envoyés et, jusqu’à leur terme, les entrées du journal.',
  'people.anonymise_before': 'À faire d’abord :',
  'people.anonymise_hand_over': {
    one: 'confier ou supprimer son rapport programmé',
    other: 'confier ou supprimer ses {count} rapports programmés',
  },
  'people.anonymise_deactivate': 'désactiver son compte',
  'people.anonymise_type': 'Pour confirmer, écrivez « {name} »',
  'people.anonymise_mistyped': 'Ce n’est pas le nom de cette personne.',
  'people.anonymise_submit': 'Anonymiser définitivement',
  'people.anonymised_toast': 'La personne est anonymisée.',

  'owner.inactive': 'Propriétaire désactivé',
  'owner.oneself': '{name} (vous)',
  'owner.change': 'Changer de propriétaire…',
  'owner.change_of': 'Changer de propriétaire… : « {name} »',
  'owner.notice':
    'Le compte de {name} est désactivé : ce rapport programmé ne part plus. Confiez-le à quelqu’un d’autre pour qu’il reprenne.',
  'owner.waiting': {
    one: '{count} rapport programmé appartient à un compte désactivé et ne part plus.',
    other: '{count} rapports programmés appartiennent à un compte désactivé et ne partent plus.',
  },
  'owner.waiting_show': { one: 'Le voir', other: 'Les voir' },
  'owner.first': 'Son propriétaire est désactivé : confiez-le d’abord à quelqu’un d’autre.',
  'owner.title': 'Changer de propriétaire',
  'owner.present': 'Propriétaire actuel : {name}',
  'owner.new': 'Nouveau propriétaire',
  'owner.search': 'Nom ou adresse d’un administrateur',
  'owner.hint':
    'Le rapport s’exécute désormais en son nom, avec les données qui lui sont ouvertes, et c’est à cette personne qu’un échec est signalé. Les destinataires ne changent pas.',
  'owner.nobody_else': 'Il n’y a pas d’autre administrateur actif à qui le confier.',
  'owner.choose': 'Choisissez une personne.',
  'owner.resume': 'Réactiver le rapport programmé',
  'owner.resume_hint': 'Il repart à sa prochaine échéance.',
  'owner.submit': 'Changer de propriétaire',
  'owner.changed_toast': '« {name} » appartient maintenant à {owner}.',
} as const
