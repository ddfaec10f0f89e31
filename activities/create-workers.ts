import {
  bundleWorkflowCode,
  DefaultLogger,
  type NativeConnection,
  Worker,
  type WorkflowBundle,
  type WorkflowBundleOption,
} from '@temporalio/worker'
import { taskQueues } from '#contract/names.ts'
import type { ActivityContext } from './activity-context.ts'
import { createActivities } from './create-activities.ts'
import { fileURLToPath } from 'node:url'

export interface WorkerSettings {
  connection: NativeConnection
  namespace: string
  workflowBundle: WorkflowBundleOption
  context: ActivityContext
}

/** Files that one worker makes at the same time: each takes about 100 MB while it is written. */
const maxConcurrentFiles = 4
const maxConcurrentBookkeeping = 20
const maxConcurrentMails = 20

/** How long a stop waits for running activities before it stops them too; other workers then retry them. */
const shutdownGraceTime = '10 seconds'
/**
 * After this a stop waits no longer, except for a mail that was sent completely and whose server has not answered yet.
 * Cancelling a file's query and upload needs up to 12 s.
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
    // Heartbeats carry the row count shown to people, and their answers carry cancellations.
    maxHeartbeatThrottleInterval: '1 second',
  } as const
  return [
    await Worker.create({
      ...common,
      taskQueue: taskQueues.reports,
      shutdownForceTime,
      workflowBundle,
      maxConcurrentActivityTaskExecutions: maxConcurrentFiles,
    }),
    await Worker.create({
      ...common,
      taskQueue: taskQueues.bookkeeping,
      shutdownForceTime,
      maxConcurrentActivityTaskExecutions: maxConcurrentBookkeeping,
    }),
    await Worker.create({
      ...common,
      taskQueue: taskQueues.deliveries,
      maxConcurrentActivityTaskExecutions: maxConcurrentMails,
      maxTaskQueueActivitiesPerSecond: context.environment.MAIL_RATE_PER_SECOND,
    }),
  ]
}

/** @param path of a prebuilt bundle. */
export async function workflowBundle(path: string | undefined): Promise<WorkflowBundleOption> {
  return path ? { codePath: path } : await bundleWorkflows()
}

/** Bundles the workflows for the worker's sandbox. Value-importing a Node module in workflow code fails here. */
export function bundleWorkflows(): Promise<WorkflowBundle> {
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
    logger: new DefaultLogger('WARN'),
  })
}
