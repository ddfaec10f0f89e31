import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestApi, type Caller, type TestApi } from '#test/worlds/test-api.ts'

let api: TestApi
let awa: Caller
let admin: Caller
let observer: Client
let server: Server
let base: string
beforeAll(async () => {
  api = await createTestApi({
    variables: { REPORTS_DIR: join(import.meta.dirname, '../../test/report-types') },
  })
  awa = await api.signIn('awa')
  admin = await api.signIn('admin')
  observer = new Client({ connectionString: api.environment.SOURCE_DATABASE_URL })
  await observer.connect()
  server = serve({ fetch: api.app.fetch, port: 0, hostname: '127.0.0.1' }) as Server
  if (!server.listening) await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await observer.end()
  await api.close()
})

async function naps(): Promise<number> {
  const { rows } = await observer.query<{ naps: number }>(
    `select count(*)::int as naps from pg_stat_activity
     where query like '%as nap%' and state = 'active' and pid <> pg_backend_pid()`,
  )
  return rows[0]?.naps ?? -1
}

const totals = (value: number) =>
  `/v1/report-types/napper/totals?filters=${encodeURIComponent(JSON.stringify({ value: { min: -value } }))}`

it('twenty-two slow totals of one person hold up nobody else, nor readiness', async () => {
  const asked = Array.from({ length: 22 }, (_, index) => awa.get(totals(1 + index)))
  await expect.poll(naps).toBeGreaterThan(0)
  const startedAt = performance.now()
  expect((await admin.get('/v1/report-types/schools/rows')).status).toBe(200)
  expect(await api.anonymous.get('/readyz')).toMatchObject({ status: 200 })
  expect(performance.now() - startedAt).toBeLessThan(3_000)
  expect(await naps()).toBeLessThanOrEqual(2)

  const answers = await Promise.all(asked)
  const statuses = answers.map(({ status }) => status)
  expect(new Set(statuses)).toEqual(new Set([200, 429]))
  const refused = answers.find(({ status }) => status === 429)
  expect(refused).toMatchObject({ body: { code: 'too_many_queries', title: 'Trop de lectures à la fois' } })
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
  // The person's own next request is answered.
  expect((await awa.get('/v1/report-types/schools/rows')).status).toBe(200)
}, 60_000)

it.each([
  ['a page', '/v1/report-types/napper/rows'],
  ['totals', totals(1000)],
  ['the options of a filter', '/v1/report-types/napper/filters/word/options'],
  ['the attributes of people', '/v1/admin/attributes'],
])(
  '%s: the query ends when its client has gone',
  async (_what, path) => {
    await expect.poll(naps, { timeout: 10_000 }).toBe(0)
    const leaving = new AbortController()
    const answer = fetch(`${base}${path}`, { headers: admin.identity, signal: leaving.signal })
    await expect.poll(naps).toBeGreaterThan(0)
    leaving.abort()
    await expect(answer).rejects.toThrow('aborted')
    // Well before the four seconds that it would take.
    await expect.poll(naps, { timeout: 2_000 }).toBe(0)
  },
  30_000,
)

it('totals that two ask for go on when one of them leaves', async () => {
  const leaving = new AbortController()
  const path = totals(2000)
  const first = fetch(`${base}${path}`, { headers: awa.identity, signal: leaving.signal })
  await expect.poll(naps).toBe(1)
  const second = admin.get(path)
  leaving.abort()
  await expect(first).rejects.toThrow('aborted')
  expect(await second).toMatchObject({ status: 200, body: { total: 1, columns: { value: '1' } } })
}, 30_000)
