import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import {
  bundleWorkflowCode,
  DefaultLogger,
  type NativeConnection,
  Worker,
  type WorkflowBundle,
  type WorkflowBundleOption,
} from '@temporalio/worker'
import type { Environment } from '#config/environment.ts'
import { taskQueues } from '#contract/names.ts'
import { sealsFailures } from '#contract/sandbox-failures.ts'
import { dataConverterFor } from '#services/temporal/data-converter.ts'
import type { ActivityContext } from './activity-context.ts'
import { createActivities } from './create-activities.ts'

export interface WorkerSettings {
  connection: NativeConnection
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
  const { connection, workflowBundle, context } = settings
  const { environment } = context
  const activities = createActivities(context)
  const common = {
    connection,
    namespace: environment.TEMPORAL_NAMESPACE,
    dataConverter: dataConverterFor(environment),
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
      maxTaskQueueActivitiesPerSecond: environment.MAIL_RATE_PER_SECOND,
    }),
  ]
}

/** The workflows' code, prebuilt (WORKFLOW_BUNDLE) or bundled now; with PAYLOAD_KEYS it seals failures. */
export async function workflowBundle({
  WORKFLOW_BUNDLE: path,
  PAYLOAD_KEYS,
}: Pick<Environment, 'WORKFLOW_BUNDLE' | 'PAYLOAD_KEYS'>): Promise<WorkflowBundleOption> {
  if (PAYLOAD_KEYS.length === 0) return path ? { codePath: path } : await bundleWorkflows()
  return sealingBundle(path ? await readFile(path, 'utf8') : (await bundleWorkflows()).code)
}

/** In front of the first line, so that the source map's lines stay right. */
export function sealingBundle(code: string): WorkflowBundle {
  if (!code.includes(sealsFailures))
    throw new Error(
      'WORKFLOW_BUNDLE was made by an earlier version, which cannot seal failures: make it anew',
    )
  return { code: `globalThis.${sealsFailures} = true;${code}` }
}

/** Bundles the workflows for the worker's sandbox. Value-importing a Node module in workflow code fails here. */
export function bundleWorkflows(): Promise<WorkflowBundle> {
  return bundleWorkflowCode({
    workflowsPath: pathOf('../workflows/index.ts'),
    failureConverterPath: pathOf('../contract/sandbox-failures.ts'),
    logger: new DefaultLogger('WARN'),
  })
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url))
}
