/** The codec endpoint for Temporal Web: who may ask it, from where, and what it answers. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultPayloadConverter } from '@temporalio/common'
import { PayloadCodec } from '#services/temporal/payload-codec.ts'
import { newKey, oldKey } from '#test/test-payload-keys.ts'
import { createTestApi, type Caller, type TestApi } from '#test/worlds/test-api.ts'
import { payloadKeys } from '#config/payload-keys.ts'

const webOrigin = 'https://temporal.ville.test'
const fromWeb = { origin: webOrigin, 'sec-fetch-site': 'same-site', 'x-namespace': 'default' }

interface JsonPayload {
  metadata: Record<string, string>
  data: string
}

const base64 = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64')

async function sealedBy(keys: string, value: unknown): Promise<JsonPayload> {
  const codec = new PayloadCodec(payloadKeys.parse(keys))
  const [payload] = await codec.encode([defaultPayloadConverter.toPayload(value)])
  const metadata = Object.entries(payload?.metadata ?? {}).map(([name, bytes]) => [name, base64(bytes)])
  return { metadata: Object.fromEntries(metadata) as Record<string, string>, data: base64(payload?.data) }
}
const plain = (value: unknown): JsonPayload => ({
  metadata: { encoding: base64(Buffer.from('json/plain')) },
  data: base64(Buffer.from(JSON.stringify(value))),
})

let api: TestApi
let admin: Caller
let user: Caller
let apiKey: Record<string, string>
beforeAll(async () => {
  api = await createTestApi({
    variables: { PAYLOAD_KEYS: oldKey, TEMPORAL_WEB_URL: `${webOrigin}/ui/` },
  })
  admin = await api.signIn('admin')
  user = await api.signIn('leo')
  const made = await admin.post('/v1/me/api-keys', { name: 'script', scopes: ['reports:read'] })
  apiKey = { 'x-api-key': (made.body as { key: string }).key }
})
afterAll(async () => await api.close())

describe('POST /codec/decode', () => {
  const secret = { recipient: 'anna@ville.test' }

  it('opens sealed payloads and leaves the others as they are', async () => {
    const payloads = [await sealedBy(oldKey, secret), plain('open'), { metadata: {}, data: '' }]
    const answer = await admin.post('/codec/decode', { payloads }, fromWeb)
    expect(answer).toMatchObject({ status: 200, body: { payloads: [plain(secret), plain('open'), {}] } })
    expect(answer.headers.get('access-control-allow-origin')).toBe(webOrigin)
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true')
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it.each([
    ['nobody', () => ({}), {}, 401, 'unauthenticated'],
    ['a user', () => user.identity, {}, 403, 'forbidden'],
    ['an API key of an administrator', () => apiKey, {}, 403, 'forbidden'],
    ['a key beside a session', () => ({ ...admin.identity, ...apiKey }), {}, 403, 'forbidden'],
    ['Temporal Web’s own token', () => ({ authorization: 'Bearer x.y.z' }), {}, 401, 'unauthenticated'],
    ['an administrator', () => admin.identity, {}, 200, undefined],
    [
      'an administrator from our own pages',
      () => admin.identity,
      { origin: 'http://localhost:3000' },
      200,
      undefined,
    ],
    [
      'an administrator from another origin',
      () => admin.identity,
      { origin: 'https://evil.test' },
      403,
      'origin_refused',
    ],
    [
      'an administrator from a path of another port',
      () => admin.identity,
      { origin: `${webOrigin}:8443` },
      403,
      'origin_refused',
    ],
    [
      'an administrator from an opaque origin',
      () => admin.identity,
      { origin: 'null' },
      403,
      'origin_refused',
    ],
  ] as const)('answers %s as the table says', async (_who, identity, headers, status, code) => {
    const payloads = [await sealedBy(oldKey, secret)]
    const asked = { ...fromWeb, ...identity(), ...headers }
    const answer = await api.anonymous.post('/codec/decode', { payloads }, asked)
    expect(answer.status, JSON.stringify(answer.body)).toBe(status)
    if (code === undefined) return
    expect(answer.body).toMatchObject({ code })
    expect(JSON.stringify(answer.body)).not.toContain('anna')
    // Temporal Web may read why; another site may not.
    const isReadable = code !== 'origin_refused'
    expect(answer.headers.get('access-control-allow-origin')).toBe(isReadable ? webOrigin : null)
  })

  it('names the id of a key it does not have', async () => {
    const payloads = [await sealedBy(oldKey, 1), await sealedBy(newKey, 2)]
    const answer = await admin.post('/codec/decode', { payloads }, fromWeb)
    expect(answer).toMatchObject({ status: 422, body: { code: 'payload_sealed' } })
    expect((answer.body as { detail: string }).detail).toContain('« test-new »')
  })

  it.each([
    ['no JSON', '{', 400, 'malformed_json'],
    ['no payloads', {}, 422, 'validation_failed'],
    ['a payload that is no object', { payloads: [1] }, 422, 'validation_failed'],
    ['data that is no base64', { payloads: [{ metadata: {}, data: '%' }] }, 422, 'validation_failed'],
    ['metadata that is no base64', { payloads: [{ metadata: { encoding: 'ü' } }] }, 422, 'validation_failed'],
    ['too many payloads', { payloads: Array.from({ length: 1001 }, () => ({})) }, 422, 'validation_failed'],
    ['more than 1 MB', { payloads: [{ data: 'A'.repeat(1_200_000) }] }, 413, 'body_too_large'],
    [
      'data that was changed',
      {
        payloads: [
          {
            metadata: {
              encoding: base64(Buffer.from('binary/encrypted')),
              'encryption-key-id': base64(Buffer.from('test-old')),
            },
            data: 'AAAA',
          },
        ],
      },
      422,
      'payload_sealed',
    ],
  ])('refuses %s', async (_what, body, status, code) => {
    expect(await admin.post('/codec/decode', body, fromWeb)).toMatchObject({ status, body: { code } })
  })

  it('refuses a body that is not declared as JSON', async () => {
    const headers = { ...fromWeb, 'content-type': 'text/plain' }
    expect(await admin.post('/codec/decode', '{"payloads":[]}', headers)).toMatchObject({ status: 415 })
  })
})

describe('POST /codec/encode', () => {
  it('seals what Temporal Web sends as an input, so that decode opens it', async () => {
    const answer = await admin.post('/codec/encode', { payloads: [plain({ round: 2 })] }, fromWeb)
    expect(answer.status).toBe(200)
    const sealed = answer.body as { payloads: JsonPayload[] }
    expect(sealed.payloads[0]?.metadata).toMatchObject({ encoding: base64(Buffer.from('binary/encrypted')) })
    expect((await admin.post('/codec/decode', sealed, fromWeb)).body).toEqual({
      payloads: [plain({ round: 2 })],
    })
    expect(await user.post('/codec/encode', sealed, fromWeb)).toMatchObject({ status: 403 })
  })
})

describe('the preflight of Temporal Web', () => {
  const preflight = (path: string, origin: string) =>
    api.anonymous.request('OPTIONS', path, undefined, {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,x-namespace',
    })

  it('is granted to its origin', async () => {
    for (const path of ['/codec/decode', '/codec/encode']) {
      const { status, headers } = await preflight(path, webOrigin)
      expect(status).toBe(204)
      expect(headers.get('access-control-allow-origin')).toBe(webOrigin)
      expect(headers.get('access-control-allow-credentials')).toBe('true')
      expect(headers.get('access-control-allow-methods')).toBe('POST')
      expect(headers.get('access-control-allow-headers')?.toLowerCase()).toBe(
        'content-type,x-namespace,authorization',
      )
      expect(headers.get('vary')).toContain('Origin')
    }
  })

  it('is refused to every other origin, and for every other path', async () => {
    expect(
      (await preflight('/codec/decode', 'https://evil.test')).headers.get('access-control-allow-origin'),
    ).toBeNull()
    for (const path of ['/v1/reports', '/api/auth/sign-in/email', '/codec', '/'])
      expect((await preflight(path, webOrigin)).headers.get('access-control-allow-origin'), path).toBeNull()
  })

  it('opens no other path to it', async () => {
    for (const path of ['/v1/reports', '/v1/codec/decode', '/codec/decode/more', '/codec/decodes'])
      expect(await admin.post(path, {}, fromWeb), path).toMatchObject({
        status: 403,
        body: { code: 'origin_refused' },
      })
  })
})
