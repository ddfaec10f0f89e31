/** « Journal », in a browser: on a trail of its own, with more people than a list shows. */

import { Client } from 'pg'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { ReportJson } from '#domain/schemas/report-schema.ts'
import { axeViolations, launchBrowser, visitAs } from './browser.ts'
import { startProduct, type Product } from './processes/product.ts'

let product: Product
let browser: Browser
beforeAll(async () => {
  ;[product, browser] = await Promise.all([
    startProduct({ env: { DEMO_DATA_ROWS: '2000' } }),
    launchBrowser(),
  ])
  const database = new Client({ connectionString: product.databaseUrl })
  await database.connect()
  await database.query(`
    INSERT INTO "user" (id, email, name, updated_at)
    SELECT 'p-' || n, 'personne' || n || '@exemple.fr', 'Personne ' || lpad(n::text, 3, '0'), now()
    FROM generate_series(1, 120) n`)
  await database.query(`
    INSERT INTO audit_event (at, kind, actor_id, actor, via)
    SELECT timestamptz '2026-03-10 12:00+01' - n * interval '1 day', 'signed_in', 'p-' || n,
      'Personne ' || lpad(n::text, 3, '0') || ' <personne' || n || '@exemple.fr>', 'session'
    FROM generate_series(1, 120) n`)
  const [leo] = (
    await database.query<{ id: string }>(`SELECT id FROM "user" WHERE email = 'leo@rapporteur.test'`)
  ).rows
  await database.query(
    `INSERT INTO audit_event (at, kind, actor_id, actor, via, key_name, ip_address, request_id, subject_type, subject_id,
      subject, changes, details)
    VALUES ('2026-03-11 09:00+01', 'scheduled_report_changed', 'p-120', 'Personne 120 <personne120@exemple.fr>', 'key',
      'Entrepôt', '192.0.2.7', 'requete-1', 'scheduled_report', '00000000-0000-4000-8000-000000000001', 'Écoles du matin',
      $1, '{"number": 42}')`,
    [
      JSON.stringify([
        { field: 'frequency', from: 'daily', to: 'weekly' },
        { field: 'owner_id', from: 'p-120', to: leo?.id },
        { field: 'weekdays', from: [1], to: [1, 5] },
        { field: 'type', from: 'schools', to: 'pupils' },
      ]),
    ],
  )
  await database.query(
    `INSERT INTO audit_event (at, kind, actor_id, actor, via, subject_type, subject_id, subject, changes)
    VALUES ('2026-03-11 08:00+01', 'person_changed', 'p-120', 'Personne 120 <personne120@exemple.fr>', 'session',
      'person', $1, 'Léo Bernard <leo@rapporteur.test>', '[{"field": "role", "from": "admin", "to": "user"}]')`,
    [leo?.id],
  )
  await database.end()
})
afterAll(async () => {
  await browser?.close()
  await product?.dispose()
})

let page: Page
let errors: string[] = []
beforeEach(async () => {
  ;({ page, errors } = await visitAs(browser, product.url, 'admin'))
})
afterEach(async () => {
  await page.context().close()
  // An error that a test does not expect fails it.
  if (errors.length > 0) throw new Error(errors.join('\n'))
})

const journal = '/parametres/journal'
const see = (locator: Locator) => locator.waitFor()
const bodyRows = () => page.getByRole('main').locator('tbody tr')
const entry = (text: string) => bodyRows().filter({ hasText: text })
const search = () => page.getByPlaceholder('Personne, objet, clé ou adresse')
const person = () => page.getByRole('combobox', { name: 'Personne' })
const onePage = async (rows: number) => await expect.poll(() => bodyRows().count()).toBe(rows)
const address = () => Object.fromEntries(new URL(page.url()).searchParams)
const exportFilters = async () => {
  const link = page.getByRole('link', { name: 'Exporter ou programmer' })
  const href = new URL((await link.getAttribute('href')) ?? '', product.url)
  expect(href.pathname).toBe('/donnees/audit')
  return JSON.parse(href.searchParams.get('filtres') ?? '{}') as unknown
}

it('shows, filters and opens entries of the audit trail', async () => {
  await page.goto(journal)
  const signedIn = page.getByRole('button', { name: 'Connexion', exact: true }).first()
  await see(signedIn)
  expect(await axeViolations(page)).toEqual([])
  await signedIn.click()
  await see(page.getByRole('dialog').getByText('N° de requête'))
  await page.getByRole('dialog').getByRole('button', { name: 'Fermer' }).click()
  await page.getByLabel('Action', { exact: true }).selectOption('key_deleted')
  await see(page.getByText('Aucune entrée'))
  expect(page.url()).toContain('action=key_deleted')
  await page.getByRole('button', { name: 'Effacer la recherche et les filtres' }).click()
  await see(signedIn)
})

it('is searched by what is typed, and paged', async () => {
  await page.goto(journal)
  await onePage(15)
  const first = await bodyRows().first().innerText()
  await page.getByRole('button', { name: 'Page suivante' }).click()
  await page.waitForURL(/page=2/)
  await expect.poll(() => bodyRows().first().innerText()).not.toBe(first)
  await page.getByRole('button', { name: 'Page précédente' }).click()
  await expect.poll(() => bodyRows().first().innerText()).toBe(first)
  await page.getByRole('button', { name: 'Page suivante' }).click()
  await page.waitForURL(/page=2/)

  // A search begins at the first page again.
  await search().fill('192.0.2.7')
  await onePage(1)
  await see(entry('Écoles du matin'))
  expect(address()).toEqual({ q: '192.0.2.7' })
  expect(await exportFilters()).toEqual({ text: '192.0.2.7' })
})

it('finds any account by typing, beyond those that a list shows', async () => {
  await page.goto(journal)
  await person().click()
  await see(page.getByRole('option', { name: 'Toutes les personnes' }))
  // The 120th by name is on no first page of people.
  expect(await page.getByRole('option', { name: /Personne 120/ }).count()).toBe(0)
  await person().fill('personne120@')
  await see(page.getByRole('option', { name: /Personne 120/ }))
  expect(await person().inputValue()).toBe('personne120@')
  await page.getByRole('option', { name: /Personne 120/ }).click()
  await onePage(3)
  expect(address()).toEqual({ personne: 'p-120' })
  expect(await exportFilters()).toEqual({ actor: ['p-120'] })

  // Of a link that somebody was given, the field says whom it means.
  await page.reload()
  await onePage(3)
  await expect.poll(() => person().inputValue()).toBe('Personne 120')
  expect(await axeViolations(page)).toEqual([])
  await person().click()
  await page.getByRole('option', { name: 'Toutes les personnes' }).click()
  await onePage(15)
  expect(address()).toEqual({})
})

it('narrows to days; those in the wrong order are said, and not asked', async () => {
  const asked: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('/v1/admin/audit')) asked.push(request.url())
  })
  await page.goto(journal)
  await page.getByLabel('Du', { exact: true }).fill('2026-03-01')
  await page.getByLabel('Au', { exact: true }).fill('2026-03-03')
  await onePage(3)
  expect(await exportFilters()).toEqual({ period: { from: '2026-03-01', to: '2026-03-03' } })

  const before = asked.length
  await page.getByLabel('Au', { exact: true }).fill('2026-02-01')
  await see(page.getByText('La fin précède le début.'))
  expect(await page.getByLabel('Au', { exact: true }).getAttribute('aria-invalid')).toBe('true')
  expect(await axeViolations(page)).toEqual([])
  await onePage(3)
  expect(asked.length).toBe(before)

  await page.getByLabel('Du', { exact: true }).fill('2026-01-31')
  await onePage(2)
  expect(await page.getByText('La fin précède le début.').count()).toBe(0)

  // Such an address, opened, asks for no days at all.
  await page.goto(`${journal}?du=2026-03-03&au=2026-03-01`)
  await see(page.getByText('La fin précède le début.'))
  await onePage(15)
  expect(new URL(asked.at(-1) ?? '').searchParams.has('from')).toBe(false)
})

it('tells an entry in words: owners by name, codes by what they say', async () => {
  await page.goto(`${journal}?q=requete&action=scheduled_report_changed`)
  await search().fill('Entrepôt')
  await entry('Écoles du matin').getByRole('button', { name: 'Rapport programmé modifié' }).click()
  const panel = page.getByRole('dialog')
  const said = async (text: string) => await see(panel.getByRole('listitem').filter({ hasText: text }))
  await said('Fréquence de Quotidienne à Hebdomadaire')
  await said('Propriétaire de Personne 120 <personne120@exemple.fr> à Léo Bernard <leo@rapporteur.test>')
  await said('Jours de la semaine de lundi à lundi et vendredi')
  await said('Type de rapport de Écoles à Élèves')
  await said('N° du rapport 42')
  await see(panel.getByText('Clé d’API « Entrepôt »'))
  await see(panel.getByText('requete-1'))
  expect(await axeViolations(page)).toEqual([])
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })

  await search().fill('Léo')
  await page.getByLabel('Action', { exact: true }).selectOption('person_changed')
  await entry('Personne modifiée').first().getByRole('button').first().click()
  await said('Rôle de Administrateur à Utilisateur')
})

it('is reached from a person’s menu, and leads to the same entries as data', async () => {
  await page.goto('/parametres/personnes?q=leo')
  await page.getByRole('button', { name: 'Actions sur Léo Bernard' }).click()
  await page.getByRole('menuitem', { name: 'Voir le journal' }).click()
  await page.waitForURL(/\/parametres\/journal\?subject_type=person&subject_id=/)
  await onePage(1)
  await see(entry('Personne modifiée'))
  const about = page.getByRole('button', { name: 'Seulement ce qui concerne : Léo Bernard' })
  await see(about)

  await page.getByRole('link', { name: 'Exporter ou programmer' }).click()
  await see(page.getByRole('heading', { level: 1, name: 'Journal d’audit' }))
  await onePage(1)
  await see(entry('Rôle : Administrateur → Utilisateur'))
  expect(await axeViolations(page)).toEqual([])

  await page.getByRole('button', { name: 'Exporter', exact: true }).click()
  await page.getByRole('radio', { name: /CSV/ }).check()
  await page.getByRole('dialog').getByRole('button', { name: 'Exporter', exact: true }).click()
  await see(page.getByText(/Rapport N°\s\d+ demandé/).first())
  const newest = async () =>
    ((await (await page.request.get('/v1/reports?page_size=1')).json()) as { items: ReportJson[] }).items[0]
  await expect.poll(async () => (await newest())?.status, { timeout: 60_000 }).toBe('completed')
  expect(await newest()).toMatchObject({ type: 'audit', row_count: 1 })

  await page.goBack()
  await about.click()
  await onePage(15)
  expect(address()).toEqual({})
})
