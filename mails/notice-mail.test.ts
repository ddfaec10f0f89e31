import { describe, expect, it } from 'vitest'
import { failureSentence } from '#domain/failures.ts'
import { locales, type Locale } from '#domain/locale.ts'
import { stuckReasons, stuckWords } from '#domain/stuck-report.ts'
import { renderNoticeMail, type Notice, type NoticeMailInput } from './notice-mail.ts'
import type { OwnerGoneNotice } from './owner-gone-notice.ts'

const failedAt = new Date('2026-11-01T07:12:09Z')
const refused = [
  { email: 'parti@recyclage.example', response: '550 5.1.1 <parti@recyclage.example>: No such user' },
  { email: 'direction@ancien.example', response: null },
]

function input(
  notice: Notice,
  locale: Locale = 'fr',
  report: Partial<NonNullable<NoticeMailInput['report']>> = {},
): NoticeMailInput {
  return {
    locale,
    timeZone: 'Europe/Paris',
    publicUrl: 'https://rapports.example',
    supportContact: 'informatique@recyclage.example',
    report: {
      number: 42,
      title: 'Sessions de caisse',
      name: 'Caisses du mois',
      scheduledReportId: 'ID',
      ...report,
    },
    notice,
  }
}

function ownerGone(
  locale: Locale,
  scheduledReports: OwnerGoneNotice['scheduledReports'],
  owner = 'Inès Durand (ines@recyclage.example)',
): NoticeMailInput {
  const { report: _none, ...rest } = input(noticesIn(locale).recovered, locale)
  return { ...rest, notice: { kind: 'owner_gone', owner, scheduledReports } }
}
function plain(text: string): string {
  return text.replace(/\s+/g, ' ')
}

const noticesIn = (locale: Locale): Record<Notice['kind'], Notice> => ({
  report_failed: {
    kind: 'report_failed',
    phase: 'generate',
    reason: failureSentence('source_timeout', locale),
    attempts: 3,
    failedAt,
    fileReady: false,
  },
  partly_delivered: { kind: 'partly_delivered', delivered: 1, refused },
  failing_repeatedly: {
    kind: 'failing_repeatedly',
    failedInARow: 3,
    phase: 'store',
    reason: failureSentence('storage_unavailable', locale),
    failedAt,
    owner: 'Awa Diallo (awa@recyclage.example)',
    temporalUrl: 'https://temporal.example/report:42',
    isPaused: true,
  },
  recovered: { kind: 'recovered', failedInARow: 3, to: 'administrator' },
  recipient_unsubscribed: {
    kind: 'recipient_unsubscribed',
    recipient: 'leo@recyclage.example',
    remaining: ['awa@recyclage.example'],
  },
})
const notices = noticesIn('fr')

describe('renderNoticeMail', () => {
  it('tells the owner at which step a report failed, why, and what to do', async () => {
    const { subject, text } = await renderNoticeMail(input(notices.report_failed))
    expect(subject).toBe('Échec du rapport N° 42 : Sessions de caisse')
    expect(plain(text)).toContain('la production du fichier a échoué après 3 essais')
    expect(text).toContain(failureSentence('source_timeout', 'fr'))
    expect(plain(text)).toContain('Relancer depuis « Mes Rapports » : https://rapports.example/rapports')
    expect(plain(text)).toContain('Échoué le : dimanche 1er novembre 2026 à 08:12')
    expect(text).toContain('ce rapport vous appartient')
    expect(text).toContain('informatique@recyclage.example')
    expect(text).not.toContain('télécharger')
  })

  it('says that the file is ready when no recipient was reached, with each server’s reply', async () => {
    const notice = {
      kind: 'report_failed',
      phase: 'email',
      reason: 'R',
      attempts: 1,
      failedAt,
      fileReady: true,
      refused,
    } as const
    const { text } = await renderNoticeMail(input(notice))
    expect(plain(text)).toContain('l’envoi des emails a échoué après 1 essai.')
    expect(text).toContain('- parti@recyclage.example\n  550 5.1.1 <parti@recyclage.example>: No such user')
    expect(text).toContain('vous pouvez le télécharger')
  })

  it('tells the owner which recipients a report did not reach, with the servers’ replies', async () => {
    const { subject, text, html } = await renderNoticeMail(input(notices.partly_delivered))
    expect(subject).toBe('Envoi partiel du rapport N° 42 : Sessions de caisse')
    expect(plain(text)).toContain('envoyé à 1 destinataire.')
    expect(text).toContain('- parti@recyclage.example\n  550 5.1.1 <parti@recyclage.example>: No such user')
    expect(text).toContain('- direction@ancien.example\n  Aucune réponse.')
    expect(html).toContain('550 5.1.1 &lt;parti@recyclage.example&gt;: No such user')
    expect(plain(html)).toContain('Non remis à 2 sur 3.')
  })

  it('tells administrators how often it failed, whose it is, and where to look', async () => {
    const { subject, text } = await renderNoticeMail(
      input({ ...notices.failing_repeatedly, isPaused: false } as Notice),
    )
    expect(subject).toBe('3 échecs de suite, rapport N° 42 : Sessions de caisse')
    expect(text).not.toContain('pause')
    expect(plain(text)).toContain('l’enregistrement du fichier a échoué')
    expect(plain(text)).toContain('Propriétaire : Awa Diallo (awa@recyclage.example)')
    expect(text).toContain('https://temporal.example/report:42')
    expect(text).toContain('https://rapports.example/parametres/rapports-programmes/ID')
    expect(text).toContain('vous administrez Rapporteur')
  })

  it('tells owner and administrators that it was paused, and how to resume it', async () => {
    const { subject, text } = await renderNoticeMail(input(notices.failing_repeatedly))
    expect(subject).toBe('Mis en pause après 3 échecs de suite, rapport N° 42 : Sessions de caisse')
    expect(plain(text)).toContain('Après 3 échecs de suite, ce rapport programmé a été mis en pause')
    const failed = { ...notices.report_failed, failedInARow: 1, isPaused: true } as Notice
    const { text: once } = await renderNoticeMail(input(failed))
    expect(plain(once)).toContain('Après 1 échec, ce rapport programmé a été mis en pause')
    expect(plain(once)).not.toContain('Échecs de suite')
  })

  it('tells that it works again', async () => {
    const { subject, text } = await renderNoticeMail(input(notices.recovered))
    expect(subject).toBe('Rétabli, rapport N° 42 : Sessions de caisse')
    expect(plain(text)).toContain('Après 3 échecs de suite')
    expect(text).toContain('Il n’y a rien à faire')
    expect(text).toContain('vous administrez Rapporteur')
    const toOwner = await renderNoticeMail(input({ kind: 'recovered', failedInARow: 1, to: 'owner' }))
    expect(toOwner.text).toContain('ce rapport vous appartient')
    expect(plain(toOwner.text)).toContain('Après 1 échec, ce rapport')
    const paused = { kind: 'recovered', failedInARow: 3, to: 'owner', isPaused: true } as const
    const { text: stillPaused } = await renderNoticeMail(input(paused))
    expect(plain(stillPaused)).toContain('Ce rapport programmé est en pause')
    expect(stillPaused).not.toContain('rien à faire')
  })

  it('tells the owner who unsubscribed, and that no recipient is left', async () => {
    const { subject, text } = await renderNoticeMail(input(notices.recipient_unsubscribed))
    expect(subject).toBe('leo@recyclage.example ne reçoit plus : Caisses du mois')
    expect(plain(text)).toContain('désabonnement du rapport N° 42')
    expect(text).toContain('awa@recyclage.example')
    expect(text).not.toContain('Il ne reste aucun destinataire')
    const last = await renderNoticeMail(
      input({ kind: 'recipient_unsubscribed', recipient: 'leo@recyclage.example', remaining: [] }),
    )
    expect(last.text).toContain('Il ne reste aucun destinataire')
    expect(plain(last.text)).toContain(
      'il est désactivé. Pour qu’il reparte, ajoutez un destinataire, puis réactivez-le',
    )
  })

  it('tells administrators whose account is deactivated, what is paused, and how to take each over', async () => {
    const { subject, text, html } = await renderNoticeMail(
      ownerGone('fr', [
        { id: 'A', name: 'Caisses du mois' },
        { id: 'B', name: 'Tickets de la semaine' },
      ]),
    )
    expect(subject).toBe(
      'Compte désactivé, 2 rapports programmés en pause : Inès Durand (ines@recyclage.example)',
    )
    expect(plain(text)).toContain('Le compte de Inès Durand (ines@recyclage.example) est désactivé.')
    const list = 'https://rapports.example/parametres/rapports-programmes'
    expect(text).toContain(`- Caisses du mois\n  ${list}/A\n- Tickets de la semaine\n  ${list}/B\n`)
    expect(html).toContain(`href="${list}/B"`)
    expect(plain(text)).toContain('« Changer de propriétaire… »')
    expect(text).toContain(`${list}?tous=1&etat=owner_inactive`)
    expect(text).toContain('vous administrez Rapporteur')
    expect(text).not.toMatch(/N°/)
  })

  it('counts what it does not list', async () => {
    const many = Array.from({ length: 23 }, (_, index) => ({ id: `ID${index}`, name: `Rapport ${index}` }))
    const { subject, text } = await renderNoticeMail(ownerGone('en', many))
    expect(plain(subject)).toContain('23 scheduled reports paused')
    expect(text).toContain('Rapport 19')
    expect(text).not.toContain('Rapport 20')
    expect(plain(text)).toContain('Not shown here: 3 scheduled reports.')
    const { text: all } = await renderNoticeMail(ownerGone('en', many.slice(0, 20)))
    expect(all).not.toContain('Not shown here')
  })

  const every = locales.flatMap((locale) =>
    Object.values(noticesIn(locale)).map((notice) => [locale, notice.kind, notice] as const),
  )
  it.each(every)('%s %s is complete and escaped, without unfilled places', async (locale, _kind, notice) => {
    const { subject, text } = await whole(
      input(notice, locale, { title: `${evil}\r\nBcc: x@evil.example`, name: evil }),
    )
    expect(subject + text).toContain('42')
  })
  it.each(locales)('%s owner_gone is complete and escaped, without unfilled places', async (locale) => {
    await whole(ownerGone(locale, [{ id: 'ID', name: evil }], `${evil}\r\nBcc: x@evil.example`))
  })
  it.each(locales)('%s storage_full says what the storage said', async (locale) => {
    const { report: _none, ...rest } = input(noticesIn(locale).recovered, locale)
    const { text } = await whole({ ...rest, notice: { kind: 'storage_full', response: evil } })
    expect(plain(text)).toContain(plain(evil))
  })
  it.each(locales)('%s reports_stuck names reports, causes and remedies', async (locale) => {
    const { report: _none, ...rest } = input(noticesIn(locale).recovered, locale)
    const reports = stuckReasons.map((reason, index) => ({
      number: 42 + index,
      title: evil,
      reason,
      message: evil,
    }))
    const { subject, text } = await whole({ ...rest, notice: { kind: 'reports_stuck', total: 12, reports } })
    expect(subject).toContain('12')
    expect(plain(text)).toContain('43')
    for (const reason of stuckReasons) expect(plain(text)).toContain(plain(stuckWords[reason].remedy[locale]))
  })
})

const evil = `<script>"'&`

async function whole(mail: NoticeMailInput) {
  const { subject, html, text } = await renderNoticeMail(mail)
  expect(subject).not.toMatch(/[\r\n]/)
  expect(html).not.toContain('<script>')
  expect(html).toContain(`<html lang="${mail.locale}"`)
  for (const body of [subject, html, text])
    expect(body).not.toMatch(/undefined|\[object|\$\{|NaN|Invalid Date/)
  // Every link of the HTML stands in the text too.
  for (const [, url = ''] of html.matchAll(/href="([^"]*)"/g))
    expect(text).toContain(url.replaceAll('&amp;', '&').replace(/\/$/, ''))
  if (mail.locale === 'en') expect(html).not.toMatch(/rapport\b(?!s-programmes)|fichier|envoi\b|échec/)
  else expect(text).not.toMatch(/ [:;!?»](\s|$)|« /)
  return { subject, text }
}
