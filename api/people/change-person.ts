import type { z } from 'zod'
import type { userChangeSchema } from '#domain/schemas/user-schema.ts'
import { changesBetween, recordEvent, type Actor } from '#services/audit/record-event.ts'
import { ApiProblem, notFound } from '../http/api-problem.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { changeAccounts, personSubject } from '#services/people/change-accounts.ts'
import { changeRole } from './change-role.ts'

export type PersonChange = z.infer<typeof userChangeSchema>

/**
 * The caller accounts for what was due under a person's scheduled reports before it takes a role away.
 * @returns the ids of the scheduled reports that were paused; their Schedules are to be applied.
 * @throws ApiProblem 404; 409 for the caller's own role and the last active administrator's.
 */
export async function changePerson(
  prisma: PrismaClient,
  id: string,
  { role, ...data }: PersonChange,
  by: Actor,
): Promise<string[]> {
  const user = await prisma.user.findUnique({ where: { id } })
  if (!user) throw notFound()
  if (role !== undefined && role !== user.role && id === by.id) throw new ApiProblem('own_account')
  return await changeAccounts(prisma, async (transaction) => {
    const before = await transaction.user.findUniqueOrThrow({ where: { id } })
    await transaction.user.update({ where: { id }, data })
    const paused = role === undefined ? [] : await changeRole(transaction, id, role)
    const changes = changesBetween(before, { ...data, role }, ['name', 'role', 'attributes', 'linkable'])
    if (changes.length > 0) {
      const subject = await personSubject(transaction, id)
      await recordEvent(transaction, by, { kind: 'person_changed', subject, changes })
    }
    return paused
  })
}
