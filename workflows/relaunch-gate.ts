import type { RelaunchRequest } from '#contract/report-messages.ts'

/**
 * Decides which relaunch signals count. A relaunch answers a failure that somebody saw, so it counts only while
 * the gate is open: before the report was opened, and from the moment its result is about to be written.
 * A signal that arrives in the middle of an attempt is not "relaunch after failure" and is dropped.
 */
export class RelaunchGate {
  #open = true
  #asked: RelaunchRequest | null = null

  /** @returns whether it counts. */
  offer(request: RelaunchRequest = {}): boolean {
    if (this.#open) this.#asked = request
    return this.#open
  }

  open(): void {
    this.#open = true
  }

  /** Begins a round: what was asked until now is answered by it. */
  close(): void {
    this.#open = false
    this.#asked = null
  }

  /** Whether a round after `round` was asked for. */
  wantsAfter(round: number): boolean {
    return this.#asked !== null && (this.#asked.round === undefined || this.#asked.round > round)
  }
}
