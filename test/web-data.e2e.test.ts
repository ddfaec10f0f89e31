import { Client } from 'pg'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ReportJson } from '#domain/schemas/report-schema.ts'
import type { ScheduledReportJson } from '#domain/schemas/scheduled-report-schema.ts'
import { axeViolations, launchBrowser, visitAs } from './browser.ts'
import { eventually } from './eventually.ts'
import { startProduct, type Product } from './processes/product.ts'

let product: Product
let browser: Browser
let source: Client
beforeAll(async () => {
  product = await startProduct({ env: { DEMO_DATA_ROWS: '3000', ORGANISATION_DOMAINS: 'exemple.fr' } })
  browser = await launchBrowser()
  source = new Client({ connectionString: product.sourceUrl })
  await source.connect()
})
afterAll(async () => {
  await browser?.close()
  await source?.end()
  await product?.dispose()
})

let page: Page
let errors: string[] = []
const visit = async (who: 'admin' | 'awa' | 'leo', options: object = {}) =>
  ({ page, errors } = await visitAs(browser, product.url, who, options))
afterEach(async () => {
  await page.context().close()
  // An error that a test does not expect fails it.
  if (errors.length > 0) throw new Error(errors.join('\n'))
})

const see = (locator: Locator, timeout = 30_000) => locator.waitFor({ state: 'visible', timeout })
const button = (name: string | RegExp) => page.getByRole('button', { name })
const bodyRows = () => page.getByRole('main').locator('tbody tr')
const address = () => Object.fromEntries(new URL(page.url()).searchParams)
const read = async <Answer>(path: string) => (await (await page.context().request.get(path)).json()) as Answer
const count = async (sql: string) =>
  Number((await source.query<{ count: string }>(`select count(*) from ${sql}`)).rows[0]?.count)
/** As the page writes it, narrow spaces between thousands. */
const figure = (value: number) => new Intl.NumberFormat('fr-FR').format(value)

/** Types into a field that offers choices, and takes the one of that name. */
async function choose(label: string, name: string): Promise<void> {
  await page.getByRole('combobox', { name: label }).fill(name)
  await page.getByRole('option', { name, exact: true }).click()
}

describe('a data page', () => {
  it('pages, sorts and totals, with its state in the address', async () => {
    await visit('admin')
    const tickets = await count('reception_tickets')
    await page.goto('/donnees/reception_ticket')
    await see(page.getByText(`1 à 50 sur ${figure(tickets)}`))
    expect(await bodyRows().count()).toBe(50)
    const totals = await source.query<{ items: string }>(
      'select sum(item_count) as items from reception_tickets',
    )
    await see(page.locator('tfoot').getByText(figure(Number(totals.rows[0]?.items)), { exact: true }))
    expect(await axeViolations(page), 'the data page').toEqual([])

    await button('Page suivante').click()
    await see(page.getByText(`51 à 100 sur ${figure(tickets)}`))
    await page.getByRole('columnheader', { name: 'Poids (kg)' }).getByRole('button').click()
    await see(
      page.getByRole('columnheader', { name: 'Poids (kg)' }).and(page.locator('[aria-sort="ascending"]')),
    )
    expect(address()).toEqual({ tri: 'weight_kg' })
    await page.getByRole('columnheader', { name: 'Poids (kg)' }).getByRole('button').click()
    await page.getByLabel('Lignes par page').selectOption('25')
    await button('Dernière page').click()
    await page.waitForURL(/page=/)
    const last = Math.ceil(tickets / 25)
    expect(address()).toEqual({ tri: '-weight_kg', lignes: '25', page: String(last) })
    await page.reload()
    await see(page.getByText(`${figure(25 * (last - 1) + 1)} à ${figure(tickets)} sur ${figure(tickets)}`))

    // A page that is not there any more leads to the last one.
    await page.goto('/donnees/reception_ticket?page=900')
    await see(page.getByText(` à ${figure(tickets)} sur ${figure(tickets)}`))
    expect(address()).toEqual({ page: String(Math.ceil(tickets / 50)) })
  })

  it('shows the chosen columns in their order, and the whole of a long text', async () => {
    await visit('admin')
    await page.goto('/donnees/schools')
    await button(/^Colonnes/).click()
    const dialog = page.getByRole('dialog', { name: 'Colonnes' })
    await dialog.getByRole('button', { name: 'Ajouter la colonne Remarque' }).click()
    await dialog.getByRole('button', { name: 'Monter la colonne Remarque' }).click()
    expect(await axeViolations(page), 'the columns').toEqual([])
    await dialog.getByRole('button', { name: 'Appliquer' }).click()
    await see(page.getByRole('columnheader', { name: 'Remarque' }))
    const headings = await page.getByRole('columnheader').allInnerTexts()
    expect(headings.at(-2)?.trim()).toBe('Remarque')
    expect(address().colonnes?.split(',').at(-2)).toBe('note')

    const name = 'x'.repeat(60)
    await source.query('update schools set name = $1 where id = (select min(id) from schools)', [name])
    await page.goto(`/donnees/schools?filtres=${encodeURIComponent(JSON.stringify({ name }))}&colonnes=name`)
    await bodyRows().getByRole('button').press('Enter')
    await see(page.getByRole('dialog', { name: 'École' }).getByText(name, { exact: true }))
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  it('filters while typing, and becomes a scheduled report with the same filters and columns', async () => {
    await visit('admin')
    await page.goto('/donnees/schools?colonnes=name,province')
    await button('Filtres').click()
    await choose('Province', 'Kasaï')
    const found = await count(`schools join provinces p on p.id = province_id where p.name = 'Kasaï'`)
    await see(page.getByText(`${figure(found)} lignes`, { exact: true }))
    expect(JSON.parse(address().filtres ?? '')).toEqual({ province: 'Kasaï' })
    await see(page.getByRole('list', { name: 'Filtres actifs' }).getByText('Kasaï'))
    expect(new Set(await bodyRows().locator('td:nth-child(2)').allInnerTexts())).toEqual(new Set(['Kasaï']))
    expect(await axeViolations(page), 'the filters').toEqual([])

    await button('Sauvegarder comme rapport programmé').click()
    const dialog = page.getByRole('dialog', { name: 'Nouveau rapport programmé' })
    await see(dialog)
    expect(await dialog.getByRole('combobox', { name: 'Province' }).inputValue()).toBe('Kasaï')
    await dialog.getByLabel('Nom', { exact: true }).fill('Écoles du Kasaï')
    await dialog.getByRole('textbox', { name: 'Destinataires' }).fill('kasai@exemple.fr,')
    await dialog.getByRole('button', { name: 'Enregistrer' }).click()
    await dialog.waitFor({ state: 'detached' })
    const { items } = await read<{ items: ScheduledReportJson[] }>('/v1/admin/scheduled-reports')
    expect(items[0]).toMatchObject({
      name: 'Écoles du Kasaï',
      type: 'schools',
      filters_json: { province: 'Kasaï' },
      columns: ['name', 'province'],
      recipients: ['kasai@exemple.fr'],
    })

    // The page is where it was; taking the filter away shows everything again.
    await button('Retirer le filtre Province').click()
    await see(page.getByText(`${figure(await count('schools'))} lignes`, { exact: true }))
    expect(address()).toEqual({ colonnes: 'name,province' })
  })

  it('shows that nothing was found, with a way back', async () => {
    await visit('admin')
    await page.goto(`/donnees/schools?filtres=${encodeURIComponent('{"name":"introuvable"}')}`)
    await see(page.getByText('Aucune ligne ne correspond à ces filtres'))
    await page.getByRole('main').locator('tbody').getByRole('button', { name: 'Effacer les filtres' }).click()
    await see(page.getByText(`1 à 50 sur ${figure(await count('schools'))}`))
  })

  it('shows in place that the service is away, and retries', async () => {
    await visit('admin')
    await page.goto('/donnees/schools')
    await see(bodyRows().first())
    await page.route('**/v1/report-types/schools/rows*', (route) => route.abort())
    await button('Page suivante').click()
    await see(page.getByRole('alert').getByText('Le service ne répond pas'))
    const again = page.waitForRequest('**/v1/report-types/schools/rows*')
    await button('Réessayer').click()
    await again
    await page.unroute('**/v1/report-types/schools/rows*')
    // By itself, too.
    await see(page.getByText(/^51 à 100 sur/))
    // The browser's own line about the refused request.
    errors.splice(0)
  })
})

describe('« Exporter »', () => {
  it('makes a report of what is shown, mails it to the recipients, and lists it in Mes Rapports', async () => {
    await visit('awa')
    await page.goto(`/donnees/schools?filtres=${encodeURIComponent('{"canteen":true}')}&colonnes=code,name`)
    await see(bodyRows().first())
    await button('Exporter').click()
    const dialog = page.getByRole('dialog', { name: 'Exporter : Écoles' })
    await see(dialog.getByText(/^[\d\s]+ lignes, 2 colonnes$/))
    expect(await axeViolations(page), 'the export').toEqual([])
    await dialog.getByRole('radio', { name: /CSV/ }).check()
    await dialog.getByRole('textbox', { name: 'Envoyer à' }).fill('pas-une-adresse')
    await dialog.getByRole('button', { name: 'Exporter' }).click()
    await see(dialog.getByText(/N’est pas une adresse électronique/).last())
    await dialog.getByRole('button', { name: 'Retirer pas-une-adresse' }).click()
    await dialog.getByRole('textbox', { name: 'Envoyer à' }).fill('dehors@ailleurs.test')
    await dialog.getByRole('button', { name: 'Exporter' }).click()
    await see(dialog.getByText(/Votre rôle ne permet pas d’écrire à ailleurs\.test/))
    // The browser's own line about the refused request.
    errors.splice(0)
    await dialog.getByRole('button', { name: 'Retirer dehors@ailleurs.test' }).click()
    await dialog.getByRole('textbox', { name: 'Envoyer à' }).fill('directrice@exemple.fr')
    await dialog.getByRole('button', { name: 'Exporter' }).click()
    await see(page.getByText(/^Rapport N° \d+ demandé\.$/))
    await button('Voir Mes Rapports').click()
    await page.waitForURL('**/rapports')
    await see(page.getByRole('row').filter({ hasText: 'Écoles' }).getByText('Complété'), 60_000)

    const { items } = await read<{ items: ReportJson[] }>('/v1/reports')
    const rows = await read<{ total: number }>(
      `/v1/report-types/schools/rows?filters=${encodeURIComponent('{"canteen":true}')}`,
    )
    expect(items[0]).toMatchObject({ type: 'schools', format: 'csv', column_count: 2, row_count: rows.total })
    const recipients = await eventually(
      async () => {
        const mails = (await (await fetch(`${product.inboxUrl}/email`)).json()) as {
          to: { address: string }[]
        }[]
        return mails.flatMap(({ to }) => to.map(({ address: one }) => one))
      },
      (addresses) => addresses.length >= 2,
    )
    expect(recipients.sort()).toEqual(['awa@rapporteur.test', 'directrice@exemple.fr'])
  })
})

describe('a person without a province', () => {
  it('sees no rows, and why', async () => {
    const database = new Client({ connectionString: product.databaseUrl })
    await database.connect()
    const { rows } = await database.query<{ attributes: object }>(
      `with before as (select attributes from "user" where email = 'leo@rapporteur.test')
       update "user" set attributes = '{}' where email = 'leo@rapporteur.test'
       returning (select attributes from before)`,
    )
    try {
      await visit('leo')
      await page.goto('/donnees/schools')
      await see(
        page.getByRole('status').getByText('Votre compte n’a pas de valeur valable pour « Province »'),
      )
      await see(page.getByText('Demandez à un administrateur'))
      expect(await page.getByText('Kwilu').count()).toBe(0)
      expect(await axeViolations(page), 'a page without rows').toEqual([])
    } finally {
      await database.query(`update "user" set attributes = $1 where email = 'leo@rapporteur.test'`, [
        rows[0]?.attributes,
      ])
      await database.end()
    }
  })
})

describe('the dashboard', () => {
  it('shows an administrator what is due, what failed, and the results by day', async () => {
    const database = new Client({ connectionString: product.databaseUrl })
    await database.connect()
    await database.query(
      `update scheduled_report set enabled = false,
         pause_reason = '{"kind": "operator", "note": "Maintenance de la base"}' where name = 'Écoles du Kasaï'`,
    )
    await database.query(
      `insert into report (origin, owner_id, title, type, format, columns, filters, recipients, locale, time_zone,
         status, failure, failed_in_a_row, workflow_id)
       select 'request', id, 'Élèves', 'pupils', 'csv', '{first_name}', '{}', '{a@exemple.fr}', 'fr', 'Europe/Paris',
         'failed', '{"phase": "generate", "message": "La base n’a pas répondu.", "code": "source_timeout"}', 1,
         'dashboard-e2e'
       from "user" where email = 'leo@rapporteur.test'`,
    )
    await database.query(
      `insert into installation_fault (part, code, detail, since, last_seen_at)
       values ('storage_abilities', 'storage_unavailable', 'NotImplemented: DeleteObjects', now(), now())`,
    )
    await database.query(
      `insert into notice (id, round, kind, user_id, details, status)
       select gen_random_uuid(), 0, 'mail_misconfigured', id, '{"kind": "mail_misconfigured",
         "code": "mail_misconfigured", "server": "smtp.exemple.fr:587",
         "response": "530 5.7.0 Must issue a STARTTLS command first"}', 'failed'
       from "user" where email = 'admin@rapporteur.test'`,
    )
    await database.end()
    await visit('admin')
    const timing = { frequency: 'custom', cron_expression: '*/30 * * * *' }
    const made = await page.context().request.post('/v1/admin/scheduled-reports', {
      headers: { origin: product.url },
      data: {
        ...timing,
        name: 'Toutes les demi-heures',
        type: 'schools',
        format: 'csv',
        recipients: ['a@exemple.fr'],
      },
    })
    expect(made.status()).toBe(201)

    await page.goto('/tableau-de-bord')
    const installation = page.getByRole('region', { name: 'Installation' })
    await see(installation.getByText('Le stockage ne sait pas tout ce qu’il faut'))
    await see(installation.getByText('Aucun email ne part'))
    await see(installation.getByText('smtp.exemple.fr:587: 530 5.7.0 Must issue a STARTTLS command first'))
    const due = page.getByRole('region', { name: 'À venir' })
    await see(due.getByText('48 rapports en 24 heures'))
    await see(due.getByRole('link', { name: 'Toutes les demi-heures' }).first())
    const look = page.getByRole('region', { name: 'À regarder' })
    await see(look.getByText('La base n’a pas répondu.'))
    await see(page.getByRole('region', { name: 'En pause' }).getByText('Maintenance de la base'))
    const month = page.getByRole('region', { name: '30 derniers jours' })
    await month.getByText('Voir les chiffres').first().click()
    await see(month.getByRole('cell', { name: '1', exact: true }).first())
    expect(await axeViolations(page), 'the dashboard').toEqual([])
    await look.getByRole('link', { name: /^N° \d+$/ }).click()
    await page.waitForURL(/\/rapports\/\d+$/)
  })

  it('refuses role user, as scheduling does', async () => {
    await visit('awa')
    await page.goto('/tableau-de-bord')
    await see(page.getByText('Accès réservé'))
    expect(await page.getByRole('link', { name: 'Tableau de bord' }).count()).toBe(0)
    await page.goto('/donnees/schools')
    await see(button('Exporter'))
    expect(await button('Sauvegarder comme rapport programmé').count()).toBe(0)
  })

  it('fits a phone, in English', async () => {
    await visit('admin', { viewport: { width: 390, height: 844 }, locale: 'en-GB' })
    const me = await page
      .context()
      .request.patch('/v1/me', { headers: { origin: product.url }, data: { locale: 'en' } })
    expect(me.ok()).toBe(true)
    for (const [path, heading] of [
      ['/tableau-de-bord', 'Dashboard'],
      ['/donnees/reception_ticket', 'Reception tickets'],
    ] as const) {
      await page.goto(path)
      await see(page.getByRole('heading', { level: 1, name: heading }))
      await page.waitForLoadState('networkidle')
      expect(await page.evaluate<number>('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(
        390,
      )
    }
    await page.context().request.patch('/v1/me', { headers: { origin: product.url }, data: { locale: 'fr' } })
  })
})
