import { activityInfo, log } from '@temporalio/activity'
import { noteReconciled } from '#services/maintenance/late-sweep.ts'
import {
  reconcileDefinitions,
  type Reconciled,
  type ReconcileProgress,
} from '#services/maintenance/reconcile-definitions.ts'
import { countReconcilerChanges } from '#services/monitoring/report-metrics.ts'
import type { ActivityContext } from '../activity-context.ts'
import { pacedHeartbeat } from './paced-heartbeat.ts'

/** An attempt that follows one whose worker died, or that took too long, goes on where that one had come to. */
export function reconcileSchedules(context: ActivityContext) {
  return async (): Promise<Reconciled> => {
    const { definitions, ...changes } = await reconcileDefinitions(context, {
      from: activityInfo().heartbeatDetails as ReconcileProgress | undefined,
      onProgress: pacedHeartbeat(),
      onFailed: (scheduledReportId, error) =>
        log.warn('a scheduled report could not be looked after', { scheduledReportId, err: error }),
      onRemoved: (scheduledReportId) =>
        log.warn('deleted the Schedule of a scheduled report that is not in the database', {
          scheduledReportId,
        }),
    })
    countReconcilerChanges(changes)
    await noteReconciled(context.prisma)
    return { definitions, ...changes }
  }
}
