/** The source, and the product's own database, by way of a PgBouncer that gives a connection for one transaction. */

import { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sql } from '#catalogue/sql.ts'
import { createPrisma } from '#prisma/client.ts'
import { createTestDatabase, type TestDatabase } from '#test/servers/database.ts'
import { startPgBouncer, type PgBouncer } from '#test/servers/pgbouncer.ts'
import { createSource, type CopyOut, type Source } from './source.ts'

let database: TestDatabase
let pooler: PgBouncer
let source: Source
let observer: Client

beforeAll(async () => {
  database = await createTestDatabase()
  pooler = await startPgBouncer(database.url)
  source = createSource({ connectionString: pooler.url, statementTimeoutMs: 60_000 })
  observer = new Client({ connectionString: database.url })
  await observer.connect()
})

afterAll(async () => {
  await source?.close()
  await observer?.end()
  await pooler?.stop()
  await database?.drop()
})

async function textOf(copy: CopyOut): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of copy) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

const busy = async () => {
  const { rows } = await observer.query<{ busy: number }>(
    `SELECT count(*)::int AS busy FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`,
  )
  return rows[0]?.busy
}

it('each of many readers has its own zone and values, on fewer connections', async () => {
  await source.ping()
  const zones = ['UTC', 'Europe/Paris', 'Asia/Kathmandu', 'America/Havana', 'Pacific/Kiritimati']
  const read = async (index: number) => {
    const timeZone = zones[index % zones.length] ?? 'UTC'
    const query = sql`select current_setting('TimeZone'), ${`v${index}`}::text, count(*) from generate_series(1, 20000)`
    const { rows } = await source.rows(query, { timeZone })
    expect(rows).toEqual([[timeZone, `v${index}`, '20000']])
    expect(await textOf(source.copyOut(query, { timeZone }))).toBe(`${timeZone}\tv${index}\t20000\n`)
  }
  await Promise.all(Array.from({ length: 40 }, (_, index) => read(index)))
})

it('a copy streams, says that it works, and is cancelled', async () => {
  const copy = source.copyOut(sql`
    select repeat('x', 1000), case when n = 100 then pg_sleep(5) end from generate_series(1, 100000) n`)
  const reader = copy[Symbol.asyncIterator]()
  await reader.next()
  await expect.poll(() => copy.isWorking()).toBe(true)
  await reader.return?.()
  await expect.poll(busy).toBe(0)
  const stop = new AbortController()
  const reading = source
    .rows(sql`select pg_sleep(60)`, { signal: stop.signal })
    .catch((error: unknown) => error)
  await expect.poll(busy).toBe(1)
  stop.abort(new Error('gone'))
  expect(await reading).toBe(stop.signal.reason)
  await expect.poll(busy).toBe(0)
})

it('the product’s own database works, transactions too', async () => {
  const prisma = createPrisma(pooler.url)
  const counts = Array.from({ length: 20 }, () =>
    prisma.$transaction(
      async (transaction) => (await transaction.user.count()) + (await transaction.report.count()),
    ),
  )
  expect(await Promise.all(counts)).toEqual(counts.map(() => 0))
  await prisma.$disconnect()
})
