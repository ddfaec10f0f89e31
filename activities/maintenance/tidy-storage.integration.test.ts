import { Readable } from 'node:stream'
import { CreateMultipartUploadCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { stagingKey } from '#domain/object-keys.ts'
import type { ReportFailure } from '#domain/schemas/report-schema.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { tidyStorage } from './tidy-storage.ts'

let world: ReportWorld
beforeAll(async () => {
  world = await ReportWorld.create()
  await world.startWorker()
})
afterAll(async () => {
  await world.close()
})

const inDays = (days: number) => new Date(Date.now() + days * 24 * 3_600_000)
const tidy = (now: Date) => tidyStorage(world.context, () => undefined, now)

it('removes files past their retention and records it on their rows', async () => {
  const { number } = await world.request()
  const { objectKey } = await world.rowBecomes(number, (row) => row.status === 'completed')
  expect(await tidy(inDays(89))).toMatchObject({ expired: 0 })
  expect(await world.context.storage.head(objectKey ?? '')).not.toBeNull()
  expect(await tidy(inDays(91))).toMatchObject({ expired: 1 })
  expect(await world.context.storage.head(objectKey ?? '')).toBeNull()
  expect((await world.row(number)).fileRemovedAt).not.toBeNull()
  expect(await tidy(inDays(91))).toMatchObject({ expired: 0 })
})

it('clears staged files only of reports that will not use them', async () => {
  async function withLeftovers(failure?: ReportFailure): Promise<string> {
    const { number } = await world.request()
    await world.rowBecomes(number, (row) => row.status === 'completed')
    const data = { status: 'failed', failure: { ...failure } }
    if (failure) await world.prisma.report.update({ where: { number }, data })
    const key = stagingKey(number, 'run', 1, 'csv')
    await world.context.storage.upload(key, Readable.from(['rows']), { contentType: 'text/csv' })
    return key
  }
  const message = 'Non.'
  await withLeftovers()
  await withLeftovers({ phase: 'generate', code: 'source_timeout', message })
  await withLeftovers({ phase: 'email', code: 'nobody_reached', message })
  // A relaunch makes this file again.
  await withLeftovers({ phase: 'store', code: 'file_damaged', message })
  const wanted = await withLeftovers({ phase: 'store', code: 'storage_unavailable', message })
  expect(await tidy(new Date())).toMatchObject({ cleared: 4 })
  expect(await world.context.storage.list('staging/')).toEqual([wanted])
  expect(await tidy(inDays(7))).toMatchObject({ cleared: 0 })
  expect(await tidy(inDays(9))).toMatchObject({ cleared: 1 })
  expect(await world.context.storage.list('staging/')).toEqual([])
})

it('aborts an unfinished upload that a killed worker left', async () => {
  const { number } = await world.request()
  await world.rowBecomes(number, (row) => row.status === 'completed')
  const { environment } = world
  const client = new S3Client({
    region: environment.S3_REGION,
    endpoint: environment.S3_ENDPOINT,
    forcePathStyle: true,
    credentials: {
      accessKeyId: environment.S3_ACCESS_KEY_ID,
      secretAccessKey: environment.S3_SECRET_ACCESS_KEY,
    },
  })
  await client.send(
    new CreateMultipartUploadCommand({
      Bucket: environment.S3_BUCKET,
      Key: stagingKey(number, 'run', 1, 'csv'),
    }),
  )
  client.destroy()
  expect(await world.context.storage.listUnfinishedUploads('staging/')).toHaveLength(1)
  expect(await tidy(new Date())).toMatchObject({ cleared: 1 })
  expect(await world.context.storage.listUnfinishedUploads('staging/')).toEqual([])
})
