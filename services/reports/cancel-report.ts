import { WorkflowNotFoundError, type Client } from '@temporalio/client'
import { isSettled, type ReportStatus } from '#domain/report-status.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { cancelSignal } from '#contract/report-messages.ts'
import type { CancelOutcome } from '../engine.ts'
import { countEnded } from '../monitoring/report-metrics.ts'

/** Asks the workflow to stop and clean up; a report that no workflow has taken yet is cancelled on its row. */
export async function cancelReport(
  prisma: PrismaClient,
  temporal: Client,
  number: number,
): Promise<CancelOutcome> {
  const row = await prisma.report.findUniqueOrThrow({ where: { number } })
  if (isSettled(row.status as ReportStatus)) return { ok: false, code: 'not_cancellable' }
  try {
    await temporal.workflow.getHandle(row.workflowId).signal(cancelSignal)
    return { ok: true }
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) return { ok: false, code: 'engine_unavailable' }
  }
  const cancelled = await prisma.report.updateMany({
    where: { number, status: 'queued' },
    data: { status: 'cancelled', finishedAt: new Date() },
  })
  if (cancelled.count !== 1) return { ok: false, code: 'not_cancellable' }
  countEnded(row, { status: 'cancelled' })
  return { ok: true }
}
