import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow'
import type { FailureCode } from '#domain/failures.ts'

const stopped: FailureCode = 'worker_stopping'
/** A fleet may be replaced worker by worker, and an unlucky report meet each; an endless round is no update. */
const mostStops = 20

/**
 * Runs an activity again whose last attempt ended because its worker was being stopped: that says nothing about the
 * report, and must not use up its three attempts.
 */
export async function despiteStops<T>(run: () => Promise<T>): Promise<T> {
  for (let stops = 1; ; stops++) {
    try {
      return await run()
    } catch (error) {
      if (stops > mostStops || !isStop(error)) throw error
    }
  }
}

function isStop(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : undefined
  return cause instanceof ApplicationFailure && cause.type === stopped
}
