import { ActivityFailure, ApplicationFailure, patched, sleep } from '@temporalio/workflow'
import type { FailureCode } from '#domain/failures.ts'
import { partAwayIn, type OutagePatience } from './outage-patience.ts'

interface Interruption {
  /** The waits, in seconds, after each fault of this kind; the last one again and again up to `max`. */
  waitSeconds: readonly number[]
  max: number
  summary: string
}

/**
 * Faults that the report did not cause. All but the first are how runs of earlier versions go on: outage-patience.ts has
 * waited for these parts since.
 */
const interruptions: Readonly<Partial<Record<FailureCode, Interruption>>> = {
  // Another worker is running, or will be soon. A report may meet every worker of a fleet that is replaced one by one.
  worker_stopping: { waitSeconds: [0], max: 20, summary: 'The worker stops' },
  database_unavailable: { waitSeconds: [30], max: 20, summary: 'The database is away' },
  source_conflict: {
    waitSeconds: [30, 60, 120, 300, 600, 1_200, 1_800],
    max: 7,
    summary: 'The source is a standby that takes over changes',
  },
}

/**
 * Runs an activity again whose last attempt was ended by the product itself, or by what surrounds it: its worker was
 * being stopped, or a part was away. Such an end says nothing about the report, and must not use up its three attempts.
 * @param patience waits for a part that is away; without it, the caller does.
 */
export async function retryInterrupted<T>(
  run: () => Promise<T>,
  patience: OutagePatience | null,
): Promise<T> {
  const counts = new Map<FailureCode, number>()
  for (;;) {
    try {
      const result = await run()
      patience?.answered()
      return result
    } catch (error) {
      const part = partAwayIn(error)
      if (part) {
        if (await patience?.wait(part)) continue
        throw error
      }
      const code = interruptionIn(error)
      const interruption = code && interruptions[code]
      if (!interruption) throw error
      const count = (counts.get(code) ?? 0) + 1
      counts.set(code, count)
      if (count > interruption.max) throw error
      // A run that an earlier version ended as failed must replay so.
      if (code === 'source_conflict' && !patched('wait-for-standby')) throw error
      const seconds = interruption.waitSeconds[count - 1] ?? interruption.waitSeconds.at(-1) ?? 0
      if (seconds > 0) await sleep(seconds * 1000, { summary: interruption.summary })
    }
  }
}

function interruptionIn(error: unknown): FailureCode | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : undefined
  if (!(cause instanceof ApplicationFailure) || !cause.type) return undefined
  return cause.type as FailureCode
}
