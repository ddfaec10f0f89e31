/**
 * A release whose workflows are others is deployed under two workers, real processes, one after the other, while a
 * report is in each state that it may be in: all of them end whole, and write to each recipient once.
 */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { temporal } from '@temporalio/proto'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { eventually } from '#test/eventually.ts'
import { leftovers, nothingLeft } from '#test/leftovers.ts'
import { startWorkerProcess, type WorkerProcess } from '#test/processes/worker-process.ts'
import { startStorageProxy, type StorageProxy, type StorageRequest } from '#test/servers/storage-proxy.ts'
import { bundleChangedWorkflows } from '#test/workflows/bundle-changed-workflows.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

const bundles = { old: '', changed: '' }

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'changed-workflows-'))
  bundles.old = inject('services').workflowBundle
  bundles.changed = join(folder, 'workflows.js')
  await writeFile(bundles.changed, await bundleChangedWorkflows())
  return () => rm(folder, { recursive: true })
}, 120_000)

describe.concurrent(
  'a rolling deploy of changed workflows',
  () => {
    it('without versioning: every report ends whole, once', async () => {
      await deploy('false')
    })

    it('with versioning: so too, and no task goes to a build that cannot replay it', async () => {
      expect(await deploy('true')).toEqual({ failedTasks: 0 })
    })
  },
  300_000,
)

async function deploy(versioning: 'true' | 'false'): Promise<{ failedTasks: number }> {
  const world = await ReportWorld.create({ OUTAGE_PATIENCE_MINUTES: '60' })
  const storage = await startStorageProxy(world.environment.S3_ENDPOINT ?? '')
  const workers: Promise<WorkerProcess>[] = []
  const start = (bundle: string) => {
    const worker = startWorkerProcess({
      ...world.variables,
      S3_ENDPOINT: storage.address,
      WORKER_VERSIONING: versioning,
      WORKFLOW_BUNDLE: bundle,
    })
    workers.push(worker)
    return worker
  }
  try {
    const old = await Promise.all([start(bundles.old), start(bundles.old)])
    const reports = await reportsInEachState(world, storage)

    await start(bundles.changed)
    const firstEnd = old[0].end('SIGTERM')
    await start(bundles.changed)
    const secondEnd = old[1].end('SIGTERM')
    // Its next attempt is for a new worker, whenever it comes: the old ones take no more tasks.
    reports.endOutage()
    expect(await world.engine.startReport(reports.queued)).toBe(true)
    expect(await Promise.all([firstEnd, secondEnd])).toEqual([0, 0])

    reports.letGoOn()
    expect(await world.engine.relaunchReport(reports.failed)).toEqual({ ok: true })
    const numbers = Object.values(reports).filter((report) => typeof report === 'number')
    for (const number of numbers) {
      const row = await world.rowBecomes(number, ({ status }) => status === 'completed', 90_000)
      expect(row).toMatchObject({ delivery: 'sent', failure: null })
      for (const recipient of row.recipients) expect(world.mail.mailsFor(recipient)).toHaveLength(1)
      await world.workflowEnded(number)
    }
    expect(await leftovers(world)).toEqual(nothingLeft)

    let failedTasks = 0
    for (const number of numbers) {
      const { workflowId } = await world.row(number)
      const history = await world.temporal.workflow.getHandle(workflowId).fetchHistory()
      const events = history.events ?? []
      failedTasks += events.filter((event) => event.workflowTaskFailedEventAttributes).length
      // The changed release went on with it; one begun late may have been over in the worker that was stopping.
      if (number !== reports.queued) expect(events.map(patchOf).join()).toContain('changed-')
    }
    return { failedTasks }
  } finally {
    for (const worker of await Promise.allSettled(workers))
      if (worker.status === 'fulfilled') await worker.value.end('SIGKILL')
    await world.close()
    await storage.close()
  }
}

/** N° of a report in each state: one waits until `endOutage` is called, the others until `letGoOn` is. */
async function reportsInEachState(world: ReportWorld, storage: StorageProxy) {
  const held = Promise.withResolvers<undefined>()
  const unstarted = async (name: string) =>
    (await world.requestUnstarted({ recipients: [`${name}@ville.test`] })).number
  const isOf =
    (number: number, folder: string) =>
    ({ url }: StorageRequest) =>
      url.includes(`/${folder}/`) && url.includes(`/${number}/`)
  const meets = (holds: (request: StorageRequest) => boolean) =>
    eventually(
      async () => storage.requests.some(holds),
      (is) => is,
    )

  const waiting = await unstarted('waiting')
  const isCopyOf = (number: number) => (request: StorageRequest) =>
    request.operation === 'CopyObject' && isOf(number, 'reports')(request)
  const endOutage = storage.refuse((request) =>
    isCopyOf(waiting)(request) ? { status: 503, code: 'SlowDown' } : undefined,
  )
  world.mail.inject({
    at: 'recipient',
    does: 'reply',
    code: 550,
    text: '5.1.1 No',
    recipient: 'failed@ville.test',
  })
  world.mail.inject({ at: 'recipient', does: 'hold', recipient: 'held@ville.test' })
  const generate = await unstarted('generate')
  const store = await unstarted('store')
  const isHeld = (request: StorageRequest) =>
    isCopyOf(store)(request) || (request.operation === 'PutObject' && isOf(generate, 'staging')(request))
  storage.refuse((request) => (isHeld(request) ? held.promise : undefined))

  const { number: failed } = await world.request({ recipients: ['failed@ville.test'] })
  const { number: email } = await world.request({ recipients: ['first@ville.test', 'held@ville.test'] })
  for (const number of [generate, store]) await world.engine.startReport(number)
  const queued = await unstarted('queued')

  await world.rowBecomes(failed, ({ status, logArchived }) => status === 'failed' && logArchived)
  await meets(isCopyOf(store))
  await meets(isOf(generate, 'staging'))
  await eventually(
    async () => world.mail.mailsFor('first@ville.test').length,
    (mails) => mails === 1,
  )
  await eventually(
    async () => world.mail.attempts,
    (attempts) => attempts.includes('held@ville.test'),
  )
  // Last: its waits grow.
  await world.engine.startReport(waiting)
  await eventually(
    () => world.engine.progressOf(waiting),
    (progress) => progress?.waiting?.part === 'storage',
  )
  const letGoOn = () => {
    storage.reset()
    held.resolve(undefined)
    world.mail.release()
  }
  return { queued, generate, store, email, waiting, failed, endOutage, letGoOn }
}

/** The marker of `patched()`, as the engine has it. */
function patchOf({ markerRecordedEventAttributes: marker }: temporal.api.history.v1.IHistoryEvent): string {
  return Buffer.from(marker?.details?.['patch-data']?.payloads?.[0]?.data ?? []).toString()
}
