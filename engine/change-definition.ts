import type { Prisma, ScheduledReport } from '#prisma/client/client.ts'
import { accountUntilNow } from './account-until-now.ts'
import type { ScheduleParts } from './schedule-parts.ts'

/**
 * Changes a definition. What was due under it until this moment is accounted for first. One statement decides between
 * two writers.
 * @param onlyVersion writes only if the definition is still at this version.
 * @returns false when it is not, or is gone.
 */
export async function changeDefinition(
  parts: ScheduleParts,
  definition: ScheduledReport,
  data: Prisma.ScheduledReportUncheckedUpdateManyInput,
  onlyVersion?: number,
): Promise<boolean> {
  const now = await accountUntilNow(parts, [definition])
  const { count } = await parts.prisma.scheduledReport.updateMany({
    where: { id: definition.id, version: onlyVersion },
    data: { ...data, accountedUntil: now, version: { increment: 1 } },
  })
  return count === 1
}
