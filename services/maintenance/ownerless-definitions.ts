import type { PauseReason } from '#domain/pause-reason.ts'
import type { Prisma } from '#prisma/client/client.ts'
import type { ServiceContext } from '#services/service-context.ts'
import { startNotices } from '#services/notices/start-notices.ts'
import { addNotices, administrators } from '#services/notices/write-notices.ts'

/**
 * Disables every enabled definition whose owner's account is deactivated, with that as the reason. Their Schedules are for the caller to apply, once what this wrote is committed.
 * @returns the ids of those it disabled; what was disabled before stays as it was, its own reason too.
 */
export async function pauseOwnerless(
  prisma: Pick<Prisma.TransactionClient, '$queryRaw'>,
): Promise<{ ids: string[] }> {
  const kind = 'owner_inactive' satisfies PauseReason['kind']
  const rows = await prisma.$queryRaw<{ id: string }[]>`
    UPDATE scheduled_report AS definition
    SET enabled = false,
      pause_reason = jsonb_build_object('kind', ${kind}::text, 'owner', owner.name),
      version = definition.version + 1,
      updated_at = now()
    FROM "user" AS owner
    WHERE owner.id = definition.owner_id AND owner.banned AND definition.enabled
    RETURNING definition.id::text`
  return { ids: rows.map(({ id }) => id) }
}

/**
 * Notifies the administrators, once, of each owner whose account is deactivated and of the scheduled reports that need
 * a new owner. The notices are written in one transaction with the mark that they were told, then sent.
 */
export async function tellOwnerGone({ prisma, temporal }: ServiceContext): Promise<void> {
  const toTell = { owner: { banned: true }, ownerGoneToldAt: null }
  // A reactivated owner is reported again if deactivated again.
  await prisma.scheduledReport.updateMany({
    where: { owner: { banned: false }, ownerGoneToldAt: { not: null } },
    data: { ownerGoneToldAt: null },
  })
  if ((await prisma.scheduledReport.count({ where: toTell })) === 0) return
  await prisma.$transaction(async (transaction) => {
    const now = new Date()
    const orphans = await transaction.scheduledReport.updateManyAndReturn({
      where: toTell,
      data: { ownerGoneToldAt: now },
      select: { id: true, name: true, ownerId: true, owner: { select: { name: true } } },
    })
    const admins = await administrators(transaction)
    for (const left of Map.groupBy(orphans, ({ ownerId }) => ownerId).values()) {
      const details = {
        kind: 'owner_gone' as const,
        owner: left[0]?.owner.name ?? '',
        scheduledReports: left.map(({ id, name }) => ({ id, name })),
      }
      await addNotices(
        transaction,
        null,
        0,
        admins.map((userId) => ({ userId, details })),
        now,
      )
    }
  })
  await startNotices(prisma, temporal, null)
}
