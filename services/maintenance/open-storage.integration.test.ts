import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createStorage, type Storage } from '#adapters/storage/storage.ts'
import { createPrisma } from '#prisma/client.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { createTestBucket, type TestBucket } from '#test/servers/bucket.ts'
import { createTestDatabase } from '#test/servers/database.ts'
import { refuseOperations, startStorageProxy, type StorageProxy } from '#test/servers/storage-proxy.ts'
import { readFaults } from './installation-faults.ts'
import { openStorage } from './open-storage.ts'

let environment: TestBucket
let proxy: StorageProxy
let storage: Storage
let prisma: PrismaClient
let dropDatabase: () => Promise<void>
let log = ''
const logger = pino(
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      log += chunk.toString()
      done()
    },
  }),
)

beforeAll(async () => {
  const bucket = await createTestBucket()
  proxy = await startStorageProxy(bucket.S3_ENDPOINT)
  environment = { ...bucket, S3_ENDPOINT: proxy.address }
  storage = createStorage(environment)
  const database = await createTestDatabase()
  dropDatabase = database.drop
  prisma = createPrisma(database.url)
})
afterAll(async () => {
  storage.close()
  await prisma.$disconnect()
  await dropDatabase()
  await proxy.close()
})

const open = async () => {
  log = ''
  await openStorage({ environment, storage, prisma, logger }, new AbortController().signal)
}

it('tells the log and the administrators what the storage lacks, until it has it', async () => {
  proxy.refuse(refuseOperations(['HeadBucket', 'CopyObject'], { status: 403, code: 'AccessDenied' }))
  const takeBack = proxy.refuse(refuseOperations(['CreateMultipartUpload']))
  await open()
  expect(log).toContain('multipart: The storage failed to multipart (probe) (NotImplemented')
  expect(log).toContain('copy: ')
  const [fault, ...others] = await readFaults(prisma)
  expect(others).toEqual([])
  expect(fault).toMatchObject({ part: 'storage_abilities', code: 'storage_unsupported' })
  expect(fault?.detail).toContain('multipart')
  expect(fault?.detail).not.toContain('copy')
  takeBack()
  await open()
  expect(log).toContain('the storage can all that is needed')
  expect(await readFaults(prisma)).toEqual([])
  proxy.reset()
})

it('goes on when a storage that was away is back', async () => {
  const takeBack = proxy.refuse(() => ({ status: 503, code: 'ServiceUnavailable' }))
  const opening = open()
  await expect.poll(() => log).toContain('not answering yet')
  expect(await readFaults(prisma)).toEqual([])
  takeBack()
  await opening
  expect(log).toContain('the storage can all that is needed')
})
