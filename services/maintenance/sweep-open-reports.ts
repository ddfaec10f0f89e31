/**
 * Compares open rows with the engine. A queued report that no workflow took is started (Temporal was away when it
 * was asked for); one whose workflow was terminated, timed out or lost is ended as its checkpoints say, and its
 * log kept.
 */

import pLimit from 'p-limit'
import { failureSentence } from '#domain/failures.ts'
import { matchLocale } from '#domain/locale.ts'
import type { RecipientStatus } from '#domain/report-status.ts'
import type { ReportFailure } from '#domain/schemas/report-schema.ts'
import { Prisma, type PrismaClient, type Report } from '#prisma/client/client.ts'
import { startAgain } from '../reports/start-report.ts'
import { advanceStreak, lockDefinitionOf } from '../definitions/failure-streak.ts'
import { isRunning } from '../temporal/workflow-state.ts'
import { mergeOutcome } from '../reports/merge-outcome.ts'
import { archiveDeliveryLog, type LogSource } from '../delivery-log/read-delivery-log.ts'
import { resumeNotices, type GivenUpNotice } from '../notices/start-notices.ts'
import { writeNotices } from '../notices/write-notices.ts'

export interface Swept {
  started: number
  ended: number
  archived: number
  /** Notices that nobody was sending. */
  resumed: number
  /** Reports that could not be looked after this time. */
  failed: number
}

export interface SweepOptions {
  onProgress?: () => void
  /** Called for each report that was ended because its workflow was lost. */
  onEnded?: (number: number) => Promise<void>
  /** Called for each report that could not be looked after this time. */
  onFailed?: (number: number, error: unknown) => void
  /** Called for each notice that is too old to be sent any more. */
  onNoticeGivenUp?: (notice: GivenUpNotice) => void
  /** Failures running after which the administrators are told (ALERT_AFTER_FAILURES). */
  alertAfter?: number
  now?: Date
}

/** A queued row younger than this is still being started by whoever made it. */
const queuedGraceMs = 30_000
const batch = 200
/** Reports looked after at once: each takes a few answers of the engine, which may be slow in a crisis. */
const atOnce = 8

export async function sweepOpenReports(
  prisma: PrismaClient,
  source: LogSource,
  options: SweepOptions = {},
): Promise<Swept> {
  const { onProgress = () => {}, onEnded = async () => {}, onFailed = () => {} } = options
  const { onNoticeGivenUp, alertAfter = 3, now = new Date() } = options
  const swept: Swept = { started: 0, ended: 0, archived: 0, resumed: 0, failed: 0 }
  const queued: Prisma.ReportWhereInput = {
    status: 'queued',
    updatedAt: { lt: new Date(now.getTime() - queuedGraceMs) },
  }
  // Ended while its last activity could not run (terminated while waiting): its log is kept too.
  const unarchived: Prisma.ReportWhereInput = {
    status: { in: ['failed', 'completed', 'cancelled'] },
    logArchived: false,
    runIds: { isEmpty: false },
  }
  // Those that nobody has begun wait for nothing else.
  await forEachRow(queued, sweepOne)
  await forEachRow({ status: 'running' }, sweepOne)
  await forEachRow(unarchived, archiveOne)
  swept.resumed = await resumeNotices(prisma, source.temporal, now, onNoticeGivenUp)
  return swept

  /** One report that cannot be looked after keeps no other waiting. */
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
      await pLimit(atOnce).map(rows, async (row) => {
        onProgress()
        await work(row).catch((error: unknown) => {
          swept.failed += 1
          onFailed(row.number, error)
        })
      })
      after = rows.at(-1)?.number ?? after
      if (rows.length < batch) return
    }
  }

  async function sweepOne(row: Report): Promise<void> {
    const isOpen = await isRunning(source.temporal, row.workflowId)
    // A relaunch whose signal was never sent waits in the queue of an open workflow; the round makes twice harmless.
    const isRelaunch = row.status === 'queued' && row.startedAt !== null
    if (isOpen && !isRelaunch) return
    if (row.status === 'queued') {
      await startAgain(source.temporal, row)
      swept.started += 1
    } else if (await endLost(prisma, row, alertAfter)) {
      swept.ended += 1
      // Archiving comes round again if it fails; this does not.
      await onEnded(row.number)
      await archiveDeliveryLog(prisma, source, row.number)
    }
  }

  async function archiveOne(row: Report): Promise<void> {
    if (await isRunning(source.temporal, row.workflowId)) return
    await archiveDeliveryLog(prisma, source, row.number)
    swept.archived += 1
  }
}

/** Only if the row is as we read it: a relaunch may have taken it up meanwhile. */
function endLost(prisma: PrismaClient, row: Report, alertAfter: number): Promise<boolean> {
  return prisma.$transaction(async (transaction) => {
    const definition = await lockDefinitionOf(transaction, row.number)
    const outcome = await outcomeOfLost(transaction, row)
    const { status, delivery, failure } = outcome
    const { round } = row
    const now = new Date()
    const ended = await transaction.report.updateMany({
      where: { number: row.number, status: 'running', round, runIds: { equals: row.runIds } },
      data: { status, delivery, failure: failure ? { ...failure } : Prisma.DbNull, finishedAt: now },
    })
    if (ended.count === 0) return false
    const streak = await advanceStreak(transaction, row, definition, { status, alertAfter, now })
    await transaction.report.update({
      where: { number: row.number },
      data: { failedInARow: streak.failedInARow },
    })
    await writeNotices(transaction, row, { ...outcome, round, finishedAt: now }, streak)
    return true
  })
}

/** A failure, unless its mails went out: what was lost then is only the news of it. */
async function outcomeOfLost(transaction: Prisma.TransactionClient, row: Report) {
  const deliveries = await transaction.delivery.findMany({ where: { reportNumber: row.number } })
  const results = deliveries.map(({ email, status }) => ({ email, status: status as RecipientStatus }))
  const isStored = row.objectKey !== null && row.fileRemovedAt === null
  const failure: ReportFailure = {
    phase: isStored ? 'email' : 'generate',
    code: 'workflow_lost',
    message: failureSentence('workflow_lost', matchLocale(row.locale)),
  }
  return mergeOutcome({ status: 'failed', failure }, row.recipients, results)
}
