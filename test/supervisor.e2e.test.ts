import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { isAlive, startProduct, type Product } from './product.ts'

const parts = ['api', 'postgres', 's3', 'smtp', 'temporal', 'worker-1']

describe('npm start', () => {
  let product: Product
  beforeAll(async () => {
    product = await startProduct()
  })
  afterAll(async () => await product.dispose())

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
    const second = startProduct({ ports: { ...product.ports, PORT: product.ports.LOCAL_S3_PORT } })
    await expect(second).rejects.toThrow(
      new RegExp(
        `npm start ended with 1:\\nPort ${product.ports.LOCAL_S3_PORT} .* PORT to another port\\.\\n$`,
      ),
    )
  })

  it('ends at once on a wrong variable, and names it', async () => {
    const wrong = startProduct({ env: { LOCAL_WORKERS: 'many' } })
    await expect(wrong).rejects.toThrow(/npm start ended with 1:\n[^]*LOCAL_WORKERS: must be a number/)
  })

  it('stops every part it started, and starts again on its data', async () => {
    const pids = await Promise.all(parts.map(async (part) => await product.pidOf(part)))
    expect(await product.stop()).toBe(0)
    expect(pids.filter(isAlive)).toEqual([])
    expect(await readdir(join(product.folder, 'run'))).toEqual([])

    const { folder, ports } = product
    product = await startProduct({ folder, ports })
    expect(product.output()).toContain('The database is up to date.')
  })
})
