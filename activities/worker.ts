/** The worker's entry: `node activities/worker.ts`. As many run as wanted; Temporal shares the work out. */

import { setTimeout as delay } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker'
import { EnvironmentError, readEnvironment, type Environment } from '#config/environment.ts'
import { createLogger, type Logger } from '#config/logger.ts'
import { ensureMaintenanceSchedules } from '#engine/maintenance-schedules.ts'
import { registerSearchAttributes } from '#engine/search-attributes.ts'
import { temporalConnectionOptions } from '#engine/temporal-connection.ts'
import { bundleWorkflows } from '#workflows/bundle.ts'
import { createContext } from './create-context.ts'
import { createWorkers } from './run-workers.ts'

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const

async function main(environment: Environment, logger: Logger): Promise<void> {
  // Stopping is this process's own business, so that it can close its connections afterwards.
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('INFO', ({ level, message, meta }) =>
      logger[levels[level]](meta ?? {}, message),
    ),
  })
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
  const options = temporalConnectionOptions(environment)
  const namespace = environment.TEMPORAL_NAMESPACE
  const [workflowBundle, connection] = await Promise.all([
    bundleWorkflows(),
    untilItAnswers(() => NativeConnection.connect(options), logger),
  ])
  const clientConnection = Connection.lazy(options)
  const temporal = new Client({ connection: clientConnection, namespace })
  const { context, close } = await createContext(environment, temporal)
  await untilItAnswers(() => registerSearchAttributes(clientConnection, namespace), logger)
  await untilItAnswers(() => context.storage.ensureBucket(), logger)

  const workers = await createWorkers({ connection, namespace, workflowBundle, context })
  const running = workers.map((worker) => worker.run())
  await untilItAnswers(() => ensureMaintenanceSchedules(temporal), logger)
  logger.info('worker ready')

  const signal = await Promise.race([stopped, ...running])
  logger.info({ signal }, 'worker stopping: no new tasks, those in flight get a grace time')
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown()
  await Promise.all(running)
  await close()
  await clientConnection.close()
  await connection.close()
  logger.info('worker stopped')
}

/** A part that is not up yet is waited for, and said so, rather than dying over it again and again. */
async function untilItAnswers<T>(attempt: () => Promise<T>, logger: Logger): Promise<T> {
  for (let waitMs = 500; ; waitMs = Math.min(waitMs * 2, 10_000)) {
    try {
      return await attempt()
    } catch (error) {
      logger.warn({ err: error, waitMs }, 'not answering yet, trying again')
      await delay(waitMs)
    }
  }
}

try {
  const environment = readEnvironment()
  const logger = createLogger('worker', environment.LOG_LEVEL)
  await main(environment, logger)
} catch (error) {
  process.stderr.write(
    error instanceof EnvironmentError
      ? `${error.message}\n`
      : `${String(error instanceof Error ? error.stack : error)}\n`,
  )
  process.exitCode = 1
}
