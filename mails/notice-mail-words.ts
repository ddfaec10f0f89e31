/** The words of the notices: failures, recoveries, unsubscriptions, deactivated owners. */

import type { Locale } from '#domain/locale.ts'
import type { ReportPhase } from '#domain/report-status.ts'

const french = {
  number: (number: number) => `Rapport N°\u00A0${number}`,
  phases: {
    generate: 'la production du fichier',
    store: 'l’enregistrement du fichier',
    email: 'l’envoi des emails',
  } satisfies Record<ReportPhase, string>,
  nouns: {
    attempt: ['essai', 'essais'],
    failureInARow: ['échec', 'échecs de suite'],
    recipient: ['destinataire', 'destinataires'],
    report: ['rapport', 'rapports'],
    scheduledReport: ['rapport programmé', 'rapports programmés'],
  },
  facts: {
    name: 'Rapport programmé',
    owner: 'Propriétaire',
    scheduledFor: 'Prévu le',
    failedAt: 'Échoué le',
    failedInARow: 'Échecs de suite',
    remaining: 'Encore abonnés',
  },
  why: 'Pourquoi',
  noReply: 'Aucune réponse.',
  paused: (times: string) => ({
    title: 'Mis en pause',
    text: `Après ${times}, ce rapport programmé a été mis en pause, comme il le prévoit. L’obstacle levé, réactivez-le dans «\u00A0Rapports programmés\u00A0».`,
  }),
  report_failed: {
    subject: (number: number, title: string) => `Échec du rapport N° ${number} : ${title}`,
    title: 'Le rapport a échoué',
    preheader: (phase: string) => `Échec pendant ${phase}. Vous pouvez le relancer.`,
    intro: (phase: string, attempts: string) =>
      `Ce rapport n’a pas pu être terminé\u00A0: ${phase} a échoué après ${attempts}. Rapporteur n’essaiera plus de lui-même.`,
    action: 'Relancer depuis «\u00A0Mes Rapports\u00A0»',
    note: 'La relance reprend à l’étape qui a échoué. Qui a déjà reçu le rapport ne le reçoit pas une seconde fois.',
    fileReady: 'Le fichier, lui, est prêt\u00A0: vous pouvez le télécharger au même endroit.',
  },
  partly_delivered: {
    subject: (number: number, title: string) => `Envoi partiel du rapport N° ${number} : ${title}`,
    title: 'Le rapport n’est pas arrivé chez tous',
    preheader: (missed: number, all: number) => `Non remis à ${missed} sur ${all}.`,
    intro: (sent: string) =>
      `Le rapport est prêt et a été envoyé à ${sent}. Il n’a pas pu être remis aux adresses suivantes\u00A0; sous chacune, la réponse du serveur de messagerie.`,
    advice: {
      title: 'Que faire\u202F?',
      text: 'Vérifiez ces adresses. L’obstacle levé, relancez le rapport\u00A0: seuls ceux qui ne l’ont pas eu le recevront.',
    },
    action: 'Ouvrir «\u00A0Mes Rapports\u00A0»',
  },
  perhaps_received: {
    subject: (number: number, title: string) => `Rapport N° ${number} peut-être reçu : ${title}`,
    title: 'Le rapport est peut-être arrivé',
    preheader: (recipients: string) => `Sans confirmation pour ${recipients}.`,
    intro: (sent: string) =>
      `Le rapport est prêt et a été envoyé à ${sent}. Pour les adresses suivantes, le message a été transmis au serveur de messagerie, qui n’a pas confirmé\u00A0: il est peut-être arrivé. Rapporteur ne le renverra pas de lui-même.`,
    also: 'Peut-être reçu, sans confirmation du serveur de messagerie\u00A0:',
    mark: 'Peut-être reçu.',
    advice: {
      title: 'Que faire\u202F?',
      text: 'Demandez à ces personnes si le rapport leur est parvenu. Sinon, renvoyez-le depuis «\u00A0Mes Rapports\u00A0»\u00A0: qui l’avait déjà reçu l’aura deux fois.',
    },
  },
  mail_misconfigured: {
    overline: 'Serveur de messagerie',
    subject: 'Le serveur de messagerie refuse tous les emails de Rapporteur',
    title: 'Aucun email ne part',
    preheader: 'La configuration est à corriger.',
    intro: (server: string) =>
      `Le serveur de messagerie ${server} n’accepte rien de Rapporteur tel qu’il est configuré. Les rapports qui doivent partir échouent à l’envoi, sans qu’aucun destinataire soit en cause.`,
    advice: {
      title: 'Que faire\u202F?',
      text: 'Corrigez SMTP_URL et les variables SMTP_… d’après cette réponse, redémarrez les workers, puis relancez les rapports échoués. Ce message n’a pu partir qu’une fois le serveur rétabli, ou par un autre chemin\u00A0: le tableau de bord dit si le refus dure encore.',
    },
    action: 'Ouvrir le tableau de bord',
  },
  storage_full: {
    overline: 'Stockage des fichiers',
    subject: 'Le stockage des fichiers de Rapporteur est plein',
    title: 'Plus de place pour les fichiers',
    preheader: 'Faites de la place\u00A0: les rapports attendent.',
    intro:
      'Le stockage n’a plus de place pour les fichiers des rapports. Ceux qui sont en cours attendent, et reprennent d’eux-mêmes dès qu’il y en a.',
    said: 'Réponse du stockage',
    advice: {
      title: 'Que faire\u202F?',
      text: 'Agrandissez le stockage ou son quota, ou réduisez la durée de conservation (RETENTION_DAYS). Un rapport qui a attendu plus longtemps que OUTAGE_PATIENCE_MINUTES échoue\u00A0: relancez-le ensuite.',
    },
    action: 'Ouvrir le tableau de bord',
  },
  sweep_late: {
    overline: 'Installation',
    subject: 'Rapporteur ne travaille plus',
    title: 'L’entretien de Rapporteur ne se fait plus',
    preheader: 'Des rapports peuvent attendre.',
    intro:
      'Chaque minute, un balayage démarre les rapports qui attendent et clôt ceux qui se sont perdus. Le dernier est trop ancien\u00A0: sans doute aucun worker ne travaille, et des rapports attendent. Rien n’est perdu\u00A0; ils partiront une fois la cause levée.',
    at: 'Dernier balayage',
    temporal: 'Temporal ne répond pas',
    advice: {
      title: 'Que faire\u202F?',
      text: 'Vérifiez que les workers tournent et joignent Temporal\u00A0: leur journal dit ce qui les arrête. L’API, qui envoie ce message elle-même, ne le répétera pas\u00A0; elle écrira quand l’entretien aura repris.',
    },
    action: 'Ouvrir le tableau de bord',
  },
  sweep_again: {
    overline: 'Installation',
    subject: 'Rapporteur travaille de nouveau',
    title: 'L’entretien de Rapporteur a repris',
    preheader: 'Il n’y a rien à faire.',
    intro:
      'Les workers travaillent de nouveau. Ce qui attendait part maintenant\u00A0; il n’y a rien à faire.',
    at: 'Dernier balayage',
    action: 'Ouvrir le tableau de bord',
  },
  reports_stuck: {
    overline: 'Rapports en cours',
    subject: (reports: string) => `Ne peut pas continuer sans vous : ${reports}`,
    title: (reports: string) => `${reports} en attente d’une intervention`,
    preheader: 'Une intervention est nécessaire.',
    intro:
      'Ces rapports sont en cours et n’avancent plus\u00A0; Rapporteur ne peut pas les débloquer de lui-même. Sous chacun, la cause que donne Temporal.',
    more: (reports: string) => `Et encore ${reports}\u00A0: voyez le tableau de bord.`,
    stuck: (why: string) => `Bloqué\u00A0: ${why}`,
    action: 'Ouvrir le tableau de bord',
  },
  failing_repeatedly: {
    subject: (times: string, number: number, title: string) => `${times}, rapport N° ${number} : ${title}`,
    subjectPaused: (times: string, number: number, title: string) =>
      `Mis en pause après ${times}, rapport N° ${number} : ${title}`,
    title: (times: string) => times,
    preheader: (owner: string) => `Rapport de ${owner}.`,
    intro: (times: string, phase: string) =>
      `Ce rapport programmé compte maintenant ${times}. La dernière fois, ${phase} a échoué. La personne à qui il appartient est avertie à chaque fois.`,
    inspect: 'Voir l’exécution dans Temporal',
    action: 'Voir les envois de ce rapport',
  },
  recovered: {
    subject: (number: number, title: string) => `Rétabli, rapport N° ${number} : ${title}`,
    intro: (times: string) => `Après ${times}, ce rapport programmé fonctionne à nouveau.`,
    nothingToDo: {
      title: 'Tout est rentré dans l’ordre',
      preheader: 'Il n’y a rien à faire.',
      text: 'Il n’y a rien à faire.',
    },
    stillPaused: {
      title: 'Rétabli, mais en pause',
      preheader: 'À réactiver.',
      callout: {
        title: 'À réactiver',
        text: 'Ce rapport programmé est en pause\u00A0: rien ne partira de lui-même tant que personne ne le réactive.',
      },
    },
    action: 'Voir les envois de ce rapport',
  },
  recipient_unsubscribed: {
    subject: (recipient: string, name: string) => `${recipient} ne reçoit plus : ${name}`,
    title: 'Un destinataire s’est désabonné',
    preheader: (remaining: string) => `Encore ${remaining}.`,
    intro: (recipient: string, number: number) =>
      `${recipient} a suivi le lien de désabonnement du rapport N°\u00A0${number}. Cette adresse est retirée du rapport programmé\u00A0: les prochains envois se feront sans elle.`,
    nobodyLeft: {
      title: 'Il ne reste aucun destinataire',
      text: 'Ce rapport programmé n’a plus personne à qui écrire\u00A0: il est désactivé. Pour qu’il reparte, ajoutez un destinataire, puis réactivez-le.',
    },
    action: 'Ouvrir le rapport programmé',
  },
  owner_gone: {
    overline: 'Compte désactivé',
    subject: (owner: string, paused: string) => `Compte désactivé, ${paused} en pause : ${owner}`,
    title: (paused: string) => `${paused} en pause`,
    preheader: (owner: string) => `Le compte de ${owner} est désactivé.`,
    subject_demoted: (owner: string, paused: string) => `Rôle changé, ${paused} en pause : ${owner}`,
    preheader_demoted: (owner: string) => `${owner} n’est plus administrateur.`,
    intro_demoted: (owner: string) =>
      `${owner} n’est plus administrateur. Rapporteur a mis en pause ce qui lui appartenait\u00A0: rien de cette liste ne partira tant que personne ne l’aura repris.`,
    intro: (owner: string) =>
      `Le compte de ${owner} est désactivé. Rapporteur a mis en pause ce qui lui appartenait\u00A0: rien de cette liste ne partira tant que personne ne l’aura repris.`,
    more: (paused: string) => `Et encore ${paused}\u00A0: voyez la liste complète.`,
    advice: {
      title: 'Que faire\u202F?',
      text: 'Ouvrez chacun de ces rapports, puis «\u00A0Changer de propriétaire…\u00A0» dans ses commandes\u00A0: vous choisissez qui le reprend, et s’il repart aussitôt. Celui dont personne n’a plus besoin se supprime au même endroit.',
    },
    action: 'Voir ceux qui attendent un propriétaire',
  },
  footer: {
    owner: 'Vous recevez ce message parce que ce rapport vous appartient.',
    administrator: 'Vous recevez ce message parce que vous administrez Rapporteur.',
    automatic: (number: number) =>
      `Message automatique de Rapporteur. Pour toute question, citez le rapport N°\u00A0${number}.`,
    /** For a notice that is not about one report. */
    unnumbered: 'Message automatique de Rapporteur.',
    support: (contact: string) => `Service informatique\u00A0: ${contact}.`,
    open: 'Ouvrir Rapporteur',
  },
}

export type NoticeMailWords = typeof french

const english: NoticeMailWords = {
  number: (number) => `Report No.\u00A0${number}`,
  phases: { generate: 'making the file', store: 'storing the file', email: 'sending the emails' },
  nouns: {
    attempt: ['attempt', 'attempts'],
    failureInARow: ['failure', 'failures in a row'],
    recipient: ['recipient', 'recipients'],
    report: ['report', 'reports'],
    scheduledReport: ['scheduled report', 'scheduled reports'],
  },
  facts: {
    name: 'Scheduled report',
    owner: 'Owner',
    scheduledFor: 'Scheduled for',
    failedAt: 'Failed on',
    failedInARow: 'Failures in a row',
    remaining: 'Still subscribed',
  },
  why: 'Why',
  noReply: 'No reply.',
  paused: (times) => ({
    title: 'Paused',
    text: `After ${times}, this scheduled report was paused, as it was set to be. Once the obstacle is gone, resume it under “Scheduled reports”.`,
  }),
  report_failed: {
    subject: (number, title) => `Report No. ${number} failed: ${title}`,
    title: 'The report failed',
    preheader: (phase) => `It failed at ${phase}. You can relaunch it.`,
    intro: (phase, attempts) =>
      `This report could not be finished: ${phase} failed after ${attempts}. Rapporteur will not try again by itself.`,
    action: 'Relaunch it from “My reports”',
    note: 'A relaunch resumes at the step that failed. Whoever has had the report does not get it a second time.',
    fileReady: 'The file itself is ready: you can download it in the same place.',
  },
  partly_delivered: {
    subject: (number, title) => `Report No. ${number} partly delivered: ${title}`,
    title: 'The report did not reach everyone',
    preheader: (missed, all) => `Not delivered to ${missed} of ${all}.`,
    intro: (sent) =>
      `The report is ready and was sent to ${sent}. It could not be delivered to the addresses below; under each, what the mail server replied.`,
    advice: {
      title: 'What to do',
      text: 'Check these addresses. Once the obstacle is gone, relaunch the report: only those who have not had it will receive it.',
    },
    action: 'Open “My reports”',
  },
  perhaps_received: {
    subject: (number, title) => `Report No. ${number} perhaps received: ${title}`,
    title: 'The report may have arrived',
    preheader: (recipients) => `Not confirmed for ${recipients}.`,
    intro: (sent) =>
      `The report is ready and was sent to ${sent}. For the addresses below, the message was handed to the mail server, which did not confirm it: it may have arrived. Rapporteur will not send it again by itself.`,
    also: 'Perhaps received, not confirmed by the mail server:',
    mark: 'Perhaps received.',
    advice: {
      title: 'What to do',
      text: 'Ask these people whether the report reached them. If not, send it again from “My reports”: whoever had it already gets it twice.',
    },
  },
  mail_misconfigured: {
    overline: 'Mail server',
    subject: 'The mail server refuses every mail of Rapporteur',
    title: 'No mail goes out',
    preheader: 'The configuration is to be corrected.',
    intro: (server) =>
      `The mail server ${server} accepts nothing from Rapporteur as it is configured. Reports that are due fail when they are mailed, and no recipient is at fault.`,
    advice: {
      title: 'What to do',
      text: 'Correct SMTP_URL and the variables SMTP_… by this reply, restart the workers, then relaunch the reports that failed. This message could only leave once the server worked again, or by another way: the dashboard says whether it still refuses.',
    },
    action: 'Open the dashboard',
  },
  storage_full: {
    overline: 'File storage',
    subject: 'The file storage of Rapporteur is full',
    title: 'No room for files',
    preheader: 'Make room: reports are waiting.',
    intro:
      'The storage has no room for reports’ files. Those that are running wait, and go on by themselves as soon as there is some.',
    said: 'The storage’s answer',
    advice: {
      title: 'What to do',
      text: 'Enlarge the storage or its quota, or keep files for a shorter time (RETENTION_DAYS). A report that has waited for longer than OUTAGE_PATIENCE_MINUTES fails: relaunch it then.',
    },
    action: 'Open the dashboard',
  },
  sweep_late: {
    overline: 'Installation',
    subject: 'Rapporteur has stopped working',
    title: 'Rapporteur’s own upkeep is not done any more',
    preheader: 'Reports may be waiting.',
    intro:
      'Each minute a sweep starts the reports that wait and ends those that were lost. The last one is too old: probably no worker works, and reports wait. Nothing is lost; they leave once the cause is removed.',
    at: 'Last sweep',
    temporal: 'Temporal does not answer',
    advice: {
      title: 'What to do',
      text: 'Check that the workers run and reach Temporal: their log says what stops them. The API, which sends this message itself, does not repeat it; it writes when sweeps go on.',
    },
    action: 'Open the dashboard',
  },
  sweep_again: {
    overline: 'Installation',
    subject: 'Rapporteur works again',
    title: 'Rapporteur’s own upkeep goes on',
    preheader: 'There is nothing to do.',
    intro: 'The workers work again. What waited leaves now; there is nothing to do.',
    at: 'Last sweep',
    action: 'Open the dashboard',
  },
  reports_stuck: {
    overline: 'Running reports',
    subject: (reports) => `Cannot go on without you: ${reports}`,
    title: (reports) => `${reports} waiting for an administrator`,
    preheader: 'They need an administrator.',
    intro:
      'These reports are running and do not advance; Rapporteur cannot free them by itself. Below each, the cause that Temporal gives.',
    more: (reports) => `And ${reports} more: see the dashboard.`,
    stuck: (why) => `Stuck: ${why}`,
    action: 'Open the dashboard',
  },
  failing_repeatedly: {
    subject: (times, number, title) => `${times}, report No. ${number}: ${title}`,
    subjectPaused: (times, number, title) => `Paused after ${times}, report No. ${number}: ${title}`,
    title: (times) => times,
    preheader: (owner) => `A report of ${owner}.`,
    intro: (times, phase) =>
      `This scheduled report has now had ${times}. Last time, ${phase} failed. The person it belongs to is told each time.`,
    inspect: 'See the run in Temporal',
    action: 'See this report’s deliveries',
  },
  recovered: {
    subject: (number, title) => `Recovered, report No. ${number}: ${title}`,
    intro: (times) => `After ${times}, this scheduled report works again.`,
    nothingToDo: {
      title: 'All is well again',
      preheader: 'There is nothing to do.',
      text: 'There is nothing to do.',
    },
    stillPaused: {
      title: 'Recovered, but paused',
      preheader: 'To be resumed.',
      callout: {
        title: 'To be resumed',
        text: 'This scheduled report is paused: nothing will go out by itself until somebody resumes it.',
      },
    },
    action: 'See this report’s deliveries',
  },
  recipient_unsubscribed: {
    subject: (recipient, name) => `${recipient} no longer receives: ${name}`,
    title: 'A recipient unsubscribed',
    preheader: (remaining) => `${remaining} left.`,
    intro: (recipient, number) =>
      `${recipient} followed the unsubscribe link of report No.\u00A0${number}. The address is removed from the scheduled report: the next deliveries go without it.`,
    nobodyLeft: {
      title: 'No recipient is left',
      text: 'This scheduled report has nobody to write to any more: it is disabled. To have it sent again, add a recipient, then enable it.',
    },
    action: 'Open the scheduled report',
  },
  owner_gone: {
    overline: 'Account deactivated',
    subject: (owner, paused) => `Account deactivated, ${paused} paused: ${owner}`,
    title: (paused) => `${paused} paused`,
    preheader: (owner) => `The account of ${owner} is deactivated.`,
    subject_demoted: (owner, paused) => `Role changed, ${paused} paused: ${owner}`,
    preheader_demoted: (owner) => `${owner} is no longer an administrator.`,
    intro_demoted: (owner) =>
      `${owner} is no longer an administrator. Rapporteur paused what belonged to them: nothing of this list goes out until somebody takes it over.`,
    intro: (owner) =>
      `The account of ${owner} is deactivated. Rapporteur paused what belonged to it: nothing of this list goes out until somebody takes it over.`,
    more: (paused) => `Not shown here: ${paused}. See the full list.`,
    advice: {
      title: 'What to do',
      text: 'Open each of these reports, then “Change owner…” among its commands: you choose who takes it over, and whether it resumes at once. One that nobody needs any more is deleted in the same place.',
    },
    action: 'See those that await an owner',
  },
  footer: {
    owner: 'You receive this message because the report is yours.',
    administrator: 'You receive this message because you administer Rapporteur.',
    automatic: (number) =>
      `Automatic message from Rapporteur. With any question, quote report No.\u00A0${number}.`,
    unnumbered: 'Automatic message from Rapporteur.',
    support: (contact) => `IT: ${contact}.`,
    open: 'Open Rapporteur',
  },
}

export const noticeMailWords: Readonly<Record<Locale, NoticeMailWords>> = { fr: french, en: english }
