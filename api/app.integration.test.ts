import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '#api/app.ts'
import { sql } from '#catalogue/sql.ts'
import { definitionDefaults } from '#domain/definition-defaults.ts'
import { createReportFeed } from './reports/report-feed.ts'
import { createTestApi, type TestApi } from '#test/worlds/test-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await createTestApi()
})
afterAll(async () => await api.close())

/** What the sign-in page reads without a session. */
const openToAll = ['/v1/configuration']

describe('health', () => {
  it('/healthz and /readyz answer 200, and /readyz 503 naming the dependency that is down', async () => {
    expect(await api.anonymous.get('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } })
    expect(await api.anonymous.get('/readyz')).toMatchObject({
      status: 200,
      body: {
        status: 'ok',
        dependencies: { database: { status: 'ok' }, storage: { status: 'ok' } },
        time_zone_data: { version: process.versions.tz, outdated: false },
      },
    })
    api.engine.takeAway()
    const answer = await api.anonymous.get('/readyz')
    await api.engine.giveBack()
    expect(answer).toMatchObject({
      status: 503,
      body: { status: 'down', dependencies: { temporal: { status: 'down' }, source: { status: 'ok' } } },
    })
    expect((await api.anonymous.get('/healthz')).status).toBe(200)
  })

  it('/readyz answers 200 while every other connection to a database is in use', async () => {
    const { prisma, deps } = api
    const sleeping = [
      ...Array.from({ length: 10 }, () => prisma.$queryRaw`SELECT pg_sleep(3)::text`),
      ...Array.from({ length: 4 }, () => deps.source.rows(sql`select pg_sleep(3)`)),
    ].map((one) => Promise.resolve(one).catch(() => undefined))
    const startedAt = performance.now()
    expect((await api.anonymous.get('/readyz')).status).toBe(200)
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    await Promise.all(sleeping)
  }, 30_000)

  it('/readyz answers 503 within five seconds when a dependency hangs', async () => {
    const original = api.deps.storage.ping
    api.deps.storage.ping = () => new Promise(() => {})
    const startedAt = performance.now()
    const app = createApp(api.deps, createReportFeed({ ...api.deps, now: () => new Date() }))
    const answer = await app.request('/readyz')
    api.deps.storage.ping = original
    expect(answer.status).toBe(503)
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    expect(await answer.json()).toMatchObject({ dependencies: { storage: { status: 'down' } } })
  })
})

describe('the OpenAPI description', () => {
  interface Operation {
    operationId?: string
    security?: unknown
    responses: Record<string, unknown>
  }
  interface Description {
    openapi: string
    paths: Record<string, Record<string, Operation>>
    components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> }
  }

  it('says what a field left out of a scheduled report is', async () => {
    const { components } = (await api.anonymous.get('/v1/openapi.json')).body as Description
    const { properties } = components.schemas.ScheduledReportInput as {
      properties: Record<string, { default?: unknown }>
    }
    const { format: _, frequency: __, ...defaults } = definitionDefaults
    for (const [field, value] of Object.entries(defaults))
      expect(properties[field], field).toHaveProperty('default', value)
  })

  it('names every route of /v1, each with its errors and its security', async () => {
    const description = (await api.anonymous.get('/v1/openapi.json')).body as Description
    expect(description.openapi).toBe('3.1.0')
    const routes = new Set(
      api.app.routes
        .filter(
          ({ method, path }) => method !== 'ALL' && path.startsWith('/v1/') && path !== '/v1/openapi.json',
        )
        .map(({ method, path }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')}`),
    )
    const described = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    )
    expect(described.filter((one) => one.includes('/v1/')).sort()).toEqual([...routes].sort())
    for (const [path, methods] of Object.entries(description.paths)) {
      if (!path.startsWith('/v1/')) continue
      for (const operation of Object.values(methods)) {
        expect(operation.operationId, path).toBeTruthy()
        if (openToAll.includes(path)) {
          expect(operation.security, path).toEqual([])
          continue
        }
        // What opens the account itself is closed to keys.
        const isOwnAccess = path.startsWith('/v1/me/')
        expect(operation.security, path).toEqual([{ session: [] }, ...(isOwnAccess ? [] : [{ api_key: [] }])])
        expect(Object.keys(operation.responses), path).toEqual(expect.arrayContaining(['401', '403']))
      }
    }
    for (const name of [
      'ScheduledReport',
      'ScheduledReportInput',
      'Report',
      'DeliveryLog',
      'Problem',
      'ReportType',
    ]) {
      expect(description.components.schemas).toHaveProperty(name)
    }
  })

  it('has a page that loads nothing from another host', async () => {
    expect(await api.anonymous.get('/')).toMatchObject({ status: 302 })
    const page = await api.anonymous.get('/docs')
    expect(page.status).toBe(200)
    const sources = [...String(page.body).matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1])
    expect(sources).toEqual(['/docs/scalar.js'])
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
    const program = await api.anonymous.get('/docs/scalar.js')
    expect(program.headers.get('content-type')).toContain('text/javascript')
    expect(String(program.body).length).toBeGreaterThan(1_000_000)
    const etag = program.headers.get('etag') ?? ''
    expect((await api.anonymous.get('/docs/scalar.js', { 'if-none-match': etag })).status).toBe(304)
  })
})

it('every answer has the security headers', async () => {
  for (const path of ['/healthz', '/v1/me', '/nothing', '/l/nonsense', '/docs']) {
    const { headers } = await api.anonymous.get(path)
    expect(headers.get('x-content-type-options'), path).toBe('nosniff')
    expect(headers.get('x-frame-options'), path).toBe('DENY')
    expect(headers.get('content-security-policy'), path).toContain("frame-ancestors 'none'")
    expect(headers.get('x-request-id'), path).toBeTruthy()
    expect(headers.get('x-powered-by'), path).toBeNull()
  }
})

it('keeps a valid X-Request-Id and replaces another one', async () => {
  const kept = await api.anonymous.get('/nothing', { 'x-request-id': 'abc-123' })
  expect(kept.headers.get('x-request-id')).toBe('abc-123')
  expect(kept.body).toMatchObject({ request_id: 'abc-123' })
  const made = await api.anonymous.get('/nothing', { 'x-request-id': 'a b' })
  expect(made.headers.get('x-request-id')).not.toBe('a b')
})

describe('an unexpected error', () => {
  const logged: string[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(chunk.toString())
      done()
    },
  })
  const logger = pino({ level: 'info' }, stream)

  it('is logged, not shown to the caller', async () => {
    const deps = {
      ...api.deps,
      logger,
      catalogue: {
        ...api.deps.catalogue,
        all: () => {
          throw new Error('secret detail')
        },
      },
    }
    const app = createApp(deps, createReportFeed({ ...deps, now: () => new Date() }))
    const response = await app.request('/v1/report-types', { headers: (await api.signIn('awa')).identity })
    const text = await response.text()
    expect(response.status).toBe(500)
    expect(JSON.parse(text)).toMatchObject({ code: 'internal_error', request_id: expect.any(String) })
    expect(text).not.toContain('secret detail')
    expect(text).not.toContain('.ts')
    expect(logged.join('')).toContain('secret detail')
  })

  it('the log names routes, not tokens, queries or addresses', async () => {
    logged.length = 0
    const deps = { ...api.deps, logger }
    const app = createApp(deps, createReportFeed({ ...deps, now: () => new Date() }))
    await app.request('/l/a-very-secret-token')
    await app.request('/v1/report-types/pupils/rows?filters={"last_name":"Mbuyi"}')
    await app.request('/nothing/at/all?q=someone@exemple.fr')
    await app.request('/v1/reports/42/relaunch', { method: 'POST' })
    const lines = logged.map(
      (line) => JSON.parse(line) as { route: string; status: number; ms: number; number?: number },
    )
    const routes = ['/l/:token', '/v1/report-types/:key/rows', 'none', '/v1/reports/:number/relaunch']
    expect(lines.map(({ route }) => route)).toEqual(routes)
    expect(lines.map(({ status }) => status)).toEqual([404, 401, 404, 401])
    expect(lines.map(({ number }) => number)).toEqual([undefined, undefined, undefined, 42])
    for (const secret of ['secret-token', 'Mbuyi', 'exemple.fr'])
      expect(logged.join('')).not.toContain(secret)
  })
})
