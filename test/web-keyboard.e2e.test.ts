/** Every control of every page by keyboard. */

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ReportJson } from '#domain/schemas/report-schema.ts'
import type { ScheduledReportJson } from '#domain/schemas/scheduled-report-schema.ts'
import { launchBrowser, visitAs } from './browser.ts'
import { eventually } from './eventually.ts'
import { startProduct, type Product } from './processes/product.ts'
import { ProductClient } from './processes/product-client.ts'

let product: Product
let browser: Browser
let definition: ScheduledReportJson
let page: Page
let errors: string[] = []

beforeAll(async () => {
  product = await startProduct({ env: { DEMO_DATA_ROWS: '3000' } })
  browser = await launchBrowser()
  const client = new ProductClient(product)
  await client.signIn('admin@rapporteur.test')
  definition = await client.call<ScheduledReportJson>('POST', '/v1/admin/scheduled-reports', {
    name: 'Écoles du matin',
    type: 'schools',
    frequency: 'daily',
    recipients: ['direction@ville.test'],
    format: 'csv',
  })
  const { number } = await client.call<ReportJson>('POST', `/v1/admin/scheduled-reports/${definition.id}/run`)
  await eventually(
    () => client.call<ReportJson>('GET', `/v1/reports/${number}`),
    ({ status }) => status === 'completed',
  )
})
afterAll(async () => {
  await browser?.close()
  await product?.dispose()
})
afterEach(async () => {
  await page.context().close()
  if (errors.length > 0) throw new Error(errors.join('\n'))
})

async function open(path: string): Promise<void> {
  ;({ page, errors } = await visitAs(browser, product.url, 'admin'))
  await page.goto(`${product.url}${path}`)
  // By its tag: behind an open panel the page's title is hidden from roles.
  await page.locator('h1').first().waitFor()
  await page.waitForLoadState('networkidle')
}

/** Names of the controls within `scope` that Tab never comes to, however long one presses it. */
async function unreached(scope: string): Promise<string[]> {
  // Of radio buttons and tabs only the chosen one is a tab stop (tabIndex); arrows reach the others.
  const total = await page.evaluate<number>(`(() => {
    const seen = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest('[inert], [aria-hidden="true"], [data-focus-trap]')
    const isStop = (one) =>
      one.tabIndex >= 0 && !one.disabled && !(one.type === 'radio' && !one.checked) && seen(one)
    window.controls = [...document.querySelector('${scope}').querySelectorAll('a[href], button, input, select, textarea, [tabindex]')]
      .filter(isStop)
    window.reached = new Set()
    return window.controls.length
  })()`)
  expect(total).toBeGreaterThan(2)
  // From the top, all the way round; a page has a few stops of its own before and after the scope.
  for (let press = 0; press < total + 60; press++) {
    await page.keyboard.press('Tab')
    await page.evaluate('window.reached.add(document.activeElement)')
  }
  return page.evaluate<string[]>(`window.controls
    .filter((one) => one.isConnected && !window.reached.has(one))
    .map((one) => one.outerHTML.slice(0, 160))`)
}

describe('by keyboard', () => {
  it.each([
    '/rapports',
    '/rapports/1',
    '/parametres/rapports-programmes',
    '/parametres/personnes',
    '/compte',
    '/donnees/schools',
    '/donnees/reception_ticket',
    '/tableau-de-bord',
  ])('reaches every control of %s', async (path) => {
    await open(path)
    const inPanel = path === '/rapports/1'
    if (inPanel) await page.getByRole('dialog').waitFor()
    expect(await unreached(inPanel ? '[role=dialog]' : 'body')).toEqual([])
  })

  it('reaches every control of a scheduled report’s deliveries', async () => {
    await open(`/parametres/rapports-programmes/${definition.id}`)
    expect(await unreached('body')).toEqual([])
  })

  it('opens, walks through and closes the dialog of a scheduled report', async () => {
    await open('/parametres/rapports-programmes')
    await page.getByRole('button', { name: 'Nouveau rapport programmé' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.waitForLoadState('networkidle')
    expect(await unreached('[role=dialog]')).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Annuler', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  it('confirms a backfill and a change of owner without a mouse', async () => {
    await open(`/parametres/rapports-programmes/${definition.id}`)
    await page.getByRole('button', { name: 'Rattraper une période' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Rattraper une période passée' }).waitFor()
    await page.waitForLoadState('networkidle')
    expect(await unreached('[role=dialog]')).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const focused = page.locator(':focus')
    await page.getByRole('button', { name: 'Rattraper une période' }).and(focused).waitFor()

    await page.getByRole('button', { name: /^Actions sur/ }).focus()
    await page.keyboard.press('Enter')
    // The focus is in an open menu a frame or two after its items are seen.
    await page.getByRole('menuitem').and(focused).waitFor()
    // A menu is gone through by its first letters, too.
    await page.keyboard.type('Ch')
    await page.getByRole('menuitem', { name: 'Changer de propriétaire…' }).and(focused).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Changer de propriétaire' }).waitFor()
    await page.waitForLoadState('networkidle')
    expect(await unreached('[role=dialog]')).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Annuler', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })
})
