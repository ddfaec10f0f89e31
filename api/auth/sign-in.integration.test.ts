import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { KeyScope } from '#domain/schemas/api-key-schema.ts'
import { cookiesSet } from '#test/cookies-set.ts'
import { setPassword } from './create-account.ts'
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

  it('is counted before a password is hashed: of sixty at once ten are tried', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => api.anonymous.post(signInPath, wrong)))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(50)
  })

  it('of two hundred at once, by many names, neither stops the API nor hashes them all', async () => {
    const guesses = Array.from({ length: 200 }, (_, index) =>
      api.anonymous.post(signInPath, { email: `p${index}@rapporteur.test`, password: 'guess' }),
    )
    const health = await api.anonymous.get('/healthz')
    expect(health.status).toBe(200)
    const statuses = Map.groupBy(await Promise.all(guesses), ({ status }) => status)
    expect([...statuses.keys()].sort()).toEqual([401, 503])
    expect(statuses.get(503)?.[0]).toMatchObject({ body: { code: 'too_busy' } })
    expect(statuses.get(503)?.[0]?.headers.get('retry-after')).toBe('2')
    // What was not looked at is not held against anybody.
    expect(await api.prisma.signInFailure.count({ where: { failures: { gt: 1 } } })).toBe(0)
  })

  it('does not lock out a person in a browser they signed in with before', async () => {
    const first = await api.anonymous.post(signInPath, credentials)
    const known = { cookie: cookiesSet(first.headers) }
    for (let count = 0; count < 12; count++) await api.anonymous.post(signInPath, wrong)
    expect((await api.anonymous.post(signInPath, credentials)).status).toBe(429)
    expect((await api.anonymous.post(signInPath, credentials, known)).status).toBe(200)
    // The cookie is of no use for another address, nor when forged.
    for (let count = 0; count < 10; count++) {
      await api.anonymous.post(signInPath, { ...wrong, email: 'leo@rapporteur.test' }, known)
    }
    const leo = { email: 'leo@rapporteur.test', password: demoPassword }
    expect((await api.anonymous.post(signInPath, leo, known)).status).toBe(429)
    const forged = {
      cookie: known.cookie.replace(/rapporteur\.device=[^.]+/, 'rapporteur.device=eyJhbGciOiJub25lIn0'),
    }
    expect((await api.anonymous.post(signInPath, credentials, forged)).status).toBe(429)
  })

  it('counts in a known browser as well', async () => {
    const first = await api.anonymous.post(signInPath, credentials)
    const known = { cookie: cookiesSet(first.headers) }
    const statuses: number[] = []
    for (let count = 0; count < 12; count++) {
      statuses.push((await api.anonymous.post(signInPath, wrong, known)).status)
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(10)
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

async function createKey(
  who: Caller,
  scopes: readonly KeyScope[] = ['reports:read', 'reports:write'],
): Promise<string> {
  const answer = await who.post('/v1/me/api-keys', { name: 'export', scopes })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
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
    const more = { name: 'more', scopes: ['reports:read'] }
    expect(await api.anonymous.post('/v1/me/api-keys', more, key)).toMatchObject({
      status: 403,
      body: { code: 'session_needed' },
    })
    expect((await api.anonymous.post('/api/auth/api-key/create', more, key)).status).toBe(404)
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

describe('one’s own access', () => {
  const change = { current_password: demoPassword, new_password: 'quelque chose de long' }
  const putBack = async (name: string) => {
    const { id } = await api.prisma.user.findUniqueOrThrow({ where: { email: `${name}@rapporteur.test` } })
    await setPassword(api.prisma, api.deps.auth, id, demoPassword)
  }

  it('changing the password ends every other session and every key', async () => {
    const elsewhere = await api.signIn('leo')
    const leo = await api.signIn('leo')
    const key = { 'x-api-key': await createKey(leo) }
    expect((await leo.post('/v1/me/password', change)).status).toBe(204)
    expect((await leo.get('/v1/me')).status).toBe(200)
    expect((await elsewhere.get('/v1/me')).status).toBe(401)
    expect((await api.anonymous.get('/v1/me', key)).status).toBe(401)
    await putBack('leo')
  })

  it('a wrong present password changes nothing, and is counted', async () => {
    const leo = await api.signIn('leo')
    const wrong = { ...change, current_password: 'guess' }
    const statuses: number[] = []
    for (let count = 0; count < 12; count++) statuses.push((await leo.post('/v1/me/password', wrong)).status)
    expect(statuses).toEqual([...Array<number>(10).fill(422), 429, 429])
    expect((await leo.post('/v1/me/password', change)).status).toBe(429)
    await api.signIn('leo')
  })

  it.each(['short', 'aaaaaaaaaaaa', 'azerty-uiop'.repeat(12), 12_345_678_901])(
    'refuses the password %j',
    async (password) => {
      const leo = await api.signIn('leo')
      const answer = await leo.post('/v1/me/password', { ...change, new_password: password })
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'new_password' }] } })
    },
  )

  it('sessions are listed and ended, one’s own alone', async () => {
    const elsewhere = await api.signIn('leo')
    const leo = await api.signIn('leo')
    const { items } = (await leo.get('/v1/me/sessions')).body as {
      items: { id: string; is_current: boolean }[]
    }
    expect(items.filter(({ is_current: isCurrent }) => isCurrent)).toHaveLength(1)
    const awa = await api.signIn('awa')
    for (const { id } of items) expect((await awa.delete(`/v1/me/sessions/${id}`)).status).toBe(404)
    for (const { id, is_current: isCurrent } of items) {
      if (!isCurrent) expect((await leo.delete(`/v1/me/sessions/${id}`)).status).toBe(204)
    }
    expect((await elsewhere.get('/v1/me')).status).toBe(401)
    expect((await leo.get('/v1/me')).status).toBe(200)
  })

  it('keys have a name, scopes and an end, are listed without the key, and deleted', async () => {
    const leo = await api.signIn('leo')
    const made = await leo.post('/v1/me/api-keys', {
      name: `Entrepôt ${'x'.repeat(51)}`,
      scopes: ['reports:read'],
      expires_in_days: 30,
    })
    expect(made).toMatchObject({
      status: 201,
      body: {
        name: `Entrepôt ${'x'.repeat(51)}`,
        scopes: ['reports:read'],
        key: expect.stringMatching(/^rap_/) as string,
      },
    })
    const { id, key, expires_at: end } = made.body as { id: string; key: string; expires_at: string }
    expect(Date.parse(end) - Date.now()).toBeGreaterThan(29.9 * 24 * 3_600_000)
    expect(Date.parse(end) - Date.now()).toBeLessThan(30.1 * 24 * 3_600_000)
    const listed = JSON.stringify((await leo.get('/v1/me/api-keys')).body)
    expect(listed).toContain(id)
    expect(listed).not.toContain(key)
    const awa = await api.signIn('awa')
    expect((await awa.delete(`/v1/me/api-keys/${id}`)).status).toBe(404)
    expect((await leo.delete(`/v1/me/api-keys/${id}`)).status).toBe(204)
    expect((await api.anonymous.get('/v1/me', { 'x-api-key': key })).status).toBe(401)
    for (const body of [
      { name: 'x', scopes: [] },
      { name: 'x', scopes: ['reports:read', 'reports:read'] },
      { name: 'x', scopes: ['everything'] },
      { name: 'x\ny', scopes: ['reports:read'] },
      { name: 'x', scopes: ['reports:read'], expires_in_days: 4_000 },
    ]) {
      expect((await leo.post('/v1/me/api-keys', body)).status).toBe(422)
    }
  })

  it('keys are at most twenty a person, also of thirty asked for at once', async () => {
    const leo = await api.signIn('leo')
    await api.prisma.apikey.deleteMany()
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => leo.post('/v1/me/api-keys', { name: 'x', scopes: ['reports:read'] })),
    )
    expect(answers.some(({ status }) => status === 201)).toBe(true)
    expect(answers.filter(({ status }) => status === 409).length).toBeGreaterThanOrEqual(10)
    expect(await api.prisma.apikey.count()).toBeLessThanOrEqual(20)
    await api.prisma.apikey.deleteMany()
  })

  it.each<[KeyScope[], string, string, boolean]>([
    [['reports:read'], 'GET', '/v1/reports', true],
    [['reports:read'], 'POST', '/v1/reports', false],
    [['reports:write'], 'GET', '/v1/reports', false],
    [['reports:write'], 'POST', '/v1/reports', true],
    [['reports:read', 'reports:write'], 'POST', '/v1/admin/scheduled-reports', false],
    [['scheduled-reports:write'], 'POST', '/v1/admin/scheduled-reports', true],
    [['scheduled-reports:write'], 'GET', '/v1/admin/users', false],
    [['people:write'], 'GET', '/v1/admin/users', true],
    [['people:write'], 'PATCH', '/v1/me', false],
    [['reports:read'], 'GET', '/v1/me', true],
  ])('a key with %j does %s %s: %s', async (scopes, method, path, isOpen) => {
    const key = { 'x-api-key': await createKey(await api.signIn('admin'), scopes) }
    const body = method === 'GET' ? undefined : {}
    const answer = await api.anonymous.request(method, path, body, key)
    if (isOpen) expect(answer.status).not.toBe(403)
    else
      expect(answer).toMatchObject({
        status: 403,
        body: { code: expect.stringMatching(/^(scope_missing|session_needed)$/) as string },
      })
    await api.prisma.apikey.deleteMany()
  })

  it('reactivating an account brings no key back', async () => {
    const leo = await api.signIn('leo')
    const key = { 'x-api-key': await createKey(leo) }
    const { id } = (await leo.get('/v1/me')).body as { id: string }
    const admin = await api.signIn('admin')
    await admin.post(`/v1/admin/users/${id}/deactivate`)
    await admin.post(`/v1/admin/users/${id}/reactivate`)
    expect((await api.anonymous.get('/v1/me', key)).status).toBe(401)
    await api.signIn('leo')
  })

  it('a deactivated account is told so, only to who knows the password', async () => {
    await api.prisma.user.update({ where: { email: 'leo@rapporteur.test' }, data: { banned: true } })
    const leo = { email: 'leo@rapporteur.test', password: demoPassword }
    expect(await api.anonymous.post(signInPath, leo)).toMatchObject({
      status: 403,
      body: { code: 'account_deactivated' },
    })
    expect((await api.anonymous.post(signInPath, { ...leo, password: 'guess' })).status).toBe(401)
    await api.prisma.user.update({ where: { email: 'leo@rapporteur.test' }, data: { banned: false } })
  })
})

describe('the library’s other addresses', () => {
  it.each([
    ['GET', 'get-session'],
    ['GET', 'list-sessions'],
    ['POST', 'update-user'],
    ['POST', 'change-password'],
    ['POST', 'verify-password'],
    ['POST', 'change-email'],
    ['POST', 'delete-user'],
    ['POST', 'sign-up/email'],
    ['POST', 'sign-in/social'],
    ['POST', 'sign-in/oauth2'],
    ['POST', 'request-password-reset'],
    ['POST', 'api-key/create'],
    ['POST', 'api-key/update'],
    ['POST', 'admin/set-role'],
    ['POST', 'admin/remove-user'],
    ['POST', 'admin/impersonate-user'],
    ['POST', 'start-session'],
    ['GET', 'error'],
    ['GET', 'ok'],
  ])('%s %s is closed, also to an administrator', async (method, path) => {
    const admin = await api.signIn('admin')
    const answer = await admin.request(method, `/api/auth/${path}`, method === 'POST' ? {} : undefined)
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
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
