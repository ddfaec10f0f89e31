import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cookiesSet } from '#test/cookies-set.ts'
import { startOidcIssuer, type OidcIssuer } from '#test/servers/oidc-issuer.ts'
import { createTestApi, type TestApi } from '#test/worlds/test-api.ts'

let issuer: OidcIssuer
let api: TestApi
beforeAll(async () => {
  issuer = await startOidcIssuer()
  api = await createTestApi({
    variables: {
      OIDC_ISSUER: issuer.url,
      OIDC_CLIENT_ID: issuer.clientId,
      OIDC_CLIENT_SECRET: issuer.clientSecret,
    },
  })
})
afterAll(async () => {
  await api.close()
  await issuer.close()
})

/** Follows a browser's way: our page, the issuer, back to us. @returns the session's cookies. */
async function signInByIssuer(): Promise<string> {
  const started = await api.anonymous.post('/api/auth/sign-in/social', {
    provider: 'oidc',
    callbackURL: '/rapports',
  })
  expect(started.status, JSON.stringify(started.body)).toBe(200)
  const there = await fetch((started.body as { url: string }).url, { redirect: 'manual' })
  const back = new URL(there.headers.get('location') ?? '')
  expect(back.origin).toBe(api.environment.PUBLIC_URL)
  const answer = await api.anonymous.get(back.pathname + back.search, { cookie: cookiesSet(started.headers) })
  expect(answer.status, JSON.stringify(answer.body)).toBe(302)
  expect(answer.headers.get('location')).not.toContain('error')
  return cookiesSet(answer.headers)
}

describe('sign-in by the organisation’s own issuer', () => {
  it('creates an account of role user for an unknown person', async () => {
    const cookie = await signInByIssuer()
    expect((await api.anonymous.get('/v1/me', { cookie })).body).toMatchObject({
      email: 'nadia@exemple.fr',
      name: 'Nadia Petit',
      role: 'user',
      locale: 'fr',
    })
  })

  it('signs in to the existing account when the issuer has verified its address', async () => {
    issuer.person = {
      sub: 'subject-2',
      email: 'admin@rapporteur.test',
      email_verified: true,
      name: 'C. Martin',
    }
    const cookie = await signInByIssuer()
    expect((await api.anonymous.get('/v1/me', { cookie })).body).toMatchObject({
      role: 'admin',
      name: 'Camille Martin',
    })
  })
})

it('an issuer that does not answer is left out; passwords go on working', async () => {
  const alone = await createTestApi({
    variables: { OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_CLIENT_ID: 'x', OIDC_CLIENT_SECRET: 'y' },
  })
  expect((await (await alone.signIn('leo')).get('/v1/me')).status).toBe(200)
  const answer = await alone.anonymous.post('/api/auth/sign-in/social', {
    provider: 'oidc',
    callbackURL: '/',
  })
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  await alone.close()
})
