/** Who asks Temporal for work, and how much waits: as Temporal itself knows it, since a process that lives may take none. */

import type { Client } from '@temporalio/client'
import { tsToMs } from '@temporalio/common/lib/time.js'
import proto from '@temporalio/proto'
import { taskQueues } from '#contract/names.ts'

const { TaskQueueKind, TaskQueueType } = proto.temporal.api.enums.v1
const types = {
  workflow: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
  activity: TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
} as const

export interface PolledQueue {
  queue: string
  kind: keyof typeof types
}

/** All that a worker polls: of a queue in several partitions, Temporal describes the polls of one. */
export const polledQueues: readonly PolledQueue[] = [
  { queue: taskQueues.reports, kind: 'workflow' },
  ...Object.values(taskQueues).map((queue) => ({ queue, kind: 'activity' }) as const),
]

export function describeQueue(
  { workflowService, options: { namespace } }: Client,
  { queue: name, kind }: PolledQueue,
  { reportStats = false } = {},
) {
  const taskQueue = { name, kind: TaskQueueKind.TASK_QUEUE_KIND_NORMAL }
  return workflowService.describeTaskQueue({ namespace, taskQueue, taskQueueType: types[kind], reportStats })
}

/** A poll lasts up to a minute and is dated at its beginning: below two minutes, absence says nothing. */
export async function isPolledSince(temporal: Client, since: Date): Promise<boolean> {
  for (const polled of polledQueues) {
    const { pollers } = await describeQueue(temporal, polled)
    const isRecent = pollers?.some(({ lastAccessTime: at }) => at && tsToMs(at) > since.getTime())
    if (isRecent) return true
  }
  return false
}
