import type { Client } from '@temporalio/client'
import type { FailureCode } from '#domain/failures.ts'
import { taskQueues, workflowIdForNotice, workflowTypes } from '#contract/names.ts'
import type { Prisma, PrismaClient } from '#prisma/client/client.ts'
import type { NoticeInput } from '#contract/report-messages.ts'
import { noticeAbandonedAfterMs, noticeGivenUpAfterMs } from '#contract/limits.ts'
import { reportNumberKey } from '#contract/search-attributes.ts'
import { sealingKeyOf } from '../temporal/data-converter.ts'
import { knownAttributes } from '../temporal/namespace-attributes.ts'

const batch = 200

/** A notice without an attempt is left alone this long: normally the attempt begins within seconds. */
const beginsWithinMs = 2 * 60_000

/**
 * Starts the workflow of each pending notice of a report. Idempotent.
 * @param reportNumber null for notices that are not about a report.
 */
export async function startNotices(
  prisma: PrismaClient,
  temporal: Client,
  reportNumber: number | null,
): Promise<void> {
  await start(prisma, temporal, { reportNumber })
}

export interface GivenUpNotice {
  id: string
  /** Null when it is not about a report. */
  reportNumber: number | null
}

/**
 * Starts notices again whose workflow was never started, or was terminated. Notices that are too old are marked as
 * failed.
 * @param onGivenUp called for each of these.
 * @returns how many were started.
 */
export async function resumeNotices(
  prisma: PrismaClient,
  temporal: Client,
  now: Date,
  onGivenUp: (notice: GivenUpNotice) => void = () => {},
): Promise<number> {
  const ago = (ms: number) => new Date(now.getTime() - ms)
  const givenUp = await prisma.notice.updateManyAndReturn({
    where: { status: 'pending', createdAt: { lt: ago(noticeGivenUpAfterMs) } },
    data: { status: 'failed', error: 'timed_out' satisfies FailureCode },
    select: { id: true, reportNumber: true },
  })
  for (const notice of givenUp) onGivenUp(notice)
  return start(prisma, temporal, {
    OR: [
      { attemptedAt: null, createdAt: { lt: ago(beginsWithinMs) } },
      { attemptedAt: { lt: ago(noticeAbandonedAfterMs) } },
    ],
  })
}

async function start(
  prisma: PrismaClient,
  temporal: Client,
  which: Prisma.NoticeWhereInput,
): Promise<number> {
  const pending = await prisma.notice.findMany({
    where: { ...which, status: 'pending' },
    orderBy: { createdAt: 'asc' },
    take: batch,
    select: { id: true, reportNumber: true, kind: true, user: { select: { email: true } } },
  })
  // Sealed too, but a summary shows in lists, exports and pictures of them.
  const isSealed = sealingKeyOf(temporal) !== null
  for (const { id, reportNumber, kind, user } of pending) {
    const about = [reportNumber === null ? '' : `N° ${reportNumber}`, kind, isSealed ? '' : user.email]
    await temporal.workflow.start(workflowTypes.notice, {
      workflowId: workflowIdForNotice(id),
      taskQueue: taskQueues.reports,
      args: [{ noticeId: id }] satisfies [NoticeInput],
      staticSummary: about.filter(Boolean).join(' · '),
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
      typedSearchAttributes:
        reportNumber === null
          ? []
          : knownAttributes(temporal, [{ key: reportNumberKey, value: reportNumber }]),
    })
  }
  return pending.length
}
