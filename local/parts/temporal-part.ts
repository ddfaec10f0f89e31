/** The real Temporal server, its Web UI included, as the CLI's development server. */

import { Connection } from '@temporalio/client'
import { searchAttributeKeys } from '#contract/search-attributes.ts'
import type { PartDefinition } from '../part.ts'

export interface TemporalOptions {
  program: string
  port: number
  /** No Web UI when absent. */
  uiPort?: number
  /** Where it tells its counters, in Prometheus's format; any free one when absent. */
  metricsPort?: number
  /** Kept there between runs; in memory when absent. */
  databaseFile?: string
  namespaces?: string[]
}

/**
 * Settings of the development server besides its defaults. Fairness between owners is off by default, and holds
 * within a partition of a task queue (docs/decisions/0102); the limits are those of a shared cluster, and one machine's
 * burst of schedules should not wait for them.
 */
const dynamicConfiguration = {
  'matching.enableFairness': true,
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  'frontend.namespaceRPS': 20_000,
  'frontend.namespaceRPS.visibility': 2_000,
  'frontend.namespaceCount': 10_000,
  'worker.schedulerNamespaceStartWorkflowRPS': 1_000,
  // How soon schedules of a new namespace fire: the tests create a namespace for each file.
  'system.namespaceCacheRefreshInterval': '1s',
}

export function temporalPart({
  program,
  port,
  uiPort,
  metricsPort,
  databaseFile,
  namespaces = ['default'],
}: TemporalOptions): PartDefinition {
  return {
    name: 'temporal',
    title: 'Temporal',
    file: program,
    args: [
      'server',
      'start-dev',
      '--ip',
      '127.0.0.1',
      '--port',
      String(port),
      ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
      ...(metricsPort === undefined ? [] : ['--metrics-port', String(metricsPort)]),
      ...(databaseFile === undefined ? [] : ['--db-filename', databaseFile]),
      ...namespaces.flatMap((name) => ['--namespace', name]),
      // The command line writes the types as `Keyword`, `Int`.
      ...searchAttributeKeys.flatMap(({ name, type }) => [
        '--search-attribute',
        `${name}=${type[0]}${type.slice(1).toLowerCase()}`,
      ]),
      ...Object.entries(dynamicConfiguration).flatMap(([key, value]) => [
        '--dynamic-config-value',
        `${key}=${JSON.stringify(value)}`,
      ]),
      '--log-level',
      'warn',
    ],
    env: process.env,
    isReady: async () => {
      const connection = await Connection.connect({ address: `127.0.0.1:${port}`, connectTimeout: 2_000 })
      try {
        for (const namespace of namespaces) await connection.workflowService.describeNamespace({ namespace })
      } finally {
        await connection.close()
      }
    },
    readyWithinMs: 90_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: 15_000,
  }
}
