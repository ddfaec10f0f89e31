import type { Context } from '@temporalio/activity'
import type { ActivityInterceptors } from '@temporalio/worker'
import { phaseOfActivity } from '#domain/report-status.ts'
import { observePhase } from '#services/monitoring/report-metrics.ts'

/** How long each attempt of a report's phase took, and how it ended. */
export function measurePhases({ info, cancellationSignal }: Context): ActivityInterceptors {
  const phase = phaseOfActivity[info.activityType]
  if (phase === undefined) return {}
  return {
    inbound: {
      async execute(input, next) {
        const beganAt = performance.now()
        let result: Parameters<typeof observePhase>[1] = 'failed'
        try {
          const output: unknown = await next(input)
          result = 'ok'
          return output
        } catch (error) {
          // By a person, or by a worker that stops: another attempt repeats the work.
          if (cancellationSignal.aborted) result = 'cancelled'
          throw error
        } finally {
          observePhase(phase, result, (performance.now() - beganAt) / 1000)
        }
      },
    },
  }
}
