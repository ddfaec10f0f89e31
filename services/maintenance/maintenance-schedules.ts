import { ScheduleOverlapPolicy, type Client, type ScheduleOptions } from '@temporalio/client'
import { maintenanceSchedules, taskQueues, workflowTypes } from '#contract/names.ts'
import { createScheduleIfMissing } from '../schedules/apply-schedule.ts'

/**
 * The sweep and the reconciler, themselves Schedules, so that one of them runs in the fleet however many workers
 * there are. Both are also run at once, since whoever starts a worker wants the present set right now.
 */
export async function ensureMaintenanceSchedules(temporal: Client): Promise<void> {
  for (const options of maintenance) {
    if (!(await createScheduleIfMissing(temporal, options))) {
      await temporal.schedule
        .getHandle(options.scheduleId)
        .update((present) => ({ ...options, state: present.state }))
    }
    await runSoon(temporal, options.scheduleId)
  }
}

/**
 * Makes those anew that are gone, and runs them: an engine that was emptied while the workers went on has neither
 * these nor anybody's Schedules.
 * @returns whether any was gone.
 */
export async function restoreMaintenanceSchedules(temporal: Client): Promise<boolean> {
  let isAnyGone = false
  for (const options of maintenance) {
    if (!(await createScheduleIfMissing(temporal, options))) continue
    isAnyGone = true
    await runSoon(temporal, options.scheduleId)
  }
  return isAnyGone
}

/** At once, or as soon as the one that runs has ended: a trigger would otherwise run beside it, one a worker. */
function runSoon(temporal: Client, scheduleId: string): Promise<void> {
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
    // An interval: nobody reads a clock by it.
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
