/**
 * Prisma's own migration engine in its WebAssembly build: it needs no native download, and keeps the same
 * `_prisma_migrations` table, so that `prisma migrate deploy` may be used instead where it works.
 */

import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'
import { createServerChoice } from '#adapters/postgres/server-choice.ts'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import { SchemaEngine, type MigrationList } from '@prisma/schema-engine-wasm'
import { knownMigrations, migrationsFolder } from './known-migrations.ts'

export const schemaFile = fileURLToPath(new URL('schema.prisma', import.meta.url))
/** The schema after all existing migrations; the next migration starts from it. */
export const lastSchemaFile = fileURLToPath(new URL('migrations/last-schema.prisma', import.meta.url))
/** Longer than a service's: a database that starts beside it is waited for. */
const connectTimeoutMs = 30_000
const noFilter = { externalTables: [], externalEnums: [] }

/**
 * Applies every migration that the database does not have yet, in order.
 * @returns the names of those applied now.
 * @throws Error when one fails: it stays recorded as failed, and each later start reports it until it is repaired.
 */
export async function applyMigrations(databaseUrl: string, folder = migrationsFolder): Promise<string[]> {
  return await withEngine(databaseUrl, async (engine) => {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: await readMigrations(folder),
      filters: noFilter,
    })
    return appliedMigrationNames
  })
}

/**
 * The SQL that leads from one schema to another, given as the text of a schema.prisma; null stands for an empty
 * database. Empty when nothing differs.
 *
 * Two texts are compared, not a database with a text: the engine's reading of a live database fails on
 * PostgreSQL's "char" columns with this driver (prisma/orm#27403).
 * @param databaseUrl any reachable database; the engine insists on one, and changes nothing in it.
 */
export async function diffSchemas(databaseUrl: string, from: string | null, to: string): Promise<string> {
  return await withEngine(databaseUrl, async (engine) => {
    const { stdout } = await engine.diff({
      from: from === null ? { tag: 'empty' } : { tag: 'schemaDatamodel', files: [asFile(from)] },
      to: { tag: 'schemaDatamodel', files: [asFile(to)] },
      script: true,
      exitCode: null,
      filters: noFilter,
    })
    const sql = (stdout ?? '').trim()
    return sql === '-- This is an empty migration.' ? '' : sql
  })
}

function asFile(content: string) {
  return { path: schemaFile, content }
}

async function withEngine<T>(databaseUrl: string, use: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  // The engine leaves its pools open: idle connections must not keep the process alive or stay open for long.
  const { options } = createServerChoice(databaseUrl, { connectTimeoutMs })
  const factory = new PrismaPg({
    ...(await options()),
    idleTimeoutMillis: 100,
    allowExitOnIdle: true,
  })
  const adapter = bindMigrationAwareSqlAdapterFactory(factory)
  const schema = await readFile(schemaFile, 'utf8')
  try {
    const engine = await SchemaEngine.new({ datamodels: [[schemaFile, schema]] }, () => undefined, adapter)
    try {
      return await use(engine)
    } finally {
      engine.free()
    }
  } catch (error) {
    throw new Error(explain(error), { cause: error })
  }
}

async function readMigrations(folder: string): Promise<MigrationList> {
  const names = await knownMigrations(folder)
  const lockfile = await readFile(`${folder}/migration_lock.toml`, 'utf8')
  return {
    baseDir: folder,
    lockfile: { path: 'migration_lock.toml', content: lockfile },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.map(async (path) => ({
        path,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok' as const, value: await readFile(`${folder}/${path}/migration.sql`, 'utf8') },
        },
      })),
    ),
  }
}

/** The engine throws JSON-like errors; what a person needs is the message in them. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message || JSON.stringify(error)
}
