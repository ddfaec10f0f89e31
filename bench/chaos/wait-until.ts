/** The waits after the chaos. Each has a deadline, after which what is left is counted. */

import { setTimeout as delay } from 'node:timers/promises'
import type { Pool } from 'pg'
import type { ChaosWorld } from './chaos-world.ts'
import { readLeftovers, type Leftovers } from './read-rows.ts'

/** Retries, a greylisting or two, and a busy machine. */
const settleWithinMs = 10 * 60_000
/** Two sweeps, and a busy machine. */
const tidyWithinMs = 3 * 60_000
/** A notice's start-to-close, its back-off, and a busy machine. */
const notifyWithinMs = 7 * 60_000

/** Waits until nothing is queued or running any more, or the deadline has passed. */
export async function untilSettled(
  database: Pool,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + settleWithinMs
  let quiet = 0
  for (let look = 0; quiet < 3 && Date.now() < deadline; look++) {
    await delay(1_000, undefined, { signal })
    const { rows } = await database.query<{ open: number }>(
      `SELECT count(*)::int AS open FROM report WHERE status IN ('queued', 'running')`,
    )
    const open = rows[0]?.open ?? 0
    quiet = open === 0 ? quiet + 1 : 0
    if (look % 15 === 14) say(`${open} reports are still queued or running`)
  }
}

/** Waits until every notice is sent: one whose worker was killed is retried after some minutes. */
export async function untilNotified(
  database: Pool,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<number> {
  const deadline = Date.now() + notifyWithinMs
  for (let look = 0; ; look++) {
    const { rows } = await database.query<{ pending: number }>(
      `SELECT count(*)::int AS pending FROM notice WHERE status = 'pending'`,
    )
    const pending = rows[0]?.pending ?? 0
    if (pending === 0 || Date.now() > deadline) return pending
    if (look % 15 === 14) say(`${pending} notices are still to be sent`)
    await delay(1_000, undefined, { signal })
  }
}

/** Waits until the sweep has removed leftovers and workflows have ended, or the deadline has passed. */
export async function untilTidy(
  world: ChaosWorld,
  database: Pool,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Leftovers> {
  const deadline = Date.now() + tidyWithinMs
  for (let look = 0; ; look++) {
    const left = await readLeftovers(world.environment, database)
    const { staged, unfinishedUploads, openWorkflows } = left
    const count = staged.length + unfinishedUploads.length + openWorkflows.length
    if (count === 0 || Date.now() > deadline) return left
    if (look % 15 === 14) {
      say(
        `${staged.length} staged objects, ${unfinishedUploads.length} unfinished uploads, ${openWorkflows.length} open workflows`,
      )
    }
    await delay(1_000, undefined, { signal })
  }
}
