import { once } from 'node:events'
import { OpenAPIHono } from '@hono/zod-openapi'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ReportJson } from '#domain/schemas/report-schema.ts'
import { requirePerson } from '../auth/require-person.ts'
import { answerError } from '../http/answer-error.ts'
import type { ApiEnv } from '../http/api-env.ts'
import { requestContext } from '../http/request-context.ts'
import { createOpenStreams } from './open-streams.ts'
import { reportEventRoutes } from './report-event-routes.ts'
import { eventually } from '#test/eventually.ts'
import { createTestApi, type Caller, type TestApi } from '#test/worlds/test-api.ts'

let api: TestApi
let awa: Caller
let leo: Caller
beforeAll(async () => {
  api = await createTestApi()
  awa = await api.signIn('awa')
  leo = await api.signIn('leo')
})
afterAll(async () => await api.close())
beforeEach(async () => {
  await api.prisma.report.deleteMany()
  api.engine.progress.clear()
})

async function asked(by: Caller): Promise<number> {
  return ((await by.post('/v1/reports', { type: 'pupils', format: 'csv' })).body as ReportJson).number
}

/** An API key of this person. */
async function keyOf(name: string): Promise<Caller> {
  const owner = await api.signIn(name)
  const { body } = await owner.post('/v1/me/api-keys', { name: 'live', scopes: ['reports:read'] })
  return { ...owner, identity: { 'x-api-key': (body as { key: string }).key } }
}

function ownSession({ identity }: Caller) {
  const token = decodeURIComponent(/session_token=([^;]+)/.exec(identity.cookie ?? '')?.[1] ?? '')
  return { token: token.split('.')[0] }
}

async function withinSeconds(ended: Promise<void> | undefined): Promise<void> {
  const late = AbortSignal.timeout(8_000)
  await Promise.race([ended, once(late, 'abort').then(() => Promise.reject(new Error('It goes on')))])
}

interface Stream {
  text(): string
  reports(): ReportJson[]
  ids(): string[]
  ended: Promise<void>
  stop(): Promise<void>
}

async function watch(who: Caller, headers: Record<string, string> = {}): Promise<Stream> {
  const stopping = new AbortController()
  const response = await api.app.request('/v1/reports/events', {
    headers: { ...who.identity, ...headers },
    signal: stopping.signal,
  })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const ended = (async () => {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) text += part.value
  })()
  const lines = (name: string) =>
    text.split('\n').flatMap((line) => (line.startsWith(`${name}: `) ? [line.slice(name.length + 2)] : []))
  await vi.waitFor(() => expect(text).toContain(': connected'))
  return {
    text: () => text,
    reports: () => lines('data').map((data) => JSON.parse(data) as ReportJson),
    ids: () => lines('id'),
    ended,
    stop: async () => {
      await reader?.cancel()
      await ended
    },
  }
}

describe('live reports', () => {
  it('sends each change of the caller’s own reports, and of no other', async () => {
    const [mine, theirs] = [await watch(awa), await watch(leo)]
    const number = await asked(awa)
    await vi.waitFor(() =>
      expect(mine.reports()).toContainEqual(expect.objectContaining({ number, status: 'queued' })),
    )
    await api.prisma.report.update({ where: { number }, data: { status: 'running' } })
    await vi.waitFor(() =>
      expect(mine.reports().at(-1)).toMatchObject({ number, status: 'running', progress: null }),
    )
    api.engine.progress.set(number, { phase: 'generate', attempt: 1, rows: 10_000, waiting: null })
    await vi.waitFor(() => expect(mine.reports().at(-1)).toMatchObject({ progress: { rows: 10_000 } }))
    await api.prisma.report.update({ where: { number }, data: { status: 'completed', delivery: 'sent' } })
    await vi.waitFor(() => {
      expect(mine.reports().at(-1)).toMatchObject({
        number,
        status: 'completed',
        delivery: 'sent',
        progress: null,
      })
    })
    const others = await asked(leo)
    await vi.waitFor(() => expect(theirs.reports().at(-1)).toMatchObject({ number: others }))
    expect(mine.reports().every((report) => report.number === number)).toBe(true)
    expect(theirs.reports().every((report) => report.number === others)).toBe(true)
    await Promise.all([mine.stop(), theirs.stop()])
  })

  it('sends a change once, not at every look at the database', async () => {
    const stream = await watch(awa)
    const number = await asked(awa)
    await vi.waitFor(() => expect(stream.reports()).toHaveLength(1))
    // Several looks later (one every 50 ms here) another report's change is the next event.
    const queries = vi.spyOn(api.prisma.report, 'findMany')
    await vi.waitFor(() => expect(queries.mock.calls.length).toBeGreaterThan(5))
    queries.mockRestore()
    const next = await asked(awa)
    await vi.waitFor(() => expect(stream.reports().map((report) => report.number)).toEqual([number, next]))
    await stream.stop()
  })

  it('sends what changed since Last-Event-ID to a caller that reconnects', async () => {
    const first = await watch(awa)
    const number = await asked(awa)
    await vi.waitFor(() => expect(first.ids()).toHaveLength(1))
    const lastEventId = first.ids().at(-1) ?? ''
    await first.stop()
    await api.prisma.report.update({ where: { number }, data: { status: 'failed' } })
    const second = await watch(awa, { 'last-event-id': lastEventId })
    await vi.waitFor(() => expect(second.reports().at(-1)).toMatchObject({ number, status: 'failed' }))
    await second.stop()
  })

  it('asks the database nothing for a caller that has left', async () => {
    const stream = await watch(awa)
    await stream.stop()
    const queries = vi.spyOn(api.prisma.report, 'findMany')
    const other = await watch(leo)
    await vi.waitFor(() => expect(queries).toHaveBeenCalled())
    const leoRow = await api.prisma.user.findUniqueOrThrow({ where: { email: 'leo@rapporteur.test' } })
    for (const [options] of queries.mock.calls) {
      expect(JSON.stringify(options?.where)).toContain(leoRow.id)
    }
    queries.mockRestore()
    await other.stop()
  })

  it('sends nothing more to an account that is deactivated meanwhile', async () => {
    const [theirs, mine] = [await watch(awa), await watch(leo)]
    const [number, other] = [await asked(awa), await asked(leo)]
    await vi.waitFor(() => expect(theirs.reports()).toHaveLength(1))
    await api.prisma.user.update({ where: { email: 'awa@rapporteur.test' }, data: { banned: true } })
    try {
      await api.prisma.report.update({ where: { number }, data: { status: 'running' } })
      await api.prisma.report.update({ where: { number: other }, data: { status: 'running' } })
      // Written after hers, so hers was passed over when this one arrives.
      await vi.waitFor(() => expect(mine.reports().at(-1)).toMatchObject({ status: 'running' }))
      expect(theirs.reports()).toHaveLength(1)
    } finally {
      await api.prisma.user.update({ where: { email: 'awa@rapporteur.test' }, data: { banned: false } })
    }
    await Promise.all([theirs.stop(), mine.stop()])
  })

  const endings: [what: string, open: () => Promise<Caller>, end: (caller: Caller) => Promise<unknown>][] = [
    ['sign-out', () => api.signIn('awa'), (caller) => caller.post('/api/auth/sign-out', {})],
    [
      'the session’s expiry',
      () => api.signIn('awa'),
      (caller) =>
        api.prisma.session.updateMany({ where: ownSession(caller), data: { expiresAt: new Date(0) } }),
    ],
    ['the key’s deletion', () => keyOf('awa'), () => api.prisma.apikey.deleteMany()],
    [
      'the key’s expiry',
      () => keyOf('awa'),
      () => api.prisma.apikey.updateMany({ data: { expiresAt: new Date(0) } }),
    ],
    [
      'the key’s disabling',
      () => keyOf('awa'),
      () => api.prisma.apikey.updateMany({ data: { enabled: false } }),
    ],
    [
      'deactivation',
      () => keyOf('awa'),
      () => api.prisma.user.update({ where: { email: 'awa@rapporteur.test' }, data: { banned: true } }),
    ],
  ]
  it.each(endings)('ends within seconds of %s, and no other stream does', async (_what, open, end) => {
    const caller = await open()
    const [theirs, mine] = [await watch(caller), await watch(leo)]
    try {
      await end(caller)
      await expect(withinSeconds(theirs.ended)).resolves.toBeUndefined()
      const number = await asked(leo)
      await vi.waitFor(() => expect(mine.reports().at(-1)).toMatchObject({ number }))
    } finally {
      await api.prisma.user.updateMany({ data: { banned: false } })
      await mine.stop()
    }
  })

  it('ends a person’s oldest stream when they open a ninth, and says to come back later', async () => {
    const streams: Stream[] = []
    for (let count = 0; count < 8; count++) streams.push(await watch(leo))
    const others = await watch(awa)
    streams.push(await watch(leo))
    await withinSeconds(streams[0]?.ended)
    expect(streams[0]?.text()).toContain('retry: 60000')
    const number = await asked(leo)
    for (const stream of streams.slice(1)) {
      await vi.waitFor(() => expect(stream.reports().at(-1)).toMatchObject({ number }))
    }
    const theirs = await asked(awa)
    await vi.waitFor(() => expect(others.reports().at(-1)).toMatchObject({ number: theirs }))
    await Promise.all([...streams, others].map((stream) => stream.stop()))
  })

  it('are as many as the process takes: the next person gets 503 with Retry-After', async () => {
    const { prisma } = api
    const streams = createOpenStreams({ prisma, logger: api.deps.logger, now: api.deps.now, maxStreams: 2 })
    const app = new OpenAPIHono<ApiEnv>()
    app.onError((error, context) => answerError(error, context, api.deps.logger))
    app.use(requestContext, requirePerson(api.deps))
    reportEventRoutes(app, { subscribe: () => () => {}, onClose: () => () => {}, close: () => {} }, streams)
    const open = (who: Caller) => app.request('/v1/reports/events', { headers: who.identity })
    const held = [await open(awa), await open(leo)]
    const admin = await api.signIn('admin')
    const refused = await open(admin)
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('30')
    expect(await refused.json()).toMatchObject({ code: 'too_many_streams' })
    await held[0]?.body?.cancel()
    held[0] = await eventually(
      async () => await open(admin),
      (again) => again.status === 200,
    )
    await Promise.all(held.map(async (answer) => await answer.body?.cancel()))
  })

  it('returns 401 without a session; HEAD streams nothing', async () => {
    expect((await api.anonymous.get('/v1/reports/events')).status).toBe(401)
    const head = await awa.request('HEAD', '/v1/reports/events')
    expect(head).toMatchObject({ status: 200, body: '' })
  })
})
