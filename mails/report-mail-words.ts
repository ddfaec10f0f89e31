/** The words of the mail that brings a report. `\u00A0` and `\u202F` are the spaces French typography asks for. */

import type { Locale } from '#domain/locale.ts'
import type { FileFormat } from '#domain/report-status.ts'

const fileKinds = { csv: 'CSV', excel: 'Excel' } as const satisfies Record<FileFormat, string>

const french = {
  overline: (number: number) => `Rapport N°\u00A0${number}`,
  subject: (number: number, title: string, period?: string) =>
    `Rapport N° ${number} : ${title}${period ? ` (${period})` : ''}`,
  testSubject: (subject: string) => `[Test] ${subject}`,
  fileKind: (format: FileFormat) => `fichier ${fileKinds[format]}`,
  rows: ['ligne', 'lignes'],
  preheader: (rows: string, where: string) => `${rows}, ${where}.`,
  attachedShort: 'fichier joint',
  linkedShort: 'fichier à télécharger',
  attached: (rows: string, format: string) =>
    `Votre rapport est prêt\u00A0: ${rows}, dans le ${format} joint à ce message.`,
  linked: (rows: string, format: string) =>
    `Votre rapport est prêt\u00A0: ${rows}, dans un ${format} à télécharger.`,
  empty: {
    title: 'Aucune ligne cette fois',
    text: 'Rien ne correspond aux filtres sur cette période\u00A0: le fichier ne contient que les en-têtes.',
  },
  overLimit: {
    title: 'Le fichier n’est pas joint à ce message',
    text: (size: string, limit?: string) =>
      `Il pèse ${size}\u00A0: c’est trop lourd pour une pièce jointe${limit ? ` (${limit} au plus)` : ''}. Téléchargez-le avec le bouton ci-dessous.`,
  },
  download: (size: string) => `Télécharger le fichier (${size})`,
  expires: (until: string) =>
    `Ce lien vous est personnel et fonctionne jusqu’au ${until}. Passé ce délai, le fichier reste disponible dans «\u00A0Mes Rapports\u00A0» pour la personne qui l’a demandé.`,
  test: {
    title: 'Ceci est un test',
    text: 'Vous seul recevez ce message\u00A0: les destinataires du rapport programmé n’ont rien reçu.',
  },
  quoteBy: (name: string) => `${name} vous écrit\u00A0:`,
  facts: {
    name: 'Rapport programmé',
    rows: 'Lignes',
    file: 'Fichier',
    scheduledFor: 'Prévu le',
    generatedAt: 'Produit le',
  },
  footer: {
    scheduledBy: (name: string) => `Ce rapport a été programmé par ${name}.`,
    requestedBy: (name: string) => `Ce rapport a été demandé par ${name}.`,
    stop: 'Vous ne souhaitez plus le recevoir\u202F?',
    unsubscribe: 'Me désabonner de ce rapport',
    unsubscribeFrom: (name: string) => `Ne plus recevoir les rapports que ${name} m’envoie`,
    automatic: (number: number) =>
      `Message automatique de Rapporteur. Pour toute question, citez le rapport N°\u00A0${number}.`,
    open: 'Ouvrir Rapporteur',
  },
}

export type ReportMailWords = typeof french

const english: ReportMailWords = {
  overline: (number) => `Report No.\u00A0${number}`,
  subject: (number, title, period) => `Report No. ${number}: ${title}${period ? ` (${period})` : ''}`,
  testSubject: (subject) => `[Test] ${subject}`,
  fileKind: (format) => `${fileKinds[format]} file`,
  rows: ['row', 'rows'],
  preheader: (rows, where) => `${rows}, ${where}.`,
  attachedShort: 'file attached',
  linkedShort: 'file to download',
  attached: (rows, format) => `Your report is ready: ${rows}, in the ${format} attached to this message.`,
  linked: (rows, format) => `Your report is ready: ${rows}, with the ${format} to download.`,
  empty: {
    title: 'No rows this time',
    text: 'Nothing matches the filters over this period: the file holds the headings only.',
  },
  overLimit: {
    title: 'The file is not attached to this message',
    text: (size, limit) =>
      `It is ${size}: too large for an attachment${limit ? ` (${limit} at most)` : ''}. Download it with the button below.`,
  },
  download: (size) => `Download the file (${size})`,
  expires: (until) =>
    `This link is yours alone and works until ${until}. After that, the person who asked for the report still finds the file in “My reports”.`,
  test: {
    title: 'This is a test',
    text: 'You alone receive this message: the scheduled report’s recipients received nothing.',
  },
  quoteBy: (name) => `${name} writes:`,
  facts: {
    name: 'Scheduled report',
    rows: 'Rows',
    file: 'File',
    scheduledFor: 'Scheduled for',
    generatedAt: 'Made on',
  },
  footer: {
    scheduledBy: (name) => `This report was scheduled by ${name}.`,
    requestedBy: (name) => `This report was requested by ${name}.`,
    stop: 'You no longer want it?',
    unsubscribe: 'Unsubscribe from this report',
    unsubscribeFrom: (name) => `Stop receiving the reports that ${name} sends me`,
    automatic: (number) =>
      `Automatic message from Rapporteur. With any question, quote report No.\u00A0${number}.`,
    open: 'Open Rapporteur',
  },
}

export const reportMailWords: Readonly<Record<Locale, ReportMailWords>> = { fr: french, en: english }
