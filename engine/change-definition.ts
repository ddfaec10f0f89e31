import type { Prisma, ScheduledReport } from '#prisma/client/client.ts'
import { accountForOccurrences } from './account-for-occurrences.ts'
import { knownToEngine } from './known-to-engine.ts'
import type { ScheduleParts } from './schedule-parts.ts'

/** A person waits: past this, the engine is not asked what it knows. */
const patienceMs = 3_000

/**
 * Changes a definition. What was due under it until this moment is accounted for first, as it was then: an edit in
 * the middle of an outage loses no occurrence. One statement decides between two writers.
 * @param onlyVersion writes only if the definition is still at this version.
 * @returns false when it is not, or is gone.
 */
export async function changeDefinition(
  parts: ScheduleParts,
  definition: ScheduledReport,
  data: Prisma.ScheduledReportUncheckedUpdateManyInput,
  onlyVersion?: number,
): Promise<boolean> {
  const now = new Date()
  const patience = Date.now() + patienceMs
  await accountForOccurrences(parts, definition, now, (workflowId) =>
    // An engine that does not answer has not run what has no row.
    parts.temporal.withDeadline(patience, () => knownToEngine(parts.temporal, workflowId)).catch(() => null),
  )
  const { count } = await parts.prisma.scheduledReport.updateMany({
    where: { id: definition.id, version: onlyVersion },
    data: { ...data, accountedUntil: now, version: { increment: 1 } },
  })
  return count === 1
}
