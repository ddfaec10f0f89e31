/** Changes of accounts go one after another, so that two cannot each remove what the other relies on. */

import type { Prisma, PrismaClient } from '#prisma/client/client.ts'
import { nameOf } from '../audit/record-event.ts'

/** Runs `change` in a transaction that waits for every other one of these. */
export async function changeAccounts<Result>(
  prisma: PrismaClient,
  change: (transaction: Prisma.TransactionClient) => Promise<Result>,
  options: { timeout?: number; maxWait?: number } = {},
): Promise<Result> {
  return await prisma.$transaction(async (transaction) => {
    // Of two administrators who deactivate each other, the second waits here and then finds itself the last.
    await transaction.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('accounts', 0))::text`
    return await change(transaction)
  }, options)
}

/** The person, as the audit trail names them. */
export async function personSubject(transaction: Prisma.TransactionClient, id: string) {
  const user = await transaction.user.findUniqueOrThrow({ where: { id } })
  return { type: 'person', id, name: nameOf(user) } as const
}
