/** `npm run migrate`: applies the migrations to DATABASE_URL. Idempotent. */

import { pathToFileURL } from 'node:url'
import { readVariables } from '#config/environment.ts'
import { leaveNumbersAfterRestore } from './leave-numbers-after-restore.ts'
import { createPrisma } from './client.ts'
import { applyMigrations } from './migration-engine.ts'

export async function migrate(databaseUrl: string, log: (line: string) => void): Promise<void> {
  const applied = await applyMigrations(databaseUrl)
  for (const name of applied) log(`Migration ${name} applied.`)
  if (applied.length === 0) log('The database is up to date.')
  const prisma = createPrisma(databaseUrl)
  const left = await leaveNumbersAfterRestore(prisma)
  await prisma.$disconnect()
  if (left)
    log(
      `The database was restored, or its server has failed over: the last N° it knows is ${left.last}, the next one follows ${left.resumesAfter}.`,
    )
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const { given, faults } = readVariables(process.env)
    const { DATABASE_URL: databaseUrl } = given
    const fault = faults.find(({ name }) => name.startsWith('DATABASE_'))
    if (fault) throw new Error(`${fault.name}: ${fault.message}`)
    if (!databaseUrl) throw new Error('DATABASE_URL: is required and not set')
    await migrate(databaseUrl, (line) => console.log(line))
    // The engine leaves the ten-second timer of its lock running; nothing depends on it.
    process.exit(0)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}
