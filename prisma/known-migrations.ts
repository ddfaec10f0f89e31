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
