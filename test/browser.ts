/** A real browser for tests of the pages: Chromium with a fresh profile, signed in as a demo account. */

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { demoPassword } from '#demo/accounts.ts'

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']

/**
 * `CHROMIUM_PATH`, the PATH, Debian's place, then what `npx playwright-core install chromium` leaves.
 * @throws Error that says what to install.
 */
function findChromium(): string {
  const given = process.env.CHROMIUM_PATH
  if (given) {
    if (existsSync(given)) return given
    throw new Error(`CHROMIUM_PATH is ${given}, where there is no file.`)
  }
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin']
  const places = folders.flatMap((folder) => names.map((name) => join(folder, name)))
  const found = [...places, chromium.executablePath()].find((path) => existsSync(path))
  if (found) return found
  throw new Error(
    'The browser tests need Chromium: apt-get install chromium, or npx playwright-core install chromium, ' +
      'or set CHROMIUM_PATH to a Chrome or Chromium.',
  )
}

/** @throws Error that says what to install. */
export async function launchBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: findChromium(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

export interface Visit {
  page: Page
  /** Unexpected errors: what the page threw, and what it wrote to the console. */
  errors: string[]
}

/** A page with a profile of its own, at the product's address, signed in as a demo account or not at all. */
export async function visitAs(
  browser: Browser,
  url: string,
  who: 'admin' | 'awa' | 'leo' | 'nobody',
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: 1280, height: 900 },
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    ...options,
  })
  if (who !== 'nobody') {
    const answer = await context.request.post('/api/auth/sign-in/email', {
      data: { email: `${who}@rapporteur.test`, password: demoPassword },
      headers: { origin: url },
    })
    if (!answer.ok()) throw new Error(`${who} could not sign in: ${answer.status()} ${await answer.text()}`)
  }
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  return { page, errors }
}

/**
 * A transition begins with the frame that has the new colours, which a busy machine draws late: two frames are waited
 * for before the animations are asked, and again until none runs.
 */
const animationsOver = `(async () => {
  const frame = () => new Promise((drawn) => requestAnimationFrame(drawn))
  do {
    await frame()
    await frame()
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished))
  } while (document.getAnimations().some(({ playState }) => playState === 'running'))
})()`

/** The violations that axe-core finds on the page as it is, in both themes: `theme rule: selector` each. */
export async function axeViolations(page: Page): Promise<string[]> {
  const found: string[] = []
  // During an animation the colours are not final.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.evaluate(animationsOver)
    // Evaluated, not added as a tag: the content security policy allows no scripts but the page's own.
    if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(await axeSource())
    const violations = await page.evaluate<string[]>(`axe
      .run(document, { resultTypes: ['violations'] })
      .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ': ' + target)))`)
    found.push(...violations.map((violation) => `${colorScheme} ${violation}`))
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null })
  return found
}

let source: string | undefined
async function axeSource(): Promise<string> {
  return (source ??= await readFile(axePath, 'utf8'))
}

/** The accessible names of the controls that Tab reaches from here to the page's end, in order. */
export async function tabStops(page: Page, most = 80): Promise<string[]> {
  const stops: string[] = []
  while (stops.length < most) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate<string | null>(`(() => {
      const element = document.activeElement
      if (!element || element === document.body) return null
      const text = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent
      return (text ?? '').trim()
    })()`)
    if (stop === null) break
    stops.push(stop)
  }
  return stops
}
