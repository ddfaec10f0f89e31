import { parse } from 'csv-parse/sync'
import { Client } from 'pg'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { demoPassword } from '#demo/accounts.ts'
import type { DeliveryEntry } from '#domain/schemas/report-schema.ts'
import type { ScheduledReportJson } from '#domain/schemas/scheduled-report-schema.ts'
import { axeViolations, launchBrowser, visitAs, type Visit } from './browser.ts'
import { eventually } from './eventually.ts'
import { mailedPasswordLinks } from './mailed-password-links.ts'
import { startProduct, type Product } from './processes/product.ts'

const path = '/parametres/rapports-programmes'
const api = '/v1/admin/scheduled-reports'
/** The one domain that reports may be sent to here. */
const domain = 'recyclerie.test'

let product: Product
let browser: Browser
const visits: Visit[] = []
beforeAll(async () => {
  product = await startProduct({ env: { DEMO_DATA_ROWS: '2000', RECIPIENT_DOMAINS: domain } })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await product?.dispose()
})
afterEach(async () => {
  const closed = visits.splice(0)
  await Promise.all(closed.map(async ({ page }) => await page.context().close()))
  // The browser's own line about a refused request is no fault of the page: refusals are tested on purpose.
  const errors = closed
    .flatMap((visit) => visit.errors)
    .filter((error) => !error.startsWith('Failed to load resource'))
  if (errors.length > 0) throw new Error(errors.join('\n'))
})

type Who = Parameters<typeof visitAs>[2]
async function open(where: string, who: Who = 'admin', options: BrowserContextOptions = {}): Promise<Page> {
  const visit = await visitAs(browser, product.url, who, options)
  visits.push(visit)
  await visit.page.goto(where)
  return visit.page
}

/** A request of the person whose page it is. */
async function call<Answer>(page: Page, method: string, where: string, data?: object): Promise<Answer> {
  const answer = await page.request.fetch(where, { method, data, headers: { origin: product.url } })
  if (!answer.ok()) throw new Error(`${method} ${where}: ${answer.status()} ${await answer.text()}`)
  return (await answer.json()) as Answer
}
const define = (page: Page, change: object = {}) =>
  call<ScheduledReportJson>(page, 'POST', api, {
    name: 'Tickets du jour',
    type: 'reception_ticket',
    frequency: 'daily',
    recipients: [`quai@${domain}`],
    format: 'csv',
    ...change,
  })
const logsOf = (page: Page, id: string) =>
  call<{ items: DeliveryEntry[]; total: number }>(page, 'GET', `${api}/${id}/logs`)

const dialog = (page: Page) => page.getByRole('dialog', { name: /rapport programmé$/ })
const field = (page: Page, name: string) => dialog(page).getByLabel(name, { exact: true })
/** One that may be left empty says so in its label. */
const optional = (page: Page, name: string) =>
  dialog(page).getByRole('textbox', { name: new RegExp(`^${name}`) })
const row = (page: Page, name: string): Locator =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) })
const see = (locator: Locator, timeout = 30_000) => locator.waitFor({ state: 'visible', timeout })
/** As soon as it has the focus. */
const seeFocus = (locator: Locator) => see(locator.and(locator.page().locator(':focus')))
const gone = (locator: Locator) => locator.waitFor({ state: 'detached', timeout: 30_000 })

async function create(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Nouveau rapport programmé' }).first().click()
  await see(field(page, 'Nom'))
}
async function edit(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Actions sur « ${name} »` }).click()
  await page.getByRole('menuitem', { name: 'Modifier' }).click()
  await see(field(page, 'Nom'))
}
const save = async (page: Page) => await dialog(page).getByRole('button', { name: 'Enregistrer' }).click()

interface Mail {
  id: string
  subject: string
  to: { address: string }[]
  attachments?: { filename: string; generatedFileName: string }[]
}
async function mailTo(address: string): Promise<Mail> {
  const mails = await eventually(
    async () => (await (await fetch(`${product.inboxUrl}/email`)).json()) as Mail[],
    (all) => all.some(({ to }) => to.some((one) => one.address === address)),
  )
  return mails.find(({ to }) => to.some((one) => one.address === address)) as Mail
}

describe('a scheduled report', () => {
  it('is created in the dialog, runs, is mailed with its file, and is in its log', async () => {
    const page = await open(path)
    await see(page.getByText('Aucun rapport programmé', { exact: true }))
    await create(page)
    await field(page, 'Nom').fill('Caisses de la veille')
    await field(page, 'Type de rapport').selectOption({ label: 'Sessions de caisse' })
    await field(page, 'Format').selectOption({ label: 'CSV (.csv)' })
    await dialog(page).getByText('Hebdomadaire', { exact: true }).click()
    await dialog(page).getByRole('checkbox', { name: 'jeudi' }).check()
    await field(page, 'Heure').fill('07:30')
    await field(page, 'Étaler les départs').selectOption({ label: 'Sur 15 minutes' })
    await see(dialog(page).getByText('Le départ est réparti sur 15 minutes après l’heure prévue.'))
    await field(page, 'Occurrences manquées (service arrêté)').selectOption({ label: 'Les rattraper toutes' })
    await see(dialog(page).getByText(/chacune est produite, avec les dates de son propre jour/))
    await dialog(page).getByRole('checkbox', { name: 'Mettre en pause après des échecs de suite' }).check()
    await field(page, 'Échecs de suite').fill('0')
    await see(dialog(page).getByText(/au moins 1/i))
    await field(page, 'Échecs de suite').fill('5')
    await field(page, 'Destinataires').fill(`caisse@${domain},`)
    await optional(page, 'Objet du courriel').fill('Les caisses')
    await dialog(page).getByRole('button', { name: 'Celles par défaut' }).click()
    await dialog(page).getByRole('button', { name: 'Descendre la colonne N° de session' }).click()
    await dialog(page).getByRole('combobox', { name: 'Sites' }).click()
    const site = page.getByRole('listbox').getByRole('option').first()
    const siteName = (await site.textContent()) ?? ''
    await site.click()
    await save(page)
    await gone(dialog(page))
    await see(page.getByText('« Caisses de la veille » est programmé.'))
    await see(row(page, 'Caisses de la veille').getByText('Chaque lundi et jeudi à 07:30'))

    const { items } = await call<{ items: ScheduledReportJson[] }>(page, 'GET', api)
    expect(items).toMatchObject([
      {
        type: 'cash_session',
        frequency: 'weekly',
        weekdays: [1, 4],
        time: '07:30',
        format: 'csv',
        recipients: [`caisse@${domain}`],
        filters_json: { site: [siteName] },
        subject: 'Les caisses',
        spread_minutes: 15,
        missed_runs: 'all',
        pause_after_failures: 5,
        enabled: true,
      },
    ])
    expect(items[0]?.columns.slice(0, 2)).toEqual(['site', 'number'])

    await row(page, 'Caisses de la veille').getByRole('button', { name: 'Exécuter maintenant' }).click()
    await see(page.getByText(/Exécution lancée\s: rapport N° \d+\./))
    const mail = await mailTo(`caisse@${domain}`)
    expect(mail.subject).toBe('Les caisses')
    const [attachment] = mail.attachments ?? []
    expect(attachment?.filename).toMatch(/^.+-\d+\.csv$/)
    const file = await fetch(
      `${product.inboxUrl}/email/${mail.id}/attachment/${attachment?.generatedFileName}`,
    )
    const [head, ...rows] = parse((await file.text()).replace(/^\uFEFF/, ''), { delimiter: ';' })
    expect(head?.slice(0, 2)).toEqual(['Site', 'N° de session'])
    expect(rows.length).toBeGreaterThan(0)
    expect(new Set(rows.map(([first]) => first))).toEqual(new Set([siteName]))

    await page.getByRole('link', { name: 'Caisses de la veille' }).click()
    await see(page.getByRole('heading', { level: 1, name: 'Caisses de la veille' }))
    const delivery = page
      .getByRole('region', { name: 'Envois' })
      .getByRole('row')
      .filter({ hasText: 'À la demande' })
    await see(delivery.getByText('Complété'))
    await see(delivery.getByText('1 envoyé'))
    await see(delivery.getByRole('cell', { name: String(rows.length), exact: true }))
    await delivery.getByRole('button', { name: /ouvrir le détail$/ }).click()
    const panel = page.getByRole('dialog', { name: /^Rapport N° \d+$/ })
    await see(panel.getByText('Génération'))
    await see(panel.getByText(`caisse@${domain}`))
    await see(panel.getByText(/^250 /))
    expect(
      await panel.getByRole('link', { name: 'Ouvrir dans Temporal Web' }).getAttribute('href'),
    ).toContain('/namespaces/')
    expect(new URL(page.url()).searchParams.get('envoi')).toMatch(/^\d+$/)
  })

  it('sends a test to its author alone, and is copied, disabled, enabled and deleted', async () => {
    const page = await open(path)
    const { id } = await define(page, { name: 'Bascule' })
    await page.reload()
    const toggle = row(page, 'Bascule').getByRole('switch', { name: 'Activer « Bascule »' })
    await toggle.focus()
    await page.keyboard.press('Space')
    await see(page.getByText('« Bascule » est désactivé.'))
    await see(row(page, 'Bascule').getByText('Désactivé', { exact: true }))
    expect(await toggle.isChecked()).toBe(false)
    // The focus stays where it was.
    await seeFocus(toggle)
    expect((await call<ScheduledReportJson>(page, 'GET', `${api}/${id}`)).enabled).toBe(false)
    await page.getByRole('button', { name: 'Annuler l’action' }).click()
    await eventually(
      () => call<ScheduledReportJson>(page, 'GET', `${api}/${id}`),
      ({ enabled }) => enabled,
    )
    await see(row(page, 'Bascule').getByText(/^dans |^demain$/))

    await page.getByRole('button', { name: 'Actions sur « Bascule »' }).click()
    await page.getByRole('menuitem', { name: 'M’envoyer un test' }).click()
    await see(page.getByText(/n’est envoyé qu’à admin@rapporteur\.test/))
    expect((await mailTo('admin@rapporteur.test')).attachments).toHaveLength(1)
    expect((await logsOf(page, id)).total).toBe(0)

    await page.getByRole('button', { name: 'Actions sur « Bascule »' }).click()
    await page.getByRole('menuitem', { name: 'Dupliquer' }).click()
    await see(dialog(page).getByText(`quai@${domain}`))
    expect(await field(page, 'Nom').inputValue()).toBe('Copie de Bascule')
    await save(page)
    await see(row(page, 'Copie de Bascule'))

    await page.getByRole('button', { name: 'Actions sur « Copie de Bascule »' }).click()
    await page.getByRole('menuitem', { name: 'Supprimer' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Supprimer' }).click()
    await gone(row(page, 'Copie de Bascule'))
    await see(row(page, 'Bascule'))
  })
})

describe('the list', () => {
  it('is searched, filtered and paged, with its state in the address', async () => {
    const page = await open(path)
    for (let index = 1; index <= 16; index++) {
      await define(page, { name: `Série ${index}`, enabled: index !== 3 })
    }
    await page.goto(`${path}?q=S%C3%A9rie`)
    await see(page.getByText('1 à 15 sur 16'))
    await page.getByRole('button', { name: 'Page suivante' }).click()
    await see(page.getByText('16 à 16 sur 16'))
    await see(row(page, 'Série 1'))
    expect(page.url()).toContain('page=2')
    await page.getByLabel('État').selectOption({ label: 'Désactivés' })
    await see(page.getByText('1 à 1 sur 1'))
    await see(row(page, 'Série 3'))
    await page.getByLabel('Rechercher').fill('personne n’a ce nom')
    await see(page.getByText('Aucun rapport programmé ne correspond'))
    await page.reload()
    expect(await page.getByLabel('Rechercher').inputValue()).toBe('personne n’a ce nom')
    await page.getByRole('button', { name: 'Effacer la recherche et les filtres' }).click()
    await see(row(page, 'Série 16'))
    await page.getByRole('switch', { name: 'Ceux de tout le monde' }).click()
    await page.waitForURL(/tous=1/)
    await see(row(page, 'Série 16'))
  })
})

describe('the dialog', () => {
  it('shows a cron expression in words, with the next runs of the engine', async () => {
    const page = await open(path)
    await create(page)
    const sentence = dialog(page).getByTestId('timing-sentence')
    await see(sentence.getByText('Tous les jours à 08:00 (heure de Paris)'))
    await dialog(page).getByText('Personnalisée', { exact: true }).click()
    const cron = field(page, 'Expression cron')
    await cron.fill('30 6 1 1,4,7,10 *')
    await see(sentence.getByText(/^Le 1er janvier|^Le 1er de chaque mois|avril/))
    const preview = await call<{ description: string; next_runs: string[] }>(page, 'POST', `${api}/preview`, {
      frequency: 'custom',
      cron_expression: '30 6 1 1,4,7,10 *',
      time_zone: 'Europe/Paris',
    })
    expect(await sentence.textContent()).toBe(preview.description)
    const shown = dialog(page).getByRole('list', { name: 'Prochains envois' }).locator('time')
    expect(await shown.evaluateAll((all) => all.map((time) => time.getAttribute('datetime')))).toEqual(
      preview.next_runs,
    )
    await cron.fill('61 6 * * *')
    await see(dialog(page).getByText(/61/).last())
    expect(await cron.getAttribute('aria-invalid')).toBe('true')

    await dialog(page).getByText('Mensuelle', { exact: true }).click()
    await field(page, 'Jour du mois').selectOption('31')
    await see(dialog(page).getByText(/Pas d’envoi en février, avril, juin, septembre et novembre/))
    await field(page, 'Jour du mois').selectOption({ label: 'Dernier jour' })
    await see(sentence.getByText(/^Le dernier jour de chaque mois/))
    const zone = dialog(page).getByRole('combobox', { name: 'Fuseau horaire' })
    await zone.fill('kinshasa')
    await page
      .getByRole('listbox')
      .getByRole('option', { name: /Africa\/Kinshasa/ })
      .click()
    await see(sentence.getByText(/heure de Kinshasa/))
  })

  it('shows errors while typing, and the service’s refusal at its field', async () => {
    const page = await open(path)
    await create(page)
    await save(page)
    await see(dialog(page).getByText('3 champs sont à corriger.'))
    await seeFocus(field(page, 'Nom'))
    await field(page, 'Nom').fill('Refus')
    await field(page, 'Type de rapport').selectOption({ label: 'Écoles' })
    const recipients = field(page, 'Destinataires')
    await recipients.focus()
    const pasted = `Quai <quai@${domain}>; quai@${domain}\nfaute@, dehors@ailleurs.test`
    await page.evaluate(`(() => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text', ${JSON.stringify(pasted)})
      const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
      document.activeElement.dispatchEvent(paste)
    })()`)
    await see(dialog(page).getByText(`Déjà dans la liste, ignorée : quai@${domain}`))
    await see(dialog(page).getByText(/^faute@ : N’est pas une adresse électronique/))
    await dialog(page).getByRole('button', { name: 'Retirer faute@' }).click()
    await save(page)
    await see(dialog(page).getByText(/^Les rapports ne peuvent être envoyés à ailleurs\.test/))
    expect(await recipients.getAttribute('aria-invalid')).toBe('true')
    expect(await field(page, 'Nom').inputValue()).toBe('Refus')
    await dialog(page).getByRole('button', { name: 'Retirer dehors@ailleurs.test' }).click()
    await save(page)
    await see(row(page, 'Refus'))
  })

  it('takes every kind of filter, and columns in the order chosen by keyboard', async () => {
    const page = await open(path)
    await create(page)
    await field(page, 'Nom').fill('Filtres')
    await field(page, 'Type de rapport').selectOption({ label: 'Tickets de réception' })
    await field(page, 'Destinataires').fill(`quai@${domain} `)
    await field(page, 'Période').selectOption({ label: 'La semaine précédente' })
    await dialog(page).getByRole('combobox', { name: 'Destination' }).fill('vente')
    await page.getByRole('listbox').getByRole('option', { name: 'Vente en boutique' }).click()
    await dialog(page).getByRole('combobox', { name: 'Apporteur' }).click()
    for (const name of ['Particulier', 'Collectivité']) {
      await page.getByRole('listbox').getByRole('option', { name }).click()
    }
    await page.keyboard.press('Escape')
    await field(page, 'Commentaire').fill('cassé')
    const weight = dialog(page).getByRole('group', { name: 'Poids (kg)' })
    await weight.getByLabel('Au moins').fill('20')
    await weight.getByLabel('Au plus').fill('5')
    await see(weight.getByText('Le maximum est inférieur au minimum.'))
    await weight.getByLabel('Au plus').fill('50.5')
    await field(page, 'Déchet dangereux').selectOption({ label: 'Non' })
    const columns = dialog(page).getByRole('group', { name: 'Colonnes' })
    for (const name of ['Reçu le', 'Site']) {
      await columns.getByRole('button', { name: `Retirer la colonne ${name}` }).click()
    }
    await columns.getByRole('button', { name: 'Descendre la colonne N° de ticket' }).focus()
    await page.keyboard.press('Alt+ArrowDown')
    await page.keyboard.press('Alt+ArrowDown')
    await columns.getByRole('button', { name: 'Ajouter la colonne Commentaire' }).click()
    await save(page)
    await see(row(page, 'Filtres'))

    const { items } = await call<{ items: ScheduledReportJson[] }>(page, 'GET', `${api}?q=Filtres`)
    expect(items[0]).toMatchObject({
      filters_json: {
        period: { relative: 'previous_week' },
        destination: 'boutique',
        donor_kind: ['Particulier', 'Collectivité'],
        comment: 'cassé',
        weight_kg: { min: 20, max: 50.5 },
        hazardous: false,
      },
    })
    expect(items[0]?.columns.slice(0, 3)).toEqual(['category', 'weight_kg', 'number'])
    expect(items[0]?.columns.at(-1)).toBe('comment')
    expect(items[0]?.columns).not.toContain('site')
  })

  it('keeps what was typed when it is closed by mistake', async () => {
    const page = await open('/rapports')
    await page.getByRole('link', { name: 'Rapports programmés' }).click()
    await create(page)
    await page.keyboard.press('Escape')
    await gone(dialog(page))
    await create(page)
    await field(page, 'Nom').fill('Presque perdu')
    const question = page.getByRole('dialog', { name: 'Abandonner les modifications ?' })
    for (const slip of [
      async () => await page.keyboard.press('Escape'),
      async () => await page.mouse.click(5, 5),
      async () => await page.goBack(),
    ]) {
      await slip()
      await see(question)
      await question.getByRole('button', { name: 'Continuer la saisie' }).click()
      await gone(question)
      expect(await field(page, 'Nom').inputValue()).toBe('Presque perdu')
    }
    // The session ends while typing: after sign-in, what was typed is offered again.
    await field(page, 'Type de rapport').selectOption({ label: 'Écoles' })
    await field(page, 'Destinataires').fill(`quai@${domain} `)
    await field(page, 'Étaler les départs').selectOption({ label: 'À l’heure exacte' })
    await page.context().clearCookies()
    await save(page)
    await page.waitForURL('**/connexion?**')
    await page.getByLabel('Adresse électronique').fill('admin@rapporteur.test')
    await page.getByLabel('Mot de passe', { exact: true }).fill(demoPassword)
    await page.getByRole('button', { name: 'Se connecter' }).click()
    await see(page.getByRole('heading', { level: 1, name: 'Rapports programmés' }))
    await create(page)
    await dialog(page).getByRole('button', { name: 'La reprendre' }).click()
    expect(await field(page, 'Nom').inputValue()).toBe('Presque perdu')
    await see(dialog(page).getByText(`quai@${domain}`))
    expect(await field(page, 'Étaler les départs').inputValue()).toBe('0')
    await save(page)
    await see(row(page, 'Presque perdu'))
    await create(page)
    expect(await dialog(page).getByRole('button', { name: 'La reprendre' }).count()).toBe(0)
  })

  it('keeps what was typed when the service does not answer, and retries', async () => {
    const page = await open(path)
    await create(page)
    await field(page, 'Nom').fill('Réseau')
    await field(page, 'Type de rapport').selectOption({ label: 'Écoles' })
    await field(page, 'Destinataires').fill(`quai@${domain} `)
    await page.route(`**${api}`, async (route) => await route.abort())
    await save(page)
    await see(dialog(page).getByText('Le service ne répond pas'))
    await page.unroute(`**${api}`)
    await dialog(page).getByRole('button', { name: 'Réessayer' }).click()
    await see(row(page, 'Réseau'))
  })

  it('shows both versions to the second of two editors', async () => {
    const first = await open(path)
    const { id } = await define(first, { name: 'À deux' })
    const second = await open(path)
    await first.reload()
    await edit(first, 'À deux')
    await edit(second, 'À deux')
    await field(first, 'Heure').fill('06:15')
    await optional(first, 'Message').fill('De la première')
    await save(first)
    await gone(dialog(first))

    await field(second, 'Nom').fill('À deux, renommé')
    await save(second)
    const notice = dialog(second).getByRole('alert')
    await see(notice.getByText('Ce rapport a été modifié entre-temps'))
    const difference = (name: string) =>
      notice.getByRole('row').filter({ has: second.getByRole('rowheader', { name, exact: true }) })
    await see(difference('Nom').getByRole('cell', { name: 'À deux, renommé' }))
    await see(difference('Fréquence').getByRole('cell', { name: 'Tous les jours à 08:00 (heure de Paris)' }))
    await see(difference('Fréquence').getByRole('cell', { name: 'Tous les jours à 06:15 (heure de Paris)' }))
    expect(await axeViolations(second)).toEqual([])
    expect((await call<ScheduledReportJson>(first, 'GET', `${api}/${id}`)).name).toBe('À deux')

    await notice.getByRole('button', { name: 'Prendre la version enregistrée de : Fréquence' }).click()
    await notice.getByRole('button', { name: 'Prendre la version enregistrée de : Message' }).click()
    await notice.getByRole('button', { name: 'Enregistrer ma saisie' }).click()
    await gone(dialog(second))
    expect(await call<ScheduledReportJson>(first, 'GET', `${api}/${id}`)).toMatchObject({
      name: 'À deux, renommé',
      time: '06:15',
      message: 'De la première',
    })
  })
})

describe('its deliveries', () => {
  it('backfills a past period, after a preview', async () => {
    const page = await open(path)
    const { id } = await define(page, {
      name: 'Rattrapage',
      recipients: [`rattrapage@${domain}`],
      filters_json: { period: { relative: 'yesterday' } },
    })
    await page.goto(`${path}/${id}`)
    await see(page.getByText('Aucun envoi pour l’instant'))
    const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)
    const backfill = page.getByRole('dialog', { name: 'Rattraper une période passée' })
    const choose = async (from: number, to: number) => {
      await page.getByRole('button', { name: 'Rattraper une période' }).click()
      await backfill.getByLabel('Du', { exact: true }).fill(day(from))
      await backfill.getByLabel('Au', { exact: true }).fill(day(to))
    }
    await choose(5, 4)
    await backfill.getByRole('button', { name: 'Lancer 2 rapports' }).click()
    await see(page.getByText('2 rapports lancés.'))
    await eventually(
      () => logsOf(page, id),
      ({ items }) => items.length === 2 && items.every(({ status }) => status === 'completed'),
    )
    await choose(6, 3)
    await see(backfill.getByText('2 à lancer · 2 déjà envoyés'))
    const planned = backfill.getByRole('list', { name: 'Ce qui sera lancé' }).getByRole('listitem')
    expect(await planned.count()).toBe(4)
    await see(planned.filter({ hasText: /Période\s: .*sera lancé$/ }).first())
    await see(planned.filter({ hasText: /déjà envoyéN° \d+$/ }).first())
    expect(await axeViolations(page)).toEqual([])
    const again = backfill.getByRole('checkbox', { name: 'Relancer aussi ceux déjà envoyés' })
    await again.check()
    await see(backfill.getByText('2 à lancer · 2 à renvoyer'))
    await see(planned.filter({ hasText: 'sera renvoyé sous un nouveau N°' }).first())
    await see(backfill.getByRole('button', { name: 'Lancer 4 rapports' }))
    await again.uncheck()
    await backfill.getByLabel('Du', { exact: true }).fill(day(2))
    await see(backfill.getByText('La fin précède le début.'))
    await backfill.getByLabel('Du', { exact: true }).fill(day(6))
    await backfill.getByRole('button', { name: 'Lancer 2 rapports' }).click()
    await gone(backfill)

    const rows = page
      .getByRole('region', { name: 'Envois' })
      .getByRole('row')
      .filter({ hasText: 'Rattrapage' })
    await eventually(
      async () => await rows.filter({ hasText: 'Complété' }).count(),
      (count) => count === 4,
    )
    expect((await logsOf(page, id)).total).toBe(4)
    await see(page.getByRole('img', { name: /^Durée des 4 dernières occurrences : médiane/ }))
    await page.getByText('Voir les chiffres').click()
    expect(
      await page
        .getByRole('table', { name: /^Durée et lignes/ })
        .getByRole('row')
        .count(),
    ).toBe(5)
    expect(await axeViolations(page)).toEqual([])
    await page.goto(path)
    const marks = row(page, 'Rattrapage').getByRole('list', { name: 'Dernières occurrences' })
    await see(marks)
    expect(await marks.getByRole('listitem').count()).toBe(4)
  })
})

describe('whose owner is gone', () => {
  it('is paused when the account is deactivated, until another person takes it over', async () => {
    const page = await open('/parametres/personnes')
    const account = { email: 'ines@rapporteur.test', name: 'Inès Durand', role: 'admin' }
    await call(page, 'POST', '/v1/admin/users', account)
    const [link = ''] = await mailedPasswordLinks(product, account.email)
    const context = await browser.newContext({ baseURL: product.url })
    const headers = { origin: product.url }
    const chosen = await context.request.post(`/api/auth/password-links/${link.split('/').at(-1)}`, {
      data: { password: 'quatre mots bien longs' },
      headers,
    })
    expect(chosen.status()).toBe(204)
    const ines = await context.newPage()
    const { id } = await define(ines, { name: 'Orphelin' })

    await page.getByLabel('Rechercher').fill('ines')
    await see(page.getByText('1 à 1 sur 1'))
    await page.getByRole('button', { name: 'Désactiver le compte de Inès Durand' }).click()
    const question = page.getByRole('dialog', { name: 'Désactiver le compte de Inès Durand ?' })
    await see(question.getByText('1 rapport programmé activé sera mis en pause.'))
    expect(await axeViolations(page)).toEqual([])
    await question.getByRole('button', { name: 'Désactiver' }).click()
    await gone(question)
    const person = page.getByRole('row').filter({ hasText: 'Inès Durand' })
    await see(person.getByText('Désactivé', { exact: true }))
    expect(await axeViolations(page)).toEqual([])
    expect((await ines.request.get('/v1/me')).status()).toBe(401)
    await context.close()

    await page.getByRole('link', { name: 'Rapports programmés' }).click()
    await see(page.getByText(/^1 rapport programmé appartient à un compte désactivé/))
    await page.getByRole('button', { name: 'Le voir' }).click()
    await see(row(page, 'Orphelin').getByText('Propriétaire désactivé', { exact: true }))
    await see(row(page, 'Orphelin').getByText(/le compte de Inès Durand est désactivé/))
    // It cannot be enabled yet: the switch leads to the change of owner.
    await row(page, 'Orphelin').getByRole('switch').click()
    const give = page.getByRole('dialog', { name: 'Changer de propriétaire' })
    await see(give)
    await page.keyboard.press('Escape')
    await gone(give)

    await page.getByRole('link', { name: 'Orphelin' }).click()
    await see(page.getByText(/Confiez-le à quelqu’un d’autre/))
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('button', { name: 'Changer de propriétaire…' }).click()
    const whom = give.getByRole('combobox', { name: 'Nouveau propriétaire' })
    await whom.fill('camille')
    await page.getByRole('option', { name: /^Camille Martin/ }).click()
    expect(await give.getByRole('checkbox', { name: 'Réactiver le rapport programmé' }).isChecked()).toBe(
      true,
    )
    expect(await axeViolations(page)).toEqual([])
    // Changed meanwhile: the dialog says so and asks again.
    const { name, type, frequency, recipients, format } = await call<ScheduledReportJson>(
      page,
      'GET',
      `${api}/${id}`,
    )
    const edited = { name: `${name} renommé`, type, frequency, recipients, format, enabled: false }
    await call(page, 'PUT', `${api}/${id}`, edited)
    await give.getByRole('button', { name: 'Changer de propriétaire' }).click()
    await see(give.getByRole('alert').getByText('Modifié entre-temps'))
    await see(give.getByText('Orphelin renommé'))
    await give.getByRole('button', { name: 'Changer de propriétaire' }).click()
    await gone(give)
    await see(page.getByText('« Orphelin renommé » appartient maintenant à Camille Martin.'))
    await gone(page.getByText(/Confiez-le à quelqu’un d’autre/))
    expect(await call<ScheduledReportJson>(page, 'GET', `${api}/${id}`)).toMatchObject({
      user_name: 'Camille Martin',
      enabled: true,
      pause_note: null,
    })

    await page.goto('/parametres/personnes?etat=inactive')
    await page.getByRole('button', { name: 'Réactiver le compte de Inès Durand' }).click()
    await see(page.getByText(/Inès Durand est réactivé/))
    await see(page.getByText('Personne ne correspond'))
  })

  it('cuts a long note of an operator, and shows all of it on hover', async () => {
    const page = await open(path)
    const { id } = await define(page, { name: 'Suspendu' })
    const note = 'Maintenance de la base ce week-end, à la demande de la direction. '.repeat(3).trim()
    const database = new Client({ connectionString: product.databaseUrl })
    await database.connect()
    await database.query('UPDATE scheduled_report SET enabled = false, pause_reason = $1 WHERE id = $2', [
      { kind: 'operator', note },
      id,
    ])
    await database.end()
    for (const where of [path, `${path}/${id}`]) {
      await page.goto(where)
      const shown = page.getByText(note, { exact: true })
      // It leaves the page's other columns their room.
      expect((await shown.boundingBox())?.width).toBeLessThan(300)
      await shown.hover()
      await see(page.getByRole('tooltip').getByText(note))
      await page.mouse.move(0, 0)
    }
    await page.goto(path)
    await edit(page, 'Suspendu')
    await see(dialog(page).getByText(note, { exact: true }))
  })
})

describe('for all users', () => {
  it('has no menu for role user, and refuses the address', async () => {
    const page = await open(path, 'awa')
    await see(page.getByRole('heading', { level: 1, name: 'Accès réservé' }))
    expect(await page.getByRole('link', { name: 'Rapports programmés' }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Nouveau rapport programmé' }).count()).toBe(0)
    const refused = await page.request.get(api)
    expect(refused.status()).toBe(403)
  })

  it('has no axe violation and fits a phone, in both languages', async () => {
    const page = await open(path)
    const { id } = await define(page, { name: 'Accessible' })
    await page.reload()
    await see(row(page, 'Accessible'))
    expect(await axeViolations(page)).toEqual([])
    await create(page)
    await field(page, 'Type de rapport').selectOption({ label: 'Élèves' })
    await see(dialog(page).getByRole('list', { name: 'Prochains envois' }))
    expect(await axeViolations(page)).toEqual([])

    const phone = await open(path, 'admin', { viewport: { width: 390, height: 844 } })
    for (const [where, shown] of [
      [path, phone.getByRole('switch', { name: 'Activer « Accessible »' })],
      [`${path}/${id}`, phone.getByRole('switch', { name: 'Activer « Accessible »' })],
      ['/parametres/personnes', phone.getByRole('button', { name: 'Désactiver le compte de Awa Diallo' })],
    ] as const) {
      await phone.goto(where)
      await see(shown)
      expect(await phone.evaluate('document.documentElement.scrollWidth')).toBe(390)
    }

    await page.request.patch('/v1/me', { data: { locale: 'en' }, headers: { origin: product.url } })
    await page.goto(path)
    await page.getByRole('button', { name: 'Actions on “Accessible”' }).click()
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    const english = page.getByRole('dialog', { name: 'Edit scheduled report' })
    await see(english.getByText('Every day at 08:00 (Paris time)'))
    await see(english.getByRole('group', { name: 'Filters' }))
    await page.request.patch('/v1/me', { data: { locale: 'fr' }, headers: { origin: product.url } })
  })
})
