/**
 * better-auth hides the errors of its database: a session that cannot be read is "failed to get session", an API key
 * that cannot be looked up "invalid". The database's error is captured here and thrown instead.
 */

import { AsyncLocalStorage } from 'node:async_hooks'
import type { PrismaClient } from '#prisma/client/client.ts'
import { isDatabaseAway } from '#prisma/database-away.ts'

interface Asked {
  error?: unknown
}

const asking = new AsyncLocalStorage<Asked>()

/** The database client for better-auth: keeps the error of a query for `askAuth`. */
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
 * Runs a call of better-auth.
 * @throws the database's own error when it was away, whatever better-auth made of it.
 */
export async function askAuth<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const asked: Asked = {}
  const [answer] = await Promise.allSettled([asking.run(asked, ask)])
  if (isDatabaseAway(asked.error)) throw asked.error
  if (answer.status === 'rejected') throw answer.reason
  return answer.value
}
