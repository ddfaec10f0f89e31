/** A whole report on storages that refuse something, and a file that is too large. */

import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { failureSentence } from '#domain/failures.ts'
import { projectFolder } from '#local/settings.ts'
import { activityFailures } from '#test/activity-failures.ts'
import { leftovers, nothingLeft } from '#test/leftovers.ts'
import {
  refuseChecksums,
  refuseOperations,
  startStorageProxy,
  type StorageProxy,
} from '#test/servers/storage-proxy.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

let proxy: StorageProxy
let plain: ReportWorld
let world: ReportWorld
beforeAll(async () => {
  plain = await ReportWorld.create()
  proxy = await startStorageProxy(plain.environment.S3_ENDPOINT ?? '')
  world = await ReportWorld.create({
    S3_ENDPOINT: proxy.address,
    S3_ENCRYPTION: 'AES256',
    REPORT_FILE_LIMIT_MB: '6',
    REPORTS_DIR: join(projectFolder, 'test/report-types'),
  })
  await world.startWorker()
})
beforeEach(() => {
  proxy.reset()
})
afterAll(async () => {
  await world.close()
  await plain.close()
  await proxy.close()
})

const isCompleted = ({ status }: { status: string }) => status === 'completed'

it('is completed and tidied on a storage that refuses checksums, copies, lists of uploads, deletes of many', async () => {
  proxy.refuse(refuseChecksums)
  proxy.refuse(refuseOperations(['CopyObject', 'DeleteObjects', 'ListMultipartUploads']))
  const { number } = await world.request()
  const row = await world.rowBecomes(number, isCompleted)
  expect(proxy.count('DeleteObject')).toBeGreaterThan(0)
  const writes = proxy.requests.filter(({ operation }) => operation === 'PutObject')
  // Staged, and put in place.
  expect(writes.map(({ headers }) => headers['x-amz-server-side-encryption'])).toEqual(['AES256', 'AES256'])
  proxy.reset()
  await expect.poll(() => leftovers(world, number)).toEqual(nothingLeft)
  const [mail] = world.mail.mailsFor(world.owner.email).slice(-1)
  const stored = await buffer(await world.context.storage.read(row.objectKey ?? ''))
  expect(mail?.parsed.attachments[0]?.content.equals(stored)).toBe(true)
})

it.each(['fr', 'en'] as const)('says that the file is too large, at once and in %s', async (locale) => {
  const asked = { type: 'many_numbers', columns: ['value', 'digest'], locale }
  const { number, workflowId } = await world.request(asked)
  const row = await world.rowBecomes(number, ({ status }) => status === 'failed')
  const message = failureSentence('file_too_large', locale)
  expect(row.failure).toEqual({ phase: 'generate', code: 'file_too_large', message })
  const [failure, ...more] = await activityFailures(world.temporal, workflowId)
  expect(more).toEqual([])
  expect(failure?.causes.join('\n')).toContain(`larger than ${6 * 1024 * 1024} bytes`)
  await expect.poll(() => leftovers(world, number)).toEqual(nothingLeft)
})

it('tells a storage that refuses the request itself from one that refuses access', async () => {
  proxy.refuse(refuseOperations(['PutObject']))
  const { number } = await world.request()
  const row = await world.rowBecomes(number, ({ status }) => status === 'failed')
  expect(row.failure).toMatchObject({ code: 'storage_unsupported' })
})
