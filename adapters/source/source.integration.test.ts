import { existsSync } from 'node:fs'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { raw, sql } from '#catalogue/sql.ts'
import { createEmptyDatabase, type TestDatabase } from '#test/servers/database.ts'
import { CopyOutQuery } from './copy-out-query.ts'
import { startDyingPostgres } from '#test/servers/dying-postgres.ts'
import { SourceError } from './source-error.ts'
import { createSource, type CopyOut, type Source } from './source.ts'

let database: TestDatabase
let source: Source
let observer: Client

beforeAll(async () => {
  database = await createEmptyDatabase()
  source = createSource({ connectionString: database.url, statementTimeoutMs: 60_000 })
  observer = new Client({ connectionString: database.url })
  await observer.connect()
})

afterAll(async () => {
  await source.close()
  await observer.end()
  await database.drop()
})

/** The number of active sessions of the source. */
async function busySessions(): Promise<number> {
  const { rows } = await observer.query<{ busy: number }>(
    `SELECT count(*)::int AS busy FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'rapporteur' AND state <> 'idle'`,
  )
  return rows[0]?.busy ?? -1
}

async function allOf(copy: CopyOut): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of copy) {
    expect(chunk.at(-1)).toBe(0x0a)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

describe('a page of rows', () => {
  it('has the database’s own text, in the requested zone', async () => {
    const page = await source.rows(
      sql`select 1.50::numeric as amount, null as nothing, '2026-10-25 01:30:00.000001Z'::timestamptz as at, ''::text as empty`,
      { timeZone: 'Europe/Paris' },
    )
    expect(page).toEqual({
      fields: ['amount', 'nothing', 'at', 'empty'],
      rows: [['1.50', null, '2026-10-25 02:30:00.000001+01', '']],
    })
  })

  it('cannot write, and fails with the database’s message', async () => {
    await observer.query('CREATE TABLE IF NOT EXISTS untouched (id int)')
    const error = await errorOf(source.rows(raw('insert into untouched values (1) returning id')))
    expect(error).toBeInstanceOf(SourceError)
    expect(error).toMatchObject({ kind: 'rejected', sqlState: '25006' })
  })

  it('is cancelled by its signal', async () => {
    const stop = new AbortController()
    const page = errorOf(source.rows(sql`select pg_sleep(60)`, { signal: stop.signal }))
    await expect.poll(busySessions).toBe(1)
    stop.abort(new Error('gone'))
    expect(await page).toBe(stop.signal.reason)
    await expect.poll(busySessions).toBe(0)
  })
})

describe('copying a query out', () => {
  it('passes every value separately from the SQL text', async () => {
    const hostile = [`'; drop table x; --`, '\\N', 'é\n\t"', '', '{a,"b"}', '$1']
    const copy = source.copyOut(sql`
      select value = ${hostile[0] ?? ''}::text, ${hostile[2] ?? ''}::text = E'é\n\t"', ${''}::text = '', ordinality
      from unnest(${hostile}::text[]) with ordinality as list (value, ordinality)
      where ordinality <= ${3}::int and ${true}::boolean`)
    expect(await allOf(copy)).toBe('t\tt\tt\t1\nf\tt\tt\t2\nf\tt\tt\t3\n')
    expect(copy.rowCount).toBe(3)
  })

  it('reads in one repeatable-read, read-only transaction', async () => {
    const settings = sql`select current_setting('transaction_isolation'), current_setting('transaction_read_only')`
    expect(await allOf(source.copyOut(settings))).toBe('repeatable read\ton\n')
  })

  it('does not depend on the settings of the database', async () => {
    await observer.query(`
      DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET datestyle = ''German''', current_database()); END $$`)
    const other = createSource({ connectionString: database.url, statementTimeoutMs: 1000 })
    try {
      const copy = other.copyOut(sql`select date '2026-03-01', timestamptz '2026-07-01 00:00Z'`, {
        timeZone: 'Africa/Kinshasa',
      })
      expect(await allOf(copy)).toBe('2026-03-01\t2026-07-01 01:00:00+01\n')
    } finally {
      await observer.query(
        `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET datestyle', current_database()); END $$`,
      )
      await other.close()
    }
  })

  it('keeps small and large rows whole, and counts them', async () => {
    const copy = source.copyOut(sql`
      select n, case when n % 1000 = 0 then repeat('é', 100000) else 'x' end from generate_series(1, 20000) n`)
    let rows = 0
    for await (const chunk of copy) {
      const lines = chunk.toString().split('\n').slice(0, -1)
      for (const line of lines) {
        rows++
        const [number, text] = line.split('\t')
        expect(Number(number)).toBe(rows)
        expect(text?.length).toBe(rows % 1000 === 0 ? 100_000 : 1)
      }
    }
    expect(rows).toBe(20_000)
    expect(copy.rowCount).toBe(20_000)
  })

  it('passes on the rows of a slow query as they arrive', async () => {
    // PostgreSQL sends rows in blocks of 8 KB: the first rows arrive long before the last exists.
    const copy = source.copyOut(sql`
      select repeat('x', 3000), case when n > 20 then pg_sleep(60) end from generate_series(1, 21) n`)
    for await (const chunk of copy) {
      expect(chunk.length).toBeGreaterThan(3000)
      break
    }
    await expect.poll(busySessions).toBe(0)
  })

  it('isWorking is true only while the query works, not before, after, or while it waits for its reader', async () => {
    const copy = source.copyOut(sql`
      select repeat('x', 1000), case when n = 100 then pg_sleep(1) end from generate_series(1, 100000) n`)
    expect(await copy.isWorking()).toBe(false)
    const reader = copy[Symbol.asyncIterator]()
    await reader.next()
    expect(await copy.isWorking()).toBe(true)
    // Without a reader its rows fill the sockets between.
    await expect.poll(() => copy.isWorking(), { timeout: 10_000 }).toBe(false)
    expect(await busySessions()).toBe(1)
    await reader.return?.()
    expect(await copy.isWorking()).toBe(false)
  })

  it('makes the database wait for a slow reader', async () => {
    const client = new Client({ connectionString: database.url, application_name: 'slow reader' })
    await client.connect()
    const copy = client.query(new CopyOutQuery(`SELECT repeat('x', 1000) FROM generate_series(1, 200000)`))
    const waiting = async () => {
      const { rows } = await observer.query<{ wait_event: string }>(
        `SELECT wait_event FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'slow reader'`,
      )
      return rows[0]?.wait_event
    }
    copy.once('readable', () => {})
    await expect.poll(waiting).toBe('ClientWrite')
    expect(copy.readableLength).toBeLessThan(1024 * 1024)
    let bytes = 0
    for await (const chunk of copy) bytes += (chunk as Buffer).length
    expect(bytes).toBe(200_000 * 1001)
    expect(copy.rowCount).toBe(200_000)
    await client.end()
  })
})

describe('what a report type’s SQL cannot do', () => {
  const ownerOf = async (table: string) =>
    (await observer.query(`SELECT 1 FROM pg_tables WHERE tablename = $1`, [table])).rowCount

  it('several statements are refused, and none is run', async () => {
    const several = 'select 1; commit; create table planted (id int); select 1'
    expect(await errorOf(source.rows(raw(several)))).toMatchObject({ kind: 'rejected', sqlState: '42601' })
    expect(await ownerOf('planted')).toBe(0)
  })

  it.each([
    'select 1) to stdout; commit; create table planted (id int); copy (select 1',
    // Programs are not part of the read-only transaction.
    `select 1) to program 'touch /tmp/planted' with (format text) --`,
    `select 1) to '/tmp/planted' --`,
    'select 1 /*',
    'select 1; commit; create table planted (id int)',
  ])('copies one complete query only: %s', async (text) => {
    expect(await errorOf(allOf(source.copyOut(raw(text))))).toMatchObject({
      kind: 'rejected',
      sqlState: '42601',
    })
    expect(await ownerOf('planted')).toBe(0)
    expect(existsSync('/tmp/planted')).toBe(false)
    await expect.poll(busySessions).toBe(0)
  })

  it('copies a query that ends in a comment', async () => {
    expect(await allOf(source.copyOut(raw('select 1 -- one')))).toBe('1\n')
  })

  it('leaves nothing in the session for the next query', async () => {
    const one = createSource({ connectionString: database.url, statementTimeoutMs: 1000, maxConnections: 1 })
    try {
      await one.rows(sql`select set_config('rapporteur.left', 'behind', false), pg_advisory_lock(7)`)
      const { rows } = await one.rows(
        sql`select current_setting('rapporteur.left', true), (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid())`,
      )
      expect(rows).toEqual([['', '0']])
      await allOf(one.copyOut(sql`select set_config('search_path', 'nowhere', false)`))
      expect(await allOf(one.copyOut(sql`select current_setting('search_path')`))).toBe('"$user", public\n')
    } finally {
      await one.close()
    }
  })
})

describe('a copy that fails', () => {
  it.each([
    ['select nonsense from nowhere', { kind: 'rejected', sqlState: '42P01' }],
    ['select 1 frm x y', { kind: 'rejected', sqlState: '42601' }],
    ['select 1 / (150000 - n) from generate_series(1, 200000) n', { kind: 'rejected', sqlState: '22012' }],
  ])('is rejected: %s', async (text, expected) => {
    const error = await errorOf(allOf(source.copyOut(raw(text))))
    expect(error).toBeInstanceOf(SourceError)
    expect(error).toMatchObject(expected)
    expect((error as SourceError).cause).toBeInstanceOf(Error)
    await expect.poll(busySessions).toBe(0)
  })

  it('is rejected when its role may not read the table', async () => {
    await observer.query(
      `CREATE TABLE secret (id int); CREATE ROLE source_test_reader LOGIN PASSWORD 'reader'`,
    )
    const url = new URL(database.url)
    url.username = 'source_test_reader'
    url.password = 'reader'
    const reader = createSource({ connectionString: url.href, statementTimeoutMs: 1000 })
    expect(await errorOf(allOf(reader.copyOut(sql`select * from secret`)))).toMatchObject({
      kind: 'rejected',
      sqlState: '42501',
    })
    await reader.close()
    await observer.query('DROP TABLE secret; DROP ROLE source_test_reader')
  })

  it('waits for a slow upload, whatever the role’s limits of idle time and of a transaction are', async () => {
    await observer.query(`
      CREATE ROLE source_test_hasty LOGIN PASSWORD 'hasty';
      ALTER ROLE source_test_hasty SET idle_in_transaction_session_timeout = '200ms';
      ALTER ROLE source_test_hasty SET transaction_timeout = '400ms'`)
    const url = new URL(database.url)
    url.username = 'source_test_hasty'
    url.password = 'hasty'
    const hasty = createSource({ connectionString: url.href, statementTimeoutMs: 10_000 })
    const copy = hasty.copyOut(sql`select n from generate_series(1, 3) n`)
    let rows = ''
    for await (const chunk of copy) {
      rows += chunk.toString()
      await observer.query('SELECT pg_sleep(1)')
    }
    expect(rows).toBe('1\n2\n3\n')
    expect(copy.rowCount).toBe(3)
    await hasty.close()
    await observer.query('DROP ROLE source_test_hasty')
  })

  it('times out by the statement timeout', async () => {
    const hasty = createSource({ connectionString: database.url, statementTimeoutMs: 100 })
    const error = await errorOf(allOf(hasty.copyOut(sql`select pg_sleep(60)`)))
    expect(error).toMatchObject({ name: 'SourceError', kind: 'timeout', sqlState: '57014' })
    await hasty.close()
  })

  it('is unavailable when the connection is cut midway', async () => {
    const seen: number[] = []
    const reading = errorOf(
      (async () => {
        for await (const chunk of source.copyOut(
          sql`select repeat('x', 1000) from generate_series(1, 3000000)`,
        )) {
          if (seen.push(chunk.length) === 10) {
            await observer.query(
              `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'rapporteur' AND state <> 'idle'`,
            )
          }
        }
      })(),
    )
    expect(await reading).toMatchObject({ name: 'SourceError', kind: 'unavailable' })
    await expect.poll(busySessions).toBe(0)
    expect((await source.rows(sql`select 1`)).rows).toEqual([['1']])
  })

  it('is unavailable when the connection is refused', async () => {
    const nowhere = createSource({
      connectionString: 'postgres://a:b@127.0.0.1:1/x',
      statementTimeoutMs: 1000,
    })
    expect(await errorOf(allOf(nowhere.copyOut(sql`select 1`)))).toMatchObject({ kind: 'unavailable' })
    await expect(nowhere.ping()).rejects.toBeInstanceOf(SourceError)
    await nowhere.close()
  })

  it('is unavailable when the database dies as soon as it is ready', async () => {
    const dying = await startDyingPostgres()
    const source = createSource({ connectionString: dying.url, statementTimeoutMs: 1000 })
    expect(await errorOf(allOf(source.copyOut(sql`select 1`)))).toMatchObject({ kind: 'unavailable' })
    expect(await errorOf(source.rows(sql`select 1`))).toMatchObject({ kind: 'unavailable' })
    await source.close()
    await dying.close()
  })

  it('is cancelled before its first row', async () => {
    const stop = new AbortController()
    const copying = errorOf(allOf(source.copyOut(sql`select pg_sleep(60)`, { signal: stop.signal })))
    await expect.poll(busySessions).toBe(1)
    stop.abort(new Error('cancelled by a person'))
    expect(await copying).toBe(stop.signal.reason)
    await expect.poll(busySessions).toBe(0)
  })

  it('is cancelled midway, while the database waits for the reader', async () => {
    const stop = new AbortController()
    const copying = errorOf(
      (async () => {
        const copy = source.copyOut(sql`select repeat('x', 1000) from generate_series(1, 3000000)`, {
          signal: stop.signal,
        })
        for await (const chunk of copy) if (chunk.length > 0) stop.abort(new Error('enough'))
      })(),
    )
    expect(await copying).toBe(stop.signal.reason)
    await expect.poll(busySessions).toBe(0)
  })

  it('gives its connection back when the reader leaves early', async () => {
    const small = createSource({
      connectionString: database.url,
      statementTimeoutMs: 60_000,
      maxConnections: 1,
    })
    for (let round = 0; round < 3; round++) {
      for await (const chunk of small.copyOut(
        sql`select repeat('x', 1000) from generate_series(1, 100000)`,
      )) {
        expect(chunk.length).toBeGreaterThan(0)
        break
      }
    }
    expect(await allOf(small.copyOut(sql`select 1`))).toBe('1\n')
    await small.close()
  })
})
