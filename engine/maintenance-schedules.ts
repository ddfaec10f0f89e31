import {
  ScheduleAlreadyRunning,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptions,
} from '@temporalio/client'
import { maintenanceSchedules, taskQueues, workflowTypes } from '#domain/names.ts'

/**
 * The sweep and the reconciler, themselves Schedules, so that one of them runs in the fleet however many workers
 * there are. Both are also run at once, since whoever starts a worker wants the present set right now.
 */
export async function ensureMaintenanceSchedules(temporal: Client): Promise<void> {
  await ensure(temporal, maintenanceOptions(maintenanceSchedules.sweep, workflowTypes.sweep, '1 minute'))
  await ensure(
    temporal,
    maintenanceOptions(maintenanceSchedules.reconcile, workflowTypes.reconcile, '5 minutes'),
  )
}

async function ensure(temporal: Client, options: ScheduleOptions): Promise<void> {
  try {
    await temporal.schedule.create(options)
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error
    await temporal.schedule
      .getHandle(options.scheduleId)
      .update((present) => ({ ...options, state: present.state }))
  }
  await temporal.schedule.getHandle(options.scheduleId).trigger()
}

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
