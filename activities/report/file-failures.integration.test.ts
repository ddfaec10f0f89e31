/**
 * Each fault of the source database, the storage and the product's own database, on a whole report: its code, whether
 * the engine retries, the sentence for people, and the technical cause that an operator finds in Temporal.
 */

import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { failureSentence, type FailureCode } from '#domain/failures.ts'
import type { Locale } from '#domain/locale.ts'
import { reportJson } from '#api/reports/report-json.ts'
import { scheduleIdFor } from '#contract/names.ts'
import type { NewReport } from '#services/reports/create-report-row.ts'
import { projectFolder } from '#local/settings.ts'
import { activityFailures } from '#test/activity-failures.ts'
import { eventually } from '#test/eventually.ts'
import { leftovers } from '#test/leftovers.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { startGateBefore, type TcpGate } from '#test/servers/tcp-gate.ts'
import { startWorkerProcess } from '#test/processes/worker-process.ts'

const reportTypes = { REPORTS_DIR: join(projectFolder, 'test/report-types') }
const anna = 'anna@ville.test'
const isFailed = (row: { status: string }) => row.status === 'failed'
const isCompleted = (row: { status: string }) => row.status === 'completed'

interface Fault {
  phase: 'generate' | 'store'
  code: FailureCode
  /** A pattern in the failure's causes, as Temporal Web shows them. */
  cause: RegExp
}

/** The report fails at its first attempt, without a retry. */
async function failsForGood(world: ReportWorld, asked: Partial<NewReport>, fault: Fault): Promise<number> {
  const report = await world.request({ recipients: [anna], ...asked })
  await hasFailedForGood(world, report, fault)
  return report.number
}

async function hasFailedForGood(
  world: ReportWorld,
  { number, locale, workflowId }: { number: number; locale: string; workflowId: string },
  { phase, code, cause }: Fault,
): Promise<void> {
  const row = await world.rowBecomes(number, isFailed)
  const sentence = failureSentence(code, locale as Locale)
  expect(row.failure).toEqual({ phase, code, message: sentence })
  expect((await world.log(number)).phases.find((log) => log.phase === phase)).toMatchObject({
    attempts: 1,
    error: sentence,
  })
  const [failure, ...more] = await activityFailures(world.temporal, workflowId)
  expect(more).toEqual([])
  expect(failure).toMatchObject({ type: code, message: sentence, nonRetryable: true })
  expect(failure?.causes.join('\n')).toMatch(cause)
}

/** An attempt fails, the engine retries, and once the fault is repaired the report is completed. */
async function isTriedAgain(
  world: ReportWorld,
  { number, workflowId }: { number: number; workflowId: string },
  { code, cause }: Omit<Fault, 'phase'>,
  mend: () => void,
): Promise<void> {
  const [failure] = await eventually(
    () => activityFailures(world.temporal, workflowId),
    (failures) => failures.length > 0,
  )
  // Not by the engine: the workflow waits.
  expect(failure).toMatchObject({ type: code, nonRetryable: true })
  expect(failure?.causes.join('\n')).toMatch(cause)
  mend()
  expect(await world.rowBecomes(number, isCompleted, 60_000)).toMatchObject({
    delivery: 'sent',
    failure: null,
  })
}

describe('a fault of', () => {
  let world: ReportWorld
  let storage: TcpGate

  beforeAll(async () => {
    const gate = await startGateBefore(inject('services').storage.endpoint)
    storage = gate
    world = await ReportWorld.create({ ...reportTypes, S3_ENDPOINT: gate.address })
    await world.startWorker()
  })
  beforeEach(() => {
    world.mail.release()
    world.sourceGate.open()
    storage.open()
  })
  afterAll(async () => {
    await world.close()
    await storage.close()
  })

  it('the source when it is unreachable: retried', async () => {
    world.sourceGate.shut()
    const report = await world.request({ recipients: [anna] })
    await isTriedAgain(
      world,
      report,
      { code: 'source_unavailable', cause: /The source database cannot be reached/ },
      () => world.sourceGate.open(),
    )
  })

  it('the source when it refuses the query: permanent', async () => {
    await failsForGood(
      world,
      { type: 'refused', columns: ['name'], locale: 'en' },
      { phase: 'generate', code: 'source_query_failed', cause: /42P01.*"no_such_table" does not exist/ },
    )
  })

  it.each(['csv', 'excel'] as const)(
    'a column’s type: the values stay texts, and are counted (%s)',
    async (format) => {
      const { number } = await world.request({ type: 'mistyped', columns: ['n', 'day'], format })
      const row = await world.rowBecomes(number, isCompleted)
      expect(row.misfits).toEqual([{ column: 'day', label: 'Date de remise', kind: 'date', values: 2 }])
      expect(reportJson(row).misfits).toEqual(row.misfits)
    },
  )

  it('a report type’s own access code: an occurrence fails as a request does', async () => {
    const { id: scheduledReportId } = await world.define({ type: 'careless_access', columns: ['value'] })
    await world.engine.applySchedule(scheduledReportId)
    await world.temporal.schedule.getHandle(scheduleIdFor(scheduledReportId)).trigger()
    const row = await eventually(
      () => world.prisma.report.findFirst({ where: { scheduledReportId } }),
      (seen) => seen?.status === 'failed',
    )
    expect(row?.failure).toMatchObject({ phase: 'generate', code: 'internal_error' })
    expect((await world.log(row?.number ?? 0)).phases[0]).toMatchObject({ status: 'failed', attempts: 3 })
  })

  it('the storage when it is unreachable: retried', async () => {
    storage.shut()
    const report = await world.request({ recipients: [anna] })
    await isTriedAgain(
      world,
      report,
      { code: 'storage_unavailable', cause: /The storage failed to upload staging\// },
      () => storage.open(),
    )
  })

  it('the storage when the staged file is missing: permanent, and a relaunch makes it again', async () => {
    const report = await world.requestUntilStaged({ recipients: [anna], locale: 'en' })
    const { staged } = await leftovers(world, report.number)
    await world.context.storage.remove(staged)
    await world.startWorker()
    await hasFailedForGood(world, report, { phase: 'store', code: 'file_missing', cause: /No staged object/ })
    await isRelaunched(report.number)
  })

  it('the storage when the staged file differs: permanent, and a relaunch makes it again', async () => {
    const report = await world.requestUntilStaged({ recipients: [anna], locale: 'en' })
    const [key = ''] = (await leftovers(world, report.number)).staged
    await world.context.storage.upload(key, Readable.from([Buffer.from('something else')]), {
      contentType: 'text/csv',
    })
    await world.startWorker()
    await hasFailedForGood(world, report, { phase: 'store', code: 'file_damaged', cause: /Staged \d+ bytes/ })
    await isRelaunched(report.number)
  })

  it('the storage when the file is missing before the mail: a relaunch makes it again', async () => {
    world.mail.inject({ at: 'connect', does: 'drop', times: 1 })
    const { number } = await world.request({ recipients: [anna], locale: 'en' })
    await world.mail.struck(1, 20_000)
    const { objectKey } = await world.row(number)
    await world.context.storage.remove([objectKey ?? ''])
    const row = await world.rowBecomes(number, isFailed)
    expect(row.failure).toMatchObject({ phase: 'email', code: 'nobody_reached' })
    expect((await world.log(number)).recipients).toMatchObject([
      { status: 'failed', attempts: 2, error: failureSentence('file_missing', 'en') },
    ])
    await isRelaunched(number)
  })

  async function isRelaunched(number: number): Promise<void> {
    const before = world.mail.mailsFor(anna).length
    expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    expect(await world.rowBecomes(number, isCompleted)).toMatchObject({ delivery: 'sent', failure: null })
    expect(world.mail.mailsFor(anna)).toHaveLength(before + 1)
  }
})

describe.concurrent('a fault of the installation:', () => {
  const settings: [string, Record<string, string>, Partial<NewReport>, Fault][] = [
    [
      'a query longer than the source allows',
      { SOURCE_STATEMENT_TIMEOUT_SECONDS: '1' },
      { type: 'sleeper', columns: ['word'] },
      { phase: 'generate', code: 'source_timeout', cause: /statement timeout/ },
    ],
    [
      'a storage that denies access',
      { S3_SECRET_ACCESS_KEY: 'not the right one' },
      {},
      { phase: 'generate', code: 'storage_refused', cause: /SignatureDoesNotMatch|AccessDenied/ },
    ],
    [
      'a bucket that is not there',
      { S3_BUCKET: 'no-such-bucket' },
      { locale: 'en' },
      { phase: 'generate', code: 'storage_missing', cause: /NoSuchBucket/ },
    ],
  ]

  it.each(settings)('%s: permanent', async (_name, variables, asked, fault) => {
    const world = await ReportWorld.create({ ...reportTypes, ...variables })
    try {
      await world.startWorker()
      await failsForGood(world, asked, fault)
    } finally {
      await world.close()
    }
  })

  it('the product’s own database unreachable for longer than three attempts take: waited for', async () => {
    const world = await ReportWorld.create({ OUTAGE_PATIENCE_MINUTES: '5' })
    const database = await startGateBefore(world.environment.DATABASE_URL)
    // A separate process, since this one reads the database all the time.
    const worker = await startWorkerProcess({ ...world.variables, DATABASE_URL: database.address })
    try {
      world.sourceGate.hold()
      const { number, workflowId } = await world.request({ recipients: [anna] })
      // Not before the row was read, which is the first thing that needs the database.
      await eventually(
        async () => world.sourceGate.waiting(),
        (waiting) => waiting > 0,
      )
      database.shut()
      world.sourceGate.open()
      const failures = await eventually(
        () => activityFailures(world.temporal, workflowId),
        // Each attempt itself tries for most of a minute.
        (seen) => seen.length >= 2,
        { withinMs: 200_000 },
      )
      // Of whichever activity needs it next: one that generates may not have read the report's row yet.
      const away = { type: 'database_unavailable', attempt: 1 }
      expect(failures).toMatchObject([away, away])
      expect(await world.engine.progressOf(number)).toMatchObject({ waiting: { part: 'database' } })
      database.open()
      expect(await world.rowBecomes(number, isCompleted, 60_000)).toMatchObject({
        delivery: 'sent',
        failure: null,
      })
      expect(world.mail.mailsFor(anna)).toHaveLength(1)
      await world.workflowEnded(number)
      await world.keepHistory('waited-out-the-database', workflowId)
    } finally {
      await worker.end('SIGKILL')
      await world.close()
      await database.close()
    }
  }, 300_000)
})
