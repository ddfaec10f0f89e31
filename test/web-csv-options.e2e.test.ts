import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { ReportJson } from '#domain/schemas/report-schema.ts'
import type { ScheduledReportJson } from '#domain/schemas/scheduled-report-schema.ts'
import { axeViolations, launchBrowser, visitAs } from './browser.ts'
import { eventually } from './eventually.ts'
import { startProduct, type Product } from './processes/product.ts'

let product: Product
let browser: Browser
let page: Page
let errors: string[] = []
beforeAll(async () => {
  product = await startProduct({ env: { DEMO_DATA_ROWS: '3000', CSV_DATE_FORM: 'dd/mm/yyyy' } })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await product?.dispose()
})
afterEach(async () => {
  await page.context().close()
  if (errors.length > 0) throw new Error(errors.join('\n'))
})

const visit = async (path: string) => {
  ;({ page, errors } = await visitAs(browser, product.url, 'admin'))
  await page.goto(path)
}
const read = async <Answer>(path: string) => (await (await page.context().request.get(path)).json()) as Answer
const see = (locator: Locator, timeout = 30_000) => locator.waitFor({ state: 'visible', timeout })
const example = (dialog: Locator) => dialog.getByRole('region', { name: 'Exemple du résultat' })

it('an export is written by the options chosen, as the example showed', async () => {
  await visit('/donnees/schools?colonnes=code,name,canteen')
  await page.getByRole('button', { name: 'Exporter' }).click()
  const dialog = page.getByRole('dialog', { name: 'Exporter : Écoles' })
  const options = dialog.getByText('Options du fichier CSV')
  // Of an Excel file there is nothing to choose.
  await see(dialog.getByRole('radio', { name: /Excel/ }))
  expect(await options.count()).toBe(0)
  await dialog.getByRole('radio', { name: /CSV/ }).check()
  await options.click()
  // What the installation says, where nothing is chosen.
  await see(example(dialog).getByText('Martin, fils";1234,50;31/03/2026;14/03/2026 08:30:00;oui;'))
  await dialog.getByLabel('Préréglage').selectOption('rfc4180')
  await see(example(dialog).getByText('"Martin, fils",1234.50,2026-03-31,2026-03-14 08:30:00,true,'))
  await dialog.getByLabel('Séparateur').selectOption('|')
  await dialog.getByLabel('En-têtes').selectOption('keys')
  await dialog.getByLabel('Vrai et faux').selectOption('1/0')
  await dialog.getByLabel('Valeur absente').selectOption('NULL')
  await dialog.getByRole('checkbox', { name: /Compresser/ }).check()
  await see(example(dialog).getByText('client|amount|due_on|sent_at|paid|note'))
  await see(example(dialog).getByText('"Martin, fils"|1234.50|2026-03-31|2026-03-14 08:30:00|1|NULL'))
  expect(await axeViolations(page), 'the options').toEqual([])
  await dialog.getByRole('button', { name: 'Exporter' }).click()
  await see(page.getByText(/^Rapport N° \d+ demandé\.$/))

  const report = await eventually(
    async () => (await read<{ items: ReportJson[] }>('/v1/reports')).items[0],
    (one) => one?.status === 'completed',
    { withinMs: 60_000 },
  )
  expect(report?.csv).toMatchObject({ separator: '|', header: 'keys', bom: false, gzip: true })
  const asked = await page.context().request.post(`/v1/reports/${report?.number}/download-url`)
  const download = (await asked.json()) as { url: string; file_name: string }
  expect(download.file_name).toMatch(/^ecoles-\d+\.csv\.gz$/)
  const file = await fetch(download.url)
  expect(file.headers.get('content-type')).toBe('application/gzip')
  const [header, ...rows]: string[][] = parse(gunzipSync(Buffer.from(await file.arrayBuffer())), {
    delimiter: '|',
  })
  expect(header).toEqual(['code', 'name', 'canteen'])
  expect(rows).toHaveLength(report?.row_count ?? -1)
  expect(new Set(rows.map(([, , canteen]) => canteen))).toEqual(new Set(['1', '0']))
})

it('a scheduled report keeps its options, and goes back to those of the service', async () => {
  await visit('/parametres/rapports-programmes')
  await page.getByRole('button', { name: 'Nouveau rapport programmé' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Nom').first().fill('Écoles pour la paie')
  await dialog.getByLabel('Type de rapport').selectOption('schools')
  await dialog.getByLabel('Format').selectOption('csv')
  await dialog.getByRole('textbox', { name: 'Destinataires' }).fill('paie@exemple.fr')
  await dialog.getByText('Options du fichier CSV').click()
  await dialog.getByLabel('Séparateur').selectOption('tab')
  await see(example(dialog).getByText('Client⇥'))
  expect(await axeViolations(page), 'the options').toEqual([])
  await dialog.getByRole('button', { name: 'Enregistrer' }).click()
  await dialog.waitFor({ state: 'detached' })
  const definitions = async () =>
    (await read<{ items: ScheduledReportJson[] }>('/v1/admin/scheduled-reports')).items
  expect(await definitions()).toMatchObject([{ format: 'csv', csv: { separator: 'tab' } }])

  await page.getByRole('button', { name: 'Actions sur « Écoles pour la paie »' }).click()
  await page.getByRole('menuitem', { name: 'Modifier' }).click()
  await dialog.getByText('Options du fichier CSV').click()
  expect(await dialog.getByLabel('Séparateur').inputValue()).toBe('tab')
  await dialog.getByLabel('Séparateur').selectOption(';')
  await dialog.getByRole('button', { name: 'Enregistrer' }).click()
  await dialog.waitFor({ state: 'detached' })
  // What is as the service does it is not chosen.
  expect(await definitions()).toMatchObject([{ csv: null }])
})
