/** The worker's entry: `node activities/worker.ts`. Any number may run; Temporal distributes the work. */

import { setTimeout as delay } from 'node:timers/promises'
import type { Connection } from '@temporalio/client'
import { NativeConnection, Runtime } from '@temporalio/worker'
import { warnOfTypes } from '#adapters/source/explain-types.ts'
import { warnOfWritingRole } from '#adapters/source/warn-of-writing-role.ts'
import { readSmtpSettings, warnWithoutTls } from '#adapters/mail/smtp-settings.ts'
import { readEnvironment, type Environment } from '#config/environment.ts'
import { createLogger, logWholeProcess, type Logger } from '#config/logger.ts'
import { sayStartError, StartError } from '#domain/start-error.ts'
import { clearFault, noteFault } from '#services/maintenance/installation-faults.ts'
import { readInstallation, refuseForeignNamespace } from '#services/maintenance/installation.ts'
import {
  ensureMaintenanceSchedules,
  restoreMaintenanceSchedules,
} from '#services/maintenance/maintenance-schedules.ts'
import { ClockWatch } from '#services/clock/clock-watch.ts'
import { leaveNumbersAfterRestore } from '#prisma/leave-numbers-after-restore.ts'
import { warnOfTimeZones } from '#services/maintenance/time-zone-warnings.ts'
import { metrics } from '#services/monitoring/report-metrics.ts'
import { traceProcess } from '#services/monitoring/trace-process.ts'
import { serveMetrics } from '#services/monitoring/serve-metrics.ts'
import { createTemporalClient } from '#services/temporal/data-converter.ts'
import { openStorage } from '#services/maintenance/open-storage.ts'
import { followCatalogue } from '#services/maintenance/shared-catalogue.ts'
import { refuseDemoAccounts } from '#services/maintenance/refuse-demo-accounts.ts'
import type { ServiceContext } from '#services/service-context.ts'
import { openCatalogue } from '#catalogue/live-catalogue.ts'
import { createPrisma } from '#prisma/client.ts'
import { registerSearchAttributes, retentionDays } from '#services/temporal/namespace-attributes.ts'
import { TaskRouting } from '#services/temporal/task-routing.ts'
import {
  lazyTemporalConnection,
  renewApiKey,
  temporalConnectionOptions,
  workerConnectionOptions,
} from '#services/temporal/temporal-connection.ts'
import { createContext } from './create-context.ts'
import { createWorkers } from './create-workers.ts'
import { startHealthListener, type NotReadyReason } from './health-listener.ts'
import { temporalLogger } from './temporal-logger.ts'
import { addFileProcessGauges } from './file-process-gauges.ts'
import { prepareSdkMetrics } from './sdk-metrics.ts'
import { workflowBundle } from './workflow-bundle.ts'

/** A storage that starts beside this process is there by then. */
const storageWaitMs = 30_000

async function main(environment: Environment, logger: Logger): Promise<void> {
  const tracing = await traceProcess(environment, 'worker', logger)
  const sdkMetrics = environment.METRICS_PORT === undefined ? null : await prepareSdkMetrics()
  // This process handles the signals itself, so that it can close its connections afterwards.
  Runtime.install({
    shutdownSignals: [],
    logger: temporalLogger(logger),
    // Its native half would print lines of its own.
    telemetryOptions: { logging: { forward: {} }, metrics: sdkMetrics?.telemetry },
  })
  const stopping = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort(signal))

  let notReady: NotReadyReason | null = 'starting'
  if (environment.WORKER_HEALTH_PORT !== undefined)
    await startHealthListener({
      port: environment.WORKER_HEALTH_PORT,
      host: environment.HOST,
      notReady: () => (stopping.signal.aborted ? 'stopping' : notReady),
    })
  const catalogue = await openCatalogue(environment)
  warnWithoutTls(readSmtpSettings(environment.SMTP_URL, environment), logger)
  if (environment.NODE_ENV === 'production') {
    const prisma = createPrisma(environment.DATABASE_URL)
    await refuseDemoAccounts(prisma, logger, stopping.signal)
    await prisma.$disconnect()
  }

  const unlessStopped = (error: unknown) => {
    if (!stopping.signal.aborted) throw error
  }
  const retry = <T>(attempt: () => Promise<T>) => retryUntilUp(attempt, logger, stopping.signal)
  const [bundle, connection] = await Promise.all([
    workflowBundle(environment),
    retry(() => NativeConnection.connect(workerConnectionOptions(environment))),
  ])
  const clientConnection = lazyTemporalConnection(temporalConnectionOptions(environment))
  const temporal = createTemporalClient(clientConnection, environment)
  const { context, close } = await createContext(environment, temporal, catalogue)
  addFileProcessGauges(metrics, context.files)
  const metricsPage = await serveMetrics(environment, { ...context, logger, further: sdkMetrics?.read })
  const installation = await retry(() => readInstallation(context.prisma, environment))
  await retry(() => refuseForeignNamespace(temporal, installation))
  const left = await retry(() => leaveNumbersAfterRestore(context.prisma))
  if (left)
    logger.warn(left, 'the database was restored or has failed over: N° that it may not know of are left out')
  logger.info(
    {
      namespace: environment.TEMPORAL_NAMESPACE,
      retentionDays: await retry(() => retentionDays(clientConnection, environment.TEMPORAL_NAMESPACE)),
    },
    'the namespace keeps what has ended for so many days',
  )
  await retry(() => registerAttributes(context, clientConnection, logger))
  const routing = await retry(() =>
    TaskRouting.open({ temporal, buildId: bundle.buildId, logger }, environment.WORKER_VERSIONING),
  )
  // A storage that is away holds the start up for a while only: mails without a file, results and notices need none.
  const opening = openStorage({ ...context, logger }, stopping.signal)
  await Promise.race([opening, delay(storageWaitMs, undefined, { signal: stopping.signal })])

  const followed = followCatalogue({ ...context, logger }, stopping.signal)
  void context.files.warmUp()
  void warnOfWritingRole(context.source, logger)
  void warnOfTypes(context.source, catalogue, logger)
  void warnOfTimeZones(context, logger)
  const clock = new ClockWatch({ prisma: context.prisma, temporal, logger }, stopping.signal)
  await clock.start()
  // An engine that was emptied meanwhile has lost search attributes and maintenance schedules.
  const upkeep = everyMinute(stopping.signal, logger, () =>
    clientConnection.withAbortSignal(stopping.signal, async () => {
      await renewApiKey(connection, environment)
      await registerAttributes(context, clientConnection, logger)
      await routing.claim()
      if (await restoreMaintenanceSchedules(temporal, installation))
        logger.warn('the engine had lost the maintenance schedules: every definition is applied anew')
    }),
  )

  for (let runs = 0; ; runs++) {
    if (clock.isFarOff) notReady = 'clock_off'
    await clock.becomes('right')
    if (stopping.signal.aborted) break
    const workers = await createWorkers({
      connection,
      workflowBundle: bundle,
      context,
      isVersioned: routing.isVersioned,
    })
    const running = workers.map((worker) => worker.run())
    const ended = Promise.allSettled(running)
    if (runs === 0) await retry(() => ensureMaintenanceSchedules(temporal, installation)).catch(unlessStopped)
    await retry(() => routing.settle(stopping.signal)).catch(unlessStopped)
    notReady = null
    if (!stopping.signal.aborted) logger.info({ build: bundle.buildId }, 'worker ready')

    // A worker that fails stops the others: an operator would not notice a process that does half its work.
    await Promise.race([clock.becomes('far off'), upkeep, ...running])
    // A signal, a clock that is off, or a fault that ends the process.
    notReady = clock.isFarOff ? 'clock_off' : 'stopping'
    logger.info(
      { signal: stopping.signal.reason },
      'worker stopping: no new tasks, those in flight get a grace time',
    )
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown()
    await ended
    await Promise.all(running)
    if (stopping.signal.aborted) break
    logger.warn('worker not ready: it waits until its clock is right')
  }
  await upkeep
  await followed
  await metricsPage?.close()
  await close()
  await tracing?.close()
  await clientConnection.close()
  await connection.close()
  logger.info('worker stopped')
}

/** What may not be registered is said, on the dashboard too, and gone without until an operator has done it. */
async function registerAttributes(
  { prisma, temporal }: Pick<ServiceContext, 'prisma' | 'temporal'>,
  connection: Connection,
  logger: Logger,
): Promise<void> {
  const remedy = await registerSearchAttributes(temporal, connection)
  if (remedy === null) return clearFault(prisma, 'search_attributes')
  logger.warn({ remedy }, 'the namespace lacks search attributes, which this client may not register')
  await noteFault(prisma, 'search_attributes', { code: 'internal_error', detail: remedy })
}

/** Runs until a stop. Failed work is repeated the next minute, unless the namespace has become another's. */
async function everyMinute(stop: AbortSignal, logger: Logger, work: () => Promise<void>): Promise<void> {
  while (!stop.aborted) {
    await delay(60_000, undefined, { signal: stop }).catch(() => undefined)
    if (stop.aborted) return
    await work().catch((error: unknown) => {
      if (error instanceof StartError) throw error
      logger.warn({ err: error }, 'upkeep failed, tried again soon')
    })
  }
}

/** Waits, with a warning, for a service that is not up yet, instead of ending the process again and again. */
async function retryUntilUp<T>(attempt: () => Promise<T>, logger: Logger, stop: AbortSignal): Promise<T> {
  for (let waitMs = 500; ; waitMs = Math.min(waitMs * 2, 10_000)) {
    try {
      return await attempt()
    } catch (error) {
      if (error instanceof StartError) throw error
      logger.warn({ err: error, waitMs }, 'not answering yet, trying again')
      await delay(waitMs, undefined, { signal: stop })
    }
  }
}

const logger = createLogger('worker')
logWholeProcess(logger)
try {
  await main(readEnvironment(), logger)
  process.exit(0)
} catch (error) {
  const wasStopped = error instanceof Error && error.name === 'AbortError'
  if (wasStopped) process.exit(0)
  const exitCode = sayStartError(error, (words) => process.stderr.write(`${words}\n`))
  if (exitCode === null) logger.fatal({ err: error }, 'worker failed')
  process.exit(exitCode ?? 1)
}
