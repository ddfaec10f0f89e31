import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { axeViolations, launchBrowser, tabStops, visitAs, type Visit } from './browser.ts'
import { startProduct, type Product } from './processes/product.ts'

let product: Product
let browser: Browser
const open: Visit[] = []

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct(), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await product?.dispose()
})
afterEach(async () => {
  const visits = open.splice(0)
  await Promise.all(visits.map(async ({ page }) => await page.context().close()))
  // The browser's own line about a refused request is no fault of the page: refusals are tested on purpose.
  const faults = visits.flatMap(({ errors }) => errors)
  const unexpected = faults.filter((fault) => !fault.startsWith('Failed to load resource'))
  if (unexpected.length > 0) throw new Error(unexpected.join('\n'))
})

type Who = Parameters<typeof visitAs>[2]
const go = async (path: string, who: Who = 'nobody', options: BrowserContextOptions = {}) => {
  const visited = await visitAs(browser, product.url, who, options)
  open.push(visited)
  await visited.page.goto(path)
  return { page: visited.page, context: visited.page.context() }
}

/** In either language. */
const menus = (page: Page) =>
  page.getByRole('navigation', { name: /^(Navigation principale|Main navigation)$/ })

describe('signing in', () => {
  it('leads from / to Mes Rapports, by keyboard alone', async () => {
    const { page } = await go('/')
    await page.waitForURL('**/connexion')
    await page.locator('input[type=email]:focus').waitFor()
    await page.keyboard.type('awa@rapporteur.test')
    await page.keyboard.press('Tab')
    await page.keyboard.type('rapporteur')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Mes Rapports' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/rapports')
    expect(await page.title()).toBe('Mes Rapports · Rapporteur')
  })

  it('shows what is missing or wrong, and keeps what was typed', async () => {
    const { page } = await go('/connexion')
    const submit = page.getByRole('button', { name: 'Se connecter' })
    await submit.click()
    await page.getByText('Saisissez votre adresse électronique.').waitFor()
    const email = page.getByLabel('Adresse électronique')
    expect(await email.getAttribute('aria-invalid')).toBe('true')
    await email.fill('awa@rapporteur.test')
    await page.getByLabel('Mot de passe', { exact: true }).fill('not this one')
    await submit.click()
    await page.getByRole('alert').getByText('L’adresse ou le mot de passe n’est pas le bon.').waitFor()
    expect(await email.inputValue()).toBe('awa@rapporteur.test')
    expect(await axeViolations(page)).toEqual([])
  })

  it('shows that the service is away, and works again when it is back', async () => {
    const { page, context } = await go('/connexion')
    await page.getByLabel('Adresse électronique').fill('leo@rapporteur.test')
    await page.getByLabel('Mot de passe', { exact: true }).fill('rapporteur')
    await context.setOffline(true)
    await page.getByRole('button', { name: 'Se connecter' }).click()
    await page.getByRole('alert').getByText('Le service ne répond pas').waitFor()
    await context.setOffline(false)
    await page.getByRole('button', { name: 'Se connecter' }).click()
    await page.getByRole('heading', { level: 1, name: 'Mes Rapports' }).waitFor()
  })

  it('leads back to the page where the session ended', async () => {
    const { page, context } = await go('/donnees/schools', 'admin')
    await page.getByRole('heading', { level: 1, name: 'Écoles' }).waitFor()
    await context.clearCookies()
    await menus(page).getByRole('link', { name: 'Rapports programmés' }).click()
    await page.getByText('Votre session est terminée.').waitFor()
    await page.getByLabel('Adresse électronique').fill('admin@rapporteur.test')
    await page.getByLabel('Mot de passe', { exact: true }).fill('rapporteur')
    await page.getByRole('button', { name: 'Se connecter' }).click()
    await page.waitForURL('**/parametres/rapports-programmes')
  })

  it('never redirects to another site', async () => {
    for (const retour of ['https://example.com/', '//example.com', '/\\example.com', 'javascript:alert(1)']) {
      const { page } = await go(`/connexion?retour=${encodeURIComponent(retour)}`)
      await page.getByLabel('Adresse électronique').fill('leo@rapporteur.test')
      await page.getByLabel('Mot de passe', { exact: true }).fill('rapporteur')
      await page.getByRole('button', { name: 'Se connecter' }).click()
      await page.getByRole('heading', { level: 1, name: 'Mes Rapports' }).waitFor()
      expect(page.url()).toBe(`${product.url}/rapports`)
    }
  })

  it('signs out', async () => {
    const { page } = await go('/rapports', 'leo')
    await page.getByRole('button', { name: 'Se déconnecter' }).click()
    await page.waitForURL('**/connexion')
    await page.goto('/rapports')
    await page.waitForURL('**/connexion')
  })
})

describe('around every page', () => {
  it('shows administrators all menus, and users their own', async () => {
    const admin = await go('/rapports', 'admin')
    const all = menus(admin.page)
    for (const name of ['Tableau de bord', 'Mes Rapports', 'Sessions de caisse', 'Rapports programmés']) {
      await all.getByRole('link', { name }).waitFor()
    }
    const user = await go('/rapports', 'leo')
    await menus(user.page).getByRole('link', { name: 'Écoles' }).waitFor()
    expect(await user.page.getByRole('link', { name: 'Rapports programmés' }).count()).toBe(0)
    expect(await user.page.getByRole('link', { name: 'Tableau de bord' }).count()).toBe(0)
    for (const path of ['/tableau-de-bord', '/parametres/rapports-programmes']) {
      await user.page.goto(path)
      await user.page.getByRole('heading', { level: 1, name: 'Accès réservé' }).waitFor()
    }
  })

  it('stores the language with the person, for every browser', async () => {
    const first = await go('/rapports', 'leo')
    const answer = Promise.withResolvers<void>()
    await first.page.route('**/v1/me', async (route) => {
      if (route.request().method() === 'PATCH') await answer.promise
      await route.continue()
    })
    try {
      await first.page.getByRole('radio', { name: 'English' }).check({ force: true })
      const heading = first.page.getByRole('heading', { level: 1, name: 'My reports' })
      await heading.waitFor()
      // The page changes at once, and stays so while the account is being written.
      await first.page.evaluate('new Promise((done) => setTimeout(done, 200))')
      expect(await heading.isVisible()).toBe(true)
      answer.resolve()
      await menus(first.page).getByRole('link', { name: 'Schools' }).waitFor()
      expect(await first.page.locator('html').getAttribute('lang')).toBe('en')
      await expect
        .poll(async () => (await first.context.request.get('/v1/me')).json())
        .toMatchObject({ locale: 'en' })

      const second = await go('/rapports', 'leo')
      await second.page.getByRole('heading', { level: 1, name: 'My reports' }).waitFor()
    } finally {
      answer.resolve()
      await first.context.request.patch('/v1/me', { data: { locale: 'fr' } })
    }
  })

  it('stores the theme in this browser, and applies it from the first paint on', async () => {
    const { page } = await go('/rapports', 'leo')
    const ground = async () =>
      await page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor')
    await page.getByRole('heading', { level: 1 }).waitFor()
    const light = await ground()
    await page.getByRole('button', { name: 'Thème' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Sombre' }).click()
    await expect.poll(ground).not.toBe(light)
    const dark = await ground()
    await page.reload({ waitUntil: 'commit' })
    await expect.poll(ground).toBe(dark)
  })

  it('moves the focus to the new page’s title, and can skip the menus', async () => {
    const { page } = await go('/rapports', 'admin')
    await page.getByRole('heading', { level: 1, name: 'Mes Rapports' }).waitFor()
    expect((await tabStops(page, 1))[0]).toBe('Aller au contenu')
    await menus(page).getByRole('link', { name: 'Écoles' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Écoles' }).waitFor()
    await expect.poll(async () => await page.evaluate('document.activeElement.tagName')).toBe('H1')
    expect(await page.title()).toBe('Écoles · Rapporteur')
  })

  it('puts the menus behind a button on a phone', async () => {
    const { page } = await go('/rapports', 'admin', { viewport: { width: 390, height: 844 } })
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await page.getByRole('link', { name: 'Rapports programmés' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Ouvrir le menu' }).click()
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('dialog').getByRole('link', { name: 'Rapports programmés' }).click()
    await page.getByRole('heading', { level: 1, name: 'Rapports programmés' }).waitFor()
    await expect.poll(async () => await page.getByRole('dialog').count()).toBe(0)
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
    expect(overflow).toBeLessThanOrEqual(0)
  })

  it('shows that an address does not exist', async () => {
    const { page } = await go('/rapports', 'leo')
    const answer = await page.goto('/nulle-part')
    expect(answer?.status()).toBe(404)
    await page.getByRole('heading', { level: 1, name: 'Page introuvable' }).waitFor()
    await page.getByRole('link', { name: 'Aller à Mes Rapports' }).click()
    await page.getByRole('heading', { level: 1, name: 'Mes Rapports' }).waitFor()
  })

  it.each(['fr', 'en'] as const)('has no axe violation in either theme: %s', async (locale) => {
    const signIn = await go('/connexion', 'nobody', { locale })
    await signIn.page.locator('input[type=email]').waitFor()
    expect(await axeViolations(signIn.page)).toEqual([])
    const { page, context } = await go('/rapports', 'admin')
    await context.request.patch('/v1/me', { data: { locale } })
    await page.goto('/nulle-part')
    await menus(page)
      .getByRole('link', { name: locale === 'fr' ? 'Écoles' : 'Schools' })
      .waitFor()
    expect(await axeViolations(page)).toEqual([])
    await context.request.patch('/v1/me', { data: { locale: 'fr' } })
  })

  it('loads less than 150 KB of compressed JavaScript for Mes Rapports, and nothing from elsewhere', async () => {
    const { page } = await go('/rapports', 'admin')
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.waitForLoadState('load')
    const loaded = await page.evaluate<{ url: string; bytes: number }[]>(
      `performance.getEntriesByType('resource').map(({ name, encodedBodySize }) => ({ url: name, bytes: encodedBodySize }))`,
    )
    const scripts = loaded.filter(({ url }) => new URL(url).pathname.endsWith('.js'))
    const bytes = scripts.reduce((sum, script) => sum + script.bytes, 0)
    expect(bytes).toBeGreaterThan(20_000)
    expect(bytes).toBeLessThan(150_000)
    expect(loaded.filter(({ url }) => !url.startsWith(product.url))).toEqual([])
  })
})
