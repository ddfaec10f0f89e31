/** Who is told what of a report's result: written with the result, in the same transaction, so that neither is lost. */

import type { DeliveryState, ReportStatus } from '#domain/report-status.ts'
import type { ReportFailure } from '#domain/schemas/report-schema.ts'
import { roleFrom } from '#domain/viewer.ts'
import type { Prisma, Report } from '#prisma/client/client.ts'
import type { StreakChange } from '../definitions/failure-streak.ts'

export interface Outcome {
  round: number
  status: ReportStatus
  delivery: DeliveryState
  failure: ReportFailure | null
  finishedAt: Date
}

/**
 * The owner is told of a report that failed for good or did not reach everybody; the administrators, once, of a
 * scheduled report that keeps failing; and whoever was told that, and the owner, when it works again. What was not
 * sent yet and is overtaken by this result is dropped.
 */
export async function writeNotices(
  transaction: Prisma.TransactionClient,
  row: Pick<Report, 'number' | 'ownerId' | 'scheduledReportId'>,
  outcome: Outcome,
  streak: StreakChange,
): Promise<void> {
  await transaction.notice.updateMany({
    where: {
      reportNumber: row.number,
      status: 'pending',
      kind: { in: ['report_failed', 'partly_delivered'] satisfies NoticeDetails['kind'][] },
    },
    data: { status: 'dropped' },
  })
  const notices: Addressed[] = []
  const { status, delivery, failure, finishedAt } = outcome
  if (status === 'failed' && failure) {
    const { failedInARow, isPaused } = streak
    const told = { ...failure, failedAt: finishedAt.toISOString(), failedInARow, isPaused }
    notices.push({ userId: row.ownerId, details: { kind: 'report_failed', ...told } })
    if (streak.isAlert) {
      const details = { kind: 'failing_repeatedly', ...told } as const
      notices.push(...(await administrators(transaction)).map((userId) => ({ userId, details })))
    }
  }
  if (status === 'completed' && delivery === 'partial') {
    notices.push({ userId: row.ownerId, details: { kind: 'partly_delivered' } })
  }
  if (streak.recovered) notices.push(...(await ofRecovery(transaction, row, streak.recovered)))
  await addNotices(transaction, row.number, outcome.round, notices, finishedAt)
}

interface Addressed {
  userId: string
  details: NoticeDetails
}

/** Deactivated people are written to no more. */
export async function addNotices(
  transaction: Prisma.TransactionClient,
  reportNumber: number | null,
  round: number,
  notices: readonly Addressed[],
  createdAt: Date,
): Promise<void> {
  if (notices.length === 0) return
  const present = await transaction.user.findMany({
    where: { id: { in: notices.map(({ userId }) => userId) }, banned: false },
    select: { id: true },
  })
  const reachable = new Set(present.map(({ id }) => id))
  await transaction.notice.createMany({
    data: notices
      .filter(({ userId }) => reachable.has(userId))
      .map(({ userId, details }) => ({
        reportNumber,
        round,
        kind: details.kind,
        userId,
        details: { ...details },
        createdAt,
      })),
  })
}

/** Whoever looks after the service, and is active. */
export async function administrators(transaction: Prisma.TransactionClient): Promise<string[]> {
  const people = await transaction.user.findMany({
    where: { role: { contains: 'admin' }, banned: false },
    select: { id: true, role: true },
    orderBy: { id: 'asc' },
  })
  return people.filter(({ role }) => roleFrom(role) === 'admin').map(({ id }) => id)
}

/** Whoever was to be told that it keeps failing and was not yet need not hear of it at all. */
async function ofRecovery(
  transaction: Prisma.TransactionClient,
  { ownerId, scheduledReportId }: Pick<Report, 'ownerId' | 'scheduledReportId'>,
  { alertedAt, failedInARow, isPaused }: NonNullable<StreakChange['recovered']>,
): Promise<Addressed[]> {
  const alerts = {
    kind: 'failing_repeatedly' satisfies NoticeDetails['kind'],
    report: { scheduledReportId },
    createdAt: { gte: alertedAt },
  }
  await transaction.notice.updateMany({
    where: { ...alerts, status: 'pending' },
    data: { status: 'dropped' },
  })
  const told = await transaction.notice.findMany({
    where: { ...alerts, status: 'sent', userId: { not: ownerId } },
    select: { userId: true },
    distinct: ['userId'],
    orderBy: { userId: 'asc' },
  })
  const recovered = { kind: 'recovered', failedInARow, isPaused } as const
  return [
    { userId: ownerId, details: { ...recovered, to: 'owner' } },
    ...told.map(({ userId }) => ({ userId, details: { ...recovered, to: 'administrator' } as const })),
  ]
}

interface FailureTold extends ReportFailure {
  /** ISO 8601. */
  failedAt: string
  /** Failures running, this one included. */
  failedInARow: number
  /** The scheduled report was paused because of them. */
  isPaused: boolean
}

/**
 * What a notice tells, as it was known with the result it tells of: a mail that goes out hours later, once the mail
 * server is back, must not speak of a report that has changed since. Kept as JSON on the notice's row.
 */
export type NoticeDetails =
  | ({ kind: 'report_failed' } & FailureTold)
  | { kind: 'partly_delivered' }
  | ({ kind: 'failing_repeatedly' } & FailureTold)
  | {
      kind: 'recovered'
      failedInARow: number
      to: 'owner' | 'administrator'
      /** It works again, and is paused: nothing comes until somebody resumes it. */
      isPaused: boolean
    }
  | { kind: 'recipient_unsubscribed'; recipient: string; remaining: string[] }
  | { kind: 'owner_gone'; owner: string; scheduledReports: { id: string; name: string }[] }
