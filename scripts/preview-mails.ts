/** Writes every mail as HTML and text into a folder, to be looked at: `node scripts/preview-mails.ts FOLDER`. */

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { locales, type Locale } from '#domain/locale.ts'
import { failureSentence } from '#domain/failures.ts'
import { formatPeriod } from '#domain/timing/format-period.ts'
import { renderNoticeMail, type Notice } from '#mails/notice-mail.ts'
import { renderReportMail, type ReportMailInput } from '#mails/report-mail.ts'

const publicUrl = 'https://rapports.recyclage.example'
const timeZone = 'Europe/Paris'
const longToken = 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..'.repeat(4)

function reportMails(locale: Locale): Record<string, ReportMailInput> {
  const french = locale === 'fr'
  const report: ReportMailInput['report'] = {
    number: 42,
    title: french ? 'Sessions de caisse' : 'Till sessions',
    name: french ? 'Caisses du mois, pour la comptabilité' : 'Monthly tills, for accounting',
    period: formatPeriod({ from: '2026-10-01', to: '2026-10-31' }, locale),
    filters: [
      {
        label: french ? 'Ouverte le' : 'Opened on',
        value: french ? 'du 1er octobre 2026 au 31 octobre 2026' : 'from 1 October 2026 to 31 October 2026',
      },
      { label: 'Site', value: 'Déchèterie du Port, Ressourcerie des Ormes' },
      { label: french ? 'Écart' : 'Difference', value: french ? 'au moins 5' : 'at least 5' },
    ],
    rowCount: 12_453,
    format: 'excel',
    fileName: french ? 'sessions-de-caisse.xlsx' : 'till-sessions.xlsx',
    sizeBytes: 861_204,
    generatedAt: new Date('2026-11-01T07:00:41Z'),
    timeZone,
    scheduledFor: new Date('2026-11-01T07:00:00Z'),
    requestedBy: 'Awa Diallo',
  }
  const unsubscribeUrl = `${publicUrl}/u/${longToken}`
  const attached: ReportMailInput = {
    locale,
    report,
    delivery: { kind: 'attachment' },
    publicUrl,
    unsubscribeUrl,
  }
  return {
    'report-attached': attached,
    'report-link': {
      ...attached,
      report: { ...report, sizeBytes: 25_480_000, rowCount: 1_204_118 },
      delivery: {
        kind: 'link',
        url: `${publicUrl}/l/${longToken}`,
        expiresAt: new Date('2026-11-08T07:00:41Z'),
        reason: 'over_limit',
        limitBytes: 10 * 1024 * 1024,
      },
    },
    'report-test-message': {
      ...attached,
      isTest: true,
      message: french
        ? 'Bonjour à tous,\n\nvoici les caisses du mois. Merci de vérifier les écarts de plus de 5 € avant vendredi.\n\nAwa'
        : 'Hello everyone,\n\nhere are the month’s tills. Please check differences over 5 € before Friday.\n\nAwa',
    },
    'report-empty': {
      ...attached,
      report: { ...report, rowCount: 0, sizeBytes: 812, format: 'csv', fileName: 'caisse.csv' },
    },
    'report-requested': {
      locale,
      publicUrl,
      delivery: { kind: 'attachment' },
      report: {
        ...report,
        name: undefined,
        scheduledFor: undefined,
        period: undefined,
        filters: [],
        rowCount: 1,
        format: 'csv',
        fileName: 'guardians.csv',
        title: french ? 'Responsables légaux' : 'Guardians',
      },
    },
    'report-hostile': {
      ...attached,
      subject: 'Été\r\nBcc: pirate@evil.example 🎉 <b>',
      message: '<script>alert(1)</script>\n"quoted" & \'single\'',
      report: {
        ...report,
        title: `<img src=x onerror=alert(1)> ${'Anticonstitutionnellement'.repeat(6)} 🎒🍚`,
        name: '"><script>alert(2)</script>',
        filters: [{ label: '<i>libellé</i>', value: 'x'.repeat(200) }],
        requestedBy: 'Léo <leo@evil.example>',
      },
    },
  }
}

function notices(locale: Locale): Record<string, Notice> {
  const failedAt = new Date('2026-11-01T07:12:09Z')
  const reason = failureSentence('source_timeout', locale)
  const refused = [
    {
      email: 'comptabilite@recyclage.example',
      response: '550 5.1.1 The email account that you tried to reach does not exist',
    },
    { email: 'direction@ancien-domaine.example', response: null },
  ]
  return {
    'notice-failed': {
      kind: 'report_failed',
      phase: 'generate',
      reason,
      attempts: 3,
      failedAt,
      fileReady: false,
    },
    'notice-failed-paused': {
      kind: 'report_failed',
      phase: 'generate',
      reason,
      attempts: 3,
      failedAt,
      failedInARow: 3,
      isPaused: true,
      fileReady: false,
    },
    'notice-nobody': {
      kind: 'report_failed',
      phase: 'email',
      reason: failureSentence('nobody_reached', locale),
      attempts: 3,
      failedAt,
      fileReady: true,
      refused,
    },
    'notice-partial': { kind: 'partly_delivered', delivered: 4, refused },
    'notice-repeated': {
      kind: 'failing_repeatedly',
      failedInARow: 3,
      phase: 'generate',
      reason,
      failedAt,
      owner: 'Awa Diallo (awa@recyclage.example)',
      temporalUrl: 'https://temporal.recyclage.example/namespaces/default/workflows/report:42',
    },
    'notice-repeated-paused': {
      kind: 'failing_repeatedly',
      failedInARow: 5,
      isPaused: true,
      phase: 'email',
      reason: failureSentence('nobody_reached', locale),
      refused,
      failedAt,
      owner: 'Awa Diallo (awa@recyclage.example)',
      temporalUrl: 'https://temporal.recyclage.example/namespaces/default/workflows/report:42',
    },
    'notice-recovered': { kind: 'recovered', failedInARow: 4, to: 'administrator' },
    'notice-recovered-paused': { kind: 'recovered', failedInARow: 3, to: 'owner', isPaused: true },
    'notice-unsubscribed': {
      kind: 'recipient_unsubscribed',
      recipient: 'leo@recyclage.example',
      remaining: ['awa@recyclage.example', 'comptabilite@recyclage.example'],
    },
    'notice-unsubscribed-last': {
      kind: 'recipient_unsubscribed',
      recipient: 'leo@recyclage.example',
      remaining: [],
    },
  }
}

const [folder] = process.argv.slice(2)
if (!folder) throw new Error('Usage: node scripts/preview-mails.ts FOLDER')
await mkdir(folder, { recursive: true })
for (const locale of locales) {
  const mails = Object.entries(reportMails(locale)).map(
    async ([name, input]) => [name, await renderReportMail(input)] as const,
  )
  const noticeMails = Object.entries(notices(locale)).map(async ([name, notice]) => {
    const report = {
      number: 42,
      title: locale === 'fr' ? 'Sessions de caisse' : 'Till sessions',
      name: locale === 'fr' ? 'Caisses du mois, pour la comptabilité' : 'Monthly tills, for accounting',
      scheduledReportId: '0b1c2d3e-4f50-4a61-8b72-9c8d0e1f2a3b',
      scheduledFor: new Date('2026-11-01T07:00:00Z'),
    }
    return [
      name,
      await renderNoticeMail({
        locale,
        timeZone,
        report,
        notice,
        publicUrl,
        supportContact: 'informatique@recyclage.example',
      }),
    ] as const
  })
  const gone = renderNoticeMail({
    locale,
    timeZone,
    publicUrl,
    supportContact: 'informatique@recyclage.example',
    notice: {
      kind: 'owner_gone',
      owner: 'Inès Durand',
      scheduledReports: [
        { id: '0b1c2d3e-4f50-4a61-8b72-9c8d0e1f2a3b', name: 'Caisses du mois, pour la comptabilité' },
        { id: '1c2d3e4f-5061-4b72-8c9d-0e1f2a3b4c5d', name: 'Tickets de réception' },
      ],
    },
  }).then((mail) => ['notice-owner-gone', mail] as const)
  const installation = {
    'notice-storage-full': {
      kind: 'storage_full',
      response:
        'The storage failed to upload staging/42/tickets.csv (InsufficientStorage: No space left on device.)',
    },
    'notice-reports-stuck': {
      kind: 'reports_stuck',
      total: 12,
      reports: [
        {
          number: 42,
          title: 'Tickets de réception',
          reason: 'workflow_task',
          message: '[TMPRL1100] Nondeterminism error',
        },
      ],
    },
  } as const
  const installationMails = Object.entries(installation).map(
    async ([name, notice]) =>
      [name, await renderNoticeMail({ locale, timeZone, publicUrl, notice })] as const,
  )
  const sweptAt = new Date('2026-11-29T02:41:00Z')
  const sweeps = [
    {
      kind: 'sweep_late' as const,
      sweptAt,
      faults: [
        { part: 'workers' as const, detail: 'No worker has asked Temporal for work in the last two minutes' },
        {
          part: 'mail_connection' as const,
          detail: 'smtp.recyclage.example:587: connect ECONNREFUSED 10.0.3.7:587',
        },
      ],
    },
    { kind: 'sweep_again' as const, sweptAt },
  ].map(async (notice) => {
    const mail = await renderNoticeMail({ locale, timeZone, publicUrl, notice })
    return [`notice-${notice.kind}`, mail] as const
  })
  for (const [name, mail] of await Promise.all([
    ...mails,
    ...noticeMails,
    gone,
    ...installationMails,
    ...sweeps,
  ])) {
    await writeFile(join(folder, `${name}.${locale}.html`), mail.html)
    await writeFile(join(folder, `${name}.${locale}.txt`), `${mail.subject}\n\n${mail.text}`)
  }
}
