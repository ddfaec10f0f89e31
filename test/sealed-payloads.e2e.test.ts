/** The product with PAYLOAD_KEYS as `npm start` runs it, and Temporal Web in the browser of a signed-in person. */

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ReportJson } from '#domain/schemas/report-schema.ts'
import { launchBrowser, visitAs } from './browser.ts'
import { eventually } from './eventually.ts'
import { oldKey } from './test-payload-keys.ts'
import { startProduct, type Product } from './processes/product.ts'
import { ProductClient } from './processes/product-client.ts'

let product: Product
let browser: Browser
let run: string
const webUrl = () => `http://localhost:${product.ports.LOCAL_TEMPORAL_UI_PORT}`

beforeAll(async () => {
  const env = { PAYLOAD_KEYS: oldKey, DEMO_DATA_ROWS: '500' }
  ;[product, browser] = await Promise.all([startProduct({ env }), launchBrowser()])
  const client = new ProductClient(product)
  await client.signIn('admin@rapporteur.test')
  const asked = { type: 'schools', format: 'csv', recipients: ['anna@ville.test'] }
  const { number } = await client.call<ReportJson>('POST', '/v1/reports', asked)
  await eventually(
    () => client.call<ReportJson>('GET', `/v1/reports/${number}`),
    ({ status }) => status === 'completed',
    { withinMs: 60_000 },
  )
  run = `${webUrl()}/namespaces/default/workflows/report:${number}`
})
afterAll(async () => {
  await browser?.close()
  await product?.dispose()
})

/** Temporal Web with what its dialog « Codec Server » stores in the browser: the endpoint, with credentials. */
async function temporalWebAs(who: 'admin' | 'leo') {
  const { page } = await visitAs(browser, product.url, who)
  const settings = JSON.stringify({ endpoint: `"${product.url}/codec"`, includeCredentials: 'true' })
  await page.addInitScript(`if (location.origin === '${webUrl()}') Object.assign(localStorage, ${settings})`)
  return page
}

it('Temporal Web reads a sealed run in the browser of an administrator', async () => {
  const page = await temporalWebAs('admin')
  await page.goto(run)
  await page.getByText('emailReport • Recipient 1 of 1').waitFor()
  await page.getByText('"delivery": "sent"').waitFor()
  await page.getByText('User Metadata').click()
  await page.getByText('N° 1 · Écoles').first().waitFor()
  await page.context().close()
})

it('Temporal Web reads nothing in the browser of a user', async () => {
  const page = await temporalWebAs('leo')
  const answer = page.waitForResponse(
    (one) => one.url().endsWith('/codec/decode') && one.request().method() === 'POST',
  )
  await page.goto(run)
  expect((await answer).status()).toBe(403)
  await page.getByText('"encryption-key-id"').first().waitFor()
  expect(await page.getByText('Écoles').count()).toBe(0)
  await page.context().close()
})
