/** « Journal », in a browser. */

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { axeViolations, launchBrowser, visitAs } from './browser.ts'
import { startProduct, type Product } from './processes/product.ts'

let product: Product
let browser: Browser
beforeAll(async () => {
  ;[product, browser] = await Promise.all([
    startProduct({ env: { DEMO_DATA_ROWS: '2000' } }),
    launchBrowser(),
  ])
})
afterAll(async () => {
  await browser?.close()
  await product?.dispose()
})

it('shows, filters and opens entries of the audit trail', async () => {
  const { page, errors } = await visitAs(browser, product.url, 'admin')
  await page.goto('/parametres/journal')
  const entry = page.getByRole('button', { name: 'Connexion', exact: true }).first()
  await entry.waitFor()
  expect(await axeViolations(page)).toEqual([])
  await entry.click()
  await page.getByRole('dialog').getByText('N° de requête').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Fermer' }).click()
  await page.getByLabel('Action', { exact: true }).selectOption('key_deleted')
  await page.getByText('Aucune entrée').waitFor()
  expect(page.url()).toContain('action=key_deleted')
  await page.getByRole('button', { name: 'Effacer la recherche et les filtres' }).click()
  await entry.waitFor()
  expect(errors).toEqual([])
})
