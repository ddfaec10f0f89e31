/** The one place where a role changes, with what follows from it. */

import type { Role } from '#domain/schemas/me-schema.ts'
import { pauseOwnerless } from '#services/maintenance/ownerless-definitions.ts'
import type { Prisma } from '#prisma/client/client.ts'
import { ApiProblem, notFound } from '../http/api-problem.ts'

/** @throws ApiProblem `last_administrator` when no active administrator is left; the transaction is undone. */
export async function requireAdministrator(transaction: Prisma.TransactionClient): Promise<void> {
  const left = await transaction.user.count({ where: { role: 'admin', banned: false } })
  if (left === 0) throw new ApiProblem('last_administrator')
}

/**
 * Within `changeAccounts`. The scheduled reports of whoever stops being an administrator are paused in the same
 * transaction; sessions and keys go on with the new role's rights, which are read at each request.
 * @param keepLast the last administrator silently stays one: nobody is there to read the refusal.
 * @returns the ids of the scheduled reports that were paused; their Schedules are to be applied.
 * @throws ApiProblem 404; `last_administrator`.
 */
export async function changeRole(
  transaction: Prisma.TransactionClient,
  id: string,
  role: Role,
  { keepLast = false }: { keepLast?: boolean } = {},
): Promise<string[]> {
  const user = await transaction.user.findUnique({ where: { id }, select: { role: true, banned: true } })
  if (!user) throw notFound()
  if (user.role === role) return []
  const others = { role: 'admin', banned: false, id: { not: id } }
  if (role !== 'admin' && keepLast && (await transaction.user.count({ where: others })) === 0) return []
  await transaction.user.update({ where: { id }, data: { role } })
  if (role === 'admin') return []
  if (!user.banned) await requireAdministrator(transaction)
  return (await pauseOwnerless(transaction)).ids
}
