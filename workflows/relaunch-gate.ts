import type { RelaunchRequest } from '#contract/report-messages.ts'

/**
 * Decides which relaunch signals count. A relaunch reacts to a failure that a person saw, so it counts only while the
 * gate is open: before the report is opened, and from the moment its result is about to be written. A signal that
 * arrives during an attempt is no "relaunch after failure" and is dropped.
 */
export class RelaunchGate {
  #open = true
  #asked: RelaunchRequest | null = null

  /** @returns whether the request counts. */
  offer(request: RelaunchRequest = {}): boolean {
    if (this.#open) this.#asked = request
    return this.#open
  }

  open(): void {
    this.#open = true
  }

  /** Begins a round, which answers all requests so far. */
  close(): void {
    this.#open = false
    this.#asked = null
  }

  /** The request that no round has answered yet. */
  get asked(): RelaunchRequest | null {
    return this.#asked
  }

  /** Whether a round after `round` was requested. */
  wantsAfter(round: number): boolean {
    return this.#asked !== null && (this.#asked.round === undefined || this.#asked.round > round)
  }
}
