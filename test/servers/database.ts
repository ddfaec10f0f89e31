import { randomBytes } from 'node:crypto'
import { Client, escapeIdentifier } from 'pg'
import { inject } from 'vitest'
import { postgresReaderUrl, postgresUrl } from '#local/parts/postgres-part.ts'
import { grantReader } from '#demo/data/grant-reader.ts'
import { seedDemoData } from '#demo/data/seed-demo-data.ts'

export interface TestDatabase {
  url: string
  /** Ends the sessions on it and removes it. */
  drop(): Promise<void>
}

/** A database of the product's own, migrated and empty, for one test file. */
export async function createTestDatabase(): Promise<TestDatabase> {
  return await create(inject('services').templateDatabase)
}

/** A database with nothing in it at all. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return await create('template1')
}

const demoDatabase = 'demo_for_tests'
/** Any number, shared by all test files. */
const demoLock = 4_207_001
const demoRows = 2_000

/**
 * The demo data with 2,000 reception tickets, made by the first test file that asks and shared by all: read it, do
 * not write to it.
 * @returns its URL, as a role that may only read.
 */
export async function demoDatabaseUrl(): Promise<string> {
  const { postgresPort: port } = inject('services')
  const url = postgresReaderUrl(port, demoDatabase)
  await asAdministrator(async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [demoLock])
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [demoDatabase])
    if (rowCount !== 0) return
    const unfinished = `${demoDatabase}_unfinished`
    await client.query(`DROP DATABASE IF EXISTS ${unfinished}`)
    await client.query(`CREATE DATABASE ${unfinished}`)
    const connectionString = postgresUrl(port, unfinished)
    await seedDemoData({ connectionString, rows: demoRows, log: () => undefined })
    await grantReader(connectionString, postgresReaderUrl(port, unfinished))
    await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${demoDatabase}`)
  })
  return url
}

async function create(template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await asAdministrator(async (client) => {
    await client.query(`CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(template)}`)
  })
  return {
    url: postgresUrl(inject('services').postgresPort, name),
    drop: async () =>
      await asAdministrator(async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`)
      }),
  }
}

function asAdministrator(use: (client: Client) => Promise<void>): Promise<void> {
  return withDatabase(postgresUrl(inject('services').postgresPort, 'postgres'), use)
}

/** Runs SQL on one connection, ended with `use`. */
export async function withDatabase<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
