/** This machine's clock against the database's and the engine's: which of them is wrong. */

import type { Client } from '@temporalio/client'
import type { PrismaClient } from '#prisma/client/client.ts'
import { aheadOfDatabase, aheadOfEngine, toldAboveMs } from './clocks.ts'

/** Off by more than this, a process takes no work. */
export const stopsAboveMs = 60_000

export interface ClockComparison {
  /** By how much this machine's clock is off from both others; 0 when it agrees with one of them. */
  offMs: number
  /** Null when all agree. */
  differences: string | null
}

/** @param who whose clock this is, such as `this worker's clock`. */
export async function compareClocks(
  { prisma, temporal }: { prisma: PrismaClient; temporal: Client },
  who: string,
): Promise<ClockComparison> {
  const database = await aheadOfDatabase(prisma)
  // The engine is asked only when there is a doubt.
  if (Math.abs(database) <= toldAboveMs) return { offMs: 0, differences: null }
  const engine = await aheadOfEngine(temporal)
  const [fromDatabase, fromEngine] = [inSeconds(database), inSeconds(engine)]
  return {
    // Against both, since one of them may be the one that is wrong.
    offMs: database * engine > 0 ? Math.min(Math.abs(database), Math.abs(engine)) : 0,
    differences: `${who} is ${fromDatabase} the database's, and ${fromEngine} Temporal's`,
  }
}

function inSeconds(aheadMs: number): string {
  const seconds = (Math.abs(aheadMs) / 1000).toFixed(1)
  return aheadMs > 0 ? `${seconds} s ahead of` : `${seconds} s behind`
}
