import type { Client } from '@temporalio/client'
import pLimit from 'p-limit'
import { scheduleIdFor } from '#contract/names.ts'
import type { Prisma, ScheduledReport } from '#prisma/client/client.ts'
import { accountForOccurrences } from './account-for-occurrences.ts'
import { knownToEngine } from '../temporal/workflow-state.ts'
import type { ServiceContext } from '../service-context.ts'
import { adoptedPause } from '../schedules/apply-schedule.ts'
import { isAnyDue } from '../definitions/stored-timing.ts'

/** A person waits: past this, the engine is asked nothing more. */
const patienceMs = 3_000
const atOnce = 8

/**
 * What was due under these definitions until this moment gets its reports, as the definitions are, before they change:
 * a change in the middle of an outage loses no occurrence.
 * @returns this moment.
 */
export async function accountUntilNow(
  context: ServiceContext,
  definitions: readonly ScheduledReport[],
): Promise<Date> {
  const { temporal } = context
  const now = new Date()
  // An engine that does not answer has not run what has no row; what is to run then waits in the queue.
  const ask = (workflowId: string) => knownToEngine(temporal, workflowId).catch(() => null)
  await pLimit(atOnce).map(definitions, (definition) =>
    temporal.withDeadline(now.getTime() + patienceMs, async () => {
      if (!isAnyDue(definition, definition.accountedUntil, now)) return
      if (!(await isPausedThere(temporal, definition)))
        await accountForOccurrences(context, definition, now, ask)
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
export async function accountForOwner(context: ServiceContext, ownerId: string): Promise<void> {
  const owned = await context.prisma.scheduledReport.findMany({ where: { ownerId, enabled: true } })
  await accountUntilNow(context, owned)
}

/**
 * Changes a definition. What was due under it until this moment is accounted for first. One statement decides between
 * two writers.
 * @param onlyVersion writes only if the definition is still at this version.
 * @returns false when it is not, or is gone.
 */
export async function changeDefinition(
  context: ServiceContext,
  definition: ScheduledReport,
  data: Prisma.ScheduledReportUncheckedUpdateManyInput,
  onlyVersion?: number,
): Promise<boolean> {
  const now = await accountUntilNow(context, [definition])
  const { count } = await context.prisma.scheduledReport.updateMany({
    where: { id: definition.id, version: onlyVersion },
    data: { ...data, accountedUntil: now, version: { increment: 1 } },
  })
  return count === 1
}
