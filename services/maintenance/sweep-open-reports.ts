/**
 * Compares open rows with the engine. A queued report without a workflow is started (Temporal was unreachable when it
 * was requested); a report whose workflow was terminated, timed out or lost is ended as its checkpoints say, and its
 * log archived.
 */

import pLimit from 'p-limit'
import { databaseNow } from '../clock/clocks.ts'
import { failureSentence } from '#domain/failures.ts'
import { matchLocale } from '#domain/locale.ts'
import type { RecipientStatus, ReportStatus } from '#domain/report-status.ts'
import type { ReportFailure } from '#domain/schemas/report-schema.ts'
import { Prisma, type PrismaClient, type Report } from '#prisma/client/client.ts'
import { countEnded } from '../monitoring/report-metrics.ts'
import { restartQueued } from '../reports/start-report.ts'
import { advanceStreak, lockDefinitionOf } from '../definitions/failure-streak.ts'
import { isRunning, openWorkflowIds } from '../temporal/workflow-state.ts'
import { mergeOutcome } from '../reports/merge-outcome.ts'
import { archiveDeliveryLog, type LogSource } from '../delivery-log/read-delivery-log.ts'
import type { ReportEnd } from '../delivery-log/report-end.ts'
import { resumeNotices, type GivenUpNotice } from '../notices/start-notices.ts'
import { noteStuckReports } from './stuck-reports.ts'
import { writeNotices } from '../notices/write-notices.ts'

export interface Swept {
  started: number
  ended: number
  archived: number
  /** Notices whose workflow was missing. */
  resumed: number
  /** Reports whose sweep failed this time. */
  failed: number
  /** Open reports whose runs cannot go on. */
  stuck: number
}

export interface SweepOptions {
  onProgress?: () => void
  /** Called for each report that was ended because its workflow was lost. */
  onEnded?: (number: number) => Promise<void>
  /** Called for each report whose log was archived because its run did not. */
  onArchived?: (end: ReportEnd | null) => void
  /** Called for each report whose sweep failed. */
  onFailed?: (number: number, error: unknown) => void
  /** Called for each notice that is too old to be sent any more. */
  onNoticeGivenUp?: (notice: GivenUpNotice) => void
  /** Consecutive failures after which the administrators are notified (ALERT_AFTER_FAILURES). */
  alertAfter?: number
  now?: Date
}

/** A queued row younger than this may still be started by the process that inserted it. */
const queuedGraceMs = 30_000
/** The workflow of a report that ended later than this may still archive its log. */
const archivingGraceMs = 30_000
const batch = 200
/** Reports swept at the same time: each needs some answers of the engine, which may be slow in an outage. */
const concurrency = 8

export async function sweepOpenReports(
  prisma: PrismaClient,
  source: LogSource,
  options: SweepOptions = {},
): Promise<Swept> {
  const {
    onProgress = () => {},
    onEnded = async () => {},
    onArchived = () => {},
    onFailed = () => {},
  } = options
  const { onNoticeGivenUp, alertAfter = 3, now = await databaseNow(prisma) } = options
  const swept: Swept = { started: 0, ended: 0, archived: 0, resumed: 0, failed: 0, stuck: 0 }
  const queued: Prisma.ReportWhereInput = {
    status: 'queued',
    updatedAt: { lt: new Date(now.getTime() - queuedGraceMs) },
  }
  // What its workflow could not archive when it wrote the result.
  const unarchived = (status: ReportStatus): Prisma.ReportWhereInput => ({
    status,
    logArchived: false,
    runIds: { isEmpty: false },
    updatedAt: { lt: new Date(now.getTime() - archivingGraceMs) },
  })
  // Queued reports first: nothing else starts them.
  await forEachRow(queued, sweepQueued)
  const open = await openWorkflowIds(source.temporal, onProgress)
  await forEachRow({ status: 'running' }, async (row) => {
    if (!open.has(row.workflowId)) await sweepRunning(row)
  })
  swept.stuck = await noteStuckReports(prisma, source.temporal, {
    now,
    onProgress,
    onFailed: failed,
  })
  // One status at a time: only so does PostgreSQL read them by their index.
  for (const status of ['failed', 'completed', 'cancelled'] as const)
    await forEachRow(unarchived(status), archiveOne)
  onProgress()
  swept.resumed = await resumeNotices(prisma, source.temporal, now, onNoticeGivenUp)
  return swept

  function failed(number: number, error: unknown): void {
    swept.failed += 1
    onFailed(number, error)
  }

  /** A report that fails does not stop the others. */
  async function forEachRow(
    where: Prisma.ReportWhereInput,
    work: (row: Report) => Promise<void>,
  ): Promise<void> {
    let after = 0
    for (;;) {
      const rows = await prisma.report.findMany({
        where: { ...where, number: { gt: after } },
        orderBy: { number: 'asc' },
        take: batch,
      })
      await pLimit(concurrency).map(rows, async (row) => {
        onProgress()
        await work(row).catch((error: unknown) => {
          // A cancellation ends the questions to the engine too: it is no fault of the report.
          onProgress()
          failed(row.number, error)
        })
      })
      after = rows.at(-1)?.number ?? after
      if (rows.length < batch) return
    }
  }

  async function sweepQueued(row: Report): Promise<void> {
    // A relaunch whose signal was never sent is queued while its workflow is open. Signalling a round is idempotent.
    const isRelaunch = row.startedAt !== null
    if (!isRelaunch && (await isRunning(source.temporal, row.workflowId))) return
    await restartQueued(source.temporal, row)
    swept.started += 1
  }

  /** The list of open workflows shows one a moment late. */
  async function sweepRunning(row: Report): Promise<void> {
    if (await isRunning(source.temporal, row.workflowId)) return
    const ending = await endLost(prisma, row, alertAfter)
    if (!ending) return
    countEnded(row, ending)
    swept.ended += 1
    // First, since a failed archiving is repeated by the next sweep, and this is not.
    await onEnded(row.number)
    onArchived(await archiveDeliveryLog(prisma, source, row.number))
  }

  async function archiveOne(row: Report): Promise<void> {
    onArchived(await archiveDeliveryLog(prisma, source, row.number))
    swept.archived += 1
  }
}

/** Only if the row is unchanged: a relaunch may have started meanwhile. */
function endLost(
  prisma: PrismaClient,
  row: Report,
  alertAfter: number,
): Promise<{ status: ReportStatus; failure?: string } | null> {
  return prisma.$transaction(async (transaction) => {
    const definition = await lockDefinitionOf(transaction, row.number)
    const outcome = await outcomeOfLost(transaction, row)
    const { status, delivery, failure, uncertainRecipients } = outcome
    const { round } = row
    const now = await databaseNow(transaction)
    const ended = await transaction.report.updateMany({
      where: { number: row.number, status: 'running', round, runIds: { equals: row.runIds } },
      data: {
        status,
        delivery,
        uncertainRecipients,
        failure: failure ? { ...failure } : Prisma.DbNull,
        finishedAt: now,
        stuck: Prisma.DbNull,
      },
    })
    if (ended.count === 0) return null
    const streak = await advanceStreak(transaction, row, definition, { status, alertAfter, now })
    await transaction.report.update({
      where: { number: row.number },
      data: { failedInARow: streak.failedInARow },
    })
    await writeNotices(transaction, row, { ...outcome, round, finishedAt: now }, streak)
    return { status, failure: failure?.code }
  })
}

/** A failure, unless the mails were sent: then only the report of success was lost. */
async function outcomeOfLost(transaction: Prisma.TransactionClient, row: Report) {
  const deliveries = await transaction.delivery.findMany({ where: { reportNumber: row.number } })
  const results = deliveries.map(({ email, status }) => ({ email, status: status as RecipientStatus }))
  const isStored = row.objectKey !== null && row.fileRemovedAt === null
  const failure: ReportFailure = {
    phase: isStored ? 'email' : 'generate',
    code: 'workflow_lost',
    message: failureSentence('workflow_lost', matchLocale(row.locale)),
  }
  const uncertainRecipients = results.filter((result) => result.status === 'uncertain').length
  return { ...mergeOutcome({ status: 'failed', failure }, row.recipients, results), uncertainRecipients }
}
