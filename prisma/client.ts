import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from './client/client.ts'
import { PatientPool } from './patient-pool.ts'

export type { PrismaClient }

export interface PrismaOptions {
  /** How long a query waits for a server that cannot be reached; at once it fails unless given, for people wait. */
  patienceMs?: number
  /** Longest that one statement may take. */
  queryTimeoutMs?: number
}

/**
 * The database client of one process, with a pool of its own; it connects at the first query.
 * End it with `$disconnect()`.
 */
export function createPrisma(
  databaseUrl: string,
  { patienceMs = 0, queryTimeoutMs = 25_000 }: PrismaOptions = {},
): PrismaClient {
  const pool = new PatientPool(
    {
      connectionString: databaseUrl,
      // A database that swallows packets fails with words, instead of holding who asks for minutes.
      connectionTimeoutMillis: 5_000,
      query_timeout: queryTimeoutMs,
      keepAlive: true,
    },
    patienceMs,
  )
  return new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) })
}
