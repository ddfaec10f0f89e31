/** Changes of accounts go one after another, so that two cannot each remove what the other relies on. */

import type { Prisma, PrismaClient } from '#prisma/client/client.ts'
import { nameOf } from '#services/audit/record-event.ts'
import { ApiProblem } from '../http/api-problem.ts'

/** Runs `change` in a transaction that waits for every other one of these. */
export async function changeAccounts<Result>(
  prisma: PrismaClient,
  change: (transaction: Prisma.TransactionClient) => Promise<Result>,
): Promise<Result> {
  return await prisma.$transaction(async (transaction) => {
    // Of two administrators who deactivate each other, the second waits here and then finds itself the last.
    await transaction.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('accounts', 0))::text`
    return await change(transaction)
  })
}

/** @throws ApiProblem `last_administrator` when no active administrator is left; the transaction is undone. */
export async function requireAdministrator(transaction: Prisma.TransactionClient): Promise<void> {
  const left = await transaction.user.count({ where: { role: 'admin', banned: false } })
  if (left === 0) throw new ApiProblem('last_administrator')
}

/** The person, as the audit trail names them. */
export async function personSubject(transaction: Prisma.TransactionClient, id: string) {
  const user = await transaction.user.findUniqueOrThrow({ where: { id } })
  return { type: 'person', id, name: nameOf(user) } as const
}
