import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from './client/client.ts'

export type { PrismaClient }

/**
 * The database client of one process, with a pool of its own; it connects at the first query.
 * End it with `$disconnect()`.
 */
export function createPrisma(databaseUrl: string): PrismaClient {
  return new PrismaClient({
    adapter: new PrismaPg({
      connectionString: databaseUrl,
      // A database that swallows packets fails with words, instead of holding who asks for minutes.
      connectionTimeoutMillis: 5_000,
      query_timeout: 25_000,
      keepAlive: true,
    }),
  })
}
