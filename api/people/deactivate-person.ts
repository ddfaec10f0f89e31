/** An account that is to open nothing any more, and the scheduled reports it leaves without an owner. */

import pLimit from 'p-limit'
import { pauseOwnerless } from '#services/maintenance/ownerless-definitions.ts'
import type { Prisma, PrismaClient } from '#prisma/client/client.ts'
import { ApiProblem, notFound } from '../http/api-problem.ts'
import type { Person } from '../http/api-env.ts'
import { countPeople } from './find-people.ts'
import type { Engine } from '#services/engine.ts'

/**
 * The account and its scheduled reports change together: nobody sees one without the other.
 * @returns the ids of the scheduled reports that were paused; their Schedules are to be applied.
 * @throws ApiProblem 404; 409 for oneself and for the last active administrator.
 */
export async function deactivatePerson(
  prisma: PrismaClient,
  id: string,
  by: Pick<Person, 'id'>,
): Promise<string[]> {
  if (id === by.id) throw new ApiProblem('own_account')
  return await prisma.$transaction(async (transaction) => {
    // Two administrators who deactivate each other wait for one another here: the second finds itself the last.
    await transaction.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('accounts', 0))::text`
    const changed = await setBanned(transaction, id, true)
    if (changed && (await countPeople(transaction, { role: 'admin', active: true })) === 0) {
      throw new ApiProblem('last_administrator')
    }
    // A session would open everything again on the day the account is reactivated.
    await transaction.session.deleteMany({ where: { userId: id } })
    return (await pauseOwnerless(transaction)).ids
  })
}

/** The account opens again; its scheduled reports stay paused. @throws ApiProblem 404 */
export async function reactivatePerson(prisma: PrismaClient, id: string): Promise<void> {
  await setBanned(prisma, id, false)
}

/** @returns whether it was otherwise before. @throws ApiProblem 404 */
async function setBanned(database: Prisma.TransactionClient, id: string, banned: boolean): Promise<boolean> {
  const { count } = await database.user.updateMany({
    where: { id, banned: !banned },
    data: { banned, banReason: null, banExpires: null },
  })
  if (count === 0 && !(await database.user.findUnique({ where: { id }, select: { id: true } })))
    throw notFound()
  return count > 0
}

const atOnce = 8
/** A person is waiting for the answer; what is left then is the reconciler's. */
const longestMs = 5_000

/** Applies these definitions to their Schedules, as far as Temporal answers and a person waits. */
export async function applySchedules(
  engine: Pick<Engine, 'applySchedule'>,
  ids: readonly string[],
): Promise<void> {
  const until = Date.now() + longestMs
  let answers = true
  await pLimit(atOnce).map(ids, async (id) => {
    if (!answers || Date.now() > until) return
    if (!(await engine.applySchedule(id))) answers = false
  })
}
