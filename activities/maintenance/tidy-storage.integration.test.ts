import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { CreateMultipartUploadCommand } from '@aws-sdk/client-s3'
import { createStorageClient } from '#adapters/storage/storage-client.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stagingKey } from '#domain/object-keys.ts'
import type { ReportFailure } from '#domain/schemas/report-schema.ts'
import { removeExpiredRows } from '#services/maintenance/remove-expired-rows.ts'
import type { Report } from '#prisma/client/client.ts'
import { readFaults } from '#services/maintenance/installation-faults.ts'
import { refuseOperations, startStorageProxy, type StorageProxy } from '#test/servers/storage-proxy.ts'
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
  const client = createStorageClient(environment, environment.S3_ENDPOINT)
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

it('aborts after a day a copy in parts that a killed worker left', async () => {
  const { environment } = world
  const client = createStorageClient(environment, environment.S3_ENDPOINT)
  const Key = 'reports/2026/11/7/ecoles.csv'
  await client.send(new CreateMultipartUploadCommand({ Bucket: environment.S3_BUCKET, Key }))
  client.destroy()
  await tidy(new Date())
  expect(await world.context.storage.listUnfinishedUploads('reports/')).toEqual([Key])
  await tidy(inDays(2))
  expect(await world.context.storage.listUnfinishedUploads('reports/')).toEqual([])
})

describe('a storage that refuses to delete', () => {
  let proxy: StorageProxy
  let behind: ReportWorld
  beforeAll(async () => {
    proxy = await startStorageProxy(world.environment.S3_ENDPOINT ?? '')
    behind = await ReportWorld.create({ S3_ENDPOINT: proxy.address })
    await behind.startWorker()
  })
  afterAll(async () => {
    await behind.close()
    await proxy.close()
  })
  const faults = () => readFaults(behind.prisma)
  const sweep = () =>
    behind.temporal.workflow.execute('sweep', { taskQueue: 'reports', workflowId: randomUUID() })
  async function expiredReport(): Promise<Report> {
    const { number } = await behind.request()
    await behind.rowBecomes(number, (row) => row.status === 'completed')
    return behind.prisma.report.update({ where: { number }, data: { fileAvailableAt: inDays(-91) } })
  }

  it('is told to administrators, with since when, until the sweep tidies again', async () => {
    const { number } = await expiredReport()
    const accept = proxy.refuse(
      refuseOperations(['DeleteObject', 'DeleteObjects'], { status: 403, code: 'AccessDenied' }),
    )
    await expect(sweep()).rejects.toThrow('Workflow execution failed')
    const [fault] = await faults()
    expect(fault).toMatchObject({ part: 'storage_tidying', code: 'storage_refused' })
    expect(fault?.detail).toContain('AccessDenied')
    await expect(sweep()).rejects.toThrow('Workflow execution failed')
    const [again] = await faults()
    expect(again?.since).toEqual(fault?.since)
    expect(again?.lastSeenAt.getTime()).toBeGreaterThan(fault?.lastSeenAt.getTime() ?? 0)
    accept()
    await sweep()
    expect(await faults()).toEqual([])
    expect((await behind.row(number)).fileRemovedAt).not.toBeNull()
  })

  it('one file alone, does not keep the others and what is staged', async () => {
    const kept = await expiredReport()
    const gone = await expiredReport()
    const staged = stagingKey(gone.number, 'run', 1, 'csv')
    await behind.context.storage.upload(staged, Readable.from(['rows']), { contentType: 'text/csv' })
    proxy.refuse(refuseOperations(['DeleteObjects']))
    proxy.refuse(({ operation, url }) =>
      operation === 'DeleteObject' && url.includes(`/${kept.number}/`)
        ? { status: 403, code: 'AccessDenied' }
        : undefined,
    )
    await expect(sweep()).rejects.toThrow('Workflow execution failed')
    expect((await behind.row(kept.number)).fileRemovedAt).toBeNull()
    expect((await behind.row(gone.number)).fileRemovedAt).not.toBeNull()
    expect(await behind.context.storage.list('staging/')).toEqual([])
    expect((await faults()).map(({ part }) => part)).toEqual(['storage_tidying'])
    proxy.reset()
  })
})

it('of a report whose recipients were removed, the log names none, and a relaunch is refused', async () => {
  const text = '5.1.1 No such user'
  world.mail.inject({ at: 'recipient', does: 'reply', code: 550, text, recipient: 'parti@ville.test' })
  const { number } = await world.request({ recipients: ['reste@ville.test', 'parti@ville.test'] })
  await world.rowBecomes(number, ({ delivery, logArchived }) => delivery === 'partial' && logArchived)
  await removeExpiredRows(world.prisma, world.environment, { now: inDays(366) })
  // The engine still has the history, with the addresses.
  const log = await world.logNow(number)
  expect(log).toMatchObject({ status: 'completed', recipients: [], recipients_removed: true })
  expect(log.phases.map(({ status }) => status)).toEqual(['completed', 'completed', 'failed'])
  expect(await world.engine.relaunchReport(number)).toEqual({ ok: false, code: 'recipients_removed' })
  await removeExpiredRows(world.prisma, world.environment, { now: inDays(731) })
  expect(await world.logNow(number)).toMatchObject({ status: 'completed', phases: [], recipients: [] })
  await world.sweepLater()
  expect(
    JSON.stringify(await world.row(number), (_key, value: unknown) =>
      typeof value === 'bigint' ? Number(value) : value,
    ),
  ).not.toContain('parti@ville.test')
})
