/** Navigation, sign-in, and the pages for 403 and 404. */
export const shell = {
  'app.name': 'Rapporteur',
  'nav.skip': 'Aller au contenu',
  'nav.label': 'Navigation principale',
  'nav.open': 'Ouvrir le menu',
  'nav.reports': 'Rapports',
  'nav.my_reports': 'Mes Rapports',
  'nav.data': 'Données',
  'nav.settings': 'Paramètres',
  'nav.scheduled': 'Rapports programmés',
  'nav.people': 'Personnes',
  'nav.audit': 'Journal',
  'nav.dashboard': 'Tableau de bord',
  'nav.account': 'Compte',
  'nav.my_account': 'Mon compte',
  'nav.language': 'Langue',
  'nav.theme': 'Thème',
  'nav.sign_out': 'Se déconnecter',
  'theme.system': 'Comme le système',
  'theme.light': 'Clair',
  'theme.dark': 'Sombre',
  'role.admin': 'Administration',
  'role.user': 'Utilisateur',

  'sign_in.title': 'Connexion',
  'sign_in.lead': 'Vos rapports, produits et envoyés à l’heure dite.',
  'sign_in.email': 'Adresse électronique',
  'sign_in.password': 'Mot de passe',
  'sign_in.submit': 'Se connecter',
  'sign_in.or': 'ou',
  'sign_in.sso': 'Se connecter avec le compte de l’organisation',
  'sign_in.ended': 'Votre session est terminée. Reconnectez-vous pour revenir où vous étiez.',
  'sign_in.email_missing': 'Saisissez votre adresse électronique.',
  'sign_in.password_missing': 'Saisissez votre mot de passe.',
  'sign_in.forgotten': 'Mot de passe oublié ?',
  'sign_in.failure.claims_missing':
    'Le compte de l’organisation n’a pas transmis votre adresse électronique : le service informatique doit permettre à Rapporteur de la lire.',
  'sign_in.failure.address_not_verified':
    'L’adresse électronique de votre compte de l’organisation n’est pas vérifiée : demandez au service informatique de la vérifier, puis reconnectez-vous.',
  'sign_in.failure.not_invited':
    'Votre compte de l’organisation n’ouvre pas Rapporteur : demandez à un administrateur de Rapporteur de vous inviter ou, si vous avez déjà un compte, d’en autoriser le rattachement.',
  'sign_in.failure.not_in_group':
    'Vous n’êtes dans aucun des groupes qui ont accès à Rapporteur : demandez au service informatique de vous ajouter à l’un d’eux.',
  'sign_in.failure.deactivated':
    'Votre compte Rapporteur est désactivé : un administrateur de Rapporteur peut le réactiver.',
  'sign_in.failure.provider_away':
    'Le service de connexion de l’organisation ne répond pas : réessayez dans quelques minutes. Si cela dure, prévenez le service informatique.',
  'sign_in.failure.provider_declined':
    'La connexion a été refusée ou abandonnée auprès de l’organisation : recommencez.',
  'sign_in.failure.provider_wrong':
    'Le service de connexion de l’organisation a donné une réponse que Rapporteur ne peut pas accepter : prévenez le service informatique, sa configuration est à vérifier.',
  'sign_in.failure.sign_in_expired':
    'La connexion a pris trop de temps, ou a commencé dans un autre navigateur : recommencez ici.',
  'sign_in.failure.other':
    'La connexion par l’organisation n’a pas abouti : réessayez, ou prévenez le service informatique.',
  'sign_in.failure.subject': 'Rapporteur : connexion impossible ({code})',

  'forgotten.title': 'Mot de passe oublié',
  'forgotten.lead': 'Un lien pour en choisir un autre vous est envoyé.',
  'forgotten.submit': 'Recevoir un lien',
  'forgotten.sent':
    'Si {email} a un compte, un message avec un lien y arrive dans quelques minutes. Le lien sert une fois, pendant deux heures.',
  'forgotten.nothing_came':
    'Rien n’arrive ? Regardez les indésirables, vérifiez l’adresse, puis demandez au service informatique.',
  'forgotten.back': 'Retour à la connexion',

  'choose.title': 'Choisir un mot de passe',
  'choose.lead': 'Le précédent ne servira plus. Vos autres sessions et vos clés d’API prennent fin.',
  'choose.welcome': 'Bienvenue, {name}',
  'choose.welcome_lead': 'Votre compte Rapporteur est ouvert. Choisissez le mot de passe qui y donne accès.',
  'choose.submit': 'Enregistrer et se connecter',
  'choose.submit_welcome': 'Ouvrir mon compte',
  'choose.expired': 'Ce lien ne sert plus',
  'choose.expired_lead': 'Il a déjà servi, un lien plus récent l’a remplacé, ou son délai est passé.',
  'choose.expired_invitation':
    'Demandez un autre lien. Si vous étiez invité, un administrateur peut aussi vous renvoyer l’invitation.',
  'choose.ask_again': 'Demander un autre lien',

  'password.new': 'Nouveau mot de passe',
  'password.rules':
    'Au moins 10 caractères, difficiles à deviner. Plusieurs mots à la suite conviennent bien.',
  'password.new_missing': 'Saisissez le nouveau mot de passe.',

  'not_found.title': 'Page introuvable',
  'not_found.detail': 'Rien ne se trouve à cette adresse. Elle a peut-être été mal recopiée.',
  'not_found.home': 'Aller à Mes Rapports',
  'forbidden.title': 'Accès réservé',
  'forbidden.detail':
    'Cette page est réservée aux administrateurs. Si vous devriez y avoir accès, demandez-le au service informatique.',
} as const
