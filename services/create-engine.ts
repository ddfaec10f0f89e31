import type { Connection } from '@temporalio/client'
import pLimit from 'p-limit'
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
import { startReport } from './reports/start-report.ts'

export interface EngineParts extends ServiceContext {
  connection: Connection
  temporalWebUrl: string
  logger: Logger
}

/** An answer is waited for this long: a person is waiting too, and what fails here is done later. */
const deadlineMs = 5_000
/** Each holds a connection of the pool while it waits for the engine: most are left to who only reads. */
const appliesAtOnce = 4
const waitingToApply = 40

/** The engine over Temporal. */
export function createEngine(context: EngineParts): Engine {
  const { prisma, connection, temporal, logger } = context
  const logSource = { temporal, temporalWebUrl: context.temporalWebUrl }

  const applyingAtOnce = pLimit(appliesAtOnce)

  function soon<T>(work: () => Promise<T>): Promise<T> {
    return connection.withDeadline(Date.now() + deadlineMs, work)
  }

  /** True when it was done; false when it is left to the reconciler or the sweep, with a line in the log. */
  async function triedNow(what: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await soon(work)
      return true
    } catch (error) {
      logger.warn({ err: error }, `${what}: not done now, will be done later`)
      return false
    }
  }

  return {
    // A crowd of edits while the engine is slow: the reconciler applies what would wait for long.
    applySchedule: async (id) =>
      applyingAtOnce.pendingCount < waitingToApply &&
      triedNow(`apply schedule ${id}`, () => applyingAtOnce(() => applySchedule(context, id))),
    changeDefinition: (definition, data, onlyVersion) =>
      changeDefinition(context, definition, data, onlyVersion),
    accountForOwner: (ownerId) => accountForOwner(context, ownerId),
    removeSchedule: (id) => triedNow(`remove schedule ${id}`, () => removeSchedule(temporal, id)),
    startReport: (number) =>
      triedNow(`start report ${number}`, async () => {
        const row = await prisma.report.findUniqueOrThrow({ where: { number } })
        if (row.status === 'queued') await startReport(temporal, row)
      }),
    relaunchReport: (number) => soon(() => relaunchReport(prisma, temporal, number)),
    cancelReport: (number) => soon(() => cancelReport(prisma, temporal, number)),
    progressOf: async (number) => {
      const row = await prisma.report.findUnique({
        where: { number },
        select: { workflowId: true, status: true },
      })
      if (row?.status !== 'running') return null
      return soon(() => readProgress(temporal, row.workflowId)).catch(() => null)
    },
    deliveryLogs: (reports) =>
      Promise.all(
        reports.map((row) =>
          soon(() => readDeliveryLog(logSource, row)).catch((error: unknown) => {
            logger.warn({ err: error, number: row.number }, 'delivery log read without the engine')
            return logWithoutEngine(logSource, row)
          }),
        ),
      ),
    backfill: async (id, period) => {
      try {
        return { ok: true, occurrences: await backfillOccurrences(context, id, period) }
      } catch (error) {
        logger.warn({ err: error }, `backfill ${id}: not everything could be relaunched`)
        return { ok: false, code: 'engine_unavailable' }
      }
    },
    sendNotices: (number) =>
      triedNow(`notices of report ${number}`, () => startNotices(prisma, temporal, number)),
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
