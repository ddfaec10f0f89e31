import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

export const migrationsFolder = fileURLToPath(new URL('migrations', import.meta.url))

/**
 * Names of the migrations that this version comes with, in the order in which they are applied. Apart from the engine
 * that applies them, which takes a second to load.
 */
export async function knownMigrations(folder = migrationsFolder): Promise<string[]> {
  return (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

let ours: Promise<string[]> | undefined

/**
 * The migrations of this version that the database does not have: none when it is up to date. One of a later version may
 * have more.
 * @param ask runs a statement; fails where there is no table of migrations.
 */
export async function missingMigrations(
  ask: (sql: string) => Promise<{ name: string }[]>,
): Promise<string[]> {
  ours ??= knownMigrations()
  const done = await ask(
    'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  )
  const names = new Set(done.map(({ name }) => name))
  return (await ours).filter((name) => !names.has(name))
}
