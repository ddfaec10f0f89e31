import { ActivityFailure, ApplicationFailure, sleep } from '@temporalio/workflow'
import type { FailureCode } from '#domain/failures.ts'

/** The wait, in seconds, after each fault that the report did not cause. */
const waitSeconds: Readonly<Partial<Record<FailureCode, number>>> = {
  // Another worker is running, or will be soon.
  worker_stopping: 0,
  // Without the database nothing can be recorded, not even that the report failed.
  database_unavailable: 30,
}

/** A report may meet every worker of a fleet that is replaced one by one; a database may be away for minutes. */
const maxInterruptions = 20

/**
 * Runs an activity again whose last attempt was ended by the product itself: its worker was being stopped, or the
 * database was away. Such an end says nothing about the report, and must not use up its three attempts.
 */
export async function retryInterrupted<T>(run: () => Promise<T>): Promise<T> {
  for (let interruptions = 1; ; interruptions++) {
    try {
      return await run()
    } catch (error) {
      const seconds = waitAfter(error)
      if (seconds === undefined || interruptions > maxInterruptions) throw error
      if (seconds > 0) await sleep(seconds * 1000, { summary: 'The database is away' })
    }
  }
}

function waitAfter(error: unknown): number | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : undefined
  if (!(cause instanceof ApplicationFailure) || !cause.type) return undefined
  return waitSeconds[cause.type as FailureCode]
}
