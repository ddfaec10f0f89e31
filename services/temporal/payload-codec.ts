/**
 * Seals payloads with AES-256-GCM before they reach the engine, and opens them after. Applied by the SDK to inputs,
 * results, failures, heartbeats, messages, memos and summaries; not to search attributes, names, ids and notes, which the
 * engine must read.
 */

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Payload, PayloadCodec as TemporalPayloadCodec } from '@temporalio/common'
import proto from '@temporalio/proto'
import type { PayloadKey } from '#config/payload-keys.ts'

const { Payload: PayloadMessage } = proto.temporal.api.common.v1

/** The names that Temporal's own samples and tools use. */
const sealedEncoding = 'binary/encrypted'
const keyIdField = 'encryption-key-id'
const cipher = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16
const maxKeyIdLength = 64

/** A sealed payload that cannot be opened. The message is for operators, and names the key's id. */
export class SealedPayloadError extends Error {
  override readonly name = 'SealedPayloadError'
  readonly keyId: string
  /** Whether there is a key of this id. */
  readonly isKnown: boolean

  constructor(keyId: string, isKnown: boolean, options?: ErrorOptions) {
    // It may come from anywhere: a history, or a request of Temporal Web.
    const id = keyId.slice(0, maxKeyIdLength)
    super(
      isKnown
        ? `A payload sealed with the key "${id}" cannot be opened: PAYLOAD_KEYS has another key under this id, or the payload was changed`
        : `A payload is sealed with the key "${id}", which PAYLOAD_KEYS does not have: add it after the first key`,
      options,
    )
    this.keyId = id
    this.isKnown = isKnown
  }
}

/** A payload without encryption metadata (from before the keys were set) is left as it is. */
export class PayloadCodec implements TemporalPayloadCodec {
  /** Null: nothing is sealed. */
  readonly sealingKey: PayloadKey | null
  readonly #keys: ReadonlyMap<string, PayloadKey>

  /** @param keys the first one seals, each one opens. */
  constructor(keys: readonly PayloadKey[]) {
    this.sealingKey = keys[0] ?? null
    this.#keys = new Map(keys.map((key) => [key.id, key]))
  }

  async encode(payloads: Payload[]): Promise<Payload[]> {
    const { sealingKey } = this
    return sealingKey ? payloads.map((payload) => seal(payload, sealingKey)) : payloads
  }

  /** @throws SealedPayloadError */
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => {
      const keyId = sealingKeyIdOf(payload)
      return keyId === null ? payload : open(payload, keyId, this.#keys.get(keyId))
    })
  }
}

/** The id of the key that sealed a payload; null when it is not sealed. */
export function sealingKeyIdOf({ metadata }: Pick<Payload, 'metadata'>): string | null {
  if (textOf(metadata?.encoding) !== sealedEncoding) return null
  return textOf(metadata?.[keyIdField])
}

/** nonce | ciphertext | tag. The payload's own metadata is inside. */
function seal(payload: Payload, { id, key }: PayloadKey): Payload {
  const nonce = randomBytes(nonceBytes)
  const gcm = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes }).setAAD(boundTo(id))
  const parts = [nonce, gcm.update(PayloadMessage.encode(payload).finish()), gcm.final(), gcm.getAuthTag()]
  return {
    metadata: { encoding: Buffer.from(sealedEncoding), [keyIdField]: Buffer.from(id) },
    data: Buffer.concat(parts),
  }
}

function open({ data }: Payload, keyId: string, known: PayloadKey | undefined): Payload {
  if (!known) throw new SealedPayloadError(keyId, false)
  const sealed = Buffer.from(data ?? [])
  try {
    const gcm = createDecipheriv(cipher, known.key, sealed.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    })
    gcm.setAAD(boundTo(keyId)).setAuthTag(sealed.subarray(-tagBytes))
    const opened = Buffer.concat([gcm.update(sealed.subarray(nonceBytes, -tagBytes)), gcm.final()])
    return PayloadMessage.decode(opened)
  } catch (cause) {
    throw new SealedPayloadError(keyId, true, { cause })
  }
}

/** The metadata in the clear is authenticated too: neither key id nor encoding can be exchanged. */
function boundTo(keyId: string): Buffer {
  return Buffer.from(`${sealedEncoding}\n${keyId}`)
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString('utf8')
}
