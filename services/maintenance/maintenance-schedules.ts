import { ScheduleOverlapPolicy, type Client, type ScheduleOptions } from '@temporalio/client'
import { maintenanceSchedules, taskQueues, workflowTypes } from '#contract/names.ts'
import { createScheduleIfMissing } from '../schedules/apply-schedule.ts'

/**
 * Creates or updates the Schedules of the sweep and the reconciler. As Schedules, each runs once in the fleet, however
 * many workers there are. Both also run at once, so that a starting worker repairs what is out of date.
 */
export async function ensureMaintenanceSchedules(temporal: Client): Promise<void> {
  for (const options of maintenance) {
    if (!(await createScheduleIfMissing(temporal, options))) {
      await temporal.schedule
        .getHandle(options.scheduleId)
        .update((present) => ({ ...options, state: present.state }))
    }
    await triggerBuffered(temporal, options.scheduleId)
  }
}

/**
 * Creates missing maintenance Schedules again and runs them: an engine that was emptied while the workers continued
 * has lost all Schedules.
 * @returns whether one was missing.
 */
export async function restoreMaintenanceSchedules(temporal: Client): Promise<boolean> {
  let isAnyGone = false
  for (const options of maintenance) {
    if (!(await createScheduleIfMissing(temporal, options))) continue
    isAnyGone = true
    await triggerBuffered(temporal, options.scheduleId)
  }
  return isAnyGone
}

/** Runs at once, or when the present run has ended: otherwise each starting worker would add a parallel run. */
function triggerBuffered(temporal: Client, scheduleId: string): Promise<void> {
  return temporal.schedule.getHandle(scheduleId).trigger(ScheduleOverlapPolicy.BUFFER_ONE)
}

const maintenance = [
  maintenanceOptions(maintenanceSchedules.sweep, workflowTypes.sweep, '1 minute'),
  maintenanceOptions(maintenanceSchedules.reconcile, workflowTypes.reconcile, '5 minutes'),
]

function maintenanceOptions(
  scheduleId: string,
  workflowType: string,
  every: '1 minute' | '5 minutes',
): ScheduleOptions {
  return {
    scheduleId,
    // An interval: the time of day does not matter.
    spec: { intervals: [{ every }] },
    action: {
      type: 'startWorkflow',
      workflowType,
      workflowId: scheduleId,
      taskQueue: taskQueues.reports,
      args: [],
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
  }
}
