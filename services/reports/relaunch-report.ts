import type { Client } from '@temporalio/client'
import { canRelaunch, isSettled, type DeliveryState, type ReportStatus } from '#domain/report-status.ts'
import { mayRun } from '#domain/viewer.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import type { RelaunchOutcome } from '../engine.ts'
import { signalRelaunch } from './start-report.ts'

/**
 * Puts a settled report back in the queue and asks the workflow for its next round. The row changes first, and only if
 * it is still settled, so that of two clicks only one relaunches; when the signal cannot be sent, the row is restored.
 */
export async function relaunchReport(
  prisma: PrismaClient,
  temporal: Client,
  number: number,
): Promise<RelaunchOutcome> {
  const row = await prisma.report.findUniqueOrThrow({ where: { number }, include: { owner: true } })
  const status = row.status as ReportStatus
  if (!isSettled(status)) return { ok: false, code: 'already_running' }
  if (row.removedDetails > 0) return { ok: false, code: 'recipients_removed' }
  // Every mail would be refused. A signal sent in Temporal Web goes past this, and is refused there.
  if (!mayRun(row.owner, row)) return { ok: false, code: 'report_owner_inactive' }
  if (!canRelaunch(status, row.delivery as DeliveryState)) return { ok: false, code: 'not_relaunchable' }

  const queued = await prisma.report.updateMany({
    where: { number, status, round: row.round },
    data: { status: 'queued' },
  })
  if (queued.count === 0) return { ok: false, code: 'already_running' }
  try {
    await signalRelaunch(temporal, row)
    return { ok: true }
  } catch {
    await prisma.report.updateMany({
      where: { number, status: 'queued', round: row.round },
      data: { status },
    })
    return { ok: false, code: 'engine_unavailable' }
  }
}
