/** Whether a worker asks Temporal for work, as Temporal itself knows it: a process that lives may still take none. */

import type { Client } from '@temporalio/client'
import { tsToMs } from '@temporalio/common/lib/time.js'
import proto from '@temporalio/proto'
import { taskQueues } from '#contract/names.ts'

const { TaskQueueKind, TaskQueueType } = proto.temporal.api.enums.v1
const { TASK_QUEUE_TYPE_WORKFLOW: workflow, TASK_QUEUE_TYPE_ACTIVITY: activity } = TaskQueueType

/** All that a worker polls: of a queue in several partitions, Temporal describes the polls of one. */
const polled = [
  [taskQueues.reports, workflow],
  [taskQueues.reports, activity],
  [taskQueues.bookkeeping, activity],
  [taskQueues.deliveries, activity],
] as const

/** A poll lasts up to a minute and is dated at its beginning: below two minutes, absence says nothing. */
export async function isPolledSince(temporal: Client, since: Date): Promise<boolean> {
  const { namespace } = temporal.options
  for (const [name, taskQueueType] of polled) {
    const taskQueue = { name, kind: TaskQueueKind.TASK_QUEUE_KIND_NORMAL }
    const { pollers } = await temporal.workflowService.describeTaskQueue({
      namespace,
      taskQueue,
      taskQueueType,
    })
    const isRecent = pollers?.some(({ lastAccessTime: at }) => at && tsToMs(at) > since.getTime())
    if (isRecent) return true
  }
  return false
}
