import type { Client } from '@temporalio/client'
import pLimit from 'p-limit'
import { scheduleIdFor } from '#contract/names.ts'
import type { Prisma, ScheduledReport } from '#prisma/client/client.ts'
import { databaseNow } from '../clock/clocks.ts'
import { accountForOccurrences } from './account-for-occurrences.ts'
import { knownToEngine } from '../temporal/workflow-state.ts'
import type { Alongside } from '../engine.ts'
import type { ServiceContext } from '../service-context.ts'
import { adoptedPause } from '../schedules/apply-schedule.ts'
import { isAnyDue } from '../definitions/stored-timing.ts'

/** After this the engine is no longer asked, since a person waits. */
const engineTimeoutMs = 3_000
const concurrency = 8

/**
 * Creates the reports that were due under these definitions until now, before the definitions change, so that a change
 * during an outage loses no occurrence.
 * @returns the present time, by the database's clock.
 */
export async function accountUntilNow(
  context: ServiceContext,
  definitions: readonly ScheduledReport[],
): Promise<Date> {
  const { prisma, temporal } = context
  const now = await databaseNow(prisma)
  // When the engine does not answer, an occurrence without a row counts as not run, and is queued.
  const ask = (workflowId: string) => knownToEngine(temporal, workflowId).catch(() => null)
  await pLimit(concurrency).map(definitions, (definition) =>
    temporal.withDeadline(Date.now() + engineTimeoutMs, async () => {
      if (!isAnyDue(definition, definition.accountedUntil, now)) return
      if (!(await isPausedInTemporal(temporal, definition)))
        await accountForOccurrences(context, definition, now, ask)
    }),
  )
  return now
}

/** Whether it was paused in Temporal Web and the pause is not adopted yet: nothing counts as due then. */
async function isPausedInTemporal(temporal: Client, definition: ScheduledReport): Promise<boolean> {
  if (!definition.enabled) return false
  const schedule = temporal.schedule.getHandle(scheduleIdFor(definition.id))
  const seen = await schedule.describe().catch(() => null)
  return seen !== null && adoptedPause(definition, seen)?.enabled === false
}

/** The same for all definitions of a person, before their account is closed. */
export async function accountForOwner(context: ServiceContext, ownerId: string): Promise<void> {
  const owned = await context.prisma.scheduledReport.findMany({ where: { ownerId, enabled: true } })
  await accountUntilNow(context, owned)
}

/**
 * Changes a definition, after accounting for what was due under it until now. A single UPDATE decides between two
 * writers.
 * @param onlyVersion writes only if the definition is still at this version.
 * @param alongside what is written in the same transaction.
 * @returns false when it is not, or is gone.
 */
export async function changeDefinition(
  context: ServiceContext,
  definition: ScheduledReport,
  data: Prisma.ScheduledReportUncheckedUpdateManyInput,
  onlyVersion?: number,
  alongside?: Alongside,
): Promise<boolean> {
  const now = await accountUntilNow(context, [definition])
  return await context.prisma.$transaction(async (transaction) => {
    const { count } = await transaction.scheduledReport.updateMany({
      where: { id: definition.id, version: onlyVersion },
      data: { ...data, accountedUntil: now, version: { increment: 1 } },
    })
    if (count === 1) await alongside?.(transaction)
    return count === 1
  })
}
