/** PAYLOAD_KEYS: the keys that seal what the engine keeps of inputs, results, failures and messages. */

import { createSecretKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'

export interface PayloadKey {
  /** Stands in the clear beside everything that the key seals. */
  id: string
  key: KeyObject
}

/** AES-256. */
const keyBytes = 32
/** 32 random bytes have fewer different values about once in 10^40 keys. */
const minDifferentBytes = 12

/**
 * `id:key,id:key`, the keys 32 bytes in base64 (`openssl rand -base64 32`). The first one seals, each one opens. No
 * message repeats a key.
 */
export const payloadKeys = z
  .string()
  .default('')
  .transform((text, context) => {
    const fail = (message: string) => {
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    }
    const keys: PayloadKey[] = []
    for (const [index, entry] of entriesOf(text).entries()) {
      const [, id, base64] = /^([\w.-]{1,64}):(.*)$/s.exec(entry) ?? []
      if (id === undefined || base64 === undefined)
        return fail(
          `entry ${index + 1} is not ID:KEY, with an id of at most 64 letters, digits, ".", "_" or "-"`,
        )
      const bytes = Buffer.from(base64, 'base64')
      if (bytes.length !== keyBytes || bytes.toString('base64') !== base64)
        return fail(
          `the key "${id}" is not ${keyBytes} bytes in base64; make one with: openssl rand -base64 32`,
        )
      if (new Set(bytes).size < minDifferentBytes)
        return fail(`the key "${id}" is not random; make one with: openssl rand -base64 32`)
      const key = createSecretKey(bytes)
      const double = keys.find((other) => other.id === id || other.key.equals(key))
      if (double?.id === id) return fail(`the id "${id}" is given twice`)
      if (double) return fail(`"${double.id}" and "${id}" are the same key`)
      keys.push({ id, key })
    }
    return keys
  })

function entriesOf(text: string): string[] {
  return text.trim() === '' ? [] : text.split(',').map((entry) => entry.trim())
}
