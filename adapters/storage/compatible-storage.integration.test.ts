/** What storages that speak S3 refuse, by a proxy in front of a real one. */

import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTestBucket, type TestBucket } from '#test/servers/bucket.ts'
import {
  refuseChecksums,
  refuseOperations,
  slowDown,
  startStorageProxy,
  type StorageProxy,
} from '#test/servers/storage-proxy.ts'
import { createStorage, type Storage, type StorageSettings } from './storage.ts'

const megabyte = 1024 * 1024
const csv = { contentType: 'text/csv' }
let bucket: TestBucket
let proxy: StorageProxy
const storages: Storage[] = []

beforeAll(async () => {
  bucket = await createTestBucket()
  proxy = await startStorageProxy(bucket.S3_ENDPOINT)
})
afterEach(() => {
  proxy.reset()
  for (const storage of storages.splice(0)) storage.close()
})
afterAll(async () => {
  await proxy.close()
})

function open(
  settings: Partial<StorageSettings> = {},
  limits?: Parameters<typeof createStorage>[1],
): Storage {
  const storage = createStorage({ ...bucket, S3_ENDPOINT: proxy.address, ...settings }, limits)
  storages.push(storage)
  return storage
}
const random = (megabytes: number) => randomBytes(Math.round(megabytes * megabyte))
const put = (storage: Storage, key: string, body: Buffer | string = 'contenu') =>
  storage.upload(key, Readable.from([body], { objectMode: false }), csv)

describe('a storage that knows no checksums', () => {
  it('takes small and large uploads, gives them back, and by a presigned address too', async () => {
    const storage = open()
    proxy.refuse(refuseChecksums)
    await put(storage, 'plain/small')
    const large = random(12)
    await put(storage, 'plain/large', large)
    expect(await text(await storage.read('plain/small'))).toBe('contenu')
    expect((await buffer(await storage.read('plain/large'))).equals(large)).toBe(true)
    await storage.copy('plain/large', 'plain/copy', csv)
    const { url } = await storage.downloadUrl('plain/small', {
      ...csv,
      fileName: 'a.csv',
      expiresInSeconds: 60,
    })
    expect(await (await fetch(url)).text()).toBe('contenu')
    await storage.remove(['plain/small', 'plain/large', 'plain/copy'])
    expect(await storage.list('plain/')).toEqual([])
  })

  it('gets them where S3_CHECKSUMS asks for them', async () => {
    const storage = open({ S3_CHECKSUMS: 'when_supported' })
    await put(storage, 'checked')
    const [request] = proxy.requests.filter(({ operation }) => operation === 'PutObject')
    expect(request?.headers).toHaveProperty('x-amz-sdk-checksum-algorithm')
  })
})

describe('DeleteObjects', () => {
  it.each([
    { status: 400, code: 'MissingContentMD5' },
    { status: 501, code: 'NotImplemented' },
    { status: 405, code: 'MethodNotAllowed' },
  ])('refused with $status: the objects are removed one by one, then always', async (answer) => {
    const storage = open()
    proxy.refuse(refuseOperations(['DeleteObjects'], answer))
    const keys = Array.from({ length: 30 }, (_, index) => `many/${index}`)
    await Promise.all(keys.map((key) => put(storage, key)))
    await storage.remove([...keys, 'many/never-there'])
    expect(await storage.list('many/')).toEqual([])
    await storage.remove(['many/again'])
    expect([proxy.count('DeleteObjects'), proxy.count('DeleteObject')]).toEqual([1, 32])
  })

  it('refused because access is: nothing is tried one by one', async () => {
    const storage = open()
    proxy.refuse(refuseOperations(['DeleteObjects'], { status: 403, code: 'AccessDenied' }))
    await expect(storage.remove(['a'])).rejects.toMatchObject({ kind: 'rejected' })
    expect(proxy.count('DeleteObject')).toBe(0)
  })
})

describe('a storage that answers SlowDown', () => {
  it('gets what was refused again', async () => {
    const storage = open()
    proxy.refuse(slowDown())
    const large = random(7)
    await put(storage, 'slow', large)
    expect((await buffer(await storage.read('slow'))).equals(large)).toBe(true)
    await storage.remove(['slow'])
  })
})

describe('copy', () => {
  const limits = { maxCopyBytes: 6 * megabyte, copyPartBytes: 5 * megabyte }
  const options = { contentType: 'text/csv; charset=utf-8', metadata: { rows: '3' } }

  it.each([12, 10])('of %i MB, above the limit of CopyObject, is made in parts', async (size) => {
    const storage = open({}, limits)
    const content = random(size)
    await put(storage, 'big', content)
    proxy.refuse(({ operation }) =>
      operation === 'CopyObject' ? { status: 400, code: 'InvalidRequest' } : undefined,
    )
    await storage.copy('big', 'big-copy', options)
    expect((await buffer(await storage.read('big-copy'))).equals(content)).toBe(true)
    expect(await storage.head('big-copy')).toMatchObject({
      sizeBytes: size * megabyte,
      metadata: { rows: '3' },
    })
    expect(proxy.count('UploadPartCopy')).toBe(Math.ceil(size / 5))
  })

  it('below the limit is one request', async () => {
    const storage = open({}, limits)
    await put(storage, 'small')
    await storage.copy('small', 'small-copy', options)
    expect([proxy.count('CopyObject'), proxy.count('UploadPartCopy')]).toEqual([1, 0])
  })

  it('that fails or is aborted half-way leaves no unfinished upload and no object', async () => {
    const storage = open({}, limits)
    await put(storage, 'half', random(12))
    const stop = new AbortController()
    let parts = 0
    proxy.refuse(({ operation }) => {
      if (operation !== 'UploadPartCopy') return undefined
      parts += 1
      if (parts === 2) stop.abort(new Error('cancelled'))
      return undefined
    })
    const copying = storage.copy('half', 'half-copy', { ...options, signal: stop.signal })
    await expect(copying).rejects.toThrow('cancelled')
    expect(await storage.listUnfinishedUploads('half')).toEqual([])
    proxy.refuse(refuseOperations(['UploadPartCopy'], { status: 403, code: 'AccessDenied' }))
    await expect(storage.copy('half', 'half-copy', options)).rejects.toMatchObject({ kind: 'rejected' })
    expect(await storage.listUnfinishedUploads('half')).toEqual([])
    expect(await storage.head('half-copy')).toBeNull()
  })

  it.each([0, 12])('of %i MB, where the storage has no copy, passes through this process', async (size) => {
    const storage = open({}, limits)
    const content = random(size)
    await put(storage, 'through', content)
    proxy.refuse(refuseOperations(['CopyObject', 'UploadPartCopy']))
    await storage.copy('through', 'through-copy', options)
    expect((await buffer(await storage.read('through-copy'))).equals(content)).toBe(true)
    expect((await storage.head('through-copy'))?.metadata).toEqual({ rows: '3' })
    expect(await storage.listUnfinishedUploads('through')).toEqual([])
  })
})

describe('size', () => {
  it('above the limit given, or of what all parts may hold, ends the upload early and says so', async () => {
    const storage = open({}, { maxParts: 2 })
    let sent = 0
    const endless = () =>
      Readable.from(
        (function* () {
          for (; ; sent++) yield random(1)
        })(),
        { objectMode: false },
      )
    await expect(storage.upload('endless', endless(), csv)).rejects.toMatchObject({ kind: 'too_large' })
    expect(sent).toBeLessThan(40)
    const limited = storage.upload('endless', endless(), { ...csv, maxBytes: 3 * megabyte })
    await expect(limited).rejects.toMatchObject({
      kind: 'too_large',
      message: expect.stringContaining('3145728'),
    })
    expect(await storage.listUnfinishedUploads('endless')).toEqual([])
    expect(await storage.head('endless')).toBeNull()
  })

  it('refused by the storage or a proxy before it is named too', async () => {
    const storage = open()
    proxy.refuse(refuseOperations(['PutObject'], { status: 413, code: 'EntityTooLarge' }))
    await expect(put(storage, 'refused')).rejects.toMatchObject({ kind: 'too_large' })
  })
})

describe('encryption and storage class', () => {
  it('are asked for on every way an object is written', async () => {
    const storage = open(
      { S3_ENCRYPTION: 'aws:kms', S3_KMS_KEY_ID: 'key-7', S3_STORAGE_CLASS: 'STANDARD_IA' },
      { maxCopyBytes: 6 * megabyte, copyPartBytes: 5 * megabyte },
    )
    await put(storage, 'sealed/small').catch(() => undefined)
    await put(storage, 'sealed/large', random(12)).catch(() => undefined)
    const plain = open()
    await put(plain, 'sealed/small')
    await put(plain, 'sealed/large', random(12))
    proxy.reset()
    await put(storage, 'sealed/other').catch(() => undefined)
    await put(storage, 'sealed/others', random(6)).catch(() => undefined)
    await storage.copy('sealed/small', 'sealed/copy', csv).catch(() => undefined)
    await storage.copy('sealed/large', 'sealed/copies', csv).catch(() => undefined)
    const writes = proxy.requests.filter(({ operation }) =>
      ['PutObject', 'CopyObject', 'CreateMultipartUpload'].includes(operation),
    )
    expect(writes.map(({ operation }) => operation)).toEqual([
      'PutObject',
      'CreateMultipartUpload',
      'CopyObject',
      'CreateMultipartUpload',
    ])
    for (const { headers } of writes) {
      expect(headers).toMatchObject({
        'x-amz-server-side-encryption': 'aws:kms',
        'x-amz-server-side-encryption-aws-kms-key-id': 'key-7',
        'x-amz-storage-class': 'STANDARD_IA',
      })
    }
  })
})

describe('addressing', () => {
  const address = async (settings: Partial<StorageSettings>) => {
    const { url } = await open({ ...settings }).downloadUrl('a', {
      ...csv,
      fileName: 'a.csv',
      expiresInSeconds: 60,
    })
    return new URL(url).origin + new URL(url).pathname
  }

  it('is by path at an endpoint of one’s own, by host at AWS, and as S3_ADDRESSING says', async () => {
    const S3_ENDPOINT = 'https://s3.example.test'
    const { S3_BUCKET: name } = bucket
    expect(await address({ S3_ENDPOINT })).toBe(`${S3_ENDPOINT}/${name}/a`)
    expect(await address({ S3_ENDPOINT: undefined })).toBe(`https://${name}.s3.us-east-1.amazonaws.com/a`)
    expect(await address({ S3_ENDPOINT, S3_ADDRESSING: 'virtual' })).toBe(`https://${name}.s3.example.test/a`)
    expect(await address({ S3_ENDPOINT: undefined, S3_ADDRESSING: 'path' })).toBe(
      `https://s3.us-east-1.amazonaws.com/${name}/a`,
    )
  })
})
