import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApi, type Answer, type Caller, type TestApi } from '#test/worlds/test-api.ts'

let api: TestApi
let leo: Caller
beforeAll(async () => {
  api = await createTestApi()
  leo = await api.signIn('leo')
})
afterAll(async () => await api.close())

const signIn = '/api/auth/sign-in/email'
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
const objects = (levels: number) => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels)

function codeOf(answer: Answer) {
  const { code } = answer.body as { code: string }
  return { status: answer.status, code }
}

async function timed(send: () => Promise<Answer>): Promise<Answer & { ms: number }> {
  const startedAt = performance.now()
  const answer = await send()
  return { ...answer, ms: performance.now() - startedAt }
}

describe('before sign-in', () => {
  it('a body over 16 kB returns 413 and names that limit', async () => {
    for (const path of [signIn, '/api/auth/anything', '/u/token', '/nothing']) {
      const answer = await timed(() => api.anonymous.post(path, nested(500_000)))
      expect({ path, ...codeOf(answer) }).toEqual({ path, status: 413, code: 'body_too_large' })
      expect(answer.body).toMatchObject({ detail: expect.stringContaining('16') })
      expect(answer.ms).toBeLessThan(250)
    }
  })

  it('a body without a length is read up to the limit alone', async () => {
    let given = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        given += 1_024
        controller.enqueue(new Uint8Array(1_024).fill(0x20))
      },
    })
    const answer = await api.app.request(signIn, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
      body: endless,
      duplex: 'half',
    })
    expect(answer.status).toBe(413)
    expect(given).toBeLessThan(64_000)
  })

  it('a body to an address that needs a session is not read', async () => {
    let given = 0
    const endless = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          given += 1_024
          controller.enqueue(new Uint8Array(1_024).fill(0x20))
        },
      },
      { highWaterMark: 0 },
    )
    const answer = await api.app.request('/v1/reports', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
      body: endless,
      duplex: 'half',
    })
    expect(answer.status).toBe(401)
    expect(given).toBe(0)
  })

  it.each([33, 3_000, 8_000])('%i levels return 400', async (levels) => {
    expect(codeOf(await api.anonymous.post(signIn, nested(levels)))).toEqual({
      status: 400,
      code: 'json_too_complex',
    })
  })
})

describe('signed in', () => {
  it.each([
    ['500,000 levels of lists', nested(500_000)],
    ['33 levels of objects', objects(33)],
    ['20,001 values', `[${'1,'.repeat(20_000)}1]`],
    ['450,000 values in lists of their own', `[${'[],'.repeat(300_000)}[]]`],
    ['20,001 values before anything that is no JSON', `[${'1,'.repeat(20_001)}`],
  ])('%s return 400 within a quarter of a second', async (_what, body) => {
    const answer = await timed(() => leo.post('/v1/reports', body))
    expect(codeOf(answer)).toEqual({ status: 400, code: 'json_too_complex' })
    expect(answer.ms).toBeLessThan(250)
  })

  it('brackets and commas in texts count for nothing', async () => {
    const message = `${'[{,'.repeat(1_000)}\\"[[`
    const answer = await leo.post('/v1/reports', { type: 'pupils', format: 'csv', message })
    expect(answer.status).toBe(202)
  })

  it('32 levels, and keys and texts that PostgreSQL refuses in them, are named by their path', async () => {
    expect(codeOf(await leo.post('/v1/reports', objects(32)))).toMatchObject({ status: 422 })
    const answer = await leo.post('/v1/reports', {
      filters: { site: ['a', 'b\u0000'], 'c\u0000': 1 },
      type: '\ud83d',
    })
    expect((answer.body as { errors: object[] }).errors).toMatchObject([
      { path: 'filters.site.1' },
      { path: 'filters' },
      { path: 'type' },
    ])
  })

  it('names a hundred wrong fields at most', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`field${index}`, 1]))
    const { status, body } = await leo.post('/v1/reports', { type: 'pupils', format: 'csv', ...unknown })
    expect(status).toBe(422)
    expect((body as { errors: object[] }).errors).toHaveLength(100)
    const nulls = await leo.post(
      '/v1/reports',
      Array.from({ length: 5_000 }, () => '\u0000'),
    )
    expect((nulls.body as { errors: object[] }).errors).toHaveLength(100)
  })

  it('filters in an address have the same limits', async () => {
    for (const path of ['rows', 'totals']) {
      const ask = (filters: string) =>
        leo.get(`/v1/report-types/pupils/${path}?filters=${encodeURIComponent(filters)}`)
      expect(codeOf(await ask(nested(3_000)))).toEqual({ status: 400, code: 'json_too_complex' })
      const unstorable = await ask('{"grade": ["\\u0000"]}')
      expect(unstorable).toMatchObject({ status: 422, body: { errors: [{ path: 'filters.grade.0' }] } })
    }
  })

  it('a compressed body returns 415: nothing here unpacks one', async () => {
    for (const encoding of ['gzip', 'br', 'deflate, gzip']) {
      const headers = { 'content-encoding': encoding }
      const answer = await leo.post('/v1/reports', { type: 'pupils', format: 'csv' }, headers)
      expect(codeOf(answer)).toEqual({ status: 415, code: 'unsupported_media_type' })
    }
    const plain = await leo.post(
      '/v1/reports',
      { type: 'pupils', format: 'csv' },
      { 'content-encoding': 'identity' },
    )
    expect(plain.status).toBe(202)
  })
})
