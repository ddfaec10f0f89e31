/** The product's own processes: the API with the web pages, and the workers. */

import { join } from 'node:path'
import { readFrom } from '../log-tail.ts'
import type { PartDefinition } from '../part.ts'

export interface ApplicationOptions {
  projectFolder: string
  env: NodeJS.ProcessEnv
  port: number
}

export function apiPart({ projectFolder, env, port }: ApplicationOptions): PartDefinition {
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
  { projectFolder, env }: Omit<ApplicationOptions, 'port'>,
): PartDefinition {
  return {
    name: `worker-${number}`,
    title: `Worker ${number}`,
    file: process.execPath,
    args: [join(projectFolder, 'activities/worker.ts')],
    cwd: projectFolder,
    env,
    isReady: async ({ logFile, logFrom }) => {
      const lines = readFrom(logFile, logFrom)
      if (!lines.includes('"msg":"worker ready"')) throw new Error('it has not said "worker ready" yet')
    },
    readyWithinMs: 120_000,
    stopSignal: 'SIGTERM',
    // Longer than the worker's own grace for activities in flight.
    stopWithinMs: 30_000,
  }
}
