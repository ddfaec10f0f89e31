import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startGateBefore, type TcpGate } from '#test/servers/tcp-gate.ts'
import { createTestApi, type Caller, type TestApi } from '#test/worlds/test-api.ts'

let gate: TcpGate
let api: TestApi
let admin: Caller
let key: string

beforeAll(async () => {
  api = await createTestApi({
    databaseAt: async (url) => {
      const before = await startGateBefore(url)
      gate = before
      return before.address
    },
  })
  admin = await api.signIn('admin')
  const made = await admin.post('/v1/me/api-keys', { name: 'essai', scopes: ['reports:read'] })
  key = (made.body as { key: string }).key
})
beforeEach(() => gate.open())
afterAll(async () => {
  gate.open()
  await api.close()
  await gate.close()
})

const definitions = '/v1/admin/scheduled-reports'
const credentials = { email: 'admin@rapporteur.test', password: 'rapporteur' }
const asked = [
  ['a page', () => admin.get(`${definitions}?page=1`)],
  ['the caller’s own account', () => admin.get('/v1/me')],
  ['a change', () => admin.post('/v1/reports', { type: 'schools', format: 'csv' })],
  ['an API key', () => api.anonymous.get('/v1/me', { 'x-api-key': key })],
  ['signing in', () => api.anonymous.post('/api/auth/sign-in/email', credentials)],
] as const

it('ends live streams; a caller that reconnects gets 503', async () => {
  const path = '/v1/reports/events'
  const stream = await api.app.request(path, { headers: admin.identity })
  expect(stream.status).toBe(200)
  gate.shut()
  expect(await stream.text()).toContain(': connected')
  expect(await admin.get(path)).toMatchObject({ status: 503, body: { code: 'database_unavailable' } })
})

it.each(asked)('%s gets 503 while the database is away or silent, and works again after', async (_, ask) => {
  const before = (await ask()).status
  expect(before).toBeLessThan(300)
  gate.shut()
  expect(await ask()).toMatchObject({ status: 503, body: { code: 'database_unavailable' } })
  // A server that takes connections and says nothing does not make callers wait for long.
  gate.hold()
  const began = Date.now()
  expect(await ask()).toMatchObject({ status: 503, body: { code: 'database_unavailable' } })
  expect(Date.now() - began).toBeLessThan(10_000)
  gate.open()
  expect((await ask()).status).toBe(before)
})
