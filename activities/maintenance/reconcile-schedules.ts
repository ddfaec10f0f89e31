import { heartbeat, log } from '@temporalio/activity'
import { reconcileDefinitions, type Reconciled } from '#services/maintenance/reconcile-definitions.ts'
import type { ActivityContext } from '../activity-context.ts'

export function reconcileSchedules(context: ActivityContext) {
  return (): Promise<Reconciled> =>
    reconcileDefinitions(context, {
      onProgress: (done) => heartbeat({ done }),
      onFailed: (scheduledReportId, error) =>
        log.warn('a scheduled report could not be looked after', { scheduledReportId, err: error }),
      onRemoved: (scheduledReportId) =>
        log.warn('deleted the Schedule of a scheduled report that is not in the database', {
          scheduledReportId,
        }),
    })
}
