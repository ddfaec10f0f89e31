/** The product below a path of its host, behind a real nginx set up as docs/operations.md shows: a walk in a browser. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest'
import { demoPassword } from '#demo/accounts.ts'
import type { ReportJson } from '#domain/schemas/report-schema.ts'
import { freePort } from '#local/ports.ts'
import { projectFolder } from '#local/settings.ts'
import { launchBrowser, visitAs, type Visit } from './browser.ts'
import { eventually } from './eventually.ts'
import { freePorts, startProduct, type Product } from './processes/product.ts'
import { startNginx } from './servers/nginx.ts'
import { startIdentityProvider, type TestIdentityProvider } from './servers/test-identity-provider.ts'

const basePath = '/rapporteur'

let provider: TestIdentityProvider
let product: Product
let nginx: Awaited<ReturnType<typeof startNginx>>
let browser: Browser
/** By how they pass requests on; PUBLIC_URL is that of the first. */
const origins = { keeps: '', strips: '' }

beforeAll(async () => {
  const ports = await freePorts()
  const [keeping, stripping] = [await freePort(), await freePort()]
  origins.keeps = `http://localhost:${keeping}`
  origins.strips = `http://localhost:${stripping}`
  const publicUrl = origins.keeps + basePath
  provider = await startIdentityProvider({ publicUrl })
  const env = {
    ...provider.variables,
    OIDC_ALLOWED_DOMAINS: 'exemple.fr',
    PUBLIC_URL: publicUrl,
    TRUSTED_PROXY_HOPS: '1',
    DEMO_DATA_ROWS: '500',
    // Every mail carries a link.
    MAIL_ATTACHMENT_LIMIT_BYTES: '1',
  }
  const keeps = proxyOfTheManual(ports.PORT)
  const strips = keeps.replace(/(proxy_pass [^;]*);/, '$1/;')
  ;[product, nginx, browser] = await Promise.all([
    startProduct({ ports, env }),
    startNginx([
      { port: keeping, directives: keeps },
      { port: stripping, directives: strips },
    ]),
    launchBrowser(),
  ])
})
afterAll(async () => {
  await browser?.close()
  await nginx?.stop()
  await product?.dispose()
  await provider?.close()
})

function proxyOfTheManual(port: number): string {
  const manual = readFileSync(join(projectFolder, 'docs', 'operations.md'), 'utf8')
  const [, directives = ''] = /```nginx\n([^]*?)```/.exec(manual) ?? []
  expect(directives).toContain('proxy_pass http://127.0.0.1:3000;')
  return directives.replaceAll('127.0.0.1:3000', `127.0.0.1:${port}`)
}

describe.each(['keeps', 'strips'] as const)('behind a proxy that %s the path', (way) => {
  let visit: Visit
  let page: Page
  /** Requests to the host outside the path, and answers that are errors; 401 leads to the sign-in. */
  let astray: string[]
  beforeEach(async () => {
    visit = await visitAs(browser, origins[way], 'nobody')
    page = visit.page
    astray = []
    page.on('response', (answer) => {
      const { origin, pathname } = new URL(answer.url())
      if (origin !== origins[way]) return
      const isBelow = pathname === basePath || pathname.startsWith(`${basePath}/`)
      const isError = answer.status() >= 400 && answer.status() !== 401
      if (!isBelow || isError) astray.push(`${answer.status()} ${pathname}`)
    })
  })
  afterEach(async () => {
    await page.context().close()
  })

  const pathOf = () => page.url().slice(origins[way].length)
  const heading = (name: string) => page.getByRole('heading', { level: 1, name })
  async function signIn(): Promise<void> {
    await page.getByLabel('Adresse électronique').fill('admin@rapporteur.test')
    await page.getByLabel('Mot de passe', { exact: true }).fill(demoPassword)
    await page.getByRole('button', { name: 'Se connecter', exact: true }).click()
  }
  /** As the page asks: with its cookies and its origin. */
  async function call<T>(method: string, path: string, data?: object): Promise<T> {
    const headers = { origin: origins[way] }
    const answer = await page.request.fetch(basePath + path, { method, data, headers })
    if (!answer.ok()) throw new Error(`${method} ${path} answered ${answer.status()}: ${await answer.text()}`)
    return (await answer.json()) as T
  }
  const menu = (name: string) =>
    page.getByRole('navigation', { name: 'Navigation principale' }).getByRole('link', { name })

  it('one signs in, goes through the pages, and back to where the session ended', async () => {
    await page.goto(basePath)
    await page.waitForURL(`**${basePath}/connexion`)
    await signIn()
    await heading('Mes Rapports').waitFor()
    expect(pathOf()).toBe(`${basePath}/rapports`)
    const cookies = await page.context().cookies()
    expect(cookies.filter(({ path }) => !path.startsWith(basePath))).toEqual([])

    await menu('Écoles').click()
    await heading('Écoles').waitFor()
    expect(pathOf()).toBe(`${basePath}/donnees/schools`)
    await page.reload()
    await heading('Écoles').waitFor()
    await page.goto(`${basePath}/parametres/rapports-programmes`)
    await heading('Rapports programmés').waitFor()
    expect(await menu('Rapports programmés').getAttribute('aria-current')).toBe('page')
    expect([astray, visit.errors.filter((error) => !error.includes('401'))]).toEqual([[], []])

    await page.context().clearCookies()
    await menu('Personnes').click()
    await page.getByText('Votre session est terminée.').waitFor()
    expect(new URL(page.url()).searchParams.get('retour')).toBe('/parametres/personnes')
    await signIn()
    await heading('Personnes').waitFor()
    expect(pathOf()).toBe(`${basePath}/parametres/personnes`)
  })

  it('a report is seen live, downloaded, and followed by the links of its mail', async () => {
    await page.goto(`${basePath}/connexion`)
    await signIn()
    await heading('Mes Rapports').waitFor()
    const recipient = `${way}@ville.test`
    const { number } = await call<ReportJson>('POST', '/v1/reports', {
      type: 'schools',
      format: 'csv',
      locale: 'fr',
      recipients: [recipient],
    })
    await page.getByText('En direct').waitFor()
    const row = page
      .getByRole('row')
      .filter({ has: page.getByRole('link', { name: new RegExp(`N° ${number}$`) }) })
    await row.getByText('Complété', { exact: true }).waitFor({ timeout: 60_000 })
    const button = row.getByRole('button', { name: 'Télécharger', exact: true })
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
    expect(download.suggestedFilename()).toMatch(/\.csv$/)

    const links = await linksMailedTo(recipient)
    const publicUrl = origins.keeps + basePath
    expect(links.filter((link) => !link.startsWith(publicUrl))).toEqual([])
    const linked = (kind: string) => links.find((link) => link.startsWith(`${publicUrl}/${kind}/`)) ?? kind
    const here = (link: string) => link.replace(origins.keeps, origins[way])
    const file = await page.request.get(here(linked('l')))
    expect([file.status(), file.headers()['content-disposition']]).toEqual([
      200,
      expect.stringContaining('attachment'),
    ])
    await page.goto(here(linked('u')))
    await page.getByRole('button', { name: 'Ne plus les recevoir' }).click()
    await heading('C’est fait').waitFor()
    expect(astray).toEqual([])
  })

  it('the reference page shows the description', async () => {
    await page.goto(`${basePath}/docs`)
    await page.getByRole('heading', { name: 'Rapporteur', exact: true }).first().waitFor()
    await page
      .getByText(origins.keeps + basePath)
      .first()
      .waitFor()
    expect(astray).toEqual([])
  })

  it('the identity provider leads to the page one wanted, and signing out comes back', async () => {
    provider.person = {
      sub: 'nadia',
      email: 'nadia@exemple.fr',
      email_verified: true,
      name: 'Nadia Petit',
    }
    await page.goto(`${basePath}/donnees/schools`)
    await page.getByRole('link', { name: 'Se connecter avec le compte de l’organisation' }).click()
    await heading('Écoles').waitFor()
    // The provider knows one address, that of PUBLIC_URL.
    expect(page.url()).toBe(`${origins.keeps}${basePath}/donnees/schools`)
    await page.getByRole('button', { name: 'Se déconnecter' }).click()
    await page.getByRole('button', { name: /Yes, sign me out/ }).click()
    await page.waitForURL(`${origins.keeps}${basePath}/connexion**`)
  })
})

async function linksMailedTo(address: string): Promise<string[]> {
  interface Mail {
    to: { address: string }[]
    text?: string
  }
  const links = async () => {
    const mails = (await (await fetch(`${product.inboxUrl}/email`)).json()) as Mail[]
    return mails
      .filter(({ to }) => to.some((one) => one.address === address))
      .flatMap(({ text = '' }) => text.match(/http:\/\/localhost\S+/g) ?? [])
  }
  return await eventually(links, (found) => found.length > 0)
}
