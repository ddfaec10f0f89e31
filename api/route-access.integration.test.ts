/**
 * Who may do what: every route of the OpenAPI description, tried as each kind of caller. A route without a row fails,
 * and a row without a route. A new kind of caller is added to `whos` and to the presets below.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomUUID } from 'node:crypto'
import { keyScopes } from '#domain/schemas/api-key-schema.ts'
import { scopeFor } from './auth/key-scopes.ts'
import { createRouteWorld, whos, type RouteWorld, type Who } from '#test/worlds/route-world.ts'

interface Ask {
  path: string
  body?: object
}

interface Row {
  /** A request that is right in itself, so that only who asks decides. */
  ask(world: RouteWorld): Ask | Promise<Ask>
  answers: Readonly<Record<Who, number>>
}

/** Who is not let in, by what they hold. */
const out = (status: number) => ({
  nobody: status,
  expiredSession: status,
  deletedKey: status,
  deactivated: status,
})
const shut = out(401)
/** Needs no session, and looks at none. */
const anybody = (status: number): Row['answers'] => ({ ...everyoneSignedIn(status), ...out(status) })
const everyoneSignedIn = (status: number): Row['answers'] => ({
  ...shut,
  user: status,
  otherUser: status,
  admin: status,
})
/** To another person it does not exist. */
const ownerAndAdmin = (status: number): Row['answers'] => ({ ...everyoneSignedIn(status), otherUser: 404 })
const adminAlone = (status: number): Row['answers'] => ({ ...shut, user: 403, otherUser: 403, admin: status })

const at = (path: string, body?: object) => () => ({ path, body })
const ofReport =
  (state: 'queued' | 'failed' | 'stored', rest = '') =>
  async (world: RouteWorld): Promise<Ask> => ({ path: `/v1/reports/${await world.report(state)}${rest}` })
const ofDefinition =
  (rest = '', body?: object) =>
  async (world: RouteWorld): Promise<Ask> => ({
    path: `${definitions}/${await world.definition()}${rest}`,
    body,
  })

const definitions = '/v1/admin/scheduled-reports'
const schools = '/v1/report-types/schools'
const definition = {
  name: 'Écoles',
  type: 'schools',
  frequency: 'daily',
  recipients: ['a@ville.test'],
  format: 'csv',
}
const yesterday = {
  from: new Date(Date.now() - 25 * 3_600_000).toISOString(),
  to: new Date(Date.now() - 3_600_000).toISOString(),
}

const people = '/v1/admin/users'
const ofPerson =
  (rest = '', body?: object, role: 'user' | 'admin' = 'user') =>
  async (world: RouteWorld): Promise<Ask> => ({ path: `${people}/${await world.person(role)}${rest}`, body })

const rows: Readonly<Record<string, Row>> = {
  'POST /api/auth/forgotten-password': {
    ask: () => ({ path: '/api/auth/forgotten-password', body: { email: `${randomUUID()}@ville.test` } }),
    answers: anybody(202),
  },
  'GET /api/auth/password-links/{token}': {
    ask: at('/api/auth/password-links/x'),
    answers: anybody(410),
  },
  'POST /api/auth/password-links/{token}': {
    ask: at('/api/auth/password-links/x', { password: 'a long password' }),
    answers: anybody(410),
  },
  'POST /v1/me/password': {
    ask: at('/v1/me/password', { current_password: 'guess', new_password: 'a long password' }),
    answers: everyoneSignedIn(422),
  },
  'GET /v1/me/sessions': { ask: at('/v1/me/sessions'), answers: everyoneSignedIn(200) },
  'DELETE /v1/me/sessions/{id}': { ask: at('/v1/me/sessions/another'), answers: everyoneSignedIn(404) },
  'GET /v1/me/api-keys': { ask: at('/v1/me/api-keys'), answers: everyoneSignedIn(200) },
  'POST /v1/me/api-keys': {
    ask: at('/v1/me/api-keys', { name: 'x', scopes: ['reports:read'] }),
    answers: everyoneSignedIn(201),
  },
  'DELETE /v1/me/api-keys/{id}': { ask: at('/v1/me/api-keys/another'), answers: everyoneSignedIn(404) },
  [`POST ${people}`]: {
    ask: () => ({ path: people, body: { email: `${randomUUID()}@ville.test` } }),
    answers: adminAlone(201),
  },
  [`PATCH ${people}/{id}`]: { ask: ofPerson('', { role: 'admin' }), answers: adminAlone(200) },
  [`POST ${people}/{id}/invite`]: { ask: ofPerson('/invite'), answers: adminAlone(409) },
  [`POST ${people}/{id}/anonymise`]: { ask: ofPerson('/anonymise'), answers: adminAlone(409) },
  [`POST ${people}/{id}/hand-over`]: {
    ask: async (world) => ({
      ...(await ofPerson('/hand-over')(world)),
      body: { user_id: await world.person('admin') },
    }),
    answers: adminAlone(200),
  },
  'GET /v1/admin/attributes': { ask: at('/v1/admin/attributes'), answers: adminAlone(200) },
  'GET /v1/admin/audit': { ask: at('/v1/admin/audit'), answers: adminAlone(200) },

  'GET /healthz': { ask: at('/healthz'), answers: anybody(200) },
  'GET /readyz': { ask: at('/readyz'), answers: anybody(200) },
  'GET /v1/configuration': { ask: at('/v1/configuration'), answers: anybody(200) },

  'GET /v1/me': { ask: at('/v1/me'), answers: everyoneSignedIn(200) },
  'PATCH /v1/me': { ask: at('/v1/me', { locale: 'fr' }), answers: everyoneSignedIn(200) },

  'GET /v1/report-types': { ask: at('/v1/report-types'), answers: everyoneSignedIn(200) },
  'GET /v1/report-types/{key}': { ask: at(schools), answers: everyoneSignedIn(200) },
  'GET /v1/report-types/{key}/rows': { ask: at(`${schools}/rows`), answers: everyoneSignedIn(200) },
  'GET /v1/report-types/{key}/totals': { ask: at(`${schools}/totals`), answers: everyoneSignedIn(200) },
  'GET /v1/report-types/{key}/filters/{filter}/options': {
    ask: at(`${schools}/filters/province/options`),
    answers: everyoneSignedIn(200),
  },

  'GET /v1/reports': { ask: at('/v1/reports'), answers: everyoneSignedIn(200) },
  'POST /v1/reports': {
    ask: at('/v1/reports', { type: 'schools', format: 'csv' }),
    answers: everyoneSignedIn(202),
  },
  'GET /v1/reports/events': { ask: at('/v1/reports/events'), answers: everyoneSignedIn(200) },
  'GET /v1/reports/{number}': { ask: ofReport('stored'), answers: ownerAndAdmin(200) },
  'GET /v1/reports/{number}/log': { ask: ofReport('queued', '/log'), answers: ownerAndAdmin(200) },
  'POST /v1/reports/{number}/relaunch': {
    ask: ofReport('failed', '/relaunch'),
    answers: ownerAndAdmin(202),
  },
  'POST /v1/reports/{number}/cancel': { ask: ofReport('queued', '/cancel'), answers: ownerAndAdmin(202) },
  'POST /v1/reports/{number}/download-url': {
    ask: ofReport('stored', '/download-url'),
    answers: ownerAndAdmin(200),
  },

  'POST /v1/admin/report-types/reload': {
    ask: at('/v1/admin/report-types/reload'),
    answers: adminAlone(200),
  },
  'GET /v1/admin/dashboard': { ask: at('/v1/admin/dashboard'), answers: adminAlone(200) },
  'GET /v1/admin/users': { ask: at('/v1/admin/users'), answers: adminAlone(200) },
  'POST /v1/admin/users/{id}/deactivate': {
    ask: async ({ person }) => ({ path: `/v1/admin/users/${await person()}/deactivate` }),
    answers: adminAlone(200),
  },
  'POST /v1/admin/users/{id}/reactivate': {
    ask: async ({ person }) => ({ path: `/v1/admin/users/${await person()}/reactivate` }),
    answers: adminAlone(200),
  },

  [`GET ${definitions}`]: { ask: at(definitions), answers: adminAlone(200) },
  [`POST ${definitions}`]: { ask: at(definitions, definition), answers: adminAlone(201) },
  [`POST ${definitions}/preview`]: {
    ask: at(`${definitions}/preview`, { frequency: 'daily' }),
    answers: adminAlone(200),
  },
  [`GET ${definitions}/{id}`]: { ask: ofDefinition(), answers: adminAlone(200) },
  [`PUT ${definitions}/{id}`]: { ask: ofDefinition('', definition), answers: adminAlone(200) },
  [`DELETE ${definitions}/{id}`]: { ask: ofDefinition(), answers: adminAlone(204) },
  [`POST ${definitions}/{id}/run`]: { ask: ofDefinition('/run'), answers: adminAlone(202) },
  [`POST ${definitions}/{id}/test`]: { ask: ofDefinition('/test'), answers: adminAlone(202) },
  [`POST ${definitions}/{id}/pause`]: { ask: ofDefinition('/pause'), answers: adminAlone(200) },
  [`POST ${definitions}/{id}/resume`]: { ask: ofDefinition('/resume'), answers: adminAlone(200) },
  [`POST ${definitions}/{id}/owner`]: {
    ask: async (world) => ({
      ...(await ofDefinition('/owner')(world)),
      body: { user_id: await world.person('admin') },
    }),
    answers: adminAlone(200),
  },
  [`GET ${definitions}/{id}/logs`]: { ask: ofDefinition('/logs'), answers: adminAlone(200) },
  [`GET ${definitions}/{id}/occurrences`]: { ask: ofDefinition('/occurrences'), answers: adminAlone(200) },
  [`POST ${definitions}/{id}/backfill`]: {
    ask: ofDefinition('/backfill', yesterday),
    answers: adminAlone(202),
  },
  [`POST ${definitions}/{id}/backfill/preview`]: {
    ask: ofDefinition('/backfill/preview', yesterday),
    answers: adminAlone(200),
  },
}

let world: RouteWorld
beforeAll(async () => {
  world = await createRouteWorld()
})
afterAll(async () => await world?.close())

it('the table has a row for each route of the description, and no other', async () => {
  const { body } = await world.api.anonymous.get('/v1/openapi.json')
  const { paths } = body as { paths: Record<string, Record<string, object>> }
  const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options']
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    methods.filter((method) => method in operations).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(Object.keys(rows).toSorted()).toEqual(described.toSorted())
})

describe.each(Object.entries(rows))('%s', (route, { ask, answers }) => {
  const [method] = route.split(' ')

  it.each(whos)(`as %s`, (who) => expectAnswer(world.identities[who], answers[who]))

  it('as a key with every other scope, and with its own', async () => {
    const [, path = ''] = route.split(' ')
    const isOpen = answers.nobody !== 401
    const needed = scopeFor(method ?? '', path)
    const others = keyScopes.filter((scope) => scope !== needed)
    const mayPass = isOpen || needed === 'any'
    await expectAnswer(await world.keyWith(others), mayPass ? answers.admin : 403)
    await expectAnswer(await world.keyWith([...keyScopes]), mayPass || needed !== null ? answers.admin : 403)
  })

  async function expectAnswer(identity: Record<string, string>, status: number): Promise<void> {
    const { path, body } = await ask(world)
    const answer = await world.api.app.request(path, {
      method,
      headers: { ...identity, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const isStream = answer.headers.get('content-type')?.includes('event-stream') ?? false
    const text = isStream ? '' : await answer.text()
    if (isStream) await answer.body?.cancel()
    expect([path, answer.status, text.slice(0, 400)]).toEqual([path, status, expect.any(String)])
    // Who may not learn of a thing learns nothing of it.
    if (answer.status >= 400) {
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
      expect(text).not.toMatch(/leo@|admin@|Écoles/)
    }
  }
})
