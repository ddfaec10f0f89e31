/** Deactivates an account and pauses the scheduled reports it owns. */

import pLimit from 'p-limit'
import { pauseOwnerless } from '#services/maintenance/ownerless-definitions.ts'
import type { Prisma, PrismaClient } from '#prisma/client/client.ts'
import { ApiProblem, notFound } from '../http/api-problem.ts'
import type { Person } from '../http/api-env.ts'
import { countPeople } from './find-people.ts'
import type { Engine } from '#services/engine.ts'

/**
 * The account and its scheduled reports change in one transaction.
 * @returns the ids of the scheduled reports that were paused; their Schedules are to be applied.
 * @throws ApiProblem 404; 409 for the caller's own account and the last active administrator's.
 */
export async function deactivatePerson(
  prisma: PrismaClient,
  id: string,
  by: Pick<Person, 'id'>,
): Promise<string[]> {
  if (id === by.id) throw new ApiProblem('own_account')
  return await prisma.$transaction(async (transaction) => {
    // Of two administrators who deactivate each other, the second waits here and then finds itself the last.
    await transaction.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('accounts', 0))::text`
    const changed = await setBanned(transaction, id, true)
    if (changed && (await countPeople(transaction, { role: 'admin', active: true })) === 0) {
      throw new ApiProblem('last_administrator')
    }
    // A session that is kept would be valid again once the account is reactivated.
    await transaction.session.deleteMany({ where: { userId: id } })
    return (await pauseOwnerless(transaction)).ids
  })
}

/** Reactivates the account; its scheduled reports stay paused. @throws ApiProblem 404; 409 for an anonymised one. */
export async function reactivatePerson(prisma: PrismaClient, id: string): Promise<void> {
  const anonymised = await prisma.user.count({ where: { id, anonymisedAt: { not: null } } })
  if (anonymised > 0) throw new ApiProblem('person_anonymised')
  await setBanned(prisma, id, false)
}

/** @returns whether this changed it. @throws ApiProblem 404 */
async function setBanned(database: Prisma.TransactionClient, id: string, banned: boolean): Promise<boolean> {
  const { count } = await database.user.updateMany({
    where: { id, banned: !banned },
    // Links in the mails of this person's reports end with the account.
    data: {
      banned,
      banReason: null,
      banExpires: null,
      ...(banned ? { linkGeneration: { increment: 1 } } : {}),
    },
  })
  if (count === 0 && !(await database.user.findUnique({ where: { id }, select: { id: true } })))
    throw notFound()
  return count > 0
}

const concurrency = 8
/** A person is waiting for the answer; the reconciler applies what is left then. */
const timeoutMs = 5_000

/** Applies these definitions to their Schedules, until Temporal does not answer or the time is up. */
export async function applySchedules(
  engine: Pick<Engine, 'applySchedule'>,
  ids: readonly string[],
): Promise<void> {
  const until = Date.now() + timeoutMs
  let answers = true
  await pLimit(concurrency).map(ids, async (id) => {
    if (!answers || Date.now() > until) return
    if (!(await engine.applySchedule(id))) answers = false
  })
}
