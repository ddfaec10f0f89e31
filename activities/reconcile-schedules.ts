import { heartbeat, log } from '@temporalio/activity'
import { reconcileSchedules as reconcile, type Reconciled } from '#engine/reconcile-schedules.ts'
import type { ActivityContext } from './activity-context.ts'

export function reconcileSchedules(context: ActivityContext) {
  return (): Promise<Reconciled> =>
    reconcile(context, {
      onProgress: (done) => heartbeat({ done }),
      onFailed: (scheduledReportId, error) =>
        log.warn('a scheduled report could not be looked after', { scheduledReportId, err: error }),
    })
}
