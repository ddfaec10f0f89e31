import { ActivityFailure, ApplicationFailure, sleep } from '@temporalio/workflow'
import type { FailureCode } from '#domain/failures.ts'

/** How long to wait, in seconds, after each fault that is not the report's. */
const waits: Readonly<Partial<Record<FailureCode, number>>> = {
  // Another worker is there, or soon will be.
  worker_stopping: 0,
  // Nothing could be done or written down meanwhile, not even that the report has failed.
  database_unavailable: 30,
}

/** A fleet may be replaced worker by worker, and an unlucky report meet each; a database is away for minutes. */
const mostInterruptions = 20

/**
 * Runs an activity again whose last attempt was ended by the product's own doing: its worker was being stopped, or
 * its database was away. That says nothing about the report, and must not use up its three attempts.
 */
export async function retryInterrupted<T>(run: () => Promise<T>): Promise<T> {
  for (let interruptions = 1; ; interruptions++) {
    try {
      return await run()
    } catch (error) {
      const seconds = waitAfter(error)
      if (seconds === undefined || interruptions > mostInterruptions) throw error
      if (seconds > 0) await sleep(seconds * 1000, { summary: 'The database is away' })
    }
  }
}

function waitAfter(error: unknown): number | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : undefined
  if (!(cause instanceof ApplicationFailure) || !cause.type) return undefined
  return waits[cause.type as FailureCode]
}
