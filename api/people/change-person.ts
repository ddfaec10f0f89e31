import type { z } from 'zod'
import type { userChangeSchema } from '#domain/schemas/user-schema.ts'
import { ApiProblem, notFound } from '../http/api-problem.ts'
import type { ApiDeps } from '../deps.ts'
import { changeAccounts } from './change-accounts.ts'
import { changeRole } from './change-role.ts'

/**
 * @param by null for a command of the operator.
 * @returns the ids of the scheduled reports that were paused; their Schedules are to be applied.
 * @throws ApiProblem 404; 409 for the caller's own role and the last active administrator's.
 */
export async function changePerson(
  { prisma, engine }: Pick<ApiDeps, 'prisma' | 'engine'>,
  id: string,
  { role, ...data }: z.infer<typeof userChangeSchema>,
  by: { id: string } | null,
): Promise<string[]> {
  const user = await prisma.user.findUnique({ where: { id } })
  if (!user) throw notFound()
  if (role !== undefined && role !== user.role && id === by?.id) throw new ApiProblem('own_account')
  if (role === 'user') await engine.accountForOwner(id)
  return await changeAccounts(prisma, async (transaction) => {
    await transaction.user.update({ where: { id }, data })
    return role === undefined ? [] : await changeRole(transaction, id, role)
  })
}
