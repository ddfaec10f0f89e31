import { log } from '@temporalio/activity'
import { announceOutcome as announce } from '#engine/announce-outcome.ts'
import type { ActivityContext } from './activity-context.ts'

/** What follows from a report's result, for its Schedule and for people. */
export function announceOutcome(context: ActivityContext) {
  return ({ number }: { number: number }): Promise<void> =>
    announce(context, number, (error) => {
      log.warn('the Schedule could not be paused now: the reconciler will', { number, err: error })
    })
}
