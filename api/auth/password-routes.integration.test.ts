import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { demoPassword } from '#demo/accounts.ts'
import { cookiesSet } from '#test/cookies-set.ts'
import { eventually } from '#test/eventually.ts'
import { createTestApi, type TestApi } from '#test/worlds/test-api.ts'

const links = '/api/auth/password-links'
const password = 'une phrase de passe'
const hour = 3_600_000

let api: TestApi
let time = new Date()
beforeAll(async () => {
  api = await createTestApi({ now: () => time })
})
afterAll(async () => await api.close())
beforeEach(async () => {
  time = new Date()
  await api.prisma.signInFailure.deleteMany()
  await api.prisma.notice.deleteMany()
})

/** The link of the last mail written to this address, as the worker that sends it makes it. */
async function linkTo(email: string): Promise<{ token: string; kind: string }> {
  const notice = await eventually(
    () => api.prisma.notice.findFirst({ where: { user: { email } }, orderBy: { createdAt: 'desc' } }),
    (found) => found !== null,
  )
  if (!notice) throw new Error(`No mail to ${email}`)
  const { generation, expiresAt } = notice.details as { generation: number; expiresAt: string }
  const token = await api.deps.passwordLinks.sign({
    userId: notice.userId,
    generation,
    expiresAt: new Date(expiresAt),
  })
  return { token, kind: notice.kind }
}

it('an invitation opens the account once, within 72 hours', async () => {
  const admin = await api.signIn('admin')
  const invitation = {
    email: 'Nadia@Exemple.fr',
    name: 'Nadia Petit',
    role: 'user',
    attributes: { site: 'Nord' },
  }
  expect(await admin.post('/v1/admin/users', invitation)).toMatchObject({
    status: 201,
    body: {
      email: 'nadia@exemple.fr',
      joined_at: null,
      linkable: true,
      attributes: { site: 'Nord' },
      active: true,
    },
  })
  const { token, kind } = await linkTo('nadia@exemple.fr')
  expect(kind).toBe('invitation')
  expect((await api.anonymous.get(`${links}/${token}`)).body).toEqual({
    email: 'nadia@exemple.fr',
    name: 'Nadia Petit',
    is_invitation: true,
  })
  time = new Date(time.getTime() + 73 * hour)
  expect((await api.anonymous.post(`${links}/${token}`, { password })).status).toBe(410)
  time = new Date()
  const chosen = await api.anonymous.post(`${links}/${token}`, { password })
  expect(chosen.status).toBe(204)
  const me = await api.anonymous.get('/v1/me', { cookie: cookiesSet(chosen.headers) })
  expect(me.body).toMatchObject({ name: 'Nadia Petit', role: 'user', has_password: true })
  expect(await api.anonymous.post(`${links}/${token}`, { password: 'another password' })).toMatchObject({
    status: 410,
    body: { code: 'link_expired' },
  })
  const { items } = (await admin.get('/v1/admin/users?q=nadia')).body as {
    items: { id: string; joined_at: string }[]
  }
  expect(items[0]?.joined_at).not.toBeNull()
  expect((await admin.post(`/v1/admin/users/${items[0]?.id}/invite`)).body).toMatchObject({
    code: 'already_joined',
  })
})

it('the same address is invited once; sending it again ends the link of before', async () => {
  const admin = await api.signIn('admin')
  const { body } = await admin.post('/v1/admin/users', { email: 'omar@exemple.fr' })
  expect(body).toMatchObject({ name: 'omar', role: 'user' })
  expect((await admin.post('/v1/admin/users', { email: 'OMAR@exemple.fr' })).body).toMatchObject({
    code: 'account_exists',
  })
  const first = await linkTo('omar@exemple.fr')
  expect((await admin.post(`/v1/admin/users/${(body as { id: string }).id}/invite`)).status).toBe(200)
  const second = await linkTo('omar@exemple.fr')
  expect((await api.anonymous.get(`${links}/${first.token}`)).status).toBe(410)
  expect((await api.anonymous.get(`${links}/${second.token}`)).status).toBe(200)
})

it('of two that use a link at once, one chooses', async () => {
  const admin = await api.signIn('admin')
  await admin.post('/v1/admin/users', { email: 'paul@exemple.fr' })
  const { token } = await linkTo('paul@exemple.fr')
  const answers = await Promise.all(
    ['the first password', 'the second password'].map((one) =>
      api.anonymous.post(`${links}/${token}`, { password: one }),
    ),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 410])
})

it('a forgotten password ends sessions and keys; the answer tells nobody who has an account', async () => {
  const leo = await api.signIn('leo')
  const key = (
    (await leo.post('/v1/me/api-keys', { name: 'x', scopes: ['reports:read'] })).body as { key: string }
  ).key
  const known = await api.anonymous.post('/api/auth/forgotten-password', { email: 'Leo@rapporteur.test' })
  const unknown = await api.anonymous.post('/api/auth/forgotten-password', { email: 'nobody@exemple.fr' })
  expect(known).toMatchObject({ status: 202, body: '' })
  expect(unknown).toMatchObject({ status: 202, body: '' })
  const { token, kind } = await linkTo('leo@rapporteur.test')
  expect(kind).toBe('password_reset')
  expect((await api.anonymous.post(`${links}/${token}`, { password })).status).toBe(204)
  expect((await leo.get('/v1/me')).status).toBe(401)
  expect((await api.anonymous.get('/v1/me', { 'x-api-key': key })).status).toBe(401)
  const signIn = (secret: string) =>
    api.anonymous.post('/api/auth/sign-in/email', { email: 'leo@rapporteur.test', password: secret })
  expect((await signIn(demoPassword)).status).toBe(401)
  expect((await signIn(password)).status).toBe(200)
})

it('is sent three times at most within ten minutes, whatever the address', async () => {
  for (const email of ['leo@rapporteur.test', 'nobody-else@exemple.fr']) {
    const statuses: number[] = []
    for (let count = 0; count < 4; count++) {
      statuses.push((await api.anonymous.post('/api/auth/forgotten-password', { email })).status)
    }
    expect(statuses).toEqual([202, 202, 202, 429])
  }
})

it('is not sent to who is deactivated, nor to who signs in by the provider alone', async () => {
  await api.prisma.user.update({ where: { email: 'awa@rapporteur.test' }, data: { banned: true } })
  const id = (
    await api.prisma.user.create({
      data: {
        id: 'by-provider',
        email: 'sso@exemple.fr',
        name: 'S',
        accounts: { create: { id: 'x', providerId: 'oidc', accountId: 'https://issuer.example x' } },
      },
    })
  ).id
  for (const email of ['awa@rapporteur.test', 'sso@exemple.fr']) {
    expect((await api.anonymous.post('/api/auth/forgotten-password', { email })).status).toBe(202)
  }
  // The one after them is written: theirs would have been by then.
  await api.anonymous.post('/api/auth/forgotten-password', { email: 'admin@rapporteur.test' })
  await linkTo('admin@rapporteur.test')
  expect(
    await api.prisma.notice.count({
      where: { user: { email: { in: ['awa@rapporteur.test', 'sso@exemple.fr'] } } },
    }),
  ).toBe(0)
  await api.prisma.user.update({ where: { email: 'awa@rapporteur.test' }, data: { banned: false } })
  await api.prisma.user.delete({ where: { id } })
})

it('a link of ours for something else, or none, is answered as a link that is over', async () => {
  const other = await api.deps.links.sign({ purpose: 'download', number: 1, recipient: 'a@exemple.fr' })
  for (const token of [other, 'nothing', 'a.b.c.d.e']) {
    expect((await api.anonymous.get(`${links}/${token}`)).status).toBe(410)
  }
})

it('passwords can be closed: the provider alone lets people in', async () => {
  const closed = await createTestApi({
    variables: {
      PASSWORD_SIGN_IN: 'false',
      OIDC_ISSUER: 'http://127.0.0.1:9',
      OIDC_CLIENT_ID: 'x',
      OIDC_CLIENT_SECRET: 'y',
    },
  })
  const body = { email: 'awa@rapporteur.test', password: demoPassword }
  for (const [path, sent] of [
    ['/api/auth/sign-in/email', body],
    ['/api/auth/forgotten-password', { email: body.email }],
    [`${links}/x`, { password }],
  ] as const) {
    expect(await closed.anonymous.post(path, sent)).toMatchObject({
      status: 403,
      body: { code: 'password_sign_in_closed' },
    })
  }
  expect((await closed.anonymous.get('/v1/configuration')).body).toMatchObject({
    password_sign_in: false,
    single_sign_on: true,
  })
  await closed.close()
})
