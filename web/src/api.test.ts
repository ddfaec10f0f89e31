import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { api as Api } from './api.ts'
import { ApiFailure } from './api-failure.ts'
import { sessionEnds } from './session.ts'

const asked: { request: Request; body: string }[] = []
let api: typeof Api

beforeAll(async () => {
  // Browsers resolve paths against the page's address, Node does not.
  vi.stubGlobal(
    'Request',
    class extends Request {
      constructor(input: RequestInfo | URL, init?: RequestInit) {
        super(typeof input === 'string' ? new URL(input, 'http://reports.example') : input, init)
      }
    },
  )
  ;({ api } = await import('./api.ts'))
})
afterEach(() => void asked.splice(0))

function answers(status: number, body: string | null, headers: Record<string, string> = {}) {
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push({ request, body: await request.text() })
    return new Response(body, { status, headers: { 'content-type': 'application/json', ...headers } })
  })
}

const failure = async (call: Promise<unknown>): Promise<ApiFailure> =>
  call.then(
    () => expect.fail('it was answered'),
    (error: unknown) => (error instanceof ApiFailure ? error : expect.fail(String(error))),
  )

describe('what is asked', () => {
  it('a change carries the version that was edited, and says that it is JSON', async () => {
    answers(200, '{"id":"a"}', { etag: '"8"' })
    const saved = await api.replaceScheduledReport('a/b', { name: 'x' } as never, '"7"')
    expect(saved).toEqual({ value: { id: 'a' }, etag: '"8"' })
    const [{ request, body } = {}] = asked
    expect(request?.method).toBe('PUT')
    expect(request?.url).toBe('http://reports.example/v1/admin/scheduled-reports/a%2Fb')
    expect(Object.fromEntries(request?.headers ?? [])).toEqual({
      accept: 'application/json',
      'accept-language': 'fr',
      'content-type': 'application/json',
      'if-match': '"7"',
    })
    expect(JSON.parse(body ?? '')).toEqual({ name: 'x' })
  })

  it('a start carries its key, and no body', async () => {
    answers(202, '{"number":1}')
    await api.runScheduledReport('a', 'key-1')
    expect(asked[0]?.request.headers.get('idempotency-key')).toBe('key-1')
    expect(asked[0]?.request.headers.has('content-type')).toBe(false)
    expect(asked[0]?.request.headers.has('if-match')).toBe(false)
  })

  it('lists and filters are written as the API reads them; what is not given is left out', async () => {
    answers(200, '{"items":[]}')
    await api.rows('pupils', {
      page: 2,
      columns: ['a', 'b'],
      filters: { city: 'Évry & co' },
      sort: undefined,
    })
    await api.reports({ page: 1, status: ['failed', 'queued'] })
    await api.users({ q: '', active: false })
    const queries = asked.map(({ request }) => new URL(request.url).searchParams)
    expect(queries.map((query) => Object.fromEntries(query))).toEqual([
      { page: '2', columns: 'a,b', filters: '{"city":"Évry & co"}' },
      { page: '1', status: 'failed,queued' },
      { q: '', active: 'false' },
    ])
  })
})

describe('what comes back', () => {
  it('nothing, after a deletion', async () => {
    answers(204, null)
    expect(await api.deleteScheduledReport('a')).toBeUndefined()
  })

  it('a problem is thrown with its fields and when to come back', async () => {
    const problem = {
      code: 'invalid',
      detail: 'Non',
      errors: [{ path: 'name', message: 'court' }],
      request_id: 'r',
    }
    answers(422, JSON.stringify(problem), { 'content-type': 'application/problem+json', 'retry-after': '7' })
    const error = await failure(api.me())
    expect(error).toMatchObject({
      code: 'invalid',
      status: 422,
      detail: 'Non',
      requestId: 'r',
      retryAfter: 7,
    })
    expect(error.errorAt('name')).toBe('court')
  })

  it.each([
    ['a proxy’s page', 502, '<html>', { 'content-type': 'text/html' }],
    ['JSON cut off on the way', 200, '{"id":', {}],
    ['an empty answer', 200, '', {}],
  ])('%s is unreadable', async (_, status, body, headers) => {
    answers(status, body, headers)
    expect(await failure(api.me())).toMatchObject({ code: 'unreadable', status })
  })

  it('no answer is a failure of the network', async () => {
    vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('Failed to fetch')))
    expect(await failure(api.me())).toMatchObject({ code: 'network', status: 0 })
  })

  it('what was called off is no failure', async () => {
    const controller = new AbortController()
    vi.stubGlobal('fetch', async (request: Request) => {
      controller.abort()
      request.signal.throwIfAborted()
    })
    await expect(api.me(controller.signal)).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('401 ends the session, except where one signs in', async () => {
    answers(401, '{"code":"unauthenticated"}')
    const before = sessionEnds()
    expect((await failure(api.signIn('a@b.c', 'x'))).status).toBe(401)
    expect((await failure(api.configuration())).status).toBe(401)
    expect(sessionEnds()).toBe(before)
    expect((await failure(api.me())).status).toBe(401)
    expect(sessionEnds()).toBe(before + 1)
  })
})
