import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from './client/client.ts'
import { RetryingPool } from './retrying-pool.ts'

export type { PrismaClient }

export interface PrismaOptions {
  /** How long connecting is retried while the server cannot be reached. Default 0: a query fails at once. */
  connectTimeoutMs?: number
  /** Maximum duration of one statement. */
  queryTimeoutMs?: number
}

/**
 * The database client of one process, with a pool of its own; it connects at the first query.
 * End it with `$disconnect()`.
 */
export function createPrisma(
  databaseUrl: string,
  { connectTimeoutMs = 0, queryTimeoutMs = 25_000 }: PrismaOptions = {},
): PrismaClient {
  const pool = new RetryingPool(
    databaseUrl,
    {
      purpose: 'product',
      // A network that drops packets fails with an error, instead of blocking the caller for minutes.
      connectionTimeoutMillis: 5_000,
      query_timeout: queryTimeoutMs,
      keepAlive: true,
    },
    connectTimeoutMs,
  )
  return new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) })
}
