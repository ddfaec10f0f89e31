import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoPassword } from '#demo/accounts.ts'
import { cookiesSet } from '#test/cookies-set.ts'
import { startIdentityProvider, type TestIdentityProvider } from '#test/servers/test-identity-provider.ts'
import { createTestApi, type TestApi } from '#test/worlds/test-api.ts'

const basePath = '/etat/rapports-2'
const publicUrl = `https://ville.test${basePath}`
const sessionCookie = '__Secure-rapporteur.etat.rapports-2.session_token'

let provider: TestIdentityProvider
let api: TestApi
beforeAll(async () => {
  provider = await startIdentityProvider({ publicUrl })
  api = await createTestApi({ variables: { ...provider.variables, PUBLIC_URL: publicUrl } })
})
afterAll(async () => {
  await api?.close()
  await provider?.close()
})

const host = { host: 'ville.test' }

describe.each([
  ['keeps it', basePath],
  ['strips it', ''],
])('below a path, behind a proxy that %s', (_words, prefix) => {
  const signIn = () =>
    api.anonymous.post(`${prefix}/api/auth/sign-in/email`, {
      email: 'leo@rapporteur.test',
      password: demoPassword,
    })
  const get = (path: string, headers = {}) => api.anonymous.get(`${prefix}${path}`, { ...host, ...headers })

  it('the cookies are those of the path, under names that no installation beside it has', async () => {
    const answer = await signIn()
    expect(answer.status).toBe(200)
    const cookies = answer.headers.getSetCookie().map((line) => {
      const [pair = ''] = line.split(';')
      return [pair.split('=')[0], /path=([^;]*)/i.exec(line)?.[1]]
    })
    expect(Object.fromEntries(cookies)).toEqual({
      [sessionCookie]: basePath,
      'rapporteur.device': `${basePath}/api/auth`,
    })
  })

  it('another session of the host, at its root, is none here', async () => {
    const cookie = cookiesSet((await signIn()).headers)
    const beside = '__Secure-rapporteur.session_token=another.one'
    expect((await get('/v1/me', { cookie: `${cookie}; ${beside}` })).status).toBe(200)
    expect((await get('/v1/me', { cookie: beside })).status).toBe(401)
  })

  it('redirects and Location stay below it', async () => {
    expect((await get('/')).headers.get('location')).toBe(`${basePath}/rapports`)
    expect((await get('')).headers.get('location')).toBe(`${basePath}/rapports`)
    const identity = {
      cookie: cookiesSet((await signIn()).headers),
      'idempotency-key': `sub${prefix.length}`,
    }
    const ask = () => api.anonymous.post(`${prefix}/v1/reports`, { type: 'pupils', format: 'csv' }, identity)
    for (const asked of [await ask(), await ask()]) {
      expect(asked.status).toBe(202)
      const { number } = asked.body as { number: number }
      expect(asked.headers.get('location')).toBe(`${basePath}/v1/reports/${number}`)
    }
  })

  it('the reference page and the description name addresses below it', async () => {
    const page = (await get('/docs')).body as string
    expect(page).toContain(`"${basePath}/docs/scalar.js"`)
    expect(page).toContain(`${basePath}/v1/openapi.json`)
    expect((await get('/docs/scalar.js')).status).toBe(200)
    const description = (await get('/v1/openapi.json')).body
    expect(description).toMatchObject({
      servers: [{ url: publicUrl }],
      components: { securitySchemes: { session: { name: sessionCookie } } },
    })
  })

  it('the identity provider leads back below it, to the page one wanted, and out', async () => {
    const there = await get('/api/auth/provider?retour=%2Frapports%2F7')
    const leads = new URL(there.headers.get('location') ?? '')
    expect(leads.origin).toBe(provider.url)
    expect(leads.searchParams.get('redirect_uri')).toBe(`${publicUrl}/api/auth/callback/oidc`)
    expect(there.headers.get('set-cookie')).toContain(`Path=${basePath}/api/auth;`)
    const refused = await get('/api/auth/callback/oidc?state=x', { cookie: cookiesSet(there.headers) })
    expect(refused.headers.get('location')).toMatch(
      new RegExp(`^${basePath}/connexion\\?erreur=provider_wrong&retour=%2Frapports%2F7$`),
    )
    const elsewhere = await get('/api/auth/provider', { host: '10.0.0.5:3000' })
    expect(elsewhere.headers.get('location')).toBe(`${publicUrl}/api/auth/provider?ici=1`)
    const cookie = cookiesSet((await signIn()).headers)
    await api.prisma.session.updateMany({ data: { viaProvider: true } })
    const out = await api.anonymous.post(`${prefix}/api/auth/sign-out`, {}, { cookie })
    const { continue_at: onwards } = out.body as { continue_at: string }
    expect(new URL(onwards).searchParams.get('post_logout_redirect_uri')).toBe(`${publicUrl}/connexion`)
  })

  it('methods, limits and errors are those of the route', async () => {
    const wrong = await api.anonymous.put(`${prefix}/v1/configuration`, {})
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    expect((await get('/v1/me')).status).toBe(401)
    expect((await get('/readyz')).status).not.toBe(404)
    const person = await get('/nothing', { accept: 'text/html' })
    const program = await get('/v1/nothing', { accept: 'text/html' })
    expect(person.status).toBe(404)
    expect(program.headers.get('content-type')).toContain('application/problem+json')
  })
})

it('a path that merely begins like it is another one', async () => {
  expect((await api.anonymous.get(`${basePath}x/v1/configuration`)).status).toBe(404)
})
