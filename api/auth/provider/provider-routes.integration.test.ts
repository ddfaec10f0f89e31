import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { generateKeyPair } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { demoPassword } from '#demo/accounts.ts'
import { cookiesSet } from '#test/cookies-set.ts'
import {
  clientId,
  startIdentityProvider,
  type TestIdentityProvider,
} from '#test/servers/test-identity-provider.ts'
import { scheduledReportRow } from '#test/worlds/scheduled-report-row.ts'
import { createTestApi, type Answer, type TestApi } from '#test/worlds/test-api.ts'

const publicUrl = 'http://localhost:3000'

let provider: TestIdentityProvider
let api: TestApi
beforeAll(async () => {
  provider = await startIdentityProvider({ publicUrl })
  api = await createTestApi({ variables: { ...provider.variables, OIDC_ALLOWED_DOMAINS: 'exemple.fr' } })
})
afterAll(async () => {
  await api.close()
  await provider.close()
})
afterEach(() => provider.answers.clear())

/** Follows a browser's way: our page, the provider's, back to us. @returns where the last answer leads. */
async function goThrough(at: TestApi, path = '/api/auth/provider?retour=%2Frapports%2F7'): Promise<Answer> {
  const host = { host: 'localhost:3000' }
  const started = await at.anonymous.get(path, host)
  if (!started.headers.get('location')?.startsWith(provider.url)) return started
  const back = await throughProvider(started.headers.get('location') ?? '')
  return at.anonymous.get(back.pathname + back.search, { ...host, cookie: cookiesSet(started.headers) })
}

/** Within the provider, with its cookies, until it leads back to us. */
async function throughProvider(from: string): Promise<URL> {
  const cookies = new Map<string, string>()
  let next = new URL(from)
  for (let step = 0; step < 10 && next.origin === provider.url; step++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(next, { redirect: 'manual', headers: { cookie } })
    for (const set of answer.headers.getSetCookie()) {
      const [pair = ''] = set.split(';')
      const at = pair.indexOf('=')
      cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    next = new URL(answer.headers.get('location') ?? '', next)
  }
  return next
}

function reasonOf(answer: Answer): string | null {
  expect(answer.status, JSON.stringify(answer.body)).toBe(302)
  return new URL(answer.headers.get('location') ?? '', publicUrl).searchParams.get('erreur')
}

async function signedIn(at: TestApi): Promise<unknown> {
  const answer = await goThrough(at)
  expect(answer.headers.get('location')).toBe('/rapports/7')
  return (await at.anonymous.get('/v1/me', { cookie: cookiesSet(answer.headers) })).body
}

const as = (sub: string, claims: Record<string, unknown> = {}) => {
  provider.person = {
    sub,
    email: `${sub}@exemple.fr`,
    email_verified: true,
    name: 'Nadia Petit',
    ...claims,
  }
}

describe('sign-in by the organisation’s identity provider', () => {
  it('opens an account of role user for the configured domain, and the same one the next time', async () => {
    as('nadia')
    expect(await signedIn(api)).toMatchObject({
      email: 'nadia@exemple.fr',
      name: 'Nadia Petit',
      role: 'user',
    })
    as('nadia', { email: 'nadia.petit@exemple.fr', name: 'N. Petit' })
    expect(await signedIn(api)).toMatchObject({ email: 'nadia@exemple.fr', name: 'Nadia Petit' })
    const stored = await api.prisma.account.findMany({ where: { providerId: 'oidc' } })
    expect(stored).toMatchObject([
      { accountId: `${provider.url} nadia`, accessToken: null, refreshToken: null, idToken: null },
    ])
  })

  it.each([
    ['false', { email_verified: false }],
    ['missing', { email_verified: undefined }],
    ['missing, in other case', { email: 'Admin@Rapporteur.TEST', email_verified: undefined }],
    ['true, and nobody allowed it', { email_verified: true }],
  ])('does not become the account of an address when email_verified is %s', async (_words, claims) => {
    as('attacker', { email: 'admin@rapporteur.test', ...claims })
    expect(reasonOf(await goThrough(api))).toMatch(/^(address_not_verified|not_invited)$/)
    expect(await api.prisma.account.count({ where: { accountId: { endsWith: ' attacker' } } })).toBe(0)
  })

  it('lets in nobody of another domain, unless invited', async () => {
    as('omar', { email: 'omar@ailleurs.example' })
    expect(reasonOf(await goThrough(api))).toBe('not_invited')
    const admin = await api.signIn('admin')
    const invitation = { email: 'Omar@ailleurs.example', name: 'Omar Sy', attributes: { province: 'Kasaï' } }
    expect((await admin.post('/v1/admin/users', invitation)).status).toBe(201)
    as('omar', { email: 'omar@ailleurs.example', email_verified: false })
    expect(reasonOf(await goThrough(api))).toBe('address_not_verified')
    as('omar', { email: 'omar@ailleurs.example' })
    expect(await signedIn(api)).toMatchObject({ name: 'Omar Sy', attributes: { province: 'Kasaï' } })
    // Another subject with the same verified address is another identity: the account is taken.
    as('somebody-else', { email: 'omar@ailleurs.example' })
    expect(reasonOf(await goThrough(api))).toBe('not_invited')
  })

  it('links an existing account once an administrator allowed it', async () => {
    const leo = await api.prisma.user.findUniqueOrThrow({ where: { email: 'leo@rapporteur.test' } })
    as('leo', { email: 'leo@rapporteur.test' })
    expect(reasonOf(await goThrough(api))).toBe('not_invited')
    const admin = await api.signIn('admin')
    await admin.request('PATCH', `/v1/admin/users/${leo.id}`, { linkable: true })
    expect(await signedIn(api)).toMatchObject({ id: leo.id, name: 'Léo Bernard' })
    expect((await api.prisma.user.findUniqueOrThrow({ where: { id: leo.id } })).linkable).toBe(false)
  })

  it('keeps out a deactivated person', async () => {
    as('gone')
    await signedIn(api)
    await api.prisma.user.update({ where: { email: 'gone@exemple.fr' }, data: { banned: true } })
    expect(reasonOf(await goThrough(api))).toBe('deactivated')
  })

  it.each([
    ['of 900 kB', 'a'.repeat(900_000)],
    ['with line breaks', 'Camille\nMartin'],
    ['with a right-to-left mark', 'Camille\u202eMartin'],
    ['that looks like an address', 'admin@rapporteur.test'],
    ['that is an array', ['Camille']],
    ['that is nothing', undefined],
  ])('a name %s becomes the address’s own part', async (words, name) => {
    const sub = `named-${words.replaceAll(' ', '-').toLowerCase()}`
    as(sub, { name })
    expect(await signedIn(api)).toMatchObject({ name: sub })
  })

  it('keeps a good name through the pages, and refuses a bad one there as well', async () => {
    const awa = await api.signIn('awa')
    for (const name of ['', 'a'.repeat(101), 'a\nb', 'x\u202ey', 'admin@rapporteur.test', ['Awa']]) {
      const answer = await awa.request('PATCH', '/v1/me', { name })
      expect(answer).toMatchObject({
        status: 422,
        body: { errors: [{ path: expect.stringMatching(/^name/) as string }] },
      })
    }
    expect((await awa.request('PATCH', '/v1/me', { name: 'Awa Diallo-Sow' })).body).toMatchObject({
      name: 'Awa Diallo-Sow',
    })
  })

  it('leads back to pages of ours alone', async () => {
    as('nadia')
    for (const to of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      'javascript:alert(1)',
      '',
    ]) {
      const answer = await goThrough(api, `/api/auth/provider?retour=${encodeURIComponent(to)}`)
      expect(answer.headers.get('location')).toBe('/rapports')
    }
  })

  it('refuses a way back that this browser did not begin, or that is used again', async () => {
    as('nadia')
    expect(reasonOf(await api.anonymous.get('/api/auth/callback/oidc?code=x&state=y'))).toBe(
      'sign_in_expired',
    )
    const started = await api.anonymous.get('/api/auth/provider', { host: 'localhost:3000' })
    const cookie = cookiesSet(started.headers)
    const back = await throughProvider(started.headers.get('location') ?? '')
    const forged = new URLSearchParams(back.search)
    forged.set('state', 'another')
    expect(reasonOf(await api.anonymous.get(`${back.pathname}?${forged.toString()}`, { cookie }))).toBe(
      'provider_wrong',
    )
    expect((await api.anonymous.get(back.pathname + back.search, { cookie })).headers.get('location')).toBe(
      '/rapports',
    )
    expect(reasonOf(await api.anonymous.get(back.pathname + back.search, { cookie }))).toBe('provider_wrong')
  })

  it('begins at PUBLIC_URL, where the provider leads back to', async () => {
    const answer = await api.anonymous.get('/api/auth/provider?retour=%2Frapports%2F7', {
      host: '10.0.0.5:3000',
    })
    const there = new URL(answer.headers.get('location') ?? '')
    expect(there.origin + there.pathname).toBe(`${publicUrl}/api/auth/provider`)
    expect(there.searchParams.get('retour')).toBe('/rapports/7')
  })

  it('signs out at the provider, for whoever came from there', async () => {
    as('nadia')
    const answer = await goThrough(api)
    const cookie = cookiesSet(answer.headers)
    const out = await api.anonymous.post('/api/auth/sign-out', {}, { cookie })
    const { continue_at: to } = out.body as { continue_at: string }
    expect(to.startsWith(`${provider.url}/session/end?`)).toBe(true)
    expect(new URL(to).searchParams.get('post_logout_redirect_uri')).toBe(`${publicUrl}/connexion`)
    expect((await fetch(to)).status).toBe(200)
    expect((await api.anonymous.get('/v1/me', { cookie })).status).toBe(401)
    const byPassword = await api.signIn('awa')
    expect((await byPassword.post('/api/auth/sign-out', {})).body).toEqual({ continue_at: null })
  })
})

describe('a provider that', () => {
  const second = () => Math.floor(Date.now() / 1000)
  const good = () => ({ sub: 'nadia', iss: provider.url, aud: clientId, iat: second(), exp: second() + 300 })

  /** Replaces the ID token. */
  function answerWith(token: () => Promise<string | undefined>): void {
    provider.answers.set('/token', (request, response) => {
      request.resume()
      void token().then((idToken) => {
        const body = { access_token: 'opaque', token_type: 'Bearer', expires_in: 300, id_token: idToken }
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      })
    })
    provider.answers.set('/me', (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(provider.person))
    })
  }

  it('changes its keys is believed at once', async () => {
    as('nadia')
    await signedIn(api)
    await provider.rotateKeys()
    await signedIn(api)
  })

  it.each([
    ['fast', 60],
    ['slow', -60],
  ])('has a clock one minute %s is believed', async (_words, skew) => {
    as('nadia')
    const at = second() + skew
    answerWith(() => provider.idToken({ ...good(), iat: at, nbf: at, exp: at + 50 }))
    await signedIn(api)
  })

  it.each<[string, () => Promise<string | undefined>]>([
    ['no ID token', async () => undefined],
    [
      'the ID token of another issuer',
      () => provider.idToken({ ...good(), iss: 'https://elsewhere.example' }),
    ],
    ['the ID token of another client', () => provider.idToken({ ...good(), aud: 'another' })],
    ['the ID token of another sign-in', () => provider.idToken({ ...good(), nonce: 'another' })],
    [
      'an ID token of an hour ago',
      () => provider.idToken({ ...good(), iat: second() - 7_200, exp: second() - 3_600 }),
    ],
    [
      'an ID token that somebody else signed',
      async () => provider.idToken(good(), { key: (await generateKeyPair('RS256')).privateKey }),
    ],
  ])('sends %s lets nobody in', async (_words, token) => {
    as('nadia')
    answerWith(token)
    expect(reasonOf(await goThrough(api))).toBe('provider_wrong')
  })

  it('sends the userinfo of another person lets nobody in', async () => {
    as('nadia')
    provider.answers.set('/me', (_request, response) => {
      const body = { sub: 'admin', email: 'admin@rapporteur.test', email_verified: true }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
    expect(reasonOf(await goThrough(api))).toBe('provider_wrong')
  })

  it('describes itself as another issuer lets nobody in', async () => {
    const other = await apiWith(provider.variables)
    provider.answers.set('/.well-known/openid-configuration', (_request, response) => {
      const body = {
        issuer: 'https://elsewhere.example',
        authorization_endpoint: 'https://elsewhere.example/a',
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
    expect(reasonOf(await goThrough(other))).toBe('provider_wrong')
    await other.close()
  })

  it('is declined by the person says so', async () => {
    const started = await api.anonymous.get('/api/auth/provider', { host: 'localhost:3000' })
    const state = new URL(started.headers.get('location') ?? '').searchParams.get('state') ?? ''
    const query = new URLSearchParams({ error: 'access_denied', state, iss: provider.url })
    const cookie = cookiesSet(started.headers)
    expect(reasonOf(await api.anonymous.get(`/api/auth/callback/oidc?${query.toString()}`, { cookie }))).toBe(
      'provider_declined',
    )
  })

  it('is away when the service starts is asked again at the next sign-in', async () => {
    const port = await freePort()
    const late = await apiWith({ ...provider.variables, OIDC_ISSUER: `http://127.0.0.1:${port}` })
    expect(reasonOf(await late.anonymous.get('/api/auth/provider', { host: 'localhost:3000' }))).toBe(
      'provider_away',
    )
    const back = await startIdentityProvider({ publicUrl, port })
    const started = await late.anonymous.get('/api/auth/provider', { host: 'localhost:3000' })
    expect(started.headers.get('location')).toMatch(new RegExp(`^${back.url}/auth\\?`))
    await back.close()
    await late.close()
  })

  it('accepts the connection and stays silent is noticed by its button alone', async () => {
    const silent = createServer(() => {})
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
    const waiting = await apiWith({ ...provider.variables, OIDC_ISSUER: url })
    const button = waiting.anonymous.get('/api/auth/provider', { host: 'localhost:3000' })
    const from = Date.now()
    expect((await (await waiting.signIn('leo')).get('/v1/me')).status).toBe(200)
    expect(Date.now() - from).toBeLessThan(3_000)
    expect(reasonOf(await button)).toBe('provider_away')
    expect(Date.now() - from).toBeLessThan(12_000)
    silent.closeAllConnections()
    silent.close()
    await waiting.close()
  })
})

describe('groups and attributes of the provider', () => {
  let mapped: TestApi
  beforeAll(async () => {
    mapped = await apiWith({
      ...provider.variables,
      OIDC_SCOPES: 'groups',
      OIDC_ALLOWED_GROUPS: 'rapports, direction',
      OIDC_ADMIN_GROUPS: 'direction',
      OIDC_ATTRIBUTES: 'province=site',
    })
  })
  afterAll(async () => await mapped.close())

  it('decide who comes in, their role and what they see, at each sign-in', async () => {
    as('chief', { groups: ['autre'] })
    expect(reasonOf(await goThrough(mapped))).toBe('not_in_group')
    as('chief', { groups: ['direction'], site: 'Kasaï' })
    expect(await signedIn(mapped)).toMatchObject({ role: 'admin', attributes: { province: 'Kasaï' } })
    const definition = await mapped.prisma.user.findUniqueOrThrow({ where: { email: 'chief@exemple.fr' } })
    const owned = await createDefinition(mapped, definition.id)
    as('chief', { groups: ['rapports'] })
    expect(await signedIn(mapped)).toMatchObject({ role: 'user', attributes: {} })
    expect(await mapped.prisma.scheduledReport.findUniqueOrThrow({ where: { id: owned } })).toMatchObject({
      enabled: false,
      pauseReason: { kind: 'owner_demoted', owner: 'Nadia Petit' },
    })
    as('chief', { groups: [] })
    expect(reasonOf(await goThrough(mapped))).toBe('not_in_group')
  })

  it('do not take away the last administrator', async () => {
    await mapped.prisma.user.updateMany({ data: { role: 'user' } })
    as('last', { groups: ['direction'] })
    expect(await signedIn(mapped)).toMatchObject({ role: 'admin' })
    as('last', { groups: ['rapports'] })
    expect(await signedIn(mapped)).toMatchObject({ role: 'admin' })
  })
})

it('an address that has never signed in by the provider still signs in by password', async () => {
  const answer = await api.anonymous.post('/api/auth/sign-in/email', {
    email: 'awa@rapporteur.test',
    password: demoPassword,
  })
  expect(answer.status).toBe(200)
})

function apiWith(variables: Record<string, string>): Promise<TestApi> {
  return createTestApi({ variables })
}

async function createDefinition(at: TestApi, ownerId: string): Promise<string> {
  const { id } = await at.prisma.scheduledReport.create({ data: scheduledReportRow(ownerId) })
  return id
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
