/** `npm start`, and how soon it answers, in milliseconds of this machine: no other test runs meanwhile. */

import { chmod, mkdir, mkdtemp, readdir, stat } from 'node:fs/promises'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ReportJson } from '#domain/schemas/report-schema.ts'
import { launchBrowser, visitAs } from './browser.ts'
import { isAlive, startProduct, type Product } from './processes/product.ts'
import { withDatabase } from './servers/database.ts'

const parts = ['api', 'postgres', 's3', 'smtp', 'temporal', 'worker-1']

let product: Product
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rapporteur-product-'))
  // As an earlier version, or a person, may have left it.
  await mkdir(join(folder, 'logs'))
  for (const path of [folder, join(folder, 'logs')]) await chmod(path, 0o755)
  product = await startProduct({ folder })
})
afterAll(async () => await product.dispose())

describe('its pages', () => {
  let browser: Browser
  let page: Page
  let errors: string[] = []
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(async () => await browser.close())
  afterEach(async () => {
    await page.context().close()
    if (errors.length > 0) throw new Error(errors.join('\n'))
  })

  /** Milliseconds from the click to the frame that shows `wanted`, five times over. */
  async function answersWithin(name: string, wanted: string): Promise<number> {
    const times: number[] = []
    for (let round = 0; round < 5; round++) {
      times.push(
        await page.evaluate<number>(`new Promise((resolve) => {
          const button = [...document.querySelectorAll('main button')].find((one) => one.textContent.trim() === '${name}')
          const start = performance.now()
          button.click()
          const look = () =>
            document.querySelector('${wanted}') ? resolve(performance.now() - start) : requestAnimationFrame(look)
          look()
        })`),
      )
      await page.keyboard.press('Escape')
      await page.locator(wanted).waitFor({ state: 'detached' })
    }
    return times.toSorted((left, right) => left - right)[2] as number
  }

  it('shows a dialog within a tenth of a second of the click', async () => {
    ;({ page, errors } = await visitAs(browser, product.url, 'admin'))
    await page.goto('/donnees/schools')
    await page.locator('h1').first().waitFor()
    await page.waitForLoadState('networkidle')
    expect(await answersWithin('Exporter', '[role=dialog]')).toBeLessThan(100)
    await page.goto('/parametres/rapports-programmes')
    await page.waitForLoadState('networkidle')
    // The first click fetches the dialog's code; from then on it is here.
    expect(await answersWithin('Nouveau rapport programmé', '[role=dialog]')).toBeLessThan(100)
  })

  async function ask(): Promise<number> {
    const asked = await page.request.post('/v1/reports', {
      data: { type: 'schools', format: 'csv' },
      headers: { origin: product.url },
    })
    expect(asked.ok()).toBe(true)
    return ((await asked.json()) as ReportJson).number
  }

  it('shows a change of the workflow within a second', async () => {
    ;({ page, errors } = await visitAs(browser, product.url, 'awa'))
    // A list without reports has nothing to follow.
    await ask()
    await page.goto('/rapports')
    await page.getByText('En direct').waitFor()
    const late: number[] = []
    for (let count = 0; count < 3; count++) {
      const [number, shown] = await withDatabase(product.sourceUrl, async (source) => {
        // Until it is let go, reading schools waits.
        await source.query('BEGIN')
        await source.query('LOCK TABLE schools IN ACCESS EXCLUSIVE MODE')
        const number = await ask()
        const link = page.getByRole('link', { name: new RegExp(`N° ${number}$`) })
        const row = page.getByRole('row').filter({ has: link })
        await row.getByText('En cours', { exact: true }).waitFor()
        const shownAt = page.evaluate<number>(`new Promise((resolve) => {
          const look = () => [...document.querySelectorAll('tr')].some((row) =>
            row.querySelector('[aria-label$="N° ${number}"]') && row.textContent.includes('Complété'))
            ? resolve(Date.now()) : requestAnimationFrame(look)
          look()
        })`)
        await source.query('ROLLBACK')
        return [number, await shownAt] as const
      })
      const { rows } = await withDatabase(product.databaseUrl, (database) =>
        database.query<{ finished_at: Date }>('SELECT finished_at FROM report WHERE number = $1', [number]),
      )
      late.push(shown - (rows[0]?.finished_at.getTime() ?? 0))
    }
    // The median: the machine that runs the tests may be busy with something else for once.
    expect(late.sort((left, right) => left - right)[1], String(late)).toBeLessThan(1_000)
  })
})

describe('npm start', () => {
  it('runs every part, and prints the address of each', async () => {
    expect((await fetch(`${product.url}/readyz`)).status).toBe(200)
    expect((await fetch(`${product.inboxUrl}/email`)).status).toBe(200)
    expect((await fetch(`http://127.0.0.1:${product.ports.LOCAL_TEMPORAL_UI_PORT}`)).status).toBe(200)
    for (const part of parts) expect(isAlive(await product.pidOf(part)), part).toBe(true)
    for (const port of [
      product.ports.LOCAL_TEMPORAL_UI_PORT,
      product.ports.LOCAL_INBOX_PORT,
      product.ports.LOCAL_S3_PORT,
    ]) {
      expect(product.output()).toContain(`:${port}`)
    }
    expect(product.output()).toContain('admin@rapporteur.test')
  })

  it('keeps its folder to its owner, also one that was there with wider rights', async () => {
    for (const name of ['.', 'logs', 'run', 'postgres', 'temporal', 's3', 'inbox']) {
      expect([name, (await stat(join(product.folder, name))).mode & 0o777]).toEqual([name, 0o700])
    }
  })

  it('listens on the loopback address alone, each part', async () => {
    for (const [name, port] of Object.entries(product.ports)) {
      // All of 127.0.0.0/8 is this machine where that is known, and no address elsewhere.
      const socket = connect({ port, host: '127.0.0.2' })
      const outcome = await Promise.race([
        once(socket, 'connect').then(
          () => 'open',
          () => 'closed',
        ),
        once(AbortSignal.timeout(2_000), 'abort').then(() => 'closed'),
      ])
      socket.destroy()
      expect([name, outcome]).toEqual([name, 'closed'])
    }
  })

  it('restarts a part that dies, and prints it', async () => {
    const before = await product.pidOf('api')
    process.kill(before, 'SIGKILL')
    await vi.waitFor(async () => expect((await fetch(`${product.url}/readyz`)).status).toBe(200), {
      timeout: 30_000,
      interval: 100,
    })
    expect(await product.pidOf('api')).not.toBe(before)
    expect(product.output()).toContain('The API was ended by SIGKILL: starting it again')
  })

  it('refuses a busy port in one line that names it and its variable', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const second = startProduct({ ports: { ...product.ports, PORT: port } })
    await expect(second).rejects.toThrow(
      new RegExp(`npm start ended with 1:\\nPort ${port} .* PORT to another port\\.\\n$`),
    )
    other.close()
  })

  it('refuses one port for two parts', async () => {
    const second = startProduct({ ports: { ...product.ports, PORT: product.ports.LOCAL_S3_PORT } })
    await expect(second).rejects.toThrow(/LOCAL_S3_PORT: \d+ for the storage is PORT, too/)
  })

  it('ends at once on a wrong variable, and names it', async () => {
    const wrong = startProduct({ env: { LOCAL_WORKERS: 'many' } })
    await expect(wrong).rejects.toThrow(/npm start ended with 1:\n[^]*LOCAL_WORKERS: must be a number/)
  })

  it('stops every part it started, and is ready again in seconds on its data', async () => {
    const pids = await Promise.all(parts.map(async (part) => await product.pidOf(part)))
    expect(await product.stop()).toBe(0)
    expect(pids.filter(isAlive)).toEqual([])
    expect(await readdir(join(product.folder, 'run'))).toEqual([])

    const { folder, ports } = product
    product = await startProduct({ folder, ports })
    expect(product.output()).toContain('The database is up to date.')
    expect(product.readyAfterMs).toBeLessThan(20_000)
  })
})
