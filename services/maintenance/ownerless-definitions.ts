import type { PauseReason } from '#domain/pause-reason.ts'
import type { Prisma } from '#prisma/client/client.ts'
import type { ServiceContext } from '#services/service-context.ts'
import { startNotices } from '#services/notices/start-notices.ts'
import { databaseNow } from '#services/clock/clocks.ts'
import { tellAdministrators } from '#services/notices/write-notices.ts'

/** Owners who may not own: mayOwn in domain/viewer.ts, as a condition. */
export const ownerGone = { OR: [{ banned: true }, { role: { not: 'admin' } }] }

/**
 * Disables every enabled definition of a deactivated or demoted owner. The caller applies their Schedules after the commit.
 * @returns the ids of those it disabled; definitions disabled before keep their state and reason.
 */
export async function pauseOwnerless(
  prisma: Pick<Prisma.TransactionClient, '$queryRaw'>,
): Promise<{ ids: string[] }> {
  const inactive = 'owner_inactive' satisfies PauseReason['kind']
  const demoted = 'owner_demoted' satisfies PauseReason['kind']
  const rows = await prisma.$queryRaw<{ id: string }[]>`
    UPDATE scheduled_report AS definition
    SET enabled = false,
      pause_reason = jsonb_build_object(
        'kind', CASE WHEN owner.banned THEN ${inactive}::text ELSE ${demoted}::text END, 'owner', owner.name),
      version = definition.version + 1,
      updated_at = now()
    FROM "user" AS owner
    WHERE owner.id = definition.owner_id AND (owner.banned OR owner.role <> 'admin') AND definition.enabled
    RETURNING definition.id::text`
  return { ids: rows.map(({ id }) => id) }
}

/**
 * Notifies the administrators, once, of each owner who may own no more and of the scheduled reports that need
 * a new owner. The notices are written in one transaction with the mark that they were told, then sent.
 */
export async function tellOwnerGone({ prisma, temporal }: ServiceContext): Promise<void> {
  const toTell = { owner: ownerGone, ownerGoneToldAt: null }
  // An owner who may own again is reported again if that ends again.
  await prisma.scheduledReport.updateMany({
    where: { owner: { NOT: ownerGone }, ownerGoneToldAt: { not: null } },
    data: { ownerGoneToldAt: null },
  })
  if ((await prisma.scheduledReport.count({ where: toTell })) === 0) return
  await prisma.$transaction(async (transaction) => {
    const now = await databaseNow(transaction)
    const orphans = await transaction.scheduledReport.updateManyAndReturn({
      where: toTell,
      data: { ownerGoneToldAt: now },
      select: { id: true, name: true, ownerId: true, owner: { select: { name: true, banned: true } } },
    })
    for (const left of Map.groupBy(orphans, ({ ownerId }) => ownerId).values()) {
      const details = {
        kind: 'owner_gone' as const,
        owner: left[0]?.owner.name ?? '',
        isDemoted: left[0]?.owner.banned === false,
        scheduledReports: left.map(({ id, name }) => ({ id, name })),
      }
      await tellAdministrators(transaction, details, now)
    }
  })
  await startNotices(prisma, temporal, null)
}
