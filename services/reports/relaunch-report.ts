import type { Client } from '@temporalio/client'
import { canRelaunch, isSettled, type DeliveryState, type ReportStatus } from '#domain/report-status.ts'
import { mayRun } from '#domain/viewer.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import type { RelaunchOptions, RelaunchOutcome } from '../engine.ts'
import { signalRelaunch } from './start-report.ts'

/**
 * Puts a settled report back in the queue and asks the workflow for its next round. The row changes first, and only if
 * it is still settled, so that of two clicks only one relaunches; when the signal cannot be sent, the row is restored.
 * @param options.resendUncertain writes also to those who perhaps have the mail: they may get it twice.
 */
export async function relaunchReport(
  prisma: PrismaClient,
  temporal: Client,
  number: number,
  { resendUncertain = false }: RelaunchOptions = {},
): Promise<RelaunchOutcome> {
  const row = await prisma.report.findUniqueOrThrow({ where: { number }, include: { owner: true } })
  const status = row.status as ReportStatus
  if (!isSettled(status)) return { ok: false, code: 'already_running' }
  if (row.removedDetails > 0) return { ok: false, code: 'recipients_removed' }
  // Every mail would be refused. A signal sent in Temporal Web goes past this, and is refused there.
  if (!mayRun(row.owner, row)) return { ok: false, code: 'report_owner_inactive' }
  const resends = resendUncertain && row.uncertainRecipients > 0
  if (!resends && !canRelaunch(status, row.delivery as DeliveryState))
    return { ok: false, code: 'not_relaunchable' }

  const queued = await prisma.$transaction(async (transaction) => {
    const { count } = await transaction.report.updateMany({
      where: { number, status, round: row.round },
      data: { status: 'queued' },
    })
    if (count === 0) return null
    return resends ? transaction.delivery.updateManyAndReturn(pendingAgain(number)) : []
  })
  if (queued === null) return { ok: false, code: 'already_running' }
  try {
    await signalRelaunch(temporal, row)
    return { ok: true }
  } catch {
    await prisma.report.updateMany({
      where: { number, status: 'queued', round: row.round },
      data: { status },
    })
    await prisma.delivery.updateMany({
      where: { reportNumber: number, email: { in: queued.map(({ email }) => email) }, status: 'pending' },
      data: { status: 'uncertain' },
    })
    return { ok: false, code: 'engine_unavailable' }
  }
}

/** The workflow writes to those who are pending, and to no one who perhaps has the mail. */
const pendingAgain = (reportNumber: number) => ({
  where: { reportNumber, status: 'uncertain' },
  data: { status: 'pending', leaseHolder: null, leaseUntil: null },
})
