import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectFolder } from '#local/settings.ts'
import { activityFailures } from '#test/activity-failures.ts'
import { demoDatabaseUrl } from '#test/servers/database.ts'
import { eventually } from '#test/eventually.ts'
import { leftovers, nothingLeft } from '#test/leftovers.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { startWorkerProcess, type WorkerProcess } from '#test/processes/worker-process.ts'

const reportTypes = { REPORTS_DIR: join(projectFolder, 'test/report-types') }
const anna = 'anna@ville.test'
const isFailed = (row: { status: string }) => row.status === 'failed'
const isCompleted = (row: { status: string }) => row.status === 'completed'

describe('a report that crashes the process that makes it', () => {
  let world: ReportWorld
  let worker: WorkerProcess

  beforeAll(async () => {
    world = await ReportWorld.create(reportTypes)
    worker = await startWorkerProcess(world.variables)
  }, 180_000)
  afterAll(async () => {
    await worker.end('SIGKILL')
    await world.close()
  })

  it('fails after three attempts with a named failure, while other reports of the worker continue', async () => {
    const large = await world.request({
      type: 'many_numbers',
      columns: ['value', 'digest'],
      format: 'excel',
      recipients: [anna],
    })
    const small = await world.request({ recipients: [anna] })
    // Sends no row for longer than the heartbeat timeout.
    const silent = await world.request({ type: 'silent_numbers', columns: ['value'], recipients: [anna] })
    await eventually(
      () => world.engine.progressOf(large.number),
      (progress) => (progress?.rows ?? 0) > 0,
    )
    const { number, workflowId } = await world.request({ type: 'poison', columns: ['value'] })

    const row = await world.rowBecomes(number, isFailed, 120_000)
    expect(row.failure).toEqual({
      phase: 'generate',
      code: 'worker_lost',
      message: expect.stringContaining('s’est arrêté plusieurs fois'),
    })
    expect((await world.log(number)).phases[0]).toMatchObject({ status: 'failed', attempts: 3 })
    const failures = await activityFailures(world.temporal, workflowId)
    expect(failures).toMatchObject([{ activity: 'generateReport', attempt: 3, type: 'worker_lost' }])
    expect(failures[0]?.causes).toEqual([expect.stringContaining('was ended by SIGKILL')])
    await world.keepHistory('poison', workflowId)

    for (const neighbour of [large, small, silent]) {
      await world.rowBecomes(neighbour.number, isCompleted, 120_000)
      expect((await world.log(neighbour.number)).phases.map(({ attempts }) => attempts)).toEqual([1, 1, 1])
    }
    expect(worker.ended()).toBeUndefined()
  }, 300_000)
})

/** A report over its limit fails at its first attempt, since another one would take as much, and leaves no file. */
async function failureOf(world: ReportWorld, type: string, column: string) {
  const { number, workflowId } = await world.request({ type, columns: [column] })
  const { failure } = await world.rowBecomes(number, isFailed, 90_000)
  const [inEngine, ...more] = await activityFailures(world.temporal, workflowId)
  expect(more).toEqual([])
  expect(inEngine).toMatchObject({ activity: 'generateReport', attempt: 1, nonRetryable: true })
  await eventually(
    () => leftovers(world, number),
    ({ staged, uploads }) => staged.length + uploads.length === 0,
  )
  return { failure, causes: inEngine?.causes }
}

describe('the time limit', () => {
  let world: ReportWorld
  let source: Client

  beforeAll(async () => {
    world = await ReportWorld.create({ ...reportTypes, REPORT_TIME_LIMIT_MINUTES: '0.05' })
    source = new Client({ connectionString: await demoDatabaseUrl() })
    await source.connect()
    await world.startWorker()
  })
  afterAll(async () => {
    await source.end()
    await world.close()
  })

  it('fails a silent query with a sentence, and cancels it at the source', async () => {
    expect(await failureOf(world, 'sleeper', 'word')).toEqual({
      failure: {
        phase: 'generate',
        code: 'time_limit_exceeded',
        message:
          'La production du fichier a dépassé le temps permis. Réduisez la période ou les filtres, puis relancez.',
      },
      causes: ['Not made within REPORT_TIME_LIMIT_MINUTES=0.05'],
    })
    const asleep = `SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'COPY%pg_sleep(3600)%'`
    await eventually(
      () => source.query(asleep),
      ({ rowCount }) => rowCount === 0,
    )
  })

  it('fails a file whose rows keep coming', async () => {
    expect(await failureOf(world, 'slow_numbers', 'text')).toMatchObject({
      failure: { code: 'time_limit_exceeded' },
    })
  })
})

describe('the memory limit', () => {
  let world: ReportWorld

  beforeAll(async () => {
    world = await ReportWorld.create({ ...reportTypes, REPORT_MEMORY_LIMIT_MB: '300' })
    await world.startWorker()
  })
  afterAll(() => world.close())

  it('fails a file whose rows are too wide, with a sentence', async () => {
    expect(await failureOf(world, 'wide_rows', 'text')).toEqual({
      failure: {
        phase: 'generate',
        code: 'memory_limit_exceeded',
        message: expect.stringContaining('a dépassé la mémoire permise'),
      },
      causes: [expect.stringMatching(/REPORT_MEMORY_LIMIT_MB allows 300|over its memory limit/)],
    })
  }, 120_000)

  it('ends code that blocks the event loop', async () => {
    expect(await failureOf(world, 'hoarder', 'value')).toMatchObject({
      failure: { code: 'memory_limit_exceeded' },
      causes: [expect.stringMatching(/over its memory limit|JavaScript heap out of memory/)],
    })
  }, 120_000)

  it('does not affect the next report', async () => {
    const { number } = await world.request()
    expect(await world.rowBecomes(number, isCompleted)).toMatchObject({ failure: null })
    expect(await leftovers(world)).toEqual(nothingLeft)
  })
})
