/** Brings all Schedules and all definitions into agreement after any fault, and accounts for what was due. Idempotent. */

import { ScheduleNotFoundError, type ScheduleSummary } from '@temporalio/client'
import pLimit from 'p-limit'
import { scheduledReportIdFrom } from '#contract/names.ts'
import type { ScheduledReport } from '#prisma/client/client.ts'
import { accountForOccurrences, advance } from '../occurrences/account-for-occurrences.ts'
import { differsInFull, differsInSummary } from '../schedules/schedule-differs.ts'
import { pauseOwnerless, tellOwnerGone } from './ownerless-definitions.ts'
import { scheduleOptionsFor } from '../schedules/schedule-options.ts'
import type { ServiceContext } from '../service-context.ts'
import { applySchedule, removeSchedule } from '../schedules/apply-schedule.ts'
import { advanceNumberSequence } from '../reports/advance-number-sequence.ts'
import { isAnyDue } from '../definitions/stored-timing.ts'

export interface Reconciled {
  definitions: number
  /** Schedules that were missing or different. */
  applied: number
  /** Schedules whose definition is gone. */
  removed: number
  /** Occurrences found without a report, by what became of them. */
  started: number
  skipped: number
  /** Definitions that could not be looked after this time. */
  failed: number
}

interface ReconcileOptions {
  onProgress?: (done: number) => void
  /** Called for each definition that could not be looked after this time. */
  onFailed?: (scheduledReportId: string, error: unknown) => void
  now?: Date
}

/** Dated calendars reach years ahead; applying this often keeps them there. */
const renewAfterMs = 30 * 24 * 3_600_000
/** What was due more recently, the engine is still starting. */
const graceMs = 2 * 60_000
/** Noting that nothing was due is worth a write this often. */
const noteAfterMs = 2 * 3_600_000
const longestSpreadMs = 3_600_000
/** How often this runs: each run reads another page of Schedules in full, so that all are in the end. */
const periodMs = 5 * 60_000
const atOnce = 8
const pageSize = 500

/**
 * Creates Schedules that are missing, mends those that were edited, adopts pauses made in Temporal Web, deletes those
 * whose definition is gone, pauses those whose owner is; gives each occurrence without a report its row. One definition
 * that cannot be looked after does not keep the others waiting.
 */
export async function reconcileDefinitions(
  context: ServiceContext,
  { onProgress = () => {}, onFailed = () => {}, now = new Date() }: ReconcileOptions = {},
): Promise<Reconciled> {
  const { prisma, temporal } = context
  await advanceNumberSequence(context)
  const schedules = await readSchedules(context)
  const result: Reconciled = { definitions: 0, applied: 0, removed: 0, started: 0, skipped: 0, failed: 0 }
  const pages = Math.max(1, Math.ceil((await prisma.scheduledReport.count()) / pageSize))
  const pageReadInFull = Math.floor(now.getTime() / periodMs) % pages
  let after: string | undefined
  for (let index = 0; ; index++) {
    const page = await prisma.scheduledReport.findMany({
      ...(after === undefined ? {} : { cursor: { id: after }, skip: 1 }),
      orderBy: { id: 'asc' },
      take: pageSize,
    })
    // Accounted for first: what an edit in Temporal Web kept from running was due all the same.
    await accountForPage(page)
    await forEachAtOnce(page, async (definition) => {
      onProgress(result.definitions)
      await lookAfter(definition.id, async () => {
        if (!(await differs(definition, index === pageReadInFull))) return
        await applySchedule(context, definition.id)
        result.applied += 1
      })
    })
    for (const { id } of page) schedules.delete(id)
    result.definitions += page.length
    onProgress(result.definitions)
    after = page.at(-1)?.id
    if (page.length < pageSize) break
  }
  await forEachAtOnce([...schedules.keys()], async (id) => {
    await lookAfter(id, async () => {
      // Created after we read the definitions: not an orphan.
      if (await prisma.scheduledReport.findUnique({ where: { id }, select: { id: true } })) return
      await removeSchedule(temporal, id)
      result.removed += 1
    })
  })
  // After what was due before was accounted for.
  const { ids: ownerless } = await pauseOwnerless(prisma)
  await forEachAtOnce(ownerless, async (id) => {
    await lookAfter(id, async () => {
      await applySchedule(context, id)
      result.applied += 1
    })
  })
  await tellOwnerGone(context)
  return result

  /** One that cannot be looked after keeps no other waiting. */
  async function lookAfter(id: string, work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => {
      result.failed += 1
      onFailed(id, error)
    })
  }

  async function accountForPage(page: readonly ScheduledReport[]): Promise<void> {
    const quiet: ScheduledReport[] = []
    const until = new Date(now.getTime() - graceMs)
    await forEachAtOnce(page, async (definition) => {
      onProgress(result.definitions)
      await lookAfter(definition.id, async () => {
        // Paused by an operator: nothing was due since, and nobody knows since when.
        if (!definition.enabled || schedules.get(definition.id)?.state.paused) return
        const spreadMs = (definition.spreadMinutes ?? context.spreadMinutes) * 60_000
        const dueUntil = new Date(until.getTime() - spreadMs)
        if (!isAnyDue(definition, definition.accountedUntil, dueUntil)) {
          if (dueUntil.getTime() - definition.accountedUntil.getTime() > noteAfterMs) quiet.push(definition)
          return
        }
        const { started, skipped } = await accountForOccurrences(context, definition, dueUntil)
        result.started += started
        result.skipped += skipped
      })
    })
    if (quiet.length > 0) await advance(context, quiet, new Date(until.getTime() - longestSpreadMs))
  }

  async function differs(definition: ScheduledReport, inFull: boolean): Promise<boolean> {
    const wanted = scheduleOptionsFor(definition, now, context.spreadMinutes)
    const seen = schedules.get(definition.id)
    if (!wanted || !seen) return Boolean(wanted) !== Boolean(seen)
    const isRenewed =
      definition.appliedAt !== null && now.getTime() - definition.appliedAt.getTime() < renewAfterMs
    if (!isRenewed || definition.version !== definition.appliedVersion || differsInSummary(wanted, seen))
      return true
    if (!inFull) return false
    try {
      return differsInFull(wanted, await temporal.schedule.getHandle(wanted.scheduleId).describe())
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) return true
      throw error
    }
  }
}

/** Every Schedule of ours, by its definition's id. */
async function readSchedules({ temporal }: ServiceContext): Promise<Map<string, ScheduleSummary>> {
  const found = new Map<string, ScheduleSummary>()
  for await (const schedule of temporal.schedule.list({ pageSize: 1000 })) {
    const id = scheduledReportIdFrom(schedule.scheduleId)
    if (id !== null) found.set(id, schedule)
  }
  return found
}

async function forEachAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  await pLimit(atOnce).map(items, work)
}
