import { defaultPayloadConverter, type Payload } from '@temporalio/common'
import { describe, expect, it } from 'vitest'
import { payloadKeys } from '#config/payload-keys.ts'
import { newKey, oldKey } from '#test/test-payload-keys.ts'
import { PayloadCodec, sealingKeyIdOf } from './payload-codec.ts'

const codecOf = (keys: string) => new PayloadCodec(payloadKeys.parse(keys))
const read = (payloads: Payload[]) => payloads.map((payload) => defaultPayloadConverter.fromPayload(payload))
const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value)

const old = codecOf(oldKey)
const values = [undefined, null, 0, '', 'anna@ville.test', { deep: ['Écoles'] }, new Uint8Array([0, 255, 10])]

async function sealOne(value: unknown): Promise<Payload> {
  const [sealed] = await old.encode([payloadOf(value)])
  if (!sealed) throw new Error('Nothing was sealed')
  return sealed
}

describe('PayloadCodec', () => {
  it('opens what it sealed, of every kind of value', async () => {
    const sealed = await old.encode(values.map(payloadOf))
    expect(read(await old.decode(sealed))).toEqual(values)
    for (const payload of sealed) {
      expect(Buffer.from(payload.metadata?.encoding ?? []).toString()).toBe('binary/encrypted')
      expect(sealingKeyIdOf(payload)).toBe('test-old')
    }
  })

  it('uses a nonce once', async () => {
    const sealed = await old.encode(Array.from({ length: 1_000 }, () => payloadOf('the same')))
    const nonces = sealed.map(({ data }) => Buffer.from(data?.subarray(0, 12) ?? []).toString('hex'))
    expect(new Set(nonces).size).toBe(1_000)
  })

  it('adds less than 150 bytes to a payload', async () => {
    const value = { text: 'x'.repeat(500) }
    const size = ({ metadata, data }: Payload) =>
      Object.values(metadata ?? {}).reduce((sum, bytes) => sum + bytes.length, data?.length ?? 0)
    expect(size(await sealOne(value)) - size(payloadOf(value))).toBeLessThan(150)
  })

  it('leaves payloads from before the keys were set, and seals nothing without keys', async () => {
    const plain = values.map(payloadOf)
    expect(await old.decode(plain)).toEqual(plain)
    expect(await codecOf('').encode(plain)).toEqual(plain)
  })

  it('seals with the first key and opens with each', async () => {
    const rotated = codecOf(`${newKey},${oldKey}`)
    const [late] = await rotated.encode([payloadOf('late')])
    expect(sealingKeyIdOf(late ?? {})).toBe('test-new')
    expect(read(await rotated.decode([await sealOne('early'), late ?? {}]))).toEqual(['early', 'late'])
  })

  it.each([newKey, ''])('names the key that is missing in PAYLOAD_KEYS=%s', async (keys) => {
    const sealed = await sealOne('x')
    await expect(codecOf(keys).decode([sealed])).rejects.toThrow(
      'A payload is sealed with the key "test-old", which PAYLOAD_KEYS does not have: add it after the first key',
    )
  })

  it('refuses a payload of which anything was changed', async () => {
    const sealed = await sealOne('x')
    // The same key under another id: the id beside the payload is authenticated.
    const renamed = codecOf(oldKey.replace('test-old', 'other'))
    const moved = { ...sealed, metadata: { ...sealed.metadata, 'encryption-key-id': Buffer.from('other') } }
    await expect(renamed.decode([moved])).rejects.toThrow('the key "other" cannot be opened')
    const otherKey = codecOf(newKey.replace('test-new', 'test-old'))
    await expect(otherKey.decode([sealed])).rejects.toThrow('the key "test-old" cannot be opened')
    for (let index = 0; index < (sealed.data?.length ?? 0); index++) {
      const data = Uint8Array.from(sealed.data ?? [])
      data[index] = (data[index] ?? 0) ^ 1
      await expect(old.decode([{ ...sealed, data }]), `byte ${index}`).rejects.toThrow('cannot be opened')
    }
    for (const length of [0, 5, 12, 27]) {
      const data = sealed.data?.subarray(0, length)
      await expect(old.decode([{ ...sealed, data }]), `${length} bytes`).rejects.toThrow('cannot be opened')
    }
  })
})
