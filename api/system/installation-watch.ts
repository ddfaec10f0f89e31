/**
 * The API's own eyes on the installation, since workers that are dead tell nothing: it looks every fifteen seconds, notes
 * what is wrong for dashboard and /readyz, and has the administrators told when sweeps stop.
 */

import { setTimeout as delay } from 'node:timers/promises'
import type { Mailer } from '#adapters/mail/mailer.ts'
import type { InstallationPart } from '#domain/installation-part.ts'
import { conditionChecks, type ConditionCheck } from '#services/maintenance/installation-checks.ts'
import { clearFault, noteFault } from '#services/maintenance/installation-faults.ts'
import type { ApiDeps } from '../deps.ts'
import { tellOfSweeps } from './watchdog.ts'

export type WatchParts = Pick<ApiDeps, 'environment' | 'prisma' | 'engine' | 'logger' | 'now'> & {
  mailer: Mailer
}

const lookEveryMs = 15_000
/** A restart of a part, or of its network, is no news. */
const looksInARow = 2

export class InstallationWatch {
  readonly #parts: WatchParts
  readonly #checks: ConditionCheck[]
  readonly #state = new Map<InstallationPart, { found: number; nextAt: number }>()
  readonly #beganAt: number

  /** @param beganAt by `performance.now()`: sweeps that stopped while nobody watched are not told of at once. */
  constructor(parts: WatchParts, beganAt = performance.now()) {
    this.#parts = parts
    this.#beganAt = beganAt
    const { prisma, engine, mailer, now, environment } = parts
    const lateAfterMinutes = environment.WATCHDOG_AFTER_MINUTES
    this.#checks = conditionChecks({ prisma, engine, mailer, now, lateAfterMinutes })
  }

  /** Looks until the stop. */
  async follow(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await this.look()
      await delay(lookEveryMs, undefined, { signal: stop, ref: false }).catch(() => undefined)
    }
  }

  /** Never rejects: what cannot be told now is looked at again. */
  async look(): Promise<void> {
    const { logger } = this.#parts
    const checks = this.#checks.filter(({ part }) => part !== 'sweep' || this.#judgesSweeps)
    await Promise.all(
      checks.map((check) =>
        this.#lookAt(check).catch((error: unknown) =>
          logger.debug({ err: error }, `${check.part}: not known`),
        ),
      ),
    )
    if (!this.#judgesSweeps) return
    await tellOfSweeps(this.#parts).catch((error: unknown) =>
      logger.warn({ err: error }, 'whether sweeps have stopped could not be asked or told'),
    )
  }

  /** An installation that was stopped as a whole has old sweeps when it starts. */
  get #judgesSweeps(): boolean {
    const afterMs = this.#parts.environment.WATCHDOG_AFTER_MINUTES * 60_000
    return afterMs > 0 && performance.now() - this.#beganAt >= afterMs
  }

  async #lookAt({ part, goodForMs = 0, find }: ConditionCheck): Promise<void> {
    const { prisma, logger } = this.#parts
    const { found, nextAt } = this.#state.get(part) ?? { found: 0, nextAt: 0 }
    if (performance.now() < nextAt) return
    const finding = await find()
    if (finding === null) {
      this.#state.set(part, { found: 0, nextAt: performance.now() + goodForMs })
      if (found < looksInARow) return
      await clearFault(prisma, part)
      logger.info({ part }, 'the installation: mended')
      return
    }
    this.#state.set(part, { found: found + 1, nextAt: 0 })
    if (found + 1 < looksInARow) return
    await noteFault(prisma, part, finding)
    if (found + 1 === looksInARow) logger.warn({ part, ...finding }, 'the installation: something is wrong')
  }
}
