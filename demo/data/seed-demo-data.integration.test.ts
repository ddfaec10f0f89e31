import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEmptyDatabase, type TestDatabase } from '#test/servers/database.ts'
import { grantReader } from './grant-reader.ts'
import { awkwardTexts, longText } from './awkward-values.ts'
import { tableNames } from './schema.ts'
import { seedDemoData } from './seed-demo-data.ts'

let database: TestDatabase
let lines: string[]
beforeEach(async () => {
  database = await createEmptyDatabase()
  lines = []
})
afterEach(() => database.drop())

const seed = (now: string, rows?: number) =>
  seedDemoData({ connectionString: database.url, rows, now: new Date(now), log: (line) => lines.push(line) })

async function query<Row extends object>(text: string): Promise<Row[]> {
  const client = new Client({ connectionString: database.url })
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

/** One text for the content of each table, whatever the order its rows lie in. */
async function contents(): Promise<Record<string, string | null>> {
  const tables = tableNames.filter((name) => name !== 'demo_data_seed')
  const sums = tables.map(
    (name) => `(select md5(string_agg(t::text, '|' order by t::text)) from ${name} t) as ${name}`,
  )
  const [row] = await query<Record<string, string | null>>(`select ${sums.join(', ')}`)
  return row ?? {}
}

async function count(fromAndWhere: string): Promise<number> {
  const [row] = await query<{ n: string }>(`select count(*) as n from ${fromAndWhere}`)
  return Number(row?.n)
}

describe('grantReader', () => {
  it('makes a role that reads every table, those made later too, and writes none', async () => {
    await seed('2025-02-10T11:00:00Z', 10)
    const readerUrl = new URL(database.url)
    Object.assign(readerUrl, { username: 'seed_test_reader', password: 'pass%20word' })
    for (let time = 0; time < 2; time++) await grantReader(database.url, readerUrl.href)
    await query('create table made_later (id int)')
    const reader = new Client({ connectionString: readerUrl.href })
    await reader.connect()
    try {
      expect((await reader.query('select * from reception_tickets')).rowCount).toBe(10)
      expect((await reader.query('select * from made_later')).rowCount).toBe(0)
      await expect(reader.query('delete from reception_tickets')).rejects.toMatchObject({ code: '25006' })
      await reader.query('set default_transaction_read_only = off')
      for (const text of ['delete from reception_tickets', 'create table planted (id int)'])
        await expect(reader.query(text)).rejects.toMatchObject({ code: '42501' })
    } finally {
      await reader.end()
      await query('drop owned by seed_test_reader; drop role seed_test_reader')
    }
  })
})

describe('seedDemoData', () => {
  it('adds to older data what a seeding at that moment would have written', async () => {
    // The till was open at the first moment; the clock changes between the two.
    await seed('2025-03-28T15:00:00Z')
    expect(await count(`cash_sessions where status = 'ouverte'`)).toBeGreaterThan(0)
    const early = await contents()
    await seed('2025-03-31T09:30:00Z')
    const toppedUp = await contents()
    expect(toppedUp).not.toEqual(early)

    await database.drop()
    database = await createEmptyDatabase()
    await seed('2025-03-31T09:30:00Z')
    expect(await contents()).toEqual(toppedUp)
    expect(Object.values(toppedUp).every((sum) => sum !== null)).toBe(true)
  })

  it('does nothing the second time, nor when the clock went back', async () => {
    await seed('2025-02-10T11:00:00Z', 500)
    const before = await contents()
    lines = []
    await seed('2025-02-10T11:00:00Z', 500)
    await seed('2025-02-09T11:00:00Z', 500)
    expect(await contents()).toEqual(before)
    expect(lines).toEqual([])
  })

  it.each([1, 37, 5_000])(
    'writes exactly the %i tickets asked for, none of them in the future',
    async (rows) => {
      await seed('2025-02-10T11:00:00Z', rows)
      expect(await count('reception_tickets')).toBe(rows)
      expect(await count(`reception_tickets where received_at > '2025-02-10 11:00+00'`)).toBe(0)
      expect(await count('reception_tickets t join sites s on s.id = t.site_id')).toBe(rows)
    },
  )

  it('starts over when another number is asked for', async () => {
    await seed('2025-02-10T11:00:00Z', 100)
    await seed('2025-02-10T11:00:00Z', 250)
    expect(await count('reception_tickets')).toBe(250)
    await seed('2025-02-10T11:00:00Z')
    expect(await count('reception_tickets')).toBeGreaterThan(1_000)
  })

  it('seeds once when two start at the same moment', async () => {
    await Promise.all([seed('2025-02-10T11:00:00Z', 300), seed('2025-02-10T11:00:00Z', 300)])
    expect(await count('reception_tickets')).toBe(300)
    expect(lines.filter((line) => line.includes('writing'))).toHaveLength(1)
  })

  it('throws and changes nothing when it did not write the tables', async () => {
    await query('create table pupils (name text)')
    await query(`insert into pupils values ('a real one')`)
    await expect(seed('2025-02-10T11:00:00Z')).rejects.toThrow('tables it did not write: pupils')
    expect(await query('select name from pupils')).toEqual([{ name: 'a real one' }])
  })

  it('creates the database when there is none of that name', async () => {
    const { url } = database
    await database.drop()
    await seed('2025-01-10T11:00:00Z')
    expect(url).toBe(database.url)
    expect(await count('sites')).toBe(5)
  })

  it('throws unless the number of rows is a positive integer', async () => {
    await expect(seed('2025-02-10T11:00:00Z', 0)).rejects.toThrow('DEMO_DATA_ROWS')
    await expect(seed('2025-02-10T11:00:00Z', 1.5)).rejects.toThrow('DEMO_DATA_ROWS')
  })

  it('holds the awkward values that real data has', async () => {
    await seed('2025-03-31T09:30:00Z')
    const comments = await query<{ comment: string }>('select distinct comment from reception_tickets')
    const found = new Set(comments.map(({ comment }) => comment))
    expect(awkwardTexts.filter((text) => !found.has(text))).toEqual([])
    expect(longText).toHaveLength(5_000)
    for (const condition of [
      `reception_tickets where comment is null`,
      `reception_tickets where donor_postcode like '0%'`,
      `reception_tickets where barcode like '0000%'`,
      `reception_tickets where received_at = '2025-03-01 00:00:00+01'`,
      `reception_tickets where received_at = '2025-02-28 23:59:59.999999+01'`,
      `reception_tickets where date_trunc('hour', received_at) = '2025-03-30 01:00+00'`,
      `cash_sessions where closing_amount < opening_amount + cash_sales - withdrawals - 100`,
      `guardians where birth_date < '1900-01-01'`,
      `guardians where birth_date = '1900-02-28'`,
      `guardians where phone like '+243%'`,
      `guardians where village = ''`,
      `pupils where registration_number like '0%'`,
      `schools where opened_on < '1900-01-01'`,
    ]) {
      expect(await count(condition), condition).toBeGreaterThan(0)
    }
  })
})
