import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createTestBucket, type TestBucket } from '#test/servers/bucket.ts'
import {
  refuseChecksums,
  refuseOperations,
  startStorageProxy,
  type StorageOperation,
  type StorageProxy,
} from '#test/servers/storage-proxy.ts'
import { probeStorage } from './probe-storage.ts'
import { createStorage } from './storage.ts'

let bucket: TestBucket
let proxy: StorageProxy
beforeAll(async () => {
  bucket = await createTestBucket()
  proxy = await startStorageProxy(bucket.S3_ENDPOINT)
})
afterEach(() => {
  proxy.reset()
})
afterAll(async () => {
  await proxy.close()
})

const left = async () => {
  const storage = createStorage(bucket)
  const keys = [...(await storage.list('')), ...(await storage.listUnfinishedUploads(''))]
  storage.close()
  return keys
}
const lacks = async () => {
  const { lacksNeeded, lacksUseful } = await probeStorage({ ...bucket, S3_ENDPOINT: proxy.address })
  return [Object.keys(lacksNeeded), Object.keys(lacksUseful)]
}

it('finds a storage that can everything, and leaves nothing in it', async () => {
  expect(await lacks()).toEqual([[], []])
  // Nor does it need checksums but for the deletion of many.
  proxy.refuse(refuseChecksums)
  expect(await lacks()).toEqual([[], ['delete_many']])
  expect(await left()).toEqual([])
})

it.each<[StorageOperation[], string[], string[]]>([
  [['CopyObject', 'DeleteObjects'], [], ['copy', 'delete_many']],
  [['ListMultipartUploads'], [], ['list_uploads']],
  [['CreateMultipartUpload'], ['multipart'], []],
  [['ListObjectsV2'], ['list'], []],
])('names what a storage without %j lacks', async (operations, needed, useful) => {
  proxy.refuse(refuseOperations(operations))
  expect(await lacks()).toEqual([needed, useful])
  proxy.reset()
  expect(await left()).toEqual([])
})

it('says that the right to delete is missing', async () => {
  const takeBack = proxy.refuse(
    refuseOperations(['DeleteObject', 'DeleteObjects'], { status: 403, code: 'AccessDenied' }),
  )
  const found = await probeStorage({ ...bucket, S3_ENDPOINT: proxy.address })
  expect(found.lacksNeeded.delete).toMatchObject({ kind: 'rejected', status: 403 })
  takeBack()
  const storage = createStorage(bucket)
  await storage.remove(await storage.list('probe/'))
  storage.close()
})

it('removes what a probe that was killed left an hour ago, and not what another one is at', async () => {
  const storage = createStorage(bucket)
  const keys = [90, 30].map((minutes) => `probe/${Date.now() - minutes * 60_000}-x/one`)
  for (const key of keys) await storage.upload(key, Readable.from(['x']), { contentType: 'text/plain' })
  await lacks()
  expect(await storage.list('probe/')).toEqual(keys.slice(1))
  await storage.remove(keys)
  storage.close()
})

it('finds an answer that ignores the range, and says nothing of a storage that is away', async () => {
  proxy.refuse(({ operation }) => (operation === 'GetObject' ? { status: 200, code: 'x' } : undefined))
  expect(await lacks()).toEqual([['read'], ['range']])
  proxy.reset()
  proxy.refuse(() => ({ status: 503, code: 'ServiceUnavailable' }))
  await expect(lacks()).rejects.toMatchObject({ kind: 'unavailable' })
})
