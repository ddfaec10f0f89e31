/** Parts that are away for longer than three attempts take: reports wait, and complete by themselves. */

import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import type { AwayPart } from '#domain/failures.ts'
import { projectFolder } from '#local/settings.ts'
import { activityFailures } from '#test/activity-failures.ts'
import { eventually } from '#test/eventually.ts'
import { leftovers, nothingLeft } from '#test/leftovers.ts'
import { clearStorageFull } from '#services/notices/storage-full.ts'
import { readFaults } from '#services/maintenance/installation-faults.ts'
import { createTestBucket } from '#test/servers/bucket.ts'
import { startStorageProxy, type StorageProxy } from '#test/servers/storage-proxy.ts'
import { startOwnStorage, type OwnStorage } from '#test/servers/own-storage.ts'
import { startGateBefore, type TcpGate } from '#test/servers/tcp-gate.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

/** Longer than the three attempts of what is wrong. */
const outageMs = 25_000

let storage: OwnStorage
let world: ReportWorld

beforeAll(async () => {
  storage = await startOwnStorage()
  world = await ReportWorld.create({ ...storage.bucket })
  await world.startWorker()
})
beforeEach(() => {
  world.environment.OUTAGE_PATIENCE_MINUTES = 5
  world.mail.release()
  world.sourceGate.open()
})
afterAll(async () => {
  await world.close()
  await storage.close()
})

const isCompleted = ({ status }: { status: string }) => status === 'completed'

/** Waits until the report says, to pages and in Temporal Web, that it waits for the part. */
async function waitsFor(number: number, part: AwayPart): Promise<void> {
  const progress = await eventually(
    () => world.engine.progressOf(number),
    (seen) => seen?.waiting?.part === part,
  )
  expect(Date.now() - Date.parse(progress?.waiting?.since ?? '')).toBeLessThan(40_000)
  expect(await world.row(number)).toMatchObject({ status: 'running', failure: null })
}

/** Asserts that the report has gone on by itself, and that no attempt of the engine's three was used up. */
async function goesOnByItself(number: number): Promise<void> {
  const row = await world.rowBecomes(number, isCompleted, 90_000)
  expect(row).toMatchObject({ delivery: 'sent', failure: null, round: 0 })
  await world.workflowEnded(number)
  const failures = await activityFailures(world.temporal, row.workflowId)
  expect(failures.length).toBeGreaterThan(1)
  expect(failures.filter(({ attempt, nonRetryable }) => attempt !== 1 || !nonRetryable)).toEqual([])
  expect(await world.engine.progressOf(number)).toBeNull()
  for (const recipient of row.recipients) expect(mailsAbout(number, recipient)).toHaveLength(1)
}

function mailsAbout(number: number, recipient: string) {
  return world.mail.mailsFor(recipient).filter(({ parsed }) => parsed.subject?.includes(`N° ${number} `))
}

describe('a report waits, and goes on by itself, when', () => {
  it('the storage is stopped and started again', { timeout: 180_000 }, async () => {
    await storage.stop()
    const stoppedAt = Date.now()
    // More than a worker makes at a time: those that wait hold no place.
    const numbers: number[] = []
    for (let index = 0; index < 6; index++) {
      numbers.push((await world.request({ recipients: [`r${index}@ville.test`] })).number)
    }
    for (const number of numbers) await waitsFor(number, 'storage')
    const [first = 0] = numbers
    expect((await world.logNow(first)).phases[0]).toMatchObject({
      phase: 'generate',
      status: 'running',
      finished_at: null,
      error: expect.stringContaining('Le stockage des fichiers ne répond pas'),
    })
    await delay(stoppedAt + outageMs - Date.now())
    await storage.start()
    for (const number of numbers) await goesOnByItself(number)
    await world.keepHistory('waited-for-the-storage', (await world.row(first)).workflowId)
  })

  it('the source is away', { timeout: 180_000 }, async () => {
    world.sourceGate.shut()
    const { number, workflowId } = await world.request({ recipients: ['anna@ville.test'] })
    await waitsFor(number, 'source')
    await delay(outageMs)
    world.sourceGate.open()
    await goesOnByItself(number)
    await world.keepHistory('waited-for-the-source', workflowId)
  })

  it('the mail server is away: nobody counts as not reached meanwhile', { timeout: 180_000 }, async () => {
    world.mail.inject({ at: 'connect', does: 'drop' })
    const recipients = Array.from({ length: 14 }, (_, index) => `m${index}@ville.test`)
    const { number, workflowId } = await world.request({ recipients })
    await waitsFor(number, 'mail')
    await delay(outageMs)
    const { recipients: meanwhile } = await world.logNow(number)
    expect(new Set(meanwhile.map(({ status }) => status))).toEqual(new Set(['pending']))
    // One recipient tries for all of them.
    expect(meanwhile.filter(({ attempts }) => attempts > 1)).toHaveLength(1)
    world.mail.release()
    await goesOnByItself(number)
    await world.keepHistory('waited-for-the-mail-server', workflowId)
  })

  it('the mail server goes in the middle of its mails: what perhaps arrived is not sent again', async () => {
    const [unheard, cut] = ['unheard@ville.test', 'cut@ville.test']
    const strikes = () => world.mail.strikes.filter(({ recipients }) => recipients.length > 0).length
    const before = strikes()
    world.mail.inject({ at: 'answer', does: 'drop', recipient: unheard, keeps: true, times: 1 })
    world.mail.inject({ at: 'recipient', does: 'drop', recipient: cut, times: 1 })
    const { number } = await world.request({ recipients: [unheard, cut] })
    await expect.poll(strikes, { timeout: 20_000 }).toBe(before + 2)
    world.mail.inject({ at: 'connect', does: 'drop' })
    // The next attempt of the one that was cut off meets a server that is gone.
    await waitsFor(number, 'mail')
    world.mail.release()
    const row = await world.rowBecomes(number, isCompleted, 60_000)
    expect(row).toMatchObject({ delivery: 'uncertain', failure: null, round: 0 })
    expect((await world.log(number)).recipients).toMatchObject([
      { email: unheard, status: 'uncertain' },
      { email: cut, status: 'sent' },
    ])
    expect([unheard, cut].map((recipient) => mailsAbout(number, recipient).length)).toEqual([1, 1])
  }, 120_000)
})

describe('a storage that is full', () => {
  let proxy: StorageProxy
  let full: ReportWorld

  beforeAll(async () => {
    const plain = await createTestBucket()
    proxy = await startStorageProxy(plain.S3_ENDPOINT)
    full = await ReportWorld.create({
      ...plain,
      S3_ENDPOINT: proxy.address,
      OUTAGE_PATIENCE_MINUTES: '10',
    })
    await full.startWorker()
  })
  afterAll(async () => {
    await full.close()
    await proxy.close()
  })

  it(
    'is waited for, told once to the administrators, and over once a file is stored',
    { timeout: 120_000 },
    async () => {
      const message = 'No space left on device.'
      const makeRoom = proxy.refuse(({ operation }) =>
        operation === 'PutObject' || operation === 'UploadPart'
          ? { status: 507, code: 'InsufficientStorage', message }
          : undefined,
      )
      const numbers = await Promise.all(
        ['anna@ville.test', 'bela@ville.test'].map(async (recipient) => {
          const { number } = await full.request({ recipients: [recipient] })
          return number
        }),
      )
      for (const number of numbers) {
        await eventually(
          () => full.engine.progressOf(number),
          (progress) => progress?.waiting?.part === 'storage',
        )
      }
      const told = () => full.mail.mailsFor(full.owner.email).map(({ parsed }) => parsed)
      await eventually(
        async () => told().length,
        (count) => count > 0,
      )
      expect(told()[0]?.subject).toContain('est plein')
      expect(told()[0]?.text).toContain(message)
      expect(await readFaults(full.prisma)).toMatchObject([{ part: 'storage_full', code: 'storage_full' }])
      // Another file is too much again.
      await eventually(
        async () => proxy.count('PutObject') + proxy.count('UploadPart'),
        (tries) => tries >= 4,
        { withinMs: 60_000 },
      )
      makeRoom()
      for (const number of numbers)
        expect(await full.rowBecomes(number, isCompleted, 60_000)).toMatchObject({
          delivery: 'sent',
          failure: null,
        })
      expect(told()).toHaveLength(1)
      await eventually(
        async () => {
          await clearStorageFull(full.prisma)
          return readFaults(full.prisma)
        },
        (faults) => faults.length === 0,
      )
    },
  )
})

describe('a report that waits', () => {
  it('fails when its patience is over, and says how long it waited', { timeout: 120_000 }, async () => {
    world.environment.OUTAGE_PATIENCE_MINUTES = 0.5
    await storage.stop()
    const { number, workflowId } = await world.request({ recipients: ['anna@ville.test'] })
    const row = await world.rowBecomes(number, ({ status }) => status === 'failed', 90_000)
    await storage.start()
    expect(row.failure).toMatchObject({ phase: 'generate', code: 'storage_unavailable' })
    expect((row.failure as { message: string }).message).toMatch(
      /Le stockage des fichiers ne répond pas\..* Rapporteur a attendu \d+ s\.$/,
    )
    expect((await world.logNow(number)).phases[0]).toMatchObject({ status: 'failed' })
    // A relaunch goes on, as after any failure.
    expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    await world.rowBecomes(number, isCompleted)
    await world.workflowEnded(number)
    await world.keepHistory('patience-over', workflowId)
  })

  it.each(['generate', 'email'] as const)(
    'is cancelled at once (%s)',
    async (phase) => {
      if (phase === 'generate') world.sourceGate.shut()
      else world.mail.inject({ at: 'connect', does: 'drop' })
      const { number, workflowId } = await world.request({ recipients: ['x@ville.test', 'y@ville.test'] })
      // The second wait is of a quarter of a minute.
      await eventually(
        () => world.engine.progressOf(number),
        (seen) => seen?.waiting != null && seen.phase === phase && seen.attempt > 2,
      )
      const cancelledAt = Date.now()
      expect(await world.engine.cancelReport(number)).toEqual({ ok: true })
      await world.rowBecomes(number, ({ status }) => status === 'cancelled')
      expect(Date.now() - cancelledAt).toBeLessThan(8_000)
      await world.workflowEnded(number)
      expect(await leftovers(world, number)).toEqual(nothingLeft)
      expect(mailsAbout(number, 'x@ville.test')).toEqual([])
      await world.keepHistory(`cancelled-while-waiting-to-${phase}`, workflowId)
    },
    60_000,
  )
})

describe('a part that keeps its connections and says nothing is away, too:', () => {
  let silent: ReportWorld
  let gate: TcpGate & { address: string }

  beforeAll(async () => {
    gate = await startGateBefore(inject('services').storage.endpoint)
    silent = await ReportWorld.create({
      S3_ENDPOINT: gate.address,
      REPORTS_DIR: join(projectFolder, 'test/report-types'),
      OUTAGE_PATIENCE_MINUTES: '5',
    })
    await silent.startWorker()
  })
  afterAll(async () => {
    gate.open()
    silent.sourceGate.open()
    await silent.close()
    await gate.close()
  })

  /** Asserts that the first failure is the part's absence, and that the report goes on once it speaks. */
  async function isWaitedFor(number: number, type: string, speak: () => void): Promise<void> {
    const { workflowId } = await silent.row(number)
    const failures = await eventually(
      () => activityFailures(silent.temporal, workflowId),
      (seen) => seen.length > 0,
      { withinMs: 100_000 },
    )
    expect(failures).toMatchObject([{ type, attempt: 1, nonRetryable: true }])
    speak()
    expect(await silent.rowBecomes(number, isCompleted, 90_000)).toMatchObject({ failure: null })
  }

  it('the storage', { timeout: 240_000 }, async () => {
    gate.hold()
    const { number } = await silent.request()
    await isWaitedFor(number, 'storage_unavailable', () => gate.open())
  })

  it('the source, in the middle of its rows', { timeout: 240_000 }, async () => {
    const { number } = await silent.request({ type: 'slow_numbers', columns: ['text'] })
    await eventually(
      () => silent.engine.progressOf(number),
      (progress) => (progress?.rows ?? 0) > 0,
    )
    silent.sourceGate.hold()
    await isWaitedFor(number, 'source_unavailable', () => silent.sourceGate.open())
  })
})
