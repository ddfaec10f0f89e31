/** A worker is killed while it makes a file, and another one continues. For mails: email-report.integration.test.ts. */

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { maintenanceSchedules } from '#contract/names.ts'
import { projectFolder } from '#local/settings.ts'
import { demoDatabaseUrl } from '#test/servers/database.ts'
import { eventually } from '#test/eventually.ts'
import { leftovers, nothingLeft } from '#test/leftovers.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { startGateBefore, type TcpGate } from '#test/servers/tcp-gate.ts'
import { startWorkerProcess } from '#test/processes/worker-process.ts'

const anna = 'anna@ville.test'
const rows = 2_000_000

interface Scene {
  world: ReportWorld
  number: number
  /** Gates between the worker and its database and storage. */
  database: TcpGate
  storage: TcpGate
}

describe.concurrent(
  'a worker killed while it makes a file',
  () => {
    it('in generate: another one makes it again', async () => {
      const attempts = await attemptsWhenKilled(async ({ number, world }) => {
        await eventually(
          () => world.engine.progressOf(number),
          (progress) => (progress?.rows ?? 0) > 100_000,
          { withinMs: 120_000 },
        )
      })
      expect(attempts).toEqual([2, 1, 1])
    })

    it('in store, between the copy and its checkpoint: another one copies it again', async () => {
      const attempts = await attemptsWhenKilled(async ({ number, world, storage, database }) => {
        await eventually(
          () => world.engine.progressOf(number),
          (progress) => (progress?.rows ?? 0) > 0,
          { withinMs: 120_000 },
        )
        // The worker waits where it reads its row, …
        database.hold()
        await eventually(
          () => world.engine.progressOf(number),
          (progress) => progress?.phase === 'store',
          { withinMs: 120_000 },
        )
        // … then where it looks at the staged object, …
        storage.hold()
        database.open()
        await eventually(
          async () => storage.waiting(),
          (waiting) => waiting > 0,
        )
        // … then with its copy made.
        database.hold()
        storage.open()
        await eventually(
          () => world.context.storage.list('reports/'),
          (keys) => keys.length === 1,
        )
        expect(await world.row(number)).toMatchObject({ objectKey: null })
      })
      expect(attempts).toEqual([1, 2, 1])
    })

    it('three times: the report fails with a sentence and is not started again', async () => {
      const world = await ReportWorld.create({ REPORTS_DIR: join(projectFolder, 'test/report-types') })
      try {
        const { number } = await world.request({
          type: 'slow_numbers',
          columns: ['text'],
          recipients: [anna],
        })
        for (let attempt = 1; attempt <= 3; attempt++) {
          const worker = await startWorkerProcess(world.variables)
          try {
            await eventually(
              () => world.engine.progressOf(number),
              (progress) => progress?.attempt === attempt && (progress.rows ?? 0) > 0,
              { withinMs: 120_000 },
            )
          } finally {
            await worker.end('SIGKILL')
          }
        }
        await world.startWorker()
        const row = await world.rowBecomes(number, ({ status }) => status === 'failed', 60_000)
        expect(row.failure).toMatchObject({ phase: 'generate', code: 'worker_lost' })
        expect((await world.log(number)).phases.map(({ attempts }) => attempts)).toEqual([3, 0, 0])
        await world.mail.received(1, 30_000)
        expect(world.mail.mails.map(({ to }) => to)).toEqual([[world.owner.email]])
        expect(await leftovers(world)).toEqual(nothingLeft)
      } finally {
        await world.close()
      }
    })
  },
  400_000,
)

/** @returns the attempts of each phase, once the report has completed and its file and leftovers were checked. */
async function attemptsWhenKilled(moment: (scene: Scene) => Promise<void>): Promise<number[]> {
  const world = await ReportWorld.create({ REPORTS_DIR: join(projectFolder, 'test/report-types') })
  const database = await startGateBefore(world.environment.DATABASE_URL)
  const storage = await startGateBefore(world.environment.S3_ENDPOINT ?? '')
  const worker = await startWorkerProcess({
    ...world.variables,
    DATABASE_URL: database.address,
    S3_ENDPOINT: storage.address,
  })
  try {
    // The sweep uses database and storage too; only this report may wait at a gate.
    await world.temporal.schedule.getHandle(maintenanceSchedules.sweep).pause()
    const { number } = await world.request({
      type: 'many_numbers',
      columns: ['value', 'digest'],
      recipients: [anna],
    })
    await moment({ world, number, database, storage })
    await worker.end('SIGKILL')
    for (const gate of [database, storage]) {
      gate.shut()
      gate.open()
    }
    await world.startWorker()
    const row = await world.rowBecomes(number, ({ status }) => status === 'completed', 180_000)
    expect(row).toMatchObject({ delivery: 'sent', rowCount: rows })
    await world.workflowEnded(number)

    expect(await fileDigest(world, row.objectKey ?? '')).toEqual(await digestBySql())
    expect(await leftovers(world)).toEqual(nothingLeft)
    expect(world.mail.mails).toHaveLength(1)
    return (await world.log(number)).phases.map(({ attempts }) => attempts)
  } finally {
    await worker.end('SIGKILL')
    await world.close()
    await Promise.all([database.close(), storage.close()])
  }
}

/** Digest of the rows of the stored file, without its heading. */
async function fileDigest(world: ReportWorld, objectKey: string): Promise<string> {
  const hash = createHash('md5')
  let isHeading = true
  for await (const chunk of await world.context.storage.read(objectKey)) {
    const bytes = chunk as Buffer
    hash.update(isHeading ? bytes.subarray(bytes.indexOf('\n') + 1) : bytes)
    isHeading = false
  }
  return hash.digest('hex')
}

async function digestBySql(): Promise<string> {
  const client = new Client({ connectionString: await demoDatabaseUrl() })
  await client.connect()
  try {
    const answer = await client.query<{ digest: string }>(`
      SELECT md5(string_agg(value || ';' || md5(value::text) || E'\\r\\n', '' ORDER BY value)) AS digest
      FROM generate_series(1, ${rows}) AS number(value)`)
    return answer.rows[0]?.digest ?? ''
  } finally {
    await client.end()
  }
}
