/**
 * What the clocks of the database and of the engine say. Whether an occurrence is due is a matter between these two; the
 * clock of the machine a process runs on may be wrong, and decides nothing that another process sees.
 */

import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import { tsToMs } from '@temporalio/common/lib/time.js'
import proto from '@temporalio/proto'
import type { Prisma } from '#prisma/client/client.ts'

/** How often a process compares its clock. */
export const compareEveryMs = 10_000
/** More than networks and slow answers explain. */
export const toldAboveMs = 5_000
/** An answer that took longer says too little of the moment it was given at. */
const longestAnswerMs = 2_000
const { TaskQueueKind, TaskQueueType } = proto.temporal.api.enums.v1
/** A queue without tasks, on which only this is asked. */
const taskQueue = { name: 'clock', kind: TaskQueueKind.TASK_QUEUE_KIND_NORMAL }
const taskQueueType = TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY
/** The engine warns of polls with a shorter deadline. */
const pollDeadlineMs = 20_000
/** With several partitions, some polls reach one that is not described. */
const pollAttempts = 5

export async function databaseNow(prisma: Pick<Prisma.TransactionClient, '$queryRaw'>): Promise<Date> {
  const [row] = await prisma.$queryRaw<{ at: Date }[]>`SELECT clock_timestamp() AS at`
  if (!row) throw new Error('The database does not say what time it is')
  return row.at
}

/** Milliseconds by which this process's clock is ahead of the database's; negative when it is behind. */
export async function aheadOfDatabase(prisma: Pick<Prisma.TransactionClient, '$queryRaw'>): Promise<number> {
  return await aheadOf(() => databaseNow(prisma))
}

/**
 * Milliseconds by which this process's clock is ahead of the engine's. No call of the engine answers its time, but it
 * says when a poller was there last: so this polls a queue without tasks.
 */
export async function aheadOfEngine(temporal: Client): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await aheadOf(() => engineNow(temporal))
    } catch (error) {
      if (attempt === pollAttempts) throw error
    }
  }
}

/** @param ask answers what another clock says between the question and the answer. */
async function aheadOf(ask: () => Promise<Date>): Promise<number> {
  // Not by the clock in question, which may be set meanwhile.
  const askedAt = performance.now()
  const theirs = await ask()
  const tookMs = performance.now() - askedAt
  if (tookMs > longestAnswerMs) throw new Error(`The answer took ${Math.round(tookMs)} ms`)
  return Date.now() - tookMs / 2 - theirs.getTime()
}

async function engineNow(temporal: Client): Promise<Date> {
  const { namespace } = temporal.options
  const identity = `clock:${randomUUID()}`
  const seen = new AbortController()
  const poll = temporal
    .withAbortSignal(seen.signal, () =>
      temporal.withDeadline(Date.now() + pollDeadlineMs, () =>
        temporal.workflowService.pollActivityTaskQueue({ namespace, taskQueue, identity }),
      ),
    )
    .catch(() => undefined)
  try {
    for (let waitMs = 5; waitMs < 500; waitMs *= 2) {
      await delay(waitMs)
      const { pollers } = await temporal.workflowService.describeTaskQueue({
        namespace,
        taskQueue,
        taskQueueType,
      })
      const own = pollers?.find((poller) => poller.identity === identity)
      if (own?.lastAccessTime) return new Date(tsToMs(own.lastAccessTime))
    }
    throw new Error('Temporal does not say what time it is')
  } finally {
    seen.abort()
    await poll
  }
}
