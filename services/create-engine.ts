import type { Connection } from '@temporalio/client'
import pLimit from 'p-limit'
import type { Environment } from '#config/environment.ts'
import type { Logger } from '#config/logger.ts'
import { accountForOwner, changeDefinition } from './occurrences/change-definition.ts'
import { backfillOccurrences } from './occurrences/backfill-occurrences.ts'
import { cancelReport } from './reports/cancel-report.ts'
import type { Engine } from './engine.ts'
import { logWithoutEngine, readDeliveryLog } from './delivery-log/read-delivery-log.ts'
import { readProgress } from './delivery-log/read-progress.ts'
import { relaunchReport } from './reports/relaunch-report.ts'
import type { ServiceContext } from './service-context.ts'
import { applySchedule, removeSchedule } from './schedules/apply-schedule.ts'
import { startNotices } from './notices/start-notices.ts'
import { createTemporalClient } from './temporal/data-converter.ts'
import { learnAttributes } from './temporal/namespace-attributes.ts'
import { lazyTemporalConnection, temporalConnectionOptions } from './temporal/temporal-connection.ts'
import { isPolledSince } from './temporal/worker-polls.ts'
import { startReport } from './reports/start-report.ts'

export interface EngineParts extends ServiceContext {
  connection: Connection
  temporalWebUrl: string
  logger: Logger
}

/** What a line of the log is about. */
interface Subject {
  number?: number
  scheduledReportId?: string
}

/** How long an answer of the engine is waited for. Short, since a person waits; what fails here is done later. */
const deadlineMs = 5_000
/** How often the namespace's search attributes are asked for. */
const learnAgainMs = 60_000
/** Each holds a connection of the pool while it waits for the engine; most connections are left for readers. */
const maxConcurrentApplies = 4
const maxQueuedApplies = 40

/** Connects when it is first asked: the caller works while Temporal is away. */
export function connectEngine(
  environment: Environment,
  parts: Pick<EngineParts, 'prisma' | 'catalogue' | 'logger'>,
): Engine {
  const connection = lazyTemporalConnection(temporalConnectionOptions(environment))
  return createEngine({
    ...parts,
    connection,
    temporal: createTemporalClient(connection, environment),
    temporalWebUrl: environment.TEMPORAL_WEB_URL,
    spreadMinutes: environment.SCHEDULE_SPREAD_MINUTES,
    missedAfterMinutes: environment.MISSED_AFTER_MINUTES,
  })
}

/** The engine over Temporal. */
export function createEngine(context: EngineParts): Engine {
  const { prisma, connection, temporal, logger } = context
  const logSource = { temporal, temporalWebUrl: context.temporalWebUrl }

  const applyLimit = pLimit(maxConcurrentApplies)

  let learntAt = Number.NEGATIVE_INFINITY
  function withEngineDeadline<T>(work: () => Promise<T>): Promise<T> {
    return connection.withDeadline(Date.now() + deadlineMs, async () => {
      // An operator may have added what the namespace lacked.
      if (performance.now() - learntAt > learnAgainMs) {
        await learnAttributes(temporal, connection)
        learntAt = performance.now()
      }
      return work()
    })
  }

  /** True when the work was done; false, with a warning, when the reconciler or the sweep has to do it. */
  async function tryNow(what: string, about: Subject, work: () => Promise<void>): Promise<boolean> {
    try {
      await withEngineDeadline(work)
      return true
    } catch (error) {
      logger.warn({ ...about, err: error }, `${what}: not done now, will be done later`)
      return false
    }
  }

  return {
    // With many edits and a slow engine, the reconciler applies those that would wait long.
    applySchedule: async (id) =>
      applyLimit.pendingCount < maxQueuedApplies &&
      tryNow('apply schedule', { scheduledReportId: id }, () => applyLimit(() => applySchedule(context, id))),
    changeDefinition: (definition, data, onlyVersion, alongside) =>
      changeDefinition(context, definition, data, onlyVersion, alongside),
    accountForOwner: (ownerId) => accountForOwner(context, ownerId),
    removeSchedule: (id) =>
      tryNow('remove schedule', { scheduledReportId: id }, () => removeSchedule(temporal, id)),
    startReport: (number) =>
      tryNow('start report', { number }, async () => {
        const row = await prisma.report.findUniqueOrThrow({ where: { number } })
        if (row.status === 'queued') await startReport(temporal, row)
      }),
    relaunchReport: (number, options) =>
      withEngineDeadline(() => relaunchReport(prisma, temporal, number, options)),
    cancelReport: (number) => withEngineDeadline(() => cancelReport(prisma, temporal, number)),
    progressOf: async (number) => {
      const row = await prisma.report.findUnique({
        where: { number },
        select: { workflowId: true, status: true },
      })
      if (row?.status !== 'running') return null
      return withEngineDeadline(() => readProgress(temporal, row.workflowId)).catch(() => null)
    },
    deliveryLogs: (reports) =>
      Promise.all(
        reports.map((row) =>
          withEngineDeadline(() => readDeliveryLog(logSource, row)).catch((error: unknown) => {
            logger.warn({ err: error, number: row.number }, 'delivery log read without the engine')
            return logWithoutEngine(logSource, row)
          }),
        ),
      ),
    backfill: async (id, period) => {
      try {
        return { ok: true, occurrences: await backfillOccurrences(context, id, period) }
      } catch (error) {
        logger.warn({ scheduledReportId: id, err: error }, 'backfill: not everything could be relaunched')
        return { ok: false, code: 'engine_unavailable' }
      }
    },
    sendNotices: (number) =>
      tryNow('notices', { number: number ?? undefined }, () => startNotices(prisma, temporal, number)),
    isPolledSince: (since) => withEngineDeadline(() => isPolledSince(temporal, since)),
    ping: () =>
      connection
        .withDeadline(Date.now() + 2_000, () => connection.workflowService.getSystemInfo({}))
        .then(
          () => true,
          () => false,
        ),
    close: () => connection.close(),
  }
}
