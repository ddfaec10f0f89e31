import {
  bundleWorkflowCode,
  DefaultLogger,
  type NativeConnection,
  Worker,
  type WorkflowBundle,
} from '@temporalio/worker'
import { taskQueues } from '#contract/names.ts'
import type { ActivityContext } from './activity-context.ts'
import { createActivities } from './create-activities.ts'
import { fileURLToPath } from 'node:url'

export interface WorkerSettings {
  connection: NativeConnection
  namespace: string
  workflowBundle: WorkflowBundle
  context: ActivityContext
}

/** Files made by one process at once: each holds about 100 MB while it is written. */
const filesAtOnce = 4
const bookkeepingAtOnce = 20
const mailsAtOnce = 20

/** How long a stop waits for activities in flight before it tells them to stop too; they are retried elsewhere. */
const shutdownGraceTime = '10 seconds'
/**
 * After this (a file needs up to 12 s to be taken back), a stop waits for nothing more, but for a mail whose server has
 * all of it and has not answered yet.
 */
const shutdownForceTime = '25 seconds'

/** The workers of a process, one a task queue (see contract/names.ts). */
export async function createWorkers(settings: WorkerSettings): Promise<Worker[]> {
  const { connection, namespace, workflowBundle, context } = settings
  const activities = createActivities(context)
  const common = {
    connection,
    namespace,
    activities,
    shutdownGraceTime,
    // Live rows and a prompt cancellation: both travel with heartbeats.
    maxHeartbeatThrottleInterval: '1 second',
  } as const
  return [
    await Worker.create({
      ...common,
      taskQueue: taskQueues.reports,
      shutdownForceTime,
      workflowBundle,
      maxConcurrentActivityTaskExecutions: filesAtOnce,
    }),
    await Worker.create({
      ...common,
      taskQueue: taskQueues.bookkeeping,
      shutdownForceTime,
      maxConcurrentActivityTaskExecutions: bookkeepingAtOnce,
    }),
    await Worker.create({
      ...common,
      taskQueue: taskQueues.deliveries,
      maxConcurrentActivityTaskExecutions: mailsAtOnce,
      maxTaskQueueActivitiesPerSecond: context.environment.MAIL_RATE_PER_SECOND,
    }),
  ]
}

/** Bundles the workflows for the worker's sandbox. Value-importing a Node module in workflow code fails here. */
export function bundleWorkflows(): Promise<WorkflowBundle> {
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
    logger: new DefaultLogger('WARN'),
  })
}
