import { Worker, type NativeConnection, type WorkflowBundle } from '@temporalio/worker'
import { taskQueues } from '#domain/names.ts'
import type { ActivityContext } from './activity-context.ts'
import { createActivities } from './create-activities.ts'

export interface WorkerSettings {
  connection: NativeConnection
  namespace: string
  workflowBundle: WorkflowBundle
  context: ActivityContext
}

/** Reports read and written by one process at once: each holds some tens of megabytes. */
const reportsAtOnce = 4
const mailsAtOnce = 20

/** How long a stop waits for activities in flight before it tells them to stop too; they are retried elsewhere. */
const shutdownGraceTime = '10 seconds'
/** After this, a stop waits for nothing more. */
const shutdownForceTime = '20 seconds'

/**
 * The two workers of a process. `reports` runs workflows and makes files; `deliveries` writes mails, rate-limited
 * for the whole fleet.
 */
export async function createWorkers(settings: WorkerSettings): Promise<Worker[]> {
  const { connection, namespace, workflowBundle, context } = settings
  const activities = createActivities(context)
  const common = {
    connection,
    namespace,
    activities,
    shutdownGraceTime,
    shutdownForceTime,
    // Live rows and a prompt cancellation: both travel with heartbeats.
    maxHeartbeatThrottleInterval: '1 second',
  } as const
  return [
    await Worker.create({
      ...common,
      taskQueue: taskQueues.reports,
      workflowBundle,
      maxConcurrentActivityTaskExecutions: reportsAtOnce * 4,
    }),
    await Worker.create({
      ...common,
      taskQueue: taskQueues.deliveries,
      maxConcurrentActivityTaskExecutions: mailsAtOnce,
      maxTaskQueueActivitiesPerSecond: context.environment.MAIL_RATE_PER_SECOND,
    }),
  ]
}
