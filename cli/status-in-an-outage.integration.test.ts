import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { listen } from '#api/http/listen.ts'
import { freePort } from '#local/ports.ts'
import { startGateBefore } from '#test/servers/tcp-gate.ts'
import { createTestApi } from '#test/worlds/test-api.ts'
import { connectApi } from './connect-api.ts'
import { tellMetrics, tellStatus } from './status.ts'

it('says which part is down while the API’s database is away', async () => {
  let shut: () => void = () => {}
  const world = await createTestApi({
    databaseAt: async (url) => {
      const gate = await startGateBefore(url)
      onTestFinished(() => gate.close())
      shut = () => gate.shut()
      return gate.address
    },
  })
  onTestFinished(() => world.close())
  const server = await listen({ fetch: world.app.fetch, port: await freePort(), hostname: '127.0.0.1' })
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const admin = await world.signIn('admin')
  const { key } = (await admin.post('/v1/me/api-keys', { name: 'x', scopes: ['reports:read'] })).body as {
    key: string
  }
  const variables = { RAPPORTEUR_URL: `http://127.0.0.1:${port}`, RAPPORTEUR_API_KEY: key, LANG: 'C' }
  const api = await connectApi(variables, {})
  expect((await tellStatus(api)).exitCode).toBe(0)
  shut()
  const { text, exitCode } = await tellStatus(api)
  expect(text).toMatch(/^database +down /m)
  expect(text).toMatch(/^storage +ok /m)
  expect(text).toMatch(/\(database_unavailable\)$/)
  expect(exitCode).toBe(1)
  await expect(tellMetrics(api)).rejects.toThrow(/\(database_unavailable\)$/)
  const broken = connectApi({ ...variables, RAPPORTEUR_API_KEY: `${key}\nx` }, {})
  await expect(broken).rejects.toThrow(/^The API key has characters that none has$/)
})
