/**
 * Compares open rows with the engine. A queued report that no workflow took is started (Temporal was away when it
 * was asked for); one whose workflow was terminated, timed out or lost is ended with words, and its log kept.
 */

import { WorkflowNotFoundError, type Client } from '@temporalio/client'
import { failureSentence } from '#domain/failures.ts'
import { matchLocale } from '#domain/locale.ts'
import type { ReportPhase } from '#domain/report-status.ts'
import type { ReportFailure } from '#domain/schemas/report.ts'
import { Prisma, type PrismaClient, type Report } from '#prisma/client/client.ts'
import { archiveDeliveryLog } from './archive-delivery-log.ts'
import type { LogSource } from './read-delivery-log.ts'
import { startAgain } from './start-again.ts'

export interface Swept {
  started: number
  ended: number
  archived: number
}

export interface SweepOptions {
  onProgress?: () => void
  /** Called for each report that was ended because its workflow was lost. */
  onEnded?: (number: number) => Promise<void>
  now?: Date
}

/** A queued row younger than this is still being started by whoever made it. */
const queuedGraceMs = 30_000
const batch = 200

export async function sweepReports(
  prisma: PrismaClient,
  source: LogSource,
  options: SweepOptions = {},
): Promise<Swept> {
  const { onProgress = () => {}, onEnded = async () => {}, now = new Date() } = options
  const swept: Swept = { started: 0, ended: 0, archived: 0 }
  const open = await prisma.report.findMany({
    where: {
      OR: [
        { status: 'queued', requestedAt: { lt: new Date(now.getTime() - queuedGraceMs) } },
        { status: 'running' },
      ],
    },
    orderBy: { number: 'asc' },
    take: batch,
  })
  for (const row of open) {
    onProgress()
    const state = await stateOf(source.temporal, row)
    if (state === 'open') continue
    if (row.status === 'queued') {
      await startAgain(source.temporal, row)
      swept.started += 1
    } else if (await endLost(prisma, row)) {
      await archiveDeliveryLog(prisma, source, row.number)
      await onEnded(row.number)
      swept.ended += 1
    }
  }
  swept.archived = await archiveClosed(prisma, source, onProgress)
  return swept
}

/** Failed reports whose workflow ended without its last activity (terminated while waiting) keep their log too. */
async function archiveClosed(
  prisma: PrismaClient,
  source: LogSource,
  onProgress: () => void,
): Promise<number> {
  const unarchived = await prisma.report.findMany({
    where: {
      status: { in: ['failed', 'completed', 'cancelled'] },
      archivedLog: { equals: Prisma.DbNull },
      runIds: { isEmpty: false },
    },
    orderBy: { number: 'asc' },
    take: batch,
  })
  let archived = 0
  for (const row of unarchived) {
    onProgress()
    if ((await stateOf(source.temporal, row)) === 'open') continue
    await archiveDeliveryLog(prisma, source, row.number)
    archived += 1
  }
  return archived
}

/** Only if the row is as we read it: a relaunch may have taken it up meanwhile. */
async function endLost(prisma: PrismaClient, row: Report): Promise<boolean> {
  const phase: ReportPhase = row.objectKey ? 'email' : 'generate'
  const failure: ReportFailure = {
    phase,
    code: 'workflow_lost',
    message: failureSentence('workflow_lost', matchLocale(row.locale)),
  }
  const ended = await prisma.report.updateMany({
    where: { number: row.number, status: 'running', round: row.round, runIds: { equals: row.runIds } },
    data: {
      status: 'failed',
      failure: { ...failure },
      finishedAt: new Date(),
      failedInARow: row.failedInARow + 1,
    },
  })
  return ended.count === 1
}

async function stateOf(temporal: Client, row: Report): Promise<'open' | 'closed' | 'absent'> {
  try {
    const { status } = await temporal.workflow.getHandle(row.workflowId).describe()
    return status.name === 'RUNNING' ? 'open' : 'closed'
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'absent'
    throw error
  }
}
