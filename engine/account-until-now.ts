import type { Client } from '@temporalio/client'
import pLimit from 'p-limit'
import { scheduleIdFor } from '#contract/names.ts'
import type { ScheduledReport } from '#prisma/client/client.ts'
import { accountForOccurrences } from './account-for-occurrences.ts'
import { knownToEngine } from './known-to-engine.ts'
import type { ScheduleParts } from './schedule-parts.ts'
import { adoptedPause } from './schedule-sync.ts'
import { isAnyDue } from './timing-of.ts'

/** A person waits: past this, the engine is asked nothing more. */
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
  const { temporal } = parts
  const now = new Date()
  // An engine that does not answer has not run what has no row; what is to run then waits in the queue.
  const ask = (workflowId: string) => knownToEngine(temporal, workflowId).catch(() => null)
  await pLimit(atOnce).map(definitions, (definition) =>
    temporal.withDeadline(now.getTime() + patienceMs, async () => {
      if (!isAnyDue(definition, definition.accountedUntil, now)) return
      if (!(await isPausedThere(temporal, definition)))
        await accountForOccurrences(parts, definition, now, ask)
    }),
  )
  return now
}

/** Paused in Temporal Web, and not adopted yet: nothing was due since, and nobody knows since when. */
async function isPausedThere(temporal: Client, definition: ScheduledReport): Promise<boolean> {
  if (!definition.enabled) return false
  const schedule = temporal.schedule.getHandle(scheduleIdFor(definition.id))
  const seen = await schedule.describe().catch(() => null)
  return seen !== null && adoptedPause(definition, seen)?.enabled === false
}

/** The same for all that somebody owns, before their account is closed. */
export async function accountForOwner(parts: ScheduleParts, ownerId: string): Promise<void> {
  const owned = await parts.prisma.scheduledReport.findMany({ where: { ownerId, enabled: true } })
  await accountUntilNow(parts, owned)
}
