import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ReportJson } from '#domain/schemas/report-schema.ts'
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
    api.engine.progress.set(number, { phase: 'generate', attempt: 1, rows: 10_000 })
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

  it('returns 401 without a session; HEAD streams nothing', async () => {
    expect((await api.anonymous.get('/v1/reports/events')).status).toBe(401)
    const head = await awa.request('HEAD', '/v1/reports/events')
    expect(head).toMatchObject({ status: 200, body: '' })
  })
})
