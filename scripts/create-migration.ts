/**
 * `npm run migration -- NAME`: writes the next migration, the difference between the schema as the migrations so
 * far leave it (`migrations/last-schema.prisma`) and schema.prisma. Read it before you commit it.
 * With `--replace-all` the migrations so far are replaced by this one: only before the first release.
 */

import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { startThrowAwayPostgres } from '#local/parts/postgres-part.ts'
import { migrationsFolder } from '#prisma/known-migrations.ts'
import { diffSchemas, lastSchemaFile, schemaFile } from '#prisma/migration-engine.ts'

const [name, option] = process.argv.slice(2)
if (!name || !/^[a-z][a-z0-9_]*$/.test(name)) {
  console.error('Usage: npm run migration -- NAME [--replace-all]   (lower case, digits and underscores)')
  process.exit(1)
}
if (option === '--replace-all') await rm(migrationsFolder, { recursive: true, force: true })

const before = existsSync(lastSchemaFile) ? await readFile(lastSchemaFile, 'utf8') : null
const now = await readFile(schemaFile, 'utf8')
const postgres = await startThrowAwayPostgres()
try {
  const sql = await diffSchemas(postgres.url, before, now)
  if (sql === '') {
    console.log('The migrations already lead to schema.prisma: nothing to write.')
  } else {
    const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
    await mkdir(`${migrationsFolder}/${stamp}_${name}`, { recursive: true })
    await writeFile(`${migrationsFolder}/${stamp}_${name}/migration.sql`, `${sql}\n`)
    await writeFile(`${migrationsFolder}/migration_lock.toml`, 'provider = "postgresql"\n')
    console.log(`Written: prisma/migrations/${stamp}_${name}/migration.sql`)
  }
  await writeFile(lastSchemaFile, now)
} finally {
  await postgres.stop()
}
// As in migrate.ts: the engine's timer need not be waited for.
process.exit(0)
