/**
 * better-auth keeps to itself what its database says: a session that cannot be read is "failed to get session", an API
 * key that cannot be looked up "invalid". What it was told is kept here, and said after all.
 */

import { AsyncLocalStorage } from 'node:async_hooks'
import type { PrismaClient } from '#prisma/client/client.ts'
import { isDatabaseAway } from '#prisma/database-away.ts'

interface Asked {
  error?: unknown
}

const asking = new AsyncLocalStorage<Asked>()

/** The client for better-auth. */
export function captureDatabaseErrors(prisma: PrismaClient) {
  return prisma.$extends({
    query: {
      async $allOperations({ args, query }) {
        try {
          return await query(args)
        } catch (error) {
          const asked = asking.getStore()
          if (asked) asked.error = error
          throw error
        }
      },
    },
  })
}

/**
 * Asks better-auth.
 * @throws the database's own error when it was away, whatever better-auth made of it.
 */
export async function askAuth<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const asked: Asked = {}
  const [answer] = await Promise.allSettled([asking.run(asked, ask)])
  if (isDatabaseAway(asked.error)) throw asked.error
  if (answer.status === 'rejected') throw answer.reason
  return answer.value
}
