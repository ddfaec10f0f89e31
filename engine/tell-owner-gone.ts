import type { ScheduleParts } from './schedule-parts.ts'
import { startNotices } from './start-notices.ts'
import { addNotices, administrators } from './write-notices.ts'

/**
 * Tells the administrators, once, of each owner whose account is deactivated and of the scheduled reports that wait for
 * somebody to take them over. Written down with the fact that they were told, then sent.
 */
export async function tellOwnerGone({ prisma, temporal }: ScheduleParts): Promise<void> {
  const toTell = { owner: { banned: true }, ownerGoneToldAt: null }
  // Told again, should it happen again.
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
