/**
 * A part of the installation that is away (source, storage, the product's own database, mail server) is waited for: by
 * the workflow, so that a report that waits holds no place of a queue, a worker or the recipients written to at a time.
 * The activity that meets it ends at once; what answers, and fails, has the engine's three attempts.
 */

import { ActivityFailure, ApplicationFailure, patched, sleep } from '@temporalio/workflow'
import { awayPartOf, waitedSentence, type AwayPart } from '#domain/failures.ts'
import type { Locale } from '#domain/locale.ts'
import type { Waiting } from '#contract/report-run.ts'

/** The last one again and again. A part that is back is found so within two and a half minutes. */
const waitsSeconds = [5, 15, 30, 60, 120] as const
/** Three attempts are made whatever the patience, as they are of what is wrong. */
const minWaits = 2

interface Outage {
  sinceMs: number
  waits: number
}

export interface OutagePatienceOptions {
  minutes: number
  /** Called before each wait, and with null once there is nothing to wait for any more. */
  onChange: (waiting: Waiting | null) => void
  /** Of the workflow, unless a test has its own. */
  clock?: Clock
}

interface Clock {
  now: () => number
  sleep: (ms: number, options: { summary: string }) => Promise<void>
  random: () => number
}

const workflowClock: Clock = { now: () => Date.now(), sleep, random: () => Math.random() }

/** Of one round of a report: a relaunch waits anew. */
export class OutagePatience {
  readonly #minutes: number
  readonly #onChange: OutagePatienceOptions['onChange']
  readonly #clock: Clock
  readonly #outages = new Map<AwayPart, Outage>()
  #isShown = false

  constructor({ minutes, onChange, clock = workflowClock }: OutagePatienceOptions) {
    this.#minutes = minutes
    this.#onChange = onChange
    this.#clock = clock
  }

  /** Waits before the next attempt. @returns false when the part has been away for too long. */
  async wait(part: AwayPart): Promise<boolean> {
    const outage = this.#outages.get(part) ?? { sinceMs: this.#clock.now(), waits: 0 }
    this.#outages.set(part, outage)
    if (this.isOver(part)) return false
    const leftMs = outage.sinceMs + this.#minutes * 60_000 - this.#clock.now()
    const seconds = waitsSeconds[outage.waits] ?? waitsSeconds[waitsSeconds.length - 1] ?? 0
    // Up to a fifth longer: those who met the outage in the same second must not come back in one.
    const waitMs = seconds * 1000 * (1 + this.#clock.random() / 5)
    outage.waits += 1
    this.#isShown = true
    this.#onChange({ part, since: new Date(outage.sinceMs).toISOString(), attempt: outage.waits + 1 })
    const summary = `${part} is away`
    await this.#clock.sleep(Math.round(leftMs > 0 ? Math.min(waitMs, leftMs) : waitMs), { summary })
    return true
  }

  isOver(part: AwayPart): boolean {
    const outage = this.#outages.get(part)
    if (!outage || outage.waits < minWaits) return false
    return this.#clock.now() >= outage.sinceMs + this.#minutes * 60_000
  }

  /** The last attempt met no part that is away: the next outage is another one. */
  answered(): void {
    this.#outages.clear()
    this.hide()
  }

  /** Nothing waits any more, whatever the outcome. */
  hide(): void {
    if (this.#isShown) this.#onChange(null)
    this.#isShown = false
  }

  /** A sentence for people, empty when there was no patience. */
  waited(part: AwayPart | null, locale: Locale): string {
    const outage = part && this.#outages.get(part)
    if (!outage || this.#minutes === 0) return ''
    return waitedSentence(this.#clock.now() - outage.sinceMs, locale)
  }
}

/**
 * The part whose absence ended an activity before its three attempts; null for every other failure, and in a run that an
 * earlier version continued otherwise at this place.
 */
export function partAwayIn(error: unknown): AwayPart | null {
  const cause = error instanceof ActivityFailure ? error.cause : undefined
  // After three attempts the same code means a part that answers and fails.
  if (!(cause instanceof ApplicationFailure) || !cause.type || !cause.nonRetryable) return null
  const part = awayPartOf(cause.type)
  return part && patched('outage-patience') ? part : null
}
