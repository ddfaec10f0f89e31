import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestApi, type TestApi } from '#test/worlds/test-api.ts'
import { createApp } from '../app.ts'
import { listen } from '../http/listen.ts'
import { createReportFeed } from '../reports/report-feed.ts'
import { createAuth } from './create-auth.ts'

let api: TestApi
beforeAll(async () => {
  api = await createTestApi()
})
afterAll(async () => await api.close())

const newer = 'a newer secret of more than thirty-two characters'

/** The service after a restart with another AUTH_SECRET, over HTTP as browsers reach it. */
async function restartedWith(previous: string[]) {
  const environment = { ...api.environment, AUTH_SECRET: newer, PREVIOUS_AUTH_SECRET: previous }
  const deps = { ...api.deps, environment, auth: createAuth(api.prisma, environment, api.deps.logger) }
  const app = createApp(deps, createReportFeed({ ...deps, now: () => new Date() }))
  const server = await listen({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  const { port } = server.address() as AddressInfo
  return {
    ask: (method: string, path: string, headers: Record<string, string>) =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: { origin: api.environment.PUBLIC_URL, ...headers },
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

it('a session lives on while the secret that signed its cookie is a previous one, and can be ended', async () => {
  const awa = await api.signIn('awa')
  const cookie = `theme=dark; ${awa.identity['cookie']}`
  await using without = await restartedWith([])
  expect((await without.ask('GET', '/v1/me', { cookie })).status).toBe(401)

  await using restarted = await restartedWith(['x'.repeat(40), api.environment.AUTH_SECRET])
  const me = await restarted.ask('GET', '/v1/me', { cookie })
  expect([me.status, await me.json()]).toMatchObject([200, { email: 'awa@rapporteur.test' }])
  expect((await restarted.ask('POST', '/api/auth/sign-out', { cookie })).status).toBe(200)
  expect((await restarted.ask('GET', '/v1/me', { cookie })).status).toBe(401)
  expect((await awa.get('/v1/me')).status).toBe(401)
})

it('a cookie that no secret signed is none', async () => {
  const { identity } = await api.signIn('awa')
  await using restarted = await restartedWith([api.environment.AUTH_SECRET])
  const forged = identity['cookie']?.replace(/(session_token=[^.;]+\.)[^;]*/, `$1${'A'.repeat(43)}%3D`) ?? ''
  expect(forged).toContain('AAA')
  expect((await restarted.ask('GET', '/v1/me', { cookie: forged })).status).toBe(401)
})
