import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAuth } from './create-auth.ts'
import { createDemoAccounts, demoPassword } from '#demo/accounts.ts'
import { createTestApi, type Caller, type TestApi } from '#test/worlds/test-api.ts'

const signInPath = '/api/auth/sign-in/email'
const credentials = { email: 'awa@rapporteur.test', password: demoPassword }

let api: TestApi
let time = new Date()
beforeAll(async () => {
  api = await createTestApi({ now: () => time })
})
afterAll(async () => await api.close())
beforeEach(async () => {
  time = new Date()
  await api.prisma.signInFailure.deleteMany()
})

describe('sign-in', () => {
  it('sets a cookie that scripts cannot read and other sites do not get', async () => {
    const answer = await api.anonymous.post(signInPath, credentials)
    expect(answer.status).toBe(200)
    const [cookie = ''] = answer.headers.getSetCookie()
    expect(cookie).toMatch(/^rapporteur\.session_token=/)
    expect(cookie).toMatch(/HttpOnly/i)
    expect(cookie).toMatch(/SameSite=Lax/i)
    expect(cookie).not.toMatch(/Secure/i)
    const me = await (await api.signIn('awa')).get('/v1/me')
    expect(me.body).toMatchObject({
      email: 'awa@rapporteur.test',
      name: 'Awa Diallo',
      role: 'user',
      locale: 'fr',
      time_zone: 'Europe/Paris',
    })
  })

  it('sets a Secure cookie under https', async () => {
    const auth = createAuth(
      api.prisma,
      { ...api.environment, PUBLIC_URL: 'https://rapports.exemple.fr' },
      api.deps.logger,
    )
    const response = await auth.handler(
      new Request(`https://rapports.exemple.fr${signInPath}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(credentials),
      }),
    )
    expect(response.headers.getSetCookie()[0]).toMatch(/^__Secure-rapporteur\.session_token=.*; Secure/)
  })

  it('returns 401 in the caller’s language, without saying whether address or password was wrong', async () => {
    const wrong = [
      { ...credentials, password: 'something else' },
      { email: 'nobody@rapporteur.test', password: demoPassword },
    ]
    for (const body of wrong) {
      const answer = await api.anonymous.post(signInPath, body, { 'accept-language': 'en' })
      expect(answer).toMatchObject({
        status: 401,
        body: { code: 'wrong_credentials', detail: 'The address or the password is wrong.' },
      })
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
    }
  })

  it('refuses a body that is no JSON, or holds no credentials', async () => {
    for (const body of ['{', '[]', '{}', '{"email": 3, "password": 4}']) {
      const answer = await api.anonymous.post(signInPath, body)
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.status).toBeLessThan(500)
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
    }
  })

  it('has no open sign-up', async () => {
    const body = { email: 'new@rapporteur.test', password: 'a long password', name: 'New' }
    const answer = await api.anonymous.post('/api/auth/sign-up/email', body)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(await api.prisma.user.findUnique({ where: { email: body.email } })).toBeNull()
  })

  it('does not let a user become an administrator', async () => {
    const awa = await api.signIn('awa')
    for (const [path, body] of [
      ['/api/auth/update-user', { role: 'admin' }],
      ['/api/auth/update-user', { attributes: {}, name: 'Awa' }],
      ['/api/auth/admin/set-role', { userId: 'x', role: 'admin' }],
      [
        '/api/auth/admin/create-user',
        { email: 'x@rapporteur.test', name: 'X', password: 'a long password', role: 'admin' },
      ],
    ] as const) {
      await awa.post(path, body)
    }
    const row = await api.prisma.user.findUniqueOrThrow({ where: { email: 'awa@rapporteur.test' } })
    expect(row).toMatchObject({ role: 'user', attributes: { province: 'Kasaï' } })
    expect(await api.prisma.user.count()).toBe(3)
  })

  it('ends the session on sign-out', async () => {
    const leo = await api.signIn('leo')
    expect((await leo.post('/api/auth/sign-out', {})).status).toBe(200)
    expect((await leo.get('/v1/me')).status).toBe(401)
  })

  it('refuses a banned person’s session and API key at once', async () => {
    const leo = await api.signIn('leo')
    const key = await createKey(leo)
    await api.prisma.user.update({ where: { email: 'leo@rapporteur.test' }, data: { banned: true } })
    expect((await leo.get('/v1/me')).status).toBe(401)
    expect((await api.anonymous.get('/v1/me', { 'x-api-key': key })).status).toBe(401)
    await api.prisma.user.update({ where: { email: 'leo@rapporteur.test' }, data: { banned: false } })
  })
})

describe('guessing passwords', () => {
  const wrong = { ...credentials, password: 'guess' }

  it('is blocked after ten refusals, also for the right password, until the window is over', async () => {
    for (let count = 0; count < 10; count++) {
      expect((await api.anonymous.post(signInPath, wrong)).status).toBe(401)
    }
    const limited = await api.anonymous.post(signInPath, credentials)
    expect(limited).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } })
    const seconds = Number(limited.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(600)
    // Other accounts are not blocked.
    await api.signIn('leo')
    time = new Date(time.getTime() + (seconds + 1) * 1000)
    expect((await api.anonymous.post(signInPath, credentials)).status).toBe(200)
  })

  it('counts from zero after a success; successes are not counted', async () => {
    for (let round = 0; round < 3; round++) {
      for (let count = 0; count < 6; count++) await api.anonymous.post(signInPath, wrong)
      expect((await api.anonymous.post(signInPath, credentials)).status).toBe(200)
    }
  })

  it.each([
    '/api/auth/sign-in/%65mail',
    '/api/auth//sign-in/email',
    '/api/auth/sign-in/email/',
    '/api/auth/Sign-In/email',
  ])('is blocked by %s as well', async (path) => {
    const statuses: number[] = []
    for (let count = 0; count < 11; count++) statuses.push((await api.anonymous.post(path, wrong)).status)
    // The path is either counted like the usual one, or no sign-in at all.
    expect(statuses.at(-1) === 429 || statuses.every((status) => status === 404)).toBe(true)
  })
})

async function createKey(who: Caller): Promise<string> {
  const answer = await who.post('/api/auth/api-key/create', { name: 'export' })
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return (answer.body as { key: string }).key
}

describe('an API key', () => {
  it('authenticates its person on /v1, as often as needed', async () => {
    const awa = await api.signIn('awa')
    const key = { 'x-api-key': await createKey(awa) }
    for (let count = 0; count < 12; count++) {
      expect((await api.anonymous.get('/v1/me', key)).body).toMatchObject({ email: 'awa@rapporteur.test' })
    }
    expect((await api.anonymous.post('/v1/reports', { type: 'pupils', format: 'csv' }, key)).status).toBe(202)
    expect((await api.anonymous.get('/v1/admin/scheduled-reports', key)).status).toBe(403)
    const stored = await api.prisma.apikey.findFirstOrThrow({ where: { name: 'export' } })
    expect(stored.key).not.toContain(key['x-api-key'].slice(10))
  })

  it('cannot create further keys', async () => {
    const key = { 'x-api-key': await createKey(await api.signIn('awa')) }
    const before = await api.prisma.apikey.count()
    expect((await api.anonymous.post('/api/auth/api-key/create', { name: 'more' }, key)).status).toBe(401)
    expect((await api.anonymous.get('/api/auth/get-session', key)).body).toBeNull()
    expect(await api.prisma.apikey.count()).toBe(before)
  })

  it('returns 401 when wrong, disabled or expired, even beside a valid session', async () => {
    const awa = await api.signIn('awa')
    const key = await createKey(awa)
    for (const value of ['rap_nothing', '', key.slice(0, -1)]) {
      expect(await awa.get('/v1/me', { 'x-api-key': value })).toMatchObject({
        status: 401,
        body: { code: 'invalid_api_key' },
      })
    }
    await api.prisma.apikey.updateMany({ data: { enabled: false } })
    expect((await api.anonymous.get('/v1/me', { 'x-api-key': key })).status).toBe(401)
    await api.prisma.apikey.updateMany({ data: { enabled: true, expiresAt: new Date(0) } })
    expect((await api.anonymous.get('/v1/me', { 'x-api-key': key })).status).toBe(401)
  })
})

describe('another site', () => {
  const elsewhere = { origin: 'https://evil.example' }

  it('cannot write with a person’s cookie', async () => {
    const awa = await api.signIn('awa')
    for (const headers of [elsewhere, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }]) {
      const answer = await awa.post('/v1/reports', { type: 'pupils', format: 'csv' }, headers)
      expect(answer).toMatchObject({ status: 403, body: { code: 'origin_refused' } })
      expect((await awa.post('/api/auth/sign-out', {}, headers)).status).toBe(403)
    }
    expect((await awa.get('/v1/me')).status).toBe(200)
  })

  it('our own can, by PUBLIC_URL or by the Host it was opened with', async () => {
    const awa = await api.signIn('awa')
    const ours: Record<string, string>[] = [
      { origin: api.environment.PUBLIC_URL, 'sec-fetch-site': 'same-origin' },
      { origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' },
    ]
    for (const headers of ours) {
      expect((await awa.post('/v1/reports', { type: 'pupils', format: 'csv' }, headers)).status).toBe(202)
    }
  })

  it('gets no CORS header that lets it read', async () => {
    const answer = await api.anonymous.get('/v1/openapi.json', elsewhere)
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('the person’s own account', () => {
  it('can change language and time zone; answers are in the new language at once', async () => {
    const leo = await api.signIn('leo')
    const changed = await leo.request('PATCH', '/v1/me', { locale: 'en', time_zone: 'Africa/Dakar' })
    expect(changed).toMatchObject({ status: 200, body: { locale: 'en', time_zone: 'Africa/Dakar' } })
    const refused = await leo.request('PATCH', '/v1/me', { time_zone: 'Nowhere', locale: 'de' })
    expect(refused).toMatchObject({ status: 422, body: { title: 'Input to correct' } })
    expect((await leo.request('PATCH', '/v1/me', { time_zone: 'Nowhere' })).body).toMatchObject({
      errors: [{ path: 'time_zone' }],
    })
    expect((await leo.request('PATCH', '/v1/me', { role: 'admin' })).body).toMatchObject({
      errors: [{ path: 'role' }],
    })
    expect((await leo.get('/v1/me')).body).toMatchObject({
      role: 'user',
      locale: 'en',
      time_zone: 'Africa/Dakar',
    })
    await leo.request('PATCH', '/v1/me', { locale: 'fr', time_zone: 'Europe/Paris' })
  })
})

describe('the demo accounts', () => {
  it('are created once, and keep changes made to them', async () => {
    await api.prisma.user.update({ where: { email: 'leo@rapporteur.test' }, data: { name: 'Léo B.' } })
    await createDemoAccounts(api.prisma, api.deps.auth)
    expect(await api.prisma.user.count()).toBe(3)
    expect(await api.prisma.user.findUnique({ where: { email: 'leo@rapporteur.test' } })).toMatchObject({
      name: 'Léo B.',
    })
  })

  it('are never created in production', async () => {
    const before = process.env.NODE_ENV
    process.env.NODE_ENV = 'production'
    try {
      await expect(createDemoAccounts(api.prisma, api.deps.auth)).rejects.toThrow('production')
    } finally {
      process.env.NODE_ENV = before
    }
  })
})
