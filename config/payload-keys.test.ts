import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { newKey, oldKey } from '#test/test-payload-keys.ts'
import { EnvironmentError, readEnvironment } from './environment.ts'

const needed = {
  DATABASE_URL: 'postgresql://127.0.0.1/x',
  SOURCE_DATABASE_URL: 'postgresql://127.0.0.1/y',
  S3_BUCKET: 'x',
  S3_ACCESS_KEY_ID: 'x',
  S3_SECRET_ACCESS_KEY: 'x',
  SMTP_URL: 'smtp://127.0.0.1:1',
}
const keysOf = (PAYLOAD_KEYS: string) => readEnvironment({ ...needed, PAYLOAD_KEYS }).PAYLOAD_KEYS
const base64 = (bytes: number) => randomBytes(bytes).toString('base64')

describe('PAYLOAD_KEYS', () => {
  it('may be unset, or hold several keys, in order', () => {
    expect(keysOf('')).toEqual([])
    expect(keysOf(`${newKey}, ${oldKey}`).map(({ id }) => id)).toEqual(['test-new', 'test-old'])
    expect(keysOf(oldKey)[0]?.key.symmetricKeySize).toBe(32)
  })

  it.each([
    ['an entry without an id', base64(32), 'entry 1 is not ID:KEY'],
    ['an empty entry', `${oldKey},`, 'entry 2 is not ID:KEY'],
    ['an id with a space', `two words:${base64(32)}`, 'entry 1 is not ID:KEY'],
    ['a short key', `a:${base64(16)}`, 'the key "a" is not 32 bytes in base64'],
    ['a long key', `a:${base64(33)}`, 'the key "a" is not 32 bytes in base64'],
    ['a key in hexadecimal', `a:${randomBytes(32).toString('hex')}`, 'the key "a" is not 32 bytes in base64'],
    [
      'a key of one repeated byte',
      `a:${Buffer.alloc(32, 'x').toString('base64')}`,
      'the key "a" is not random',
    ],
    ['an id twice', `a:${base64(32)},a:${base64(32)}`, 'the id "a" is given twice'],
    ['a key twice', `${oldKey},other:${oldKey.split(':')[1]}`, '"test-old" and "other" are the same key'],
  ])('with %s ends the start, names itself, and repeats no key', (_what, value, message) => {
    const thrown = (() => {
      try {
        keysOf(value)
      } catch (error) {
        return error
      }
    })()
    expect(thrown).toBeInstanceOf(EnvironmentError)
    const text = (thrown as EnvironmentError).message
    expect(text).toContain(`PAYLOAD_KEYS: ${message}`)
    for (const part of value.split(/[,:]/).filter(({ length }) => length > 20))
      expect(text).not.toContain(part)
  })
})
