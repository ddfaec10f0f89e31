import { join } from 'node:path'
import fc from 'fast-check'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSource, type Source } from '#adapters/source/source.ts'
import { compileQuery } from '#catalogue/compile-query.ts'
import type { ReportDefinition } from '#catalogue/define-report.ts'
import { resolveFilters } from '#catalogue/resolve-filters.ts'
import { columnsOf } from '#catalogue/report-configuration.ts'
import { joinSql, raw, sql, toQuery } from '#catalogue/sql.ts'
import { wildTable } from '#test/report-types/wild-columns.ts'
import { createEmptyDatabase, type TestDatabase } from '#test/servers/database.ts'
import { createTestApi, type Caller, type TestApi } from '#test/worlds/test-api.ts'
import { cellJson } from './cell-json.ts'

const folder = join(import.meta.dirname, '../../test/report-types')
const viewer = { id: 'admin', role: 'admin', attributes: {} } as const
const now = new Date('2026-10-26T12:00:00Z')
let database: TestDatabase
let client: Client
let source: Source
let api: TestApi
let admin: Caller

beforeAll(async () => {
  database = await createEmptyDatabase()
  client = new Client({ connectionString: database.url })
  await client.connect()
  await client.query(wildTable)
  // Around the change of Europe's clocks and of the date line, hour by hour, and far from it.
  await client.query(`
    insert into wild_columns
    select n, at, at at time zone 'UTC', (at at time zone 'UTC')::date, (at at time zone 'UTC')::time, n * interval '1 hour 1 second',
      n * 1000000007::bigint, case when n % 7 = 0 then 'NaN' else n * 1.50 end, case when n % 5 = 0 then 'Infinity' else n / 3.0::float8 end,
      (n * -1234.5)::numeric::money, n::numeric::money, (array['calm', 'Storm''y', 'é, à'])[n % 3 + 1]::mood,
      ('10.0.0.' || n % 200)::inet, md5((n % 10)::text)::uuid, n % 2 = 0,
      (array['Ab@x.test', 'ab@x.test', 'c@x.test'])[n % 3 + 1], n % 4, decode(md5(n::text), 'hex'), json_build_object('n', n % 3)
    from (select n, timestamptz '2026-10-23 20:00Z' + n * interval '37 minutes 0.123456 seconds' as at
      from generate_series(1, 120) n) as hours;
    insert into wild_columns (id, tstz, ts, day) values
      (1001, '1890-01-01 00:00Z', '1890-01-01', '1890-01-01'), (1002, 'infinity', '-infinity', 'infinity'),
      (1003, '0044-03-15 12:00Z BC', '0044-03-15 BC', '0044-03-15 BC'), (1004, '12026-01-01 23:30Z', '12026-01-01', '12026-01-01'),
      (1005, null, null, null)`)
  source = createSource({ connectionString: database.url, statementTimeoutMs: 60_000 })
  api = await createTestApi({
    variables: { SOURCE_DATABASE_URL: database.url, REPORTS_DIR: folder },
    now: () => now,
  })
  admin = await api.signIn('admin')
})

afterAll(async () => {
  await api.close()
  await source.close()
  await client.end()
  await database.drop()
})

const definition = (): ReportDefinition => {
  const found = api.deps.catalogue.get('wild_columns')
  if (!found) throw new Error('The type is gone')
  return found
}

const inZone = (timeZone: string) => admin.request('PATCH', '/v1/me', { time_zone: timeZone })

type Row = Record<string, unknown>

async function pageRows(query: Record<string, string>): Promise<Row[]> {
  const answer = await admin.get(
    `/v1/report-types/wild_columns/rows?${new URLSearchParams(query).toString()}`,
  )
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return (answer.body as { items: Row[] }).items
}

/** What a report's file is written from. */
async function fileRows(filters: Record<string, unknown>, timeZone: string): Promise<Row[]> {
  const type = definition()
  const query = compileQuery(type, {
    filters: resolveFilters(type, filters, { at: now, timeZone }),
    viewer,
    timeZone,
  })
  const chunks: Buffer[] = []
  for await (const chunk of source.copyOut(query, { timeZone })) chunks.push(chunk)
  const columns = columnsOf(type, undefined)
  return Buffer.concat(chunks)
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((line) =>
      Object.fromEntries(
        line.split('\t').map((text, index) => {
          const { key, type } = columns[index] ?? { key: '', type: 'text' as const }
          return [key, cellJson(text === '\\N' ? null : text.replaceAll('\\\\', '\\'), type)]
        }),
      ),
    )
}

const zone = fc.constantFrom(
  'Europe/Paris',
  'UTC',
  'America/Los_Angeles',
  'Pacific/Kiritimati',
  'Asia/Kathmandu',
  'Antarctica/Troll',
)
const day = fc.integer({ min: 21, max: 28 }).map((number) => `2026-10-${number}`)
const period = fc
  .tuple(day, day)
  .map(([one, other]) => (one < other ? { from: one, to: other } : { from: other, to: one }))
const filters = fc.record(
  {
    day: period,
    tstz: fc.oneof(period, fc.constant({ relative: 'yesterday' })),
    ts: period,
    hour: fc.constantFrom('0', '2', '23'),
    year: fc.record({ min: fc.integer({ min: 20, max: 28 }) }),
    noon: fc.boolean(),
    tstz_day: fc.array(day, { minLength: 1, maxLength: 3 }).map((days) => [...new Set(days)]),
  },
  { requiredKeys: [] },
)

describe('the page of a type', () => {
  it('has the rows of the file, for any filter and zone', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(zone, filters, async (timeZone, chosen) => {
        await inZone(timeZone)
        const expected = await fileRows(chosen, timeZone)
        const query = { filters: JSON.stringify(chosen), page_size: '40' }
        const found: Row[] = []
        for (let page = 1; page <= 4; page++)
          found.push(...(await pageRows({ ...query, page: String(page) })))
        expect(found).toEqual(expected)
        const totals = await admin.get(
          `/v1/report-types/wild_columns/totals?filters=${encodeURIComponent(query.filters)}`,
        )
        expect(totals.body).toMatchObject({ total: expected.length })
      }),
      { numRuns: 40 },
    )
  })

  it('shows an instant on the person’s day', async () => {
    await inZone('Europe/Paris')
    const [late] = await pageRows({ filters: JSON.stringify({ hour: '00' }), page_size: '1' })
    expect(late).toMatchObject({
      id: 4,
      tstz: '2026-10-23T22:28:00.493824Z',
      tstz_day: '2026-10-24',
      tstz_text: '2026-10-24 00:28:00 CEST',
    })
  })

  it('counts for each zone anew', async () => {
    const totals = async () =>
      (await admin.get(`/v1/report-types/wild_columns/totals?filters=${encodeURIComponent('{"hour":"00"}')}`))
        .body
    await inZone('Asia/Kathmandu')
    const there = (await fileRows({ hour: '00' }, 'Asia/Kathmandu')).length
    expect(await totals()).toMatchObject({ total: there })
    await inZone('Europe/Paris')
    expect(await totals()).toMatchObject({ total: (await fileRows({ hour: '00' }, 'Europe/Paris')).length })
  })

  it('offers the choices that its rows have', async () => {
    await inZone('Pacific/Kiritimati')
    const answer = await admin.get('/v1/report-types/wild_columns/filters/tstz_day/options')
    const offered = (answer.body as { items: { value: string }[] }).items.map(({ value }) => value)
    const shown = new Set(
      (await fileRows({}, 'Pacific/Kiritimati')).map((row) => row.tstz_day).filter(Boolean),
    )
    expect(new Set(offered)).toEqual(shown)
  })
})

describe('PostgreSQL’s money', () => {
  it('is a number in page and file, whatever its locale', async () => {
    await inZone('Europe/Paris')
    const [row] = await pageRows({ page_size: '1' })
    expect(row).toMatchObject({ price: '-1234.50', fare: '1.00' })
    expect((await fileRows({}, 'Europe/Paris'))[0]).toMatchObject({ price: '-1234.50', fare: '1.00' })
    const totals = await admin.get('/v1/report-types/wild_columns/totals')
    expect(totals.body).toMatchObject({ columns: { price: '-8962470.00' } })
  })

  it('leaves the rows in their order', async () => {
    const query = sql`select n::numeric::money as "prix", n from generate_series(20000, 1, -1) n order by n -- end`
    const chunks: Buffer[] = []
    for await (const chunk of source.copyOut(query)) chunks.push(chunk)
    const lines = Buffer.concat(chunks).toString().split('\n').slice(0, -1)
    expect(lines).toEqual(Array.from({ length: 20_000 }, (_, index) => `${index + 1}.00\t${index + 1}`))
    expect(
      (await source.rows(sql`select n::numeric::money as "prix" from generate_series(3, 1, -1) n order by n`))
        .fields,
    ).toEqual(['prix'])
  })

  it('is found among as many columns as a type may have', async () => {
    const columns = Array.from({ length: 1_600 }, (_, index) => raw(`n::numeric::money as "c${index}"`))
    const order = joinSql(
      Array.from({ length: 60 }, (_, index) => raw(`n + ${index}`)),
      ', ',
    )
    const page = await source.rows(
      sql`select ${joinSql(columns, ', ')} from generate_series(1, 3) n order by ${order}`,
    )
    expect(page.rows.map((row) => row[1_599])).toEqual(['1.00', '2.00', '3.00'])
  })
})

describe('a choice', () => {
  const filterKeys = () =>
    definition().filters.flatMap(({ key, kind }) =>
      kind === 'one_of' || kind === 'many_of' ? [[key, kind] as const] : [],
    )

  it('finds the rows of each value that its options offer, over every SQL type', async () => {
    await inZone('Europe/Paris')
    for (const [key, kind] of filterKeys()) {
      const answer = await admin.get(`/v1/report-types/wild_columns/filters/${key}/options`)
      expect(answer.status, key).toBe(200)
      const values = (answer.body as { items: { value: string }[] }).items.map(({ value }) => value)
      expect(values.length, key).toBeGreaterThan(0)
      for (const value of values.slice(0, 3)) {
        const chosen = { [key]: kind === 'one_of' ? value : [value] }
        const found = await pageRows({ filters: JSON.stringify(chosen), page_size: '100' })
        expect(found.length, `${key}: ${value}`).toBeGreaterThan(0)
        expect(found).toEqual((await fileRows(chosen, 'Europe/Paris')).slice(0, 100))
      }
    }
  })

  it('compares by the type’s own equality where the definition names it', async () => {
    const found = (filter: string, value: string) =>
      pageRows({ filters: JSON.stringify({ [filter]: [value] }), page_size: '100' })
    expect((await found('email_typed', 'AB@X.TEST')).length).toBe(80)
    expect((await found('email', 'AB@X.TEST')).length).toBe(0)
    expect((await found('amount_typed', '1.5')).map(({ id }) => id)).toEqual([1])
    expect((await found('ip_typed', '10.0.0.7/32')).map(({ id }) => id)).toEqual([7])
  })

  it('uses the index of a text column, and of another type that is named', async () => {
    await client.query(`
      create index if not exists of_code on wild_columns (code); create index if not exists of_mood on wild_columns (mood);
      set enable_seqscan = off; set enable_indexonlyscan = off`)
    const planFor = async (filters: Record<string, string[]>) => {
      const compiled = compileQuery(definition(), { filters, viewer, timeZone: 'UTC', columns: ['id'] })
      const { text, values } = toQuery(compiled)
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain ${text}`, [...values])
      return rows.map((row) => row['QUERY PLAN']).join('\n')
    }
    expect(await planFor({ code: ['1'] })).toMatch(/Index Cond: \(\(code\)::text/)
    expect(await planFor({ mood_typed: ['calm'] })).toMatch(/Index Cond: \(mood = /)
    expect(await planFor({ mood: ['calm'] })).not.toContain('Index Cond')
    await client.query('reset enable_seqscan; reset enable_indexonlyscan')
  })

  it.each(['amount_typed', 'date_typed', 'ip_typed', 'uid_typed', 'ok_typed'])(
    'refuses what is no value of %s, before the database does',
    async (filter) => {
      const answer = await admin.get(
        `/v1/report-types/wild_columns/rows?filters=${encodeURIComponent(JSON.stringify({ [filter]: ['2026-02-31'] }))}`,
      )
      expect(answer.status).toBe(422)
    },
  )
})

describe('what a type’s SQL does', () => {
  it.each([
    ['inverse', '22012', 'division by zero'],
    ['as_integer', '22P02', 'invalid input syntax for type integer: "…"'],
    ['power', '22003', 'value overflows numeric format'],
    ['as_json', '22P02', 'invalid input syntax for type json'],
    ['nul', '54000', 'null character not permitted'],
    ['deep', '54001', 'stack depth limit exceeded'],
    ['huge', '54000', 'requested length too large'],
  ])(
    'answers source_query_failed, with PostgreSQL’s words for administrators: %s',
    async (column, state, words) => {
      // The table for `inverse` has a zero from here on.
      await client.query(
        `insert into wild_columns (id, amount, email) values (0, 0, 'Nom Privé') on conflict do nothing`,
      )
      const path = `/v1/report-types/wild_columns/rows?columns=${column}`
      const answer = await admin.get(path)
      expect(answer.status).toBe(502)
      expect(answer.body).toMatchObject({
        code: 'source_query_failed',
        source_answer: { sql_state: state, message: words },
      })
      expect(JSON.stringify(answer.body)).not.toContain('Privé')
    },
  )
})
