/** The product's own processes: the API with the web pages, and the workers. */

import { join } from 'node:path'
import { Connection } from '@temporalio/client'
import type { Environment } from '#config/environment.ts'
import { leanNodeEnvironment, leanNodeOptions } from '#config/lean-node.ts'
import { taskQueues } from '#contract/names.ts'
import { temporalConnectionOptions } from '#services/temporal/temporal-connection.ts'
import type { PartDefinition } from '../part.ts'

interface ProcessOptions {
  projectFolder: string
  env: NodeJS.ProcessEnv
}

export interface ApiOptions extends ProcessOptions {
  port: number
}

export interface WorkerOptions extends ProcessOptions {
  /** `env`, parsed. */
  environment: Environment
}

export function apiPart({ projectFolder, env, port }: ApiOptions): PartDefinition {
  return {
    name: 'api',
    title: 'The API',
    file: process.execPath,
    args: [join(projectFolder, 'api/server.ts')],
    cwd: projectFolder,
    env,
    isReady: async ({ signal }) => {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal })
      if (!answer.ok)
        throw new Error(`/readyz answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`)
    },
    readyWithinMs: 90_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: 10_000,
  }
}

/** @param number 1 for the first worker: it names the pid file and the log. */
export function workerPart(
  number: number,
  { projectFolder, env, environment }: WorkerOptions,
): PartDefinition {
  return {
    name: `worker-${number}`,
    title: `Worker ${number}`,
    file: process.execPath,
    args: [...leanNodeOptions, join(projectFolder, 'activities/worker.ts')],
    cwd: projectFolder,
    env: { ...env, ...leanNodeEnvironment, ...healthPort(number, environment) },
    isReady: async ({ pid }) => await expectPolling(environment, pid),
    readyWithinMs: 120_000,
    stopSignal: 'SIGTERM',
    // Longer than the worker's own grace for activities in flight.
    stopWithinMs: 30_000,
  }
}

/** Several workers on one machine: one port after the other. */
function healthPort(number: number, { WORKER_HEALTH_PORT: first }: Environment): NodeJS.ProcessEnv {
  return first === undefined ? {} : { WORKER_HEALTH_PORT: String(first + number - 1) }
}

/** Asks the engine which workers poll: whether the worker itself says so depends on its log level. */
async function expectPolling(environment: Environment, pid: number): Promise<void> {
  const connection = await Connection.connect({
    ...temporalConnectionOptions(environment),
    connectTimeout: 5_000,
  })
  try {
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace: environment.TEMPORAL_NAMESPACE,
      taskQueue: { name: taskQueues.reports },
    })
    const isPolling = pollers?.some(({ identity }) => identity?.startsWith(`${pid}@`))
    if (!isPolling) throw new Error('Temporal has not heard from it yet')
  } finally {
    await connection.close()
  }
}
