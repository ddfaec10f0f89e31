/**
 * `npm run screenshots [-- PART OF A NAME]`: every page of the running product as pictures in docs/images, at 1280 and
 * 390 pixels, in both languages; in the dark at 1280. Starts the product on data of its own, with some reports made.
 */

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { Locale } from '#domain/locale.ts'
import { projectFolder } from '#local/settings.ts'
import { launchBrowser, visitAs } from './browser.ts'
import { eventually } from './eventually.ts'
import { startProduct } from './processes/product.ts'

interface Picture {
  name: string
  path: string
  /** Without sign-in. */
  signedOut?: boolean
  /** What brings the page into the state to be shown. */
  prepare?: (page: Page, locale: Locale) => Promise<void>
}

const word = (locale: Locale, french: string, english: string) => (locale === 'fr' ? french : english)

const pictures: Picture[] = [
  { name: 'connexion', path: '/connexion', signedOut: true },
  { name: 'mot-de-passe', path: '/mot-de-passe', signedOut: true },
  { name: 'rapports', path: '/rapports' },
  { name: 'rapport', path: '/rapports/2' },
  {
    name: 'relancer',
    path: '/rapports',
    prepare: async (page, locale) => {
      const relaunch = page.getByRole('button', { name: word(locale, 'Relancer', 'Relaunch') })
      if ((await relaunch.count()) > 0) await relaunch.first().hover()
    },
  },
  { name: 'donnees', path: '/donnees/cash_session' },
  { name: 'rapports-programmes', path: '/parametres/rapports-programmes' },
  {
    name: 'nouveau-rapport-programme',
    path: '/parametres/rapports-programmes',
    prepare: async (page, locale) => {
      const name = word(locale, 'Nouveau rapport programmé', 'New scheduled report')
      await page.getByRole('button', { name }).first().click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'envois',
    path: '/parametres/rapports-programmes',
    prepare: async (page) => {
      await page.getByRole('link', { name: 'Caisse du matin' }).first().click()
      await page.waitForURL(/rapports-programmes\/./)
    },
  },
  { name: 'personnes', path: '/parametres/personnes' },
  {
    name: 'inviter',
    path: '/parametres/personnes',
    prepare: async (page, locale) => {
      await page
        .getByRole('button', { name: word(locale, 'Inviter une personne', 'Invite a person') })
        .click()
      await page.getByRole('dialog').waitFor()
    },
  },
  { name: 'compte', path: '/compte' },
  { name: 'tableau-de-bord', path: '/tableau-de-bord' },
]

const views = [
  { suffix: 'fr', locale: 'fr', width: 1280, theme: 'light' },
  { suffix: 'en', locale: 'en', width: 1280, theme: 'light' },
  { suffix: 'fr-sombre', locale: 'fr', width: 1280, theme: 'dark' },
  { suffix: 'fr-390', locale: 'fr', width: 390, theme: 'light' },
  { suffix: 'en-390', locale: 'en', width: 390, theme: 'light' },
] as const

const folder = join(projectFolder, 'docs', 'images')
const wanted = process.argv[2] ?? ''
const failed: string[] = []

await mkdir(folder, { recursive: true })
// The pages of a product that runs already are taken as they are.
const running = process.env.SCREENSHOTS_URL
const product = running === undefined ? await startProduct() : undefined
const browser = await launchBrowser()
try {
  const url = running ?? product?.url ?? ''
  if (product) await makeReports(browser, url)
  for (const picture of pictures.filter(({ name }) => name.includes(wanted))) {
    for (const view of views) await take(browser, url, picture, view)
  }
} finally {
  await browser.close()
  await product?.dispose()
}
for (const name of failed) console.error(`Not taken: ${name}`)
process.exit(failed.length > 0 ? 1 : 0)

async function take(
  browser: Browser,
  url: string,
  picture: Picture,
  view: (typeof views)[number],
): Promise<void> {
  const { locale, width, theme } = view
  const name = `${picture.name}-${view.suffix}.png`
  const { page } = await visitAs(browser, url, picture.signedOut ? 'nobody' : 'admin', {
    locale: locale === 'fr' ? 'fr-FR' : 'en-GB',
    viewport: { width, height: width < 600 ? 844 : 860 },
    colorScheme: theme,
    reducedMotion: 'reduce',
  })
  const context = page.context()
  try {
    if (!picture.signedOut) await context.request.patch('/v1/me', { data: { locale } })
    await page.goto(picture.path)
    await page.locator('h1').first().waitFor()
    await picture.prepare?.(page, locale)
    // Without skeletons the data is shown.
    await eventually(
      async () => await page.locator('.animate-breathe').count(),
      (count) => count === 0,
    )
    await page.screenshot({ path: join(folder, name) })
    console.log(name)
  } catch (error) {
    failed.push(`${name} (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`)
  } finally {
    await context.request.patch('/v1/me', { data: { locale: 'fr' } })
    await context.close()
  }
}

/** A few of each kind: on request, scheduled, run, and one whose recipient no server takes. */
async function makeReports(browser: Browser, url: string): Promise<void> {
  const { page } = await visitAs(browser, url, 'admin')
  const { request } = page.context()
  const post = async (path: string, data?: object) => {
    const answer = await request.post(path, { data })
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`)
    return (await answer.json()) as { id: string; number: number }
  }
  const recipients = ['admin@rapporteur.test', 'direction@exemple.fr', 'comptabilite@exemple.fr']
  const schedule = async (definition: object) =>
    await post('/v1/admin/scheduled-reports', { format: 'excel', recipients, ...definition })
  const morning = await schedule({
    name: 'Caisse du matin',
    type: 'cash_session',
    frequency: 'daily',
    time: '07:30',
  })
  await schedule({
    name: 'Réceptions de la semaine',
    type: 'reception_ticket',
    frequency: 'weekly',
    weekdays: [1],
  })
  await schedule({
    name: 'Effectifs du mois',
    type: 'pupils',
    frequency: 'monthly',
    month_day: 'last',
    format: 'csv',
  })
  const paused = await schedule({
    name: 'Écoles par province',
    type: 'schools',
    frequency: 'custom',
    cron_expression: '0 8 1 */3 *',
  })
  await post(`/v1/admin/scheduled-reports/${paused.id}/pause`)
  for (const type of ['cash_session', 'reception_ticket', 'schools', 'pupils', 'guardians']) {
    await post('/v1/reports', { type, format: type === 'schools' ? 'csv' : 'excel' })
  }
  for (let run = 0; run < 3; run++) await post(`/v1/admin/scheduled-reports/${morning.id}/run`)
  const unfinished = async () => {
    const answer = await request.get('/v1/reports?status=queued,running')
    return ((await answer.json()) as { total: number }).total
  }
  await eventually(unfinished, (total) => total === 0, { withinMs: 120_000, everyMs: 500 })
  await page.context().close()
}
