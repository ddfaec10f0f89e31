import { readFile } from 'node:fs/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '#test/database.ts'
import { applyMigrations, diffSchemas, lastSchemaFile, schemaFile } from './migration-engine.ts'

describe('migrations', () => {
  let empty: TestDatabase
  let migrated: TestDatabase
  beforeAll(async () => {
    empty = await createEmptyDatabase()
    migrated = await createTestDatabase()
  })
  afterAll(async () => {
    await empty.drop()
    await migrated.drop()
  })

  it('are up to date with schema.prisma', async () => {
    const [last, now] = await Promise.all([readFile(lastSchemaFile, 'utf8'), readFile(schemaFile, 'utf8')])
    expect(await diffSchemas(empty.url, last, now)).toBe('')
  })

  it('create the tables that schema.prisma describes', async () => {
    const fromScratch = await diffSchemas(empty.url, null, await readFile(schemaFile, 'utf8'))
    await query(empty.url, fromScratch)
    expect(await shapeOf(migrated.url)).toEqual(await shapeOf(empty.url))
  })

  it('apply once: a second time there is nothing to do', async () => {
    expect(await applyMigrations(migrated.url)).toEqual([])
  })
})

/** Columns, constraints and indexes, in words. */
async function shapeOf(url: string): Promise<unknown[]> {
  return await query(
    url,
    `SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default
       FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'
     UNION ALL
     SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '', ''
       FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> '_prisma_migrations'
     UNION ALL
     SELECT tablename, indexname, indexdef, '', '', ''
       FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'
     ORDER BY 1, 2, 3`,
  )
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql)
    return rows ?? []
  } finally {
    await client.end()
  }
}
