/**
 * The Schedules of the sweep and the reconciler. As Schedules, each runs once in the fleet, however many workers there
 * are.
 */

import { ScheduleOverlapPolicy, type Client, type ScheduleOptions } from '@temporalio/client'
import { maintenanceSchedules, priorityKeys, taskQueues, workflowTypes } from '#contract/names.ts'
import { createScheduleIfMissing } from '../schedules/apply-schedule.ts'
import type { PrioritisedAction } from '../schedules/schedule-options.ts'
import { claimOf, refuseForeignClaim, refuseForeignNamespace, type Installation } from './installation.ts'

/**
 * Claims the namespace, creates or updates both Schedules, and runs both at once, so that a starting worker repairs what
 * is out of date.
 * @throws ForeignNamespaceError
 */
export async function ensureMaintenanceSchedules(temporal: Client, own: Installation): Promise<void> {
  for (const options of maintenanceOf(own)) {
    if (!(await createScheduleIfMissing(temporal, options))) {
      await temporal.schedule.getHandle(options.scheduleId).update((present) => {
        refuseForeignClaim(temporal, present.state.note, own)
        return { ...options, state: { ...present.state, note: claimOf(own) } }
      })
    }
    await triggerBuffered(temporal, options.scheduleId)
  }
}

/**
 * Creates missing maintenance Schedules again and runs them: an engine that was emptied while the workers continued
 * has lost all Schedules.
 * @returns whether one was missing.
 * @throws ForeignNamespaceError
 */
export async function restoreMaintenanceSchedules(temporal: Client, own: Installation): Promise<boolean> {
  await refuseForeignNamespace(temporal, own)
  let isAnyGone = false
  for (const options of maintenanceOf(own)) {
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

function maintenanceOf(own: Installation): ScheduleOptions[] {
  return [
    maintenanceOptions(maintenanceSchedules.sweep, workflowTypes.sweep, '1 minute', own),
    maintenanceOptions(maintenanceSchedules.reconcile, workflowTypes.reconcile, '5 minutes', own),
  ]
}

function maintenanceOptions(
  scheduleId: string,
  workflowType: string,
  every: '1 minute' | '5 minutes',
  own: Installation,
): ScheduleOptions {
  const action: PrioritisedAction = {
    type: 'startWorkflow',
    workflowType,
    workflowId: scheduleId,
    taskQueue: taskQueues.reports,
    args: [],
    priority: { priorityKey: priorityKeys.maintenance },
  }
  return {
    scheduleId,
    // An interval: the time of day does not matter.
    spec: { intervals: [{ every }] },
    action,
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
    state: { note: claimOf(own) },
  }
}
