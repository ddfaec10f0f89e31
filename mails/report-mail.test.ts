import { describe, expect, it } from 'vitest'
import { locales } from '#domain/locale.ts'
import { renderReportMail, type ReportMailInput } from './report-mail.ts'

const attached: ReportMailInput = {
  locale: 'fr',
  report: {
    number: 42,
    title: 'Sessions de caisse',
    name: 'Caisses du mois',
    period: '1 au 31 octobre 2026',
    filters: [
      { label: 'Ouverte le', value: 'du 1er octobre 2026 au 31 octobre 2026' },
      { label: 'Site', value: 'Déchèterie du Port' },
    ],
    rowCount: 12_453,
    format: 'excel',
    fileName: 'sessions-de-caisse.xlsx',
    sizeBytes: 861_204,
    generatedAt: new Date('2026-11-01T07:00:41Z'),
    timeZone: 'Europe/Paris',
    scheduledFor: new Date('2026-11-01T07:00:00Z'),
    requestedBy: 'Awa Diallo',
  },
  delivery: { kind: 'attachment' },
  publicUrl: 'https://rapports.example',
  unsubscribeUrl: 'https://rapports.example/u/TOKEN',
}
const linked: ReportMailInput = {
  ...attached,
  report: { ...attached.report, sizeBytes: 25_480_000 },
  delivery: {
    kind: 'link',
    url: 'https://rapports.example/l/TOKEN',
    expiresAt: new Date('2026-11-08T07:00:41Z'),
    reason: 'over_limit',
    limitBytes: 10 * 1024 * 1024,
  },
}

/** What a person reads: no tags, entities decoded, each run of spaces one ordinary space. */
function words(html: string): string {
  return html
    .replace(/<style>.*?<\/style>|<head>.*?<\/head>|<!--.*?-->/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
}
const links = (html: string) => [...html.matchAll(/href="([^"]*)"/g)].map(([, url]) => url)

describe('renderReportMail', () => {
  it('has a subject that names the N°, the report and its period', async () => {
    const { subject } = await renderReportMail(attached)
    expect(subject).toBe('Rapport N° 42 : Sessions de caisse (1 au 31 octobre 2026)')
    const english = await renderReportMail({
      ...attached,
      locale: 'en',
      report: { ...attached.report, title: 'Till sessions', period: undefined },
    })
    expect(english.subject).toBe('Report No. 42: Till sessions')
  })

  it('says what the report is, in HTML and in text alike', async () => {
    const { html, text } = await renderReportMail(attached)
    for (const said of [
      'Rapport N° 42',
      'Sessions de caisse',
      '1 au 31 octobre 2026',
      'Caisses du mois',
      'du 1er octobre 2026 au 31 octobre 2026',
      'Déchèterie du Port',
      '12 453 lignes, dans le fichier Excel joint à ce message',
      'sessions-de-caisse.xlsx (841 ko)',
      'dimanche 1er novembre 2026 à 08:00 (heure d’Europe centrale)',
      'programmé par Awa Diallo',
      'Message automatique',
      'citez le rapport N° 42',
    ]) {
      expect(words(html), said).toContain(said)
      expect(text.replace(/\s+/g, ' '), said).toContain(said)
    }
    expect(text).toContain('https://rapports.example/u/TOKEN')
    expect(words(html)).not.toContain('n’est pas joint')
    expect(links(html)).toEqual(['https://rapports.example/u/TOKEN', 'https://rapports.example/'])
  })

  it('says that the file was too large, with the link and its expiry in the report’s zone', async () => {
    const { html, text } = await renderReportMail({
      ...linked,
      report: { ...linked.report, timeZone: 'Indian/Reunion' },
    })
    for (const said of [
      'Le fichier n’est pas joint à ce message',
      'Il pèse 24,3 Mo : c’est trop lourd pour une pièce jointe (10 Mo au plus)',
      'Télécharger le fichier (24,3 Mo)',
      'jusqu’au dimanche 8 novembre 2026 à 11:00 (heure de La Réunion)',
    ]) {
      expect(words(html), said).toContain(said)
      expect(text.replace(/\s+/g, ' '), said).toContain(said)
    }
    expect(links(html)).toContain('https://rapports.example/l/TOKEN')
    expect(text).toContain('\nhttps://rapports.example/l/TOKEN\n')
    expect(words(html)).not.toContain('joint à ce message.')
  })

  it('is in English throughout', async () => {
    const mail = await renderReportMail({ ...linked, locale: 'en', isTest: true, message: 'Hello' })
    const { report } = linked
    let left = words(mail.html)
    // The product's own words: those of people and the data are taken away.
    for (const given of [
      report.title,
      report.name!,
      report.period!,
      ...report.filters.flatMap(({ label, value }) => [label, value]),
    ]) {
      left = left.replaceAll(given, '')
    }
    expect(left).not.toMatch(/[éèàç«»’]{1}(?!s\b)|rapport\b|fichier|lignes/)
    expect(left).toContain('The file is not attached to this message')
    expect(mail.subject).toMatch(/^\[Test\] Report No\. 42: /)
  })

  it('has no-break French spaces: none of : ; ! ? » can begin a line, nor « end one', async () => {
    for (const input of [attached, linked, { ...linked, isTest: true, message: 'Bonjour' }]) {
      const { html, text } = await renderReportMail(input)
      const said = html
        .replace(/<style>.*?<\/style>|<head>.*?<\/head>|<!--.*?-->/gs, '')
        .replace(/<[^>]*>/g, '')
      for (const body of [said, text]) expect(body).not.toMatch(/ [:;!?»]|« /)
    }
  })

  it('shows the scheduled time as well when the report was late', async () => {
    const late = await renderReportMail({
      ...attached,
      report: { ...attached.report, generatedAt: new Date('2026-11-01T09:31:00Z') },
    })
    expect(words(late.html)).toContain('Prévu le dimanche 1er novembre 2026 à 08:00')
    expect(words(late.html)).toContain('Produit le dimanche 1er novembre 2026 à 10:31')
    expect(words((await renderReportMail(attached)).html)).not.toContain('Prévu le')
  })

  it('says that no row matched when the file is empty', async () => {
    const { html } = await renderReportMail({ ...attached, report: { ...attached.report, rowCount: 0 } })
    expect(words(html)).toContain('Aucune ligne cette fois')
    expect(words(html)).not.toContain('Votre rapport est prêt')
  })

  it('offers to unsubscribe only for a scheduled report', async () => {
    const asked = {
      ...attached,
      unsubscribeUrl: undefined,
      report: { ...attached.report, name: undefined, scheduledFor: undefined },
    }
    const { html, text } = await renderReportMail(asked)
    expect(html + text).not.toMatch(/désabonner/i)
    expect(words(html)).toContain('Ce rapport a été demandé par Awa Diallo.')
  })

  it('marks a test mail as one', async () => {
    const { subject, html } = await renderReportMail({ ...attached, isTest: true, subject: 'Les caisses' })
    expect(subject).toBe('[Test] Les caisses')
    expect(words(html)).toContain('Vous seul recevez ce message')
  })

  it('keeps the lines of a person’s message', async () => {
    const { html, text } = await renderReportMail({ ...attached, message: ' Bonjour,\r\n\r\nmerci.\nAwa ' })
    expect(html).toContain('Bonjour,<br /><br />merci.<br />Awa</p>')
    expect(text).toContain('Awa Diallo vous écrit\u00A0:\n> Bonjour,\n> \n> merci.\n> Awa')
  })

  describe('hostile text', () => {
    const evil = `"><script>alert('x')</script>&amp;`
    it('is escaped wherever it stands', async () => {
      const { html } = await renderReportMail({
        ...linked,
        subject: evil,
        message: evil,
        report: {
          ...linked.report,
          title: evil,
          name: `${evil}2`,
          period: evil,
          fileName: evil,
          requestedBy: evil,
          filters: [{ label: evil, value: evil }],
        },
      })
      expect(html).not.toMatch(/<script/i)
      expect(
        html.match(/&lt;script&gt;alert\(&#39;x&#39;\)&lt;\/script&gt;&amp;amp;/g)!.length,
      ).toBeGreaterThanOrEqual(9)
      // Nothing closed an attribute: every tag is one of ours.
      const ours = 'a body br div h1 head html meta p style table td th title tr'.split(' ')
      expect(
        [...html.matchAll(/<([a-z0-9]+)[\s>]/g)].map(([, tag]) => tag).filter((tag) => !ours.includes(tag!)),
      ).toEqual([])
    })

    it('cannot add a header or a line to the subject', async () => {
      const subject = 'Été\r\nBcc: pirate@evil.example\u2028\u0000\tfin 🎉'
      expect((await renderReportMail({ ...attached, subject })).subject).toBe(
        'Été Bcc: pirate@evil.example fin 🎉',
      )
      const title = 'Caisse\nX-Evil: 1'
      const mail = await renderReportMail({
        ...attached,
        report: { ...attached.report, title, period: undefined },
      })
      expect(mail.subject).toBe('Rapport N° 42 : Caisse X-Evil: 1')
      expect((await renderReportMail({ ...attached, subject: ' \r\n ' })).subject).toMatch(
        /^Rapport N° 42 : /,
      )
    })

    it('cannot make the subject too long, nor is a character cut in two', async () => {
      const { subject } = await renderReportMail({ ...attached, subject: `a${'🎒'.repeat(400)}` })
      expect([...subject]).toHaveLength(200)
      expect(subject.isWellFormed()).toBe(true)
    })

    it.each(['javascript:alert(1)', 'data:text/html,x'])('cannot be a link: %s', async (url) => {
      await expect(renderReportMail({ ...attached, unsubscribeUrl: url })).rejects.toThrow(
        'Not a web address',
      )
    })
  })

  it.each(locales)('is a document that mail programs and screen readers understand (%s)', async (locale) => {
    const { html } = await renderReportMail({ ...linked, locale, message: 'x', isTest: true })
    expect(html).toMatch(/^<!doctype html>/i)
    expect(html).toContain(`<html lang="${locale}"`)
    expect(html).toContain('name="viewport"')
    expect(html).toContain('name="color-scheme" content="light dark"')
    // Nothing is fetched: no image that reports the reading to the sender, no font, no script.
    expect(html).not.toMatch(/<(img|script|link|iframe|video)|url\(|@import|src=/i)
    // Layout tables have role presentation; the one real table has row headings.
    const tables = html.match(/<table[^>]*>/g)!
    expect(tables.filter((table) => !table.includes('role="presentation"'))).toHaveLength(1)
    expect(html).toContain('scope="row"')
    expect(html.match(/<h1/g)).toHaveLength(1)
    // Gmail cuts a message off at 102 kB.
    expect(Buffer.byteLength(html)).toBeLessThan(50_000)
  })

  it('has a preheader that is hidden in the open mail', async () => {
    const { html } = await renderReportMail(attached)
    expect(html.replace(/\u00A0|\u202F/g, ' ')).toMatch(
      /<div style="display: none[^>]*>\s*12 453 lignes, fichier joint\./,
    )
  })
})
