/** Brings all Schedules and all definitions into agreement after any fault. Idempotent. */

import type { Client } from '@temporalio/client'
import { scheduledReportIdFrom } from '#domain/names.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { applySchedule, removeSchedule } from './schedule-sync.ts'

export interface Reconciled {
  definitions: number
  applied: number
  removed: number
  failed: number
}

/** Dated calendars reach two years ahead; applying this often keeps them there. */
const renewAfterMs = 30 * 24 * 3_600_000
const atOnce = 8
const pageSize = 500

/**
 * Creates Schedules that are missing, updates those that differ, adopts pauses made in Temporal Web, deletes
 * those whose definition is gone. One definition that cannot be applied does not keep the others waiting.
 */
export async function reconcileSchedules(
  prisma: PrismaClient,
  temporal: Client,
  onProgress: (done: number) => void = () => {},
): Promise<Reconciled> {
  const pausedById = await readSchedules(temporal)
  const result: Reconciled = { definitions: 0, applied: 0, removed: 0, failed: 0 }
  let after: string | undefined
  for (;;) {
    const page = await prisma.scheduledReport.findMany({
      ...(after === undefined ? {} : { cursor: { id: after }, skip: 1 }),
      orderBy: { id: 'asc' },
      take: pageSize,
      select: { id: true, version: true, appliedVersion: true, enabled: true, appliedAt: true },
    })
    const stale: string[] = []
    for (const definition of page) {
      const paused = pausedById.get(definition.id)
      const renewed =
        definition.appliedAt !== null && Date.now() - definition.appliedAt.getTime() < renewAfterMs
      const agrees =
        paused === !definition.enabled && definition.version === definition.appliedVersion && renewed
      if (!agrees) stale.push(definition.id)
      pausedById.delete(definition.id)
    }
    result.definitions += page.length
    await forEachAtOnce(stale, async (id) => {
      const ok = await succeeds(() => applySchedule(prisma, temporal, id))
      result[ok ? 'applied' : 'failed'] += 1
    })
    onProgress(result.definitions)
    after = page.at(-1)?.id
    if (page.length < pageSize) break
  }
  await forEachAtOnce([...pausedById.keys()], async (id) => {
    // Created after we read the definitions: not an orphan.
    if (await prisma.scheduledReport.findUnique({ where: { id }, select: { id: true } })) return
    const ok = await succeeds(() => removeSchedule(temporal, id))
    result[ok ? 'removed' : 'failed'] += 1
  })
  return result
}

/** Every Schedule of ours: definition's id → paused. */
async function readSchedules(temporal: Client): Promise<Map<string, boolean>> {
  const found = new Map<string, boolean>()
  for await (const schedule of temporal.schedule.list({ pageSize: 1000 })) {
    const id = scheduledReportIdFrom(schedule.scheduleId)
    if (id !== null) found.set(id, schedule.state.paused)
  }
  return found
}

async function forEachAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: Math.min(atOnce, items.length) }, async () => {
      for (const item of queue) await work(item)
    }),
  )
}

async function succeeds(work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch {
    return false
  }
}
