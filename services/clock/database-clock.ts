/** The time as the database has it, for a process that asks often: what people see must not depend on which one answered. */

import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '#config/logger.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { aheadOfDatabase, compareEveryMs, toldAboveMs } from './clocks.ts'

export class DatabaseClock {
  /** The time at the origin of `performance`, which runs on when the machine's clock is set. */
  #originMs = performance.timeOrigin
  #isTold = false

  now = (): Date => new Date(this.#originMs + performance.now())

  /** Follows until the stop; while the database is away, it goes on as it was. */
  async follow(prisma: PrismaClient, logger: Logger, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const ahead = await aheadOfDatabase(prisma).catch(() => null)
      if (ahead !== null) {
        this.#originMs = Date.now() - ahead - performance.now()
        const isOff = Math.abs(ahead) > toldAboveMs
        if (isOff && !this.#isTold)
          logger.warn({ aheadMs: Math.round(ahead) }, "this machine's clock differs from the database's")
        this.#isTold = isOff
      }
      await delay(compareEveryMs, undefined, { signal: stop, ref: false }).catch(() => undefined)
    }
  }
}
