import pLimit from 'p-limit'
import type { ScheduledReport } from '#prisma/client/client.ts'
import { accountForOccurrences } from './account-for-occurrences.ts'
import type { ScheduleParts } from './schedule-parts.ts'

/** A person waits. */
const patienceMs = 3_000
const atOnce = 8

/**
 * What was due under these definitions until this moment gets its reports, as the definitions are, before they change:
 * a change in the middle of an outage loses no occurrence.
 * @returns this moment.
 */
export async function accountUntilNow(
  parts: ScheduleParts,
  definitions: readonly ScheduledReport[],
): Promise<Date> {
  const now = new Date()
  await pLimit(atOnce).map(definitions, (definition) =>
    accountForOccurrences(parts, definition, now, now.getTime() + patienceMs),
  )
  return now
}

/** The same for all that somebody owns, before their account is closed. */
export async function accountForOwner(parts: ScheduleParts, ownerId: string): Promise<void> {
  const owned = await parts.prisma.scheduledReport.findMany({ where: { ownerId, enabled: true } })
  await accountUntilNow(parts, owned)
}
