/** Applies one definition to its Schedule. Idempotent; one at a time per definition. */

import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  ScheduleNotFoundError,
  type ScheduleOptions,
} from '@temporalio/client'
import { scheduleIdFor } from '#contract/names.ts'
import type { PauseReason } from '#domain/pause-reason.ts'
import { Prisma, type ScheduledReport } from '#prisma/client/client.ts'
import {
  argumentsFor,
  pauseReasonOn,
  scheduleOptionsFor,
  versionOn,
  type DefinitionSchedule,
} from './schedule-options.ts'
import { databaseNow } from '../clock/clocks.ts'
import type { ServiceContext } from '../service-context.ts'

/** Maximum duration of one application, including the wait for another one of the same definition. */
const transactionTimeoutMs = 30_000
const engineDeadlineMs = 5_000

/**
 * Makes the Schedule what Postgres says. The engine's update carries no conflict token, so a lock on the
 * definition's row is what keeps two writers apart.
 */
export async function applySchedule(context: ServiceContext, scheduledReportId: string): Promise<void> {
  const { prisma, temporal } = context
  await prisma.$transaction(
    async (transaction) => {
      const definition = await lockDefinition(transaction, scheduledReportId)
      if (!definition) return removeSchedule(temporal, scheduledReportId)
      const now = await databaseNow(transaction)
      // Shorter than the transaction and its lock, so that no late write follows the next writer's.
      const applied = await temporal.withDeadline(Date.now() + engineDeadlineMs, () =>
        writeSchedule(context, definition, now),
      )
      await transaction.scheduledReport.update({
        where: { id: definition.id },
        data: {
          appliedEnabled: applied.enabled,
          appliedVersion: definition.version,
          appliedAt: now,
          // Applying must not change `updatedAt`.
          updatedAt: definition.updatedAt,
        },
      })
      // Adopts a pause from Temporal Web, unless a person edited the definition meanwhile.
      await transaction.scheduledReport.updateMany({
        where: { id: definition.id, version: definition.version, enabled: { not: applied.enabled } },
        data: {
          enabled: applied.enabled,
          pauseReason: applied.pauseReason ?? Prisma.DbNull,
          // A new version, so that a form opened before cannot undo the pause unnoticed.
          version: definition.version + 1,
          appliedVersion: definition.version + 1,
          // Nothing counts as due before now: the start of the pause is unknown.
          accountedUntil: await databaseNow(transaction),
          updatedAt: definition.updatedAt,
        },
      })
    },
    { timeout: transactionTimeoutMs, maxWait: transactionTimeoutMs },
  )
}

/** Deletes the Schedule if it exists; what it started goes on. */
export async function removeSchedule(temporal: Client, scheduledReportId: string): Promise<void> {
  try {
    await temporal.schedule.getHandle(scheduleIdFor(scheduledReportId)).delete()
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error
  }
}

interface Applied {
  enabled: boolean
  /** The reason of a pause adopted from Temporal Web. */
  pauseReason: PauseReason | null
}

async function writeSchedule(
  context: ServiceContext,
  definition: ScheduledReport,
  now: Date,
): Promise<Applied> {
  const { temporal } = context
  const options = scheduleOptionsFor(definition, now, context)
  const asDefined: Applied = { enabled: definition.enabled, pauseReason: null }
  if (!options) {
    await removeSchedule(temporal, definition.id)
    return asDefined
  }
  // Most Schedules exist: trying to create one first would take a quarter of an edit's time.
  const isKnown = definition.appliedVersion > 0
  if (!isKnown && (await createScheduleIfMissing(temporal, options))) return asDefined
  try {
    return await updated(temporal, definition, options, asDefined)
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error
    // Deleted in Temporal Web, or the engine was emptied.
    await temporal.schedule.create(options)
    return asDefined
  }
}

async function updated(
  temporal: Client,
  definition: ScheduledReport,
  options: DefinitionSchedule,
  asDefined: Applied,
): Promise<Applied> {
  let applied = asDefined
  await temporal.schedule.getHandle(options.scheduleId).update((present) => {
    applied = adoptedPause(definition, present) ?? asDefined
    if (applied.enabled === definition.enabled) return options
    return {
      ...options,
      // The one that adopting it gives the definition.
      action: { ...options.action, args: [argumentsFor(definition, definition.version + 1)] },
      state: { paused: !applied.enabled, note: present.state.note },
    }
  })
  return applied
}

/**
 * A pause (or its end) made in Temporal Web since the last application. Null when a person changed the same thing here
 * meanwhile: then the person's change counts. Null also on a Schedule of another version than the one applied last:
 * it was written by us, and the answer was lost, so that its pause may be our own and out of date.
 */
export function adoptedPause(definition: ScheduledReport, present: ScheduleDescription): Applied | null {
  const version = versionOn(present)
  // Without one it was written by an earlier release, which was told so: it counts as the one applied last.
  if (version !== null && version !== definition.appliedVersion) return null
  const changedThere = present.state.paused === definition.appliedEnabled
  const changedHere = definition.enabled !== definition.appliedEnabled
  if (definition.appliedVersion === 0 || !changedThere || changedHere) return null
  return {
    enabled: !present.state.paused,
    pauseReason: present.state.paused ? pauseReasonOn(present) : null,
  }
}

async function lockDefinition(
  transaction: Prisma.TransactionClient,
  id: string,
): Promise<ScheduledReport | null> {
  await transaction.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`schedule:${id}`}, 0))::text`
  return transaction.scheduledReport.findUnique({ where: { id } })
}

/** @returns false when the Schedule exists already; it stays unchanged. */
export async function createScheduleIfMissing(temporal: Client, options: ScheduleOptions): Promise<boolean> {
  try {
    await temporal.schedule.create(options)
    return true
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return false
    throw error
  }
}
