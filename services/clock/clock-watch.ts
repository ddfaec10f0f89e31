/** Watches this machine's clock: one that is off is told of, and with one that is far off no work is taken. */

import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import type { Logger } from '#config/logger.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { clearFault, noteFault } from '../maintenance/installation-faults.ts'
import { compareEveryMs } from './clocks.ts'
import { compareClocks, stopsAboveMs } from './compare-clocks.ts'

const longestFirstLookMs = 3_000

export interface WatchedParts {
  prisma: PrismaClient
  temporal: Client
  logger: Logger
}

export class ClockWatch {
  readonly #parts: WatchedParts
  readonly #stop: AbortSignal
  #isFarOff = false
  #told: string | null = null
  #change = Promise.withResolvers<void>()

  constructor(parts: WatchedParts, stop: AbortSignal) {
    this.#parts = parts
    this.#stop = stop
    stop.addEventListener('abort', () => this.#change.resolve(), { once: true })
  }

  /** Looks until the stop. Resolves after the first look; one that gets no answer leaves the last verdict. */
  async start(): Promise<void> {
    const first = this.#tryLook()
    void first.then(() => this.#goOn())
    // Where the database is away, the work waits for it, too.
    await Promise.race([first, delay(longestFirstLookMs, undefined, { ref: false })])
  }

  /** Whether this machine's clock is so far off that no work may be taken. */
  get isFarOff(): boolean {
    return this.#isFarOff
  }

  /** Resolves at a stop, too. */
  async becomes(what: 'right' | 'far off'): Promise<void> {
    while (this.#isFarOff !== (what === 'far off') && !this.#stop.aborted) await this.#change.promise
  }

  async #goOn(): Promise<void> {
    for (;;) {
      await delay(compareEveryMs, undefined, { signal: this.#stop }).catch(() => undefined)
      if (this.#stop.aborted) return
      await this.#tryLook()
    }
  }

  async #tryLook(): Promise<void> {
    await this.#look().catch((error: unknown) =>
      this.#parts.logger.debug({ err: error }, 'no clock to compare with'),
    )
  }

  async #look(): Promise<void> {
    const { offMs, differences } = await compareClocks(this.#parts, "this worker's clock")
    await this.#conclude(offMs, differences)
  }

  async #conclude(offMs: number, differences: string | null): Promise<void> {
    const { prisma, logger } = this.#parts
    const isFarOff = offMs > stopsAboveMs
    if (differences !== null && (this.#told === null || isFarOff !== this.#isFarOff))
      logger[isFarOff ? 'error' : 'warn'](isFarOff ? `${differences}: it takes no work` : differences)
    if (differences === null && this.#told !== null) logger.info('the clocks agree again')
    if (isFarOff !== this.#isFarOff) {
      this.#isFarOff = isFarOff
      this.#change.resolve()
      this.#change = Promise.withResolvers()
    }
    const wasTold = this.#told
    this.#told = differences
    if (differences !== null) await noteFault(prisma, 'clock', { code: 'clock_off', detail: differences })
    else if (wasTold !== null) await clearFault(prisma, 'clock')
  }
}
