/** Deactivates an account and pauses the scheduled reports it owns. */

import { pauseOwnerless } from '#services/maintenance/ownerless-definitions.ts'
import type { Prisma, PrismaClient } from '#prisma/client/client.ts'
import { recordEvent, type Actor } from '#services/audit/record-event.ts'
import { ApiProblem, notFound } from '../http/api-problem.ts'
import { changeAccounts, personSubject } from '#services/people/change-accounts.ts'
import { requireAdministrator } from './change-role.ts'

/**
 * The account and its scheduled reports change in one transaction; its sessions and keys end for good.
 * @returns the ids of the scheduled reports that were paused; their Schedules are to be applied.
 * @throws ApiProblem 404; 409 for the caller's own account and the last active administrator's.
 */
export async function deactivatePerson(prisma: PrismaClient, id: string, by: Actor): Promise<string[]> {
  if (id === by.id) throw new ApiProblem('own_account')
  return await changeAccounts(prisma, async (transaction) => {
    const changed = await setBanned(transaction, id, true)
    if (changed) {
      await requireAdministrator(transaction)
      await recordEvent(transaction, by, {
        kind: 'person_deactivated',
        subject: await personSubject(transaction, id),
      })
    }
    // What is kept would be valid again once the account is reactivated.
    await endAccess(transaction, id)
    return (await pauseOwnerless(transaction)).ids
  })
}

/** Ends every session, key and link to choose a password; `keep` is a session that stays. */
export async function endAccess(
  transaction: Prisma.TransactionClient,
  userId: string,
  keep?: { sessionId: string },
): Promise<void> {
  await transaction.session.deleteMany({ where: { userId, id: { not: keep?.sessionId } } })
  await transaction.apikey.deleteMany({ where: { referenceId: userId } })
  await transaction.user.update({ where: { id: userId }, data: { passwordLink: { increment: 1 } } })
}

/** Reactivates the account; its scheduled reports stay paused. @throws ApiProblem 404; 409 for an anonymised one. */
export async function reactivatePerson(prisma: PrismaClient, id: string, by: Actor): Promise<void> {
  await changeAccounts(prisma, async (transaction) => {
    const anonymised = await transaction.user.count({ where: { id, anonymisedAt: { not: null } } })
    if (anonymised > 0) throw new ApiProblem('person_anonymised')
    if (!(await setBanned(transaction, id, false))) return
    await recordEvent(transaction, by, {
      kind: 'person_reactivated',
      subject: await personSubject(transaction, id),
    })
  })
}

/** @returns whether this changed it. @throws ApiProblem 404 */
async function setBanned(database: Prisma.TransactionClient, id: string, banned: boolean): Promise<boolean> {
  const { count } = await database.user.updateMany({
    where: { id, banned: !banned },
    // Links in the mails of this person's reports end with the account.
    data: { banned, ...(banned ? { linkGeneration: { increment: 1 } } : {}) },
  })
  if (count === 0 && !(await database.user.findUnique({ where: { id }, select: { id: true } })))
    throw notFound()
  return count > 0
}
