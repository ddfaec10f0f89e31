/** A backup of a database, restored into a new one: rows and sequences, as pg_dump and pg_restore carry them over. */

import { escapeIdentifier } from 'pg'
import { applyMigrations } from '#prisma/migration-engine.ts'
import { createEmptyDatabase, withDatabase, type TestDatabase } from './database.ts'

export interface Backup {
  rows: ReadonlyMap<string, string>
  sequences: ReadonlyMap<string, string>
}

export async function backUp(url: string): Promise<Backup> {
  return withDatabase(url, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
    const tables = await client.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`,
    )
    const rows = new Map<string, string>()
    for (const { name } of tables.rows) {
      const found = await client.query<{ all: string }>(
        `SELECT coalesce(json_agg(t), '[]')::text AS all FROM ${escapeIdentifier(name)} AS t`,
      )
      rows.set(name, found.rows[0]?.all ?? '[]')
    }
    const sequences = await client.query<{ name: string; last: string }>(
      `SELECT sequencename AS name, last_value::text AS last FROM pg_sequences WHERE last_value IS NOT NULL`,
    )
    return { rows, sequences: new Map(sequences.rows.map(({ name, last }) => [name, last])) }
  })
}

export async function restore({ rows, sequences }: Backup): Promise<TestDatabase> {
  const database = await createEmptyDatabase()
  await applyMigrations(database.url)
  await withDatabase(database.url, async (client) => {
    // Neither foreign keys nor triggers: the rows were right when they were written.
    await client.query('SET session_replication_role = replica')
    for (const [name, all] of rows) {
      const table = escapeIdentifier(name)
      await client.query(`DELETE FROM ${table}`)
      await client.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1)`, [
        all,
      ])
    }
    for (const [name, last] of sequences) await client.query('SELECT setval($1, $2)', [name, last])
  })
  return database
}
