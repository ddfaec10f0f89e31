import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSource } from '#adapters/source/source.ts'
import { sql } from '#catalogue/sql.ts'
import { projectFolder } from '#local/settings.ts'
import { activityFailures } from '#test/activity-failures.ts'
import { eventually } from '#test/eventually.ts'
import { startReplicatedPostgres, type ReplicatedPostgres } from '#test/servers/standby-postgres.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

let servers: ReplicatedPostgres
beforeAll(async () => {
  servers = await startReplicatedPostgres()
}, 120_000)
afterAll(() => servers?.stop())

it('a query that a standby cancels fails in words, as a conflict', async () => {
  const source = createSource({ connectionString: servers.standby.url, statementTimeoutMs: 60_000 })
  expect((await source.rows(sql`select pg_is_in_recovery(), count(*) from busy`)).rows).toEqual([['t', '1']])
  const reading = source.rows(sql`select pg_sleep(30), count(*) from busy`).catch((error: unknown) => error)
  const isOver = reading.then(() => true)
  const conflicting = async () => {
    await servers.conflict()
    return Promise.race([isOver, new Promise<false>((resolve) => setTimeout(() => resolve(false), 200))])
  }
  await eventually(conflicting, (over) => over, { withinMs: 20_000 })
  expect(await reading).toMatchObject({
    name: 'SourceError',
    kind: 'conflict',
    message: expect.stringMatching(
      /is a standby .*hot_standby_feedback or max_standby_streaming_delay .*40001: canceling statement due to conflict with recovery/,
    ),
  })
  await source.close()
})

it('an address asks for a standby or a primary', async () => {
  const { primary, standby } = servers
  const portOf = async (attributes: string) => {
    const hosts = `127.0.0.1:${primary.port},127.0.0.1:${standby.port}`
    const address = `postgresql://rapporteur:rapporteur@${hosts}/rapporteur?target_session_attrs=${attributes}`
    const source = createSource({ connectionString: address, statementTimeoutMs: 10_000 })
    // What made the conflict before may still be replayed, and end this query too.
    const page = await eventually(
      () => source.rows(sql`select inet_server_port()`).catch(() => null),
      (answer) => answer !== null,
    )
    await source.close()
    return Number(page?.rows[0]?.[0])
  }
  for (const attributes of ['any', 'primary', 'read-write'])
    expect(await portOf(attributes)).toBe(primary.port)
  for (const attributes of ['standby', 'prefer-standby', 'read-only'])
    expect(await portOf(attributes)).toBe(standby.port)
})

it('a report is made although a standby cancels more than three attempts', { timeout: 300_000 }, async () => {
  const world = await ReportWorld.create({
    SOURCE_DATABASE_URL: servers.standby.url,
    OUTAGE_PATIENCE_MINUTES: '5',
    REPORTS_DIR: join(projectFolder, 'test/report-types'),
  })
  await world.startWorker()
  try {
    const { number } = await world.request({ type: 'napper', columns: ['word'] })
    const attempts = async () => (await world.logNow(number)).phases[0]?.attempts ?? 0
    await eventually(
      async () => {
        await servers.conflict()
        return attempts()
      },
      (count) => count > 3,
      { withinMs: 120_000 },
    )
    const row = await world.rowBecomes(
      number,
      ({ status }) => status === 'completed' || status === 'failed',
      120_000,
    )
    expect(row).toMatchObject({ status: 'completed', failure: null })
    expect(await activityFailures(world.temporal, row.workflowId)).toContainEqual(
      expect.objectContaining({ type: 'source_conflict' }),
    )
  } finally {
    await world.close()
  }
})
