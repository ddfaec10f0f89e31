import { type NativeConnection, Worker, type WorkerDeploymentOptions } from '@temporalio/worker'
import { taskQueues } from '#contract/names.ts'
import { dataConverterFor } from '#services/temporal/data-converter.ts'
import { deploymentName } from '#services/temporal/task-routing.ts'
import { workerTracing } from '#services/temporal/trace-temporal.ts'
import type { ActivityContext } from './activity-context.ts'
import { createActivities } from './create-activities.ts'
import { reportInLogs } from './report-in-logs.ts'
import { measurePhases } from './measure-phases.ts'
import type { NamedBundle } from './workflow-bundle.ts'

export interface WorkerSettings {
  connection: NativeConnection
  workflowBundle: NamedBundle
  context: ActivityContext
  /** Whether Temporal gives tasks only to the current build. Either way it learns which build each worker is. */
  isVersioned?: boolean
}

/** Files that one worker makes at the same time: each takes about 100 MB while it is written. */
const maxConcurrentFiles = 4
const maxConcurrentBookkeeping = 20
const maxConcurrentMails = 20
/**
 * Runs whose state a worker keeps; one beyond is read again from its history when it goes on. The SDK's own number
 * follows the heap's limit: thousands without one, 86 with the limit that docs/operations.md advises.
 */
const maxCachedWorkflows = 300

/** How long a stop waits for running activities before it stops them too; other workers then retry them. */
const shutdownGraceTime = '10 seconds'
/**
 * After this a stop waits no longer, except for a mail that was sent completely and whose server has not answered yet.
 * Cancelling a file's query and upload needs up to 12 s.
 */
const shutdownForceTime = '25 seconds'

/** The workers of a process, one a task queue (see contract/names.ts). */
export async function createWorkers(settings: WorkerSettings): Promise<Worker[]> {
  const { connection, workflowBundle, context, isVersioned = false } = settings
  const { environment } = context
  const activities = createActivities(context)
  const { activity, sinks } = workerTracing()
  const interceptors = { activity: [reportInLogs, measurePhases, ...activity] }
  const common = {
    connection,
    namespace: environment.TEMPORAL_NAMESPACE,
    dataConverter: dataConverterFor(environment),
    activities,
    interceptors,
    workerDeploymentOptions: deploymentOptions(workflowBundle.buildId, isVersioned),
    sinks,
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
      maxCachedWorkflows,
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
      maxTaskQueueActivitiesPerSecond: environment.MAIL_RATE_PER_SECOND,
    }),
  ]
}

/** A run goes to the new build with its next task, so that a deploy need not wait for a relaunch within seven days. */
function deploymentOptions(buildId: string, isVersioned: boolean): WorkerDeploymentOptions {
  const version = { deploymentName, buildId }
  return isVersioned
    ? { version, useWorkerVersioning: true, defaultVersioningBehavior: 'AUTO_UPGRADE' }
    : { version, useWorkerVersioning: false }
}
