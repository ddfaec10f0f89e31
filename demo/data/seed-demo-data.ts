import { Client } from 'pg'
import { firstDay, utcDay } from './calendar.ts'
import { copyRows, type CopyValue } from './copy-rows.ts'
import {
  cashSessions,
  categories,
  destinations,
  operators,
  receptionTickets,
  sites,
  ticketWeight,
} from './recycling-centre.ts'
import { keysAndIndexes, tableNames, tables } from './schema.ts'
import { dayOfSchools, provinces, schoolsOfTheBeginning } from './school-feeding.ts'

/** Raised when what is generated changes: data of an older version is replaced at the next start. */
const version = 1
/** Tickets on an average day unless DEMO_DATA_ROWS says how many there are in all. */
const usualTicketsPerDay = 42
/** Any number, shared by all seeders: of two starts at the same moment one seeds. */
const advisoryLock = 7_307_441

export interface SeedOptions {
  connectionString: string
  /** How many reception tickets there are at the first seeding; the usual rate unless given. */
  rows?: number
  log: (line: string) => void
  /** What « today » is; for tests. */
  now?: Date
}

/**
 * Fills the source database with the demo, up to this moment. The rows of a day depend on the day alone (and on
 * `rows`), whenever they are written. Called again, it adds what happened since; with another `rows`, or after
 * a change of version, it starts over. One transaction: a seeding that is interrupted leaves nothing.
 * @throws when it did not write the tables of these names: it drops none but its own.
 */
export async function seedDemoData(options: SeedOptions): Promise<void> {
  const { rows, log, now = new Date() } = options
  if (rows !== undefined && !(Number.isSafeInteger(rows) && rows >= 1)) {
    throw new RangeError(`DEMO_DATA_ROWS: ${rows} is no whole number from 1`)
  }
  const client = await connect(options.connectionString)
  try {
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock($1)', [advisoryLock])
    const before = await findSeed(client)
    if (before && before.version === version && before.asked === (rows ?? null)) {
      await topUp(client, before, now, log)
      await client.query('commit')
      return
    }
    if (before) log('The demo data is of another size or version: starting over')
    await seed(client, rows, now, log)
    await client.query('commit')
    // Outside the transaction, as VACUUM must be: index-only scans and the planner's figures from the start.
    await client.query('vacuum (analyze)')
  } finally {
    await client.end()
  }
}

interface FormerSeed {
  version: number
  asked: number | null
  ticketsPerDay: number
  throughMs: number
}

async function seed(client: Client, rows: number | undefined, now: Date, log: SeedOptions['log']) {
  const started = performance.now()
  const nowMs = now.getTime()
  await client.query(`drop table if exists ${tableNames.join(', ')}`)
  await client.query(tables)
  const freeze = { freeze: true }
  await copyRows(client, 'sites', sites, freeze)
  await copyRows(client, 'operators', operators, freeze)
  await copyRows(client, 'categories', categories, freeze)
  await copyRows(client, 'destinations', destinations, freeze)
  await copyRows(client, 'provinces', provinces, freeze)
  await copyRows(client, 'schools', schoolsOfTheBeginning(), freeze)

  const rate = rows === undefined ? usualTicketsPerDay : rateFor(rows, nowMs)
  const counts = ticketCounts(rate, lastDay(nowMs))
  if (rows !== undefined) adjust(counts, rows, nowMs)
  log(`Demo data: writing ${rows ?? 'the usual number of'} reception tickets …`)
  const written = await copyRows(client, 'reception_tickets', tickets(counts, -Infinity, nowMs), freeze)
  await addDays(client, -Infinity, nowMs)
  await client.query(keysAndIndexes)
  await client.query(
    'insert into demo_data_seed (version, asked_rows, tickets_per_day, seeded_through) values ($1, $2, $3, $4)',
    [version, rows ?? null, rate, now],
  )
  log(`Demo data: ${written} reception tickets and the rest in ${seconds(started)} s`)
}

async function topUp(client: Client, former: FormerSeed, now: Date, log: SeedOptions['log']): Promise<void> {
  const nowMs = now.getTime()
  if (nowMs <= former.throughMs) return
  const counts = ticketCounts(former.ticketsPerDay, lastDay(nowMs))
  // Tills that were open are written again, as they are now.
  await client.query('delete from cash_sessions where closed_at is null')
  const written = await copyRows(client, 'reception_tickets', tickets(counts, former.throughMs, nowMs))
  await addDays(client, former.throughMs, nowMs)
  await client.query('update demo_data_seed set seeded_through = $1', [now])
  if (written > 0) log(`Demo data: ${written} reception tickets since the last start`)
}

/** Everything but tickets, from one moment to another. */
async function addDays(client: Client, afterMs: number, untilMs: number): Promise<void> {
  const rows = { schools: [], guardians: [], pupils: [], meals: [] } as ReturnType<typeof dayOfSchools>
  const sessions: CopyValue[][] = []
  for (const day of daysBetween(afterMs, untilMs)) {
    const added = dayOfSchools(day, afterMs, untilMs)
    for (const kind of ['schools', 'guardians', 'pupils', 'meals'] as const) rows[kind].push(...added[kind])
    sessions.push(...cashSessions(day, afterMs, untilMs))
  }
  await copyRows(client, 'schools', rows.schools)
  await copyRows(client, 'guardians', rows.guardians)
  await copyRows(client, 'pupils', rows.pupils)
  await copyRows(client, 'meal_attendance', rows.meals)
  await copyRows(client, 'cash_sessions', sessions)
}

function* tickets(counts: Map<number, number>, afterMs: number, untilMs: number): Generator<CopyValue[]> {
  for (const day of daysBetween(afterMs, untilMs)) {
    yield* receptionTickets(day, counts.get(day) ?? 0, afterMs, untilMs)
  }
}

/** Local days that may hold a moment of the stretch: a day is up to 14 hours ahead of UTC's, or 12 behind. */
function* daysBetween(afterMs: number, untilMs: number): Generator<number> {
  const from = Math.max(firstDay, Number.isFinite(afterMs) ? utcDay(afterMs) - 1 : firstDay)
  for (let day = from; day <= lastDay(untilMs); day++) yield day
}

function lastDay(nowMs: number): number {
  return utcDay(nowMs) + 1
}

/** Tickets of each whole day, the sum rounded, so that a day's number does not depend on the last one seeded. */
function ticketCounts(rate: number, last: number): Map<number, number> {
  const counts = new Map<number, number>()
  let sum = 0
  for (let day = firstDay; day <= last; day++) {
    const before = Math.floor(sum)
    sum += rate * ticketWeight(day)
    counts.set(day, Math.floor(sum) - before)
  }
  return counts
}

/** The rate at which there are about `rows` tickets up to now. */
function rateFor(rows: number, nowMs: number): number {
  let weights = 0
  for (let day = firstDay; day < utcDay(nowMs); day++) weights += ticketWeight(day)
  return rows / weights
}

/** Makes it exactly `rows`: what today still lacks, or has over, is settled on the earliest days. */
function adjust(counts: Map<number, number>, rows: number, nowMs: number): void {
  let over = -rows
  for (const [day, count] of counts) {
    if (day < utcDay(nowMs) - 1) over += count
    else for (const _ of receptionTickets(day, count, -Infinity, nowMs)) over += 1
  }
  for (const [day, count] of counts) {
    if (over === 0) return
    const taken = Math.min(count, over)
    counts.set(day, count - taken)
    over -= taken
  }
}

async function findSeed(client: Client): Promise<FormerSeed | null> {
  const found = await client.query<{ name: string }>(
    'select tablename as name from pg_tables where schemaname = current_schema() and tablename = any($1)',
    [[...tableNames]],
  )
  if (found.rows.length === 0) return null
  if (!found.rows.some(({ name }) => name === 'demo_data_seed')) {
    const names = found.rows.map(({ name }) => name).join(', ')
    throw new Error(
      `The demo data would replace tables it did not write: ${names}. Give it a database of its own.`,
    )
  }
  const { rows } = await client.query<{
    version: number
    asked_rows: string | null
    tickets_per_day: number
    seeded_through: Date
  }>('select version, asked_rows, tickets_per_day, seeded_through from demo_data_seed')
  const [row] = rows
  if (!row) return { version: 0, asked: null, ticketsPerDay: 0, throughMs: 0 }
  return {
    version: row.version,
    asked: row.asked_rows === null ? null : Number(row.asked_rows),
    ticketsPerDay: row.tickets_per_day,
    throughMs: row.seeded_through.getTime(),
  }
}

/** Connects; creates the database first where there is none of that name yet. */
async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString })
  try {
    await client.connect()
    return client
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === '3D000')) throw error
  }
  const url = new URL(connectionString)
  const name = decodeURIComponent(url.pathname.slice(1))
  url.pathname = '/postgres'
  const admin = new Client({ connectionString: url.href })
  await admin.connect()
  try {
    await admin.query(`create database ${admin.escapeIdentifier(name)} encoding 'UTF8' template template0`)
  } finally {
    await admin.end()
  }
  const created = new Client({ connectionString })
  await created.connect()
  return created
}

function seconds(started: number): string {
  return ((performance.now() - started) / 1000).toFixed(1)
}
