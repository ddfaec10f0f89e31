/** The demo's accounts have a public password: a production service does not start on a database that lets them in. */

import { setTimeout as delay } from 'node:timers/promises'
import { EnvironmentError } from '#config/environment.ts'
import { isDemoAccount } from '#config/demo-values.ts'
import type { Logger } from '#config/logger.ts'
import type { PrismaClient } from '#prisma/client/client.ts'

const retryMs = 2_000

/**
 * Waits for a database that does not answer, until `stop`: what it holds is not known before.
 * @throws EnvironmentError that names the accounts and says what to do.
 */
export async function refuseDemoAccounts(
  prisma: PrismaClient,
  logger: Logger,
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    try {
      return refuse(await activeDemoAccounts(prisma))
    } catch (error) {
      if (error instanceof EnvironmentError) throw error
      logger.warn(
        { err: error },
        'the database does not answer yet: whether it has demo accounts is not known',
      )
      await delay(retryMs, undefined, { signal: stop }).catch(() => undefined)
    }
  }
}

/** Their addresses. */
export async function activeDemoAccounts(prisma: PrismaClient): Promise<string[]> {
  const accounts = await prisma.user.findMany({
    where: { ...isDemoAccount, banned: false },
    select: { email: true },
    orderBy: { email: 'asc' },
  })
  return accounts.map(({ email }) => email)
}

function refuse(accounts: readonly string[]): void {
  if (accounts.length === 0) return
  throw new EnvironmentError(
    [
      'NODE_ENV=production, and the database has active demo accounts, whose password everybody knows:',
      ...accounts.map((email) => `  ${email}`),
      'Make an administrator of your own (npm run create-admin -- EMAIL), then deactivate them ' +
        '(npm run deactivate-demo-accounts); in a container both are commands of the image.',
    ].join('\n'),
  )
}
