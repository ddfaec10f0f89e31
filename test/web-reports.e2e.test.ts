import { readFile } from 'node:fs/promises'
import { Client } from 'pg'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ReportJson } from '#domain/schemas/report-schema.ts'
import { axeViolations, launchBrowser, visitAs } from './browser.ts'
import { eventually } from './eventually.ts'
import { freeze } from './processes/freeze.ts'
import { startMailServer, type MailServer } from './servers/mail-server.ts'
import { startProduct, type Product } from './processes/product.ts'

const contact = 'informatique@exemple.test'
const relaunched =
  "Le rapport a été relancé. Vous recevrez un email avec le lien de téléchargement une fois qu'il sera prêt."

let mails: MailServer
let product: Product
let browser: Browser
let source: Client
beforeAll(async () => {
  mails = await startMailServer()
  product = await startProduct({
    env: {
      SMTP_URL: mails.url,
      SUPPORT_CONTACT: contact,
      DEMO_DATA_ROWS: '2000',
      ORGANISATION_DOMAINS: 'exemple.test',
    },
  })
  browser = await launchBrowser()
  source = new Client({ connectionString: product.sourceUrl })
  await source.connect()
})
afterAll(async () => {
  await browser?.close()
  await source?.end()
  await product?.dispose()
  await mails?.close()
})

let page: Page
let errors: string[]
let cookie: string
beforeEach(async () => {
  ;({ page, errors } = await visitAs(browser, product.url, 'awa'))
  const { cookies } = await page.context().storageState()
  cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
})
afterEach(async () => {
  mails.release()
  await page.context().close()
  // An error that a test does not expect fails it.
  if (errors.length > 0) throw new Error(errors.join('\n'))
})

async function call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const answer = await fetch(product.url + path, {
    method,
    headers: { cookie, origin: product.url, ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
  })
  expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true)
  return (await answer.json()) as Answer
}
const ask = async (change: object = {}) =>
  (await call<ReportJson>('POST', '/v1/reports', { type: 'schools', format: 'csv', ...change })).number
const settled = (number: number, status: ReportJson['status']) =>
  eventually(
    () => call<ReportJson>('GET', `/v1/reports/${number}`),
    (report) => report.status === status,
  )

const row = (number: number): Locator =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name: new RegExp(`N° ${number}$`) }) })
const rows = () => page.getByRole('row').filter({ has: page.getByRole('link') })
const see = (locator: Locator, timeout = 30_000) => locator.waitFor({ state: 'visible', timeout })
const badge = (number: number, word: string) => row(number).getByText(word, { exact: true })

/** Makes every read of schools wait. @returns ends the wait. */
async function holdSchools(): Promise<() => Promise<void>> {
  await source.query('BEGIN')
  await source.query('LOCK TABLE schools IN ACCESS EXCLUSIVE MODE')
  return async () => void (await source.query('ROLLBACK'))
}

describe('Mes Rapports', () => {
  it('leads to a first report when there is none', async () => {
    await page.goto('/')
    await see(page.getByText('Aucun rapport pour l’instant'))
    expect(new URL(page.url()).pathname).toBe('/rapports')
    expect(await axeViolations(page), 'nothing yet').toEqual([])
    await page.getByRole('main').getByRole('link', { name: 'Écoles' }).click()
    await page.waitForURL('**/donnees/schools')
  })

  it('shows forty reports in pages of fifteen, with filters, order and page in the address', async () => {
    const numbers: number[] = []
    for (let count = 0; count < 40; count++) {
      numbers.push(await ask({ type: count % 4 === 0 ? 'guardians' : 'schools' }))
    }
    for (const number of numbers) await settled(number, 'completed')
    await page.goto('/rapports')
    await see(page.getByText('1 à 15 sur 40'))
    expect(await rows().count()).toBe(15)
    const headings = await page.getByRole('columnheader').allInnerTexts()
    expect(headings.map((heading) => heading.replace(/\s+/g, ' ').trim())).toEqual([
      'N°',
      'Type de rapport',
      'Statut',
      'Colonnes sélectionnées',
      'Demandé le',
      'Fichier disponible depuis',
      'Actions',
    ])
    expect(await axeViolations(page), 'the list').toEqual([])

    await page.getByRole('button', { name: 'Dernière page' }).click()
    await see(page.getByText('31 à 40 sur 40'))
    // The page before stays, dimmed, until the rows of this one are there.
    await expect.poll(() => rows().count()).toBe(10)
    expect(new URL(page.url()).search).toBe('?page=3')
    await page.reload()
    await see(page.getByText('31 à 40 sur 40'))

    await page.getByLabel('Filtrer par type de rapport').selectOption({ label: 'Responsables' })
    await see(page.getByText('1 à 10 sur 10'))
    await page.getByRole('columnheader', { name: 'N°' }).getByRole('button').press('Enter')
    await see(page.getByRole('columnheader', { name: 'N°' }).and(page.locator('[aria-sort="ascending"]')))
    await page.getByLabel('Filtrer par statut').selectOption({ label: 'Complété' })
    const search = new URL(page.url()).searchParams
    expect(Object.fromEntries(search)).toEqual({ type: 'guardians', tri: 'number', statut: 'completed' })
    await see(page.getByText('1 à 10 sur 10'))
    await expect
      .poll(() => rows().first().getByRole('link').getAttribute('aria-label'))
      .toContain(`N° ${numbers[0]}`)

    await page.getByLabel('Filtrer par statut').selectOption({ label: 'Annulé' })
    await see(page.getByText('Aucun rapport ne correspond'))
    await page.getByRole('main').getByRole('button', { name: 'Effacer les filtres' }).last().click()
    await see(page.getByText('1 à 15 sur 40'))
  })

  it('shows a running report’s phase and attempt, and cancels it', async () => {
    await page.goto('/rapports')
    const letGo = await holdSchools()
    try {
      const number = await ask()
      await see(badge(number, 'En cours'))
      await see(row(number).getByText(/^Génération · essai 1/))
      await row(number).getByRole('button', { name: 'Annuler' }).click()
      const dialog = page.getByRole('dialog', { name: `Annuler le rapport N° ${number}` })
      await dialog.getByRole('button', { name: 'Laisser continuer' }).click()
      await dialog.waitFor({ state: 'hidden' })
      await row(number).getByRole('button', { name: 'Annuler' }).click()
      await dialog.getByRole('button', { name: 'Annuler le rapport' }).click()
      await dialog.waitFor({ state: 'hidden' })
      await see(badge(number, 'Annulé'))
      await see(row(number).getByRole('button', { name: 'Relancer' }))
    } finally {
      await letGo()
    }
  })

  it('says in both languages what a report waits for, and since when', async () => {
    mails.inject({ at: 'connect', does: 'drop' })
    await page.goto('/rapports')
    const number = await ask({ recipients: ['loin@exemple.test'] })
    await see(
      row(number).getByText('Envoi · en attente du serveur de messagerie depuis 1 min', { exact: true }),
    )
    await see(badge(number, 'En cours'))
    expect(await axeViolations(page), 'a report that waits').toEqual([])
    await page.getByRole('radio', { name: 'English' }).check({ force: true })
    try {
      await see(row(number).getByText('Sending · waiting for the mail server for 1 min', { exact: true }))
    } finally {
      await page.getByRole('radio', { name: 'Français' }).check({ force: true })
    }
    mails.release()
    await see(badge(number, 'Complété'), 90_000)
    expect(mails.mailsFor('loin@exemple.test')).toHaveLength(1)
  })

  it('Télécharger says size and date, and follows through to the file’s bytes', async () => {
    const number = await ask()
    const report = await settled(number, 'completed')
    await page.goto('/rapports')
    const button = row(number).getByRole('button', { name: 'Télécharger', exact: true })
    await see(button)
    const words = /généré le \d\d\/\d\d\/\d{4} \d\d:\d\d/
    for (const point of ['focus', 'hover'] as const) {
      await button[point]()
      await see(page.getByRole('tooltip').filter({ hasText: words }))
      await page.keyboard.press('Escape')
      await page.getByRole('tooltip').waitFor({ state: 'hidden' })
    }
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
    expect(download.suggestedFilename()).toMatch(/\.csv$/)
    const bytes = await readFile(await download.path())
    expect(bytes.length).toBe(report.size_bytes)
    const { url } = await call<{ url: string }>('POST', `/v1/reports/${number}/download-url`)
    expect(bytes.equals(Buffer.from(await (await fetch(url)).arrayBuffer()))).toBe(true)
  })

  it('shows Échoué and whom to ask for a failed report, and Complété after Relancer', async () => {
    await source.query('ALTER TABLE schools RENAME TO schools_away')
    await page.goto('/rapports')
    const number = await ask()
    try {
      for (let times = 1; times <= 3; times++) {
        await see(badge(number, 'Échoué'))
        await eventually(
          () => call<ReportJson>('GET', `/v1/reports/${number}`),
          (report) => report.status === 'failed' && report.failed_in_a_row === times,
        )
        if (times < 3) await call('POST', `/v1/reports/${number}/relaunch`)
      }
      await see(row(number).getByText('La base de données a refusé la requête'))
      await see(page.getByText(`Le rapport N° ${number} a échoué 3 fois de suite.`))
      expect(await page.getByRole('link', { name: contact }).getAttribute('href')).toContain(
        `mailto:${contact}`,
      )
    } finally {
      await source.query('ALTER TABLE schools_away RENAME TO schools')
    }

    await row(number).getByRole('link').press('Enter')
    const panel = page.getByRole('dialog', { name: `Rapport N° ${number}` })
    await see(panel.getByText('Échec à l’étape'))
    await see(panel.getByText(/Échouée · \d+ essai/))
    expect(new URL(page.url()).pathname).toBe(`/rapports/${number}`)
    expect(await axeViolations(page), 'the panel').toEqual([])
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'hidden' })
    await expect
      .poll(() => page.evaluate("document.activeElement.getAttribute('aria-label')"))
      .toBe(`Écoles, N° ${number}`)

    // The row leaves this list while its dialog is open.
    await page.getByLabel('Filtrer par statut').selectOption({ label: 'Échoué' })
    await row(number).getByRole('button', { name: 'Relancer', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await see(dialog.getByText(relaunched, { exact: true }))
    expect(await dialog.locator('svg').count()).toBe(1)
    expect(await axeViolations(page), 'relaunched').toEqual([])
    await dialog.getByRole('button', { name: 'Fermer', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.getByLabel('Filtrer par statut').selectOption({ label: 'Tous les statuts' })
    await see(badge(number, 'Complété'))
    await page.getByText(`Le rapport N° ${number} a échoué`).waitFor({ state: 'hidden' })
  })

  it('lists the recipients who did not get it, with the mail server’s answer', async () => {
    const text = '5.1.1 Utilisateur inconnu'
    mails.inject({ at: 'recipient', does: 'reply', code: 550, text, recipient: 'parti@exemple.test' })
    const number = await ask({ recipients: ['awa@rapporteur.test', 'parti@exemple.test'] })
    await settled(number, 'completed')
    await page.goto(`/rapports/${number}`)
    const panel = page.getByRole('dialog', { name: `Rapport N° ${number}` })
    await see(panel.getByText('Envoi partiel').first())
    await see(panel.getByText('1 envoyé · 1 non remis'))
    const refused = panel.getByRole('listitem').filter({ hasText: 'parti@exemple.test' })
    await see(refused.getByText('Non remis', { exact: true }))
    await see(refused.getByText(text))
    const resend = panel.getByRole('button', { name: 'Renvoyer à ceux qui ne l’ont pas eu' })
    const wide = page.viewportSize()
    await page.setViewportSize({ width: 390, height: 844 })
    for (const button of [resend, panel.getByRole('button', { name: 'Télécharger' })]) {
      const box = await button.boundingBox()
      expect(box?.x).toBeGreaterThanOrEqual(0)
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390)
    }
    if (wide) await page.setViewportSize(wide)
    mails.release()
    await resend.click()
    await see(page.getByText('Les autres ne le recevront pas une deuxième fois.'))
    await page.getByRole('button', { name: 'Fermer' }).last().click()
    await see(panel.getByText('2 envoyés'))
    const about = (email: string) =>
      mails.mailsFor(email).filter((mail) => mail.parsed.subject?.includes(`N° ${number} `))
    expect(about('awa@rapporteur.test').filter((mail) => mail.parsed.attachments.length > 0)).toHaveLength(1)
    expect(about('parti@exemple.test')).toHaveLength(1)
  })

  it('asks before it sends again to whom perhaps received it', async () => {
    mails.inject({ at: 'answer', does: 'drop', recipient: 'muet@exemple.test', times: 1 })
    const number = await ask({ recipients: ['awa@rapporteur.test', 'muet@exemple.test'] })
    await settled(number, 'completed')
    const sent = () => mails.mailsFor('muet@exemple.test').length
    await page.goto(`/rapports/${number}`)
    const panel = page.getByRole('dialog', { name: `Rapport N° ${number}` })
    await see(panel.getByText('1 envoyé · 1 peut-être reçu'))
    const unsure = panel.getByRole('listitem').filter({ hasText: 'muet@exemple.test' })
    await see(unsure.getByText('Peut-être reçu', { exact: true }))
    await panel.getByRole('button', { name: 'Renvoyer', exact: true }).click()
    const question = page.getByRole('dialog', { name: `Renvoyer le rapport N° ${number} ?` })
    await see(question.getByText(/cette personne peut le recevoir deux fois/))
    expect(await axeViolations(page), 'resend').toEqual([])
    expect(sent()).toBe(0)
    await question.getByRole('button', { name: 'Renvoyer', exact: true }).click()
    await see(page.getByText(/Le rapport est renvoyé/))
    await page.getByRole('button', { name: 'Fermer' }).last().click()
    await see(panel.getByText('2 envoyés'))
    await expect.poll(sent).toBe(1)
  })

  it('shows that retention removed a file', async () => {
    const number = await ask()
    await settled(number, 'completed')
    const app = new Client({ connectionString: product.databaseUrl })
    await app.connect()
    await app.query('UPDATE report SET file_removed_at = now(), updated_at = now() WHERE number = $1', [
      number,
    ])
    await app.end()
    await page.goto('/rapports')
    await see(row(number).getByText(/^Supprimé le \d\d\/\d\d\/\d{4}$/))
    expect(await row(number).getByRole('button', { name: 'Télécharger' }).count()).toBe(0)
    await row(number).getByText('CSV').click()
    await see(page.getByRole('dialog').getByRole('link', { name: 'Ouvrir ces données' }))
  })

  it('shows that the service does not answer, and retries', async () => {
    await page.route('**/v1/reports?*', (route) => route.abort())
    await page.goto('/rapports')
    await see(page.getByRole('alert').getByText('Le service ne répond pas'))
    const again = page.waitForRequest('**/v1/reports?*')
    await page.getByRole('button', { name: 'Réessayer' }).click()
    await again
    await page.unroute('**/v1/reports?*')
    // By itself, too.
    await see(rows().first())
    await page.getByRole('alert').waitFor({ state: 'hidden' })
    // The browser's own lines about the requests that were cut off.
    expect(errors.splice(0).every((error) => error.startsWith('Failed to load resource'))).toBe(true)
  })

  it('shows that the database is away, keeps its rows, and recovers by itself', async () => {
    await ask()
    await page.goto('/rapports')
    await see(rows().first())
    await see(page.getByText('En direct'))
    const thaw = await freeze(product, 'postgres')
    try {
      await page.getByText('En direct').waitFor({ state: 'hidden', timeout: 30_000 })
      await page.getByRole('alert').getByText('Base de données indisponible').waitFor({ timeout: 60_000 })
      await see(rows().first())
    } finally {
      thaw()
    }
    await page.getByRole('alert').waitFor({ state: 'hidden', timeout: 60_000 })
    await page.getByText('En direct').waitFor({ timeout: 90_000 })
    errors.splice(0)
  })

  it('shows cards on a phone, with the same actions', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto('/rapports')
    await see(page.getByRole('list', { name: 'Mes Rapports' }).getByRole('listitem').first())
    expect(await page.getByRole('table').count()).toBe(0)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    await see(page.getByRole('button', { name: 'Télécharger' }).first())
    expect(await axeViolations(page), 'cards').toEqual([])
  })

  it('can be switched to English', async () => {
    await page.goto('/rapports')
    await page.getByRole('radio', { name: 'English' }).check({ force: true })
    try {
      await see(page.getByRole('heading', { name: 'My reports' }))
      await see(page.getByRole('columnheader', { name: 'File available since' }))
      await see(page.getByRole('button', { name: 'Download' }).first())
      await see(rows().getByText('Completed', { exact: true }).first())
      await eventually(
        () => call<{ locale: string }>('GET', '/v1/me'),
        ({ locale }) => locale === 'en',
      )
    } finally {
      await call('PATCH', '/v1/me', { locale: 'fr' })
    }
  })
})
