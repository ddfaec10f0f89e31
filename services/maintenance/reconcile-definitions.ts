/** Reconciles all Schedules with all definitions after any fault, and accounts for what was due. Idempotent. */

import { ScheduleNotFoundError } from '@temporalio/client'
import pLimit from 'p-limit'
import { scheduledReportIdFrom } from '#contract/names.ts'
import type { ScheduledReport } from '#prisma/client/client.ts'
import { databaseNow } from '../clock/clocks.ts'
import { accountForOccurrences, advance } from '../occurrences/account-for-occurrences.ts'
import {
  differsInFull,
  differsInSummary,
  seenSchedule,
  type SeenSchedule,
} from '../schedules/schedule-differs.ts'
import { pauseOwnerless, tellOwnerGone } from './ownerless-definitions.ts'
import { scheduleOptionsFor } from '../schedules/schedule-options.ts'
import type { ServiceContext } from '../service-context.ts'
import { applySchedule, removeSchedule } from '../schedules/apply-schedule.ts'
import { sealingKeyOf } from '../temporal/data-converter.ts'
import { advanceNumberSequence } from '../reports/advance-number-sequence.ts'
import { isAnyDue, spreadMinutesOf, timingOf } from '../definitions/stored-timing.ts'

export interface Reconciled {
  definitions: number
  /** Schedules that were missing or different. */
  applied: number
  /** Schedules whose definition was deleted. */
  removed: number
  /** Occurrences found without a report, by what was done. */
  started: number
  skipped: number
  /** Definitions whose reconciliation failed this time. */
  failed: number
}

/** How far it has come, to go on from there. */
export interface ReconcileProgress {
  /** How many definitions. */
  done: number
  /** The last definition's id of those that need not be looked at again; null before. */
  after: string | null
}

interface ReconcileOptions {
  /** Where an attempt that was interrupted had come to. */
  from?: ReconcileProgress | undefined
  onProgress?: (progress: ReconcileProgress) => void
  /** Called for each definition whose reconciliation failed. */
  onFailed?: (scheduledReportId: string, error: unknown) => void
  /** Called for each Schedule that was deleted. */
  onRemoved?: (scheduledReportId: string) => void
}

/** Dated calendars reach years ahead; applying them this often keeps it so. */
const renewAfterMs = 30 * 24 * 3_600_000
/** The engine may still be starting what was due more recently. */
const graceMs = 2 * 60_000
/** How often it is recorded that nothing was due: each record is a write. */
const noteAfterMs = 2 * 3_600_000
const maxSpreadMs = 3_600_000
/** How often this runs. Each run compares another page of Schedules in full, so that all are compared in time. */
const periodMs = 5 * 60_000
const concurrency = 8
const pageSize = 500

/**
 * Creates missing Schedules, repairs edited ones, adopts pauses made in Temporal Web, deletes those whose definition
 * was deleted, pauses those whose owner was deactivated, and gives each occurrence without a report its row. A
 * definition that fails does not delay the others.
 */
export async function reconcileDefinitions(
  context: ServiceContext,
  { from, onProgress = () => {}, onFailed = () => {}, onRemoved = () => {} }: ReconcileOptions = {},
): Promise<Reconciled> {
  const { prisma, temporal } = context
  const sealingKey = sealingKeyOf(temporal)
  const now = await databaseNow(prisma)
  await advanceNumberSequence(context)
  const schedules = await readSchedules(context)
  const result: Reconciled = { definitions: 0, applied: 0, removed: 0, started: 0, skipped: 0, failed: 0 }
  const pages = Math.max(1, Math.ceil((await prisma.scheduledReport.count()) / pageSize))
  const pageReadInFull = Math.floor(now.getTime() / periodMs) % pages
  const progress: ReconcileProgress = { done: 0, after: null, ...from }
  for (;;) {
    const page = await prisma.scheduledReport.findMany({
      ...(progress.after === null ? {} : { where: { id: { gt: progress.after } } }),
      orderBy: { id: 'asc' },
      take: pageSize,
    })
    const inFull = Math.floor(progress.done / pageSize) % pages === pageReadInFull
    // Accounted for first: what an edit in Temporal Web prevented from running was due all the same.
    await accountForPage(page)
    await forEachConcurrently(page, async (definition) => {
      onProgress({ ...progress })
      await isolateFailure(definition.id, async () => {
        if (!(await differs(definition, inFull))) return
        await applySchedule(context, definition.id)
        result.applied += 1
      })
    })
    for (const { id } of page) schedules.delete(id)
    result.definitions += page.length
    progress.done += page.length
    progress.after = page.at(-1)?.id ?? progress.after
    onProgress({ ...progress })
    if (page.length < pageSize) break
  }
  const notSeen = [...schedules.keys()]
  for (let first = 0; first < notSeen.length; first += pageSize)
    await removeOrphans(notSeen.slice(first, first + pageSize))
  // Only after accounting for what was due before.
  const { ids: ownerless } = await pauseOwnerless(prisma)
  await forEachConcurrently(ownerless, async (id) => {
    await isolateFailure(id, async () => {
      await applySchedule(context, id)
      result.applied += 1
    })
  })
  await tellOwnerGone(context)
  return result

  /** Records the failure of one definition, so that it does not stop the others. */
  async function isolateFailure(id: string, work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => {
      result.failed += 1
      onFailed(id, error)
    })
  }

  async function removeOrphans(ids: readonly string[]): Promise<void> {
    // Created since the definitions were read, or seen by an attempt before this one: not an orphan.
    const kept = await prisma.scheduledReport.findMany({
      where: { id: { in: [...ids] } },
      select: { id: true },
    })
    const keptIds = new Set(kept.map(({ id }) => id))
    const orphans = ids.filter((id) => !keptIds.has(id))
    await forEachConcurrently(orphans, async (id) => {
      onProgress({ ...progress })
      await isolateFailure(id, async () => {
        await removeSchedule(temporal, id)
        result.removed += 1
        onRemoved(id)
      })
    })
  }

  async function accountForPage(page: readonly ScheduledReport[]): Promise<void> {
    const idle: ScheduledReport[] = []
    const until = new Date(now.getTime() - graceMs)
    await forEachConcurrently(page, async (definition) => {
      onProgress({ ...progress })
      await isolateFailure(definition.id, async () => {
        // Paused by an operator at an unknown time: nothing counts as due.
        if (!definition.enabled || schedules.get(definition.id)?.paused) return
        const spreadMs = spreadMinutesOf(definition, context) * 60_000
        const dueUntil = new Date(until.getTime() - spreadMs)
        if (!isAnyDue(definition, definition.accountedUntil, dueUntil)) {
          if (dueUntil.getTime() - definition.accountedUntil.getTime() > noteAfterMs) idle.push(definition)
          return
        }
        const { started, skipped } = await accountForOccurrences(context, definition, dueUntil)
        result.started += started
        result.skipped += skipped
      })
    })
    if (idle.length > 0) await advance(context, idle, new Date(until.getTime() - maxSpreadMs))
  }

  async function differs(definition: ScheduledReport, inFull: boolean): Promise<boolean> {
    const timing = timingOf(definition)
    const seen = schedules.get(definition.id)
    if (!timing || !seen) return Boolean(timing) !== Boolean(seen)
    const isRenewed =
      definition.appliedAt !== null && now.getTime() - definition.appliedAt.getTime() < renewAfterMs
    if (
      !isRenewed ||
      definition.version !== definition.appliedVersion ||
      differsInSummary(definition, timing, now, seen, context)
    )
      return true
    const wanted = inFull ? scheduleOptionsFor(definition, now, context) : null
    if (!wanted) return false
    try {
      const description = await temporal.schedule.getHandle(wanted.scheduleId).describe()
      return differsInFull(wanted, description, sealingKey)
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) return true
      throw error
    }
  }
}

/** Every Schedule of a definition, by the definition's id. */
async function readSchedules({ temporal }: ServiceContext): Promise<Map<string, SeenSchedule>> {
  const sealingKey = sealingKeyOf(temporal)
  const found = new Map<string, SeenSchedule>()
  for await (const schedule of temporal.schedule.list({ pageSize })) {
    const id = scheduledReportIdFrom(schedule.scheduleId)
    if (id !== null) found.set(id, seenSchedule(schedule, sealingKey))
  }
  return found
}

async function forEachConcurrently<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  await pLimit(concurrency).map(items, work)
}
