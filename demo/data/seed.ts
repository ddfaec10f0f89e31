/**
 * Command line: fills the source database with the demo data; DEMO_DATA_ROWS says how many tickets. It is written by
 * the role of DEMO_DATABASE_URL and read by that of SOURCE_DATABASE_URL, which gets the right to read and no other.
 */

import { z } from 'zod'
import { readVariables } from '#config/environment.ts'
import { configurationExitCode } from '#domain/start-error.ts'
import { readPostgresAddress } from '#config/postgres-address.ts'
import { grantReader } from './grant-reader.ts'
import { seedDemoData } from './seed-demo-data.ts'

// Here, where the data is written: whatever calls it, and whatever DEMO says.
if (process.env.NODE_ENV === 'production') {
  console.error('NODE_ENV=production: the demo’s tables and data are never written')
  process.exit(configurationExitCode)
}

const url = z.string().regex(/^postgres(ql)?:\/\//, 'is no address postgresql://…')
const environment = z
  .object({
    SOURCE_DATABASE_URL: url,
    DEMO_DATABASE_URL: z.preprocess((text) => text || undefined, url.optional()),
    DEMO_DATA_ROWS: z.preprocess((text) => text || undefined, z.coerce.number().int().min(1).optional()),
  })
  .safeParse(readVariables(process.env).given)

if (!environment.success) {
  for (const issue of environment.error.issues) console.error(`${issue.path.join('.')}: ${issue.message}`)
  process.exit(1)
}

const {
  SOURCE_DATABASE_URL: source,
  DEMO_DATABASE_URL: owner = source,
  DEMO_DATA_ROWS: rows,
} = environment.data
const ofOneDatabase = databaseOf(owner) === databaseOf(source)
// A source elsewhere, such as a demo on the organisation's own server: its role writes what it reads.
const connectionString = ofOneDatabase ? owner : source
await seedDemoData({ connectionString, ...(rows === undefined ? {} : { rows }), log: console.log })
if (ofOneDatabase && readPostgresAddress(owner).user !== readPostgresAddress(source).user)
  await grantReader(owner, source)

function databaseOf(address: string): string {
  const { hosts, database } = readPostgresAddress(address)
  return `${hosts.map(({ host, port }) => `${host}:${port}`).join()}/${database}`
}
