/** Writes the notices about a report's result in the transaction of the result, so that neither is lost. */

import { isIncomplete, type DeliveryState, type ReportStatus } from '#domain/report-status.ts'
import type { StuckReason } from '#domain/stuck-report.ts'
import type { ReportFailure } from '#domain/schemas/report-schema.ts'
import type { Prisma, Report, User } from '#prisma/client/client.ts'
import type { StreakChange } from '../definitions/failure-streak.ts'

export interface Outcome {
  round: number
  status: ReportStatus
  delivery: DeliveryState
  failure: ReportFailure | null
  finishedAt: Date
}

/**
 * Notifies the owner of a report that failed or did not reach all recipients; the administrators, once, of a scheduled
 * report that keeps failing; and on its recovery the owner and the notified administrators. Pending notices about an
 * earlier result of the report are dropped.
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
      notices.push(...(await administrators(transaction)).map(({ id }) => ({ userId: id, details })))
    }
  }
  if (status === 'completed' && isIncomplete(delivery)) {
    notices.push({ userId: row.ownerId, details: { kind: 'partly_delivered' } })
  }
  if (streak.recovered) notices.push(...(await recoveryNotices(transaction, row, streak.recovered)))
  await addNotices(transaction, row.number, outcome.round, notices, finishedAt)
}

interface Addressed {
  userId: string
  details: NoticeDetails
}

/** Skips deactivated people. */
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

/** Of something that is no single report's. */
export async function tellAdministrators(
  transaction: Prisma.TransactionClient,
  details: NoticeDetails,
  createdAt: Date,
): Promise<void> {
  const people = await administrators(transaction)
  const notices = people.map(({ id }) => ({ userId: id, details }))
  await addNotices(transaction, null, 0, notices, createdAt)
}

/** The active ones. */
export function administrators(
  database: Prisma.TransactionClient,
): Promise<Pick<User, 'id' | 'email' | 'locale' | 'timeZone'>[]> {
  return database.user.findMany({
    where: { role: 'admin', banned: false },
    select: { id: true, email: true, locale: true, timeZone: true },
    orderBy: { id: 'asc' },
  })
}

/** Skips the recovery notice, and the alert itself, for an administrator whose alert was not sent yet. */
async function recoveryNotices(
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
  /** Consecutive failures, this one included. */
  failedInARow: number
  /** The scheduled report was paused because of them. */
  isPaused: boolean
}

/**
 * The content of a notice, fixed with the result it reports: a mail sent hours later, once the mail server is back,
 * must not describe a report that has changed since. Stored as JSON on the notice's row.
 */
export type NoticeDetails =
  | ({ kind: 'report_failed' } & FailureTold)
  | { kind: 'partly_delivered' }
  /** The mail server refuses every mail: `code` names why, `response` is what it said. */
  | { kind: 'mail_misconfigured'; code: string; response: string; server: string }
  /** The storage has no room for files: what it said. */
  | { kind: 'storage_full'; response: string }
  /** Runs that cannot go on: the first of them, of `total`. */
  | {
      kind: 'reports_stuck'
      total: number
      /** `number`: null for an occurrence that is not opened yet, whose title is its scheduled report's name. */
      reports: { number: number | null; title: string; reason: StuckReason; message: string }[]
    }
  | ({ kind: 'failing_repeatedly' } & FailureTold)
  | {
      kind: 'recovered'
      failedInARow: number
      to: 'owner' | 'administrator'
      /** The definition works again but is paused: nothing runs until a person resumes it. */
      isPaused: boolean
    }
  /** To somebody who has an account now; `generation` and `expiresAt` (ISO 8601) are the link's, `invitedBy` a name. */
  | { kind: 'invitation'; generation: number; expiresAt: string; invitedBy: string }
  /** To somebody who forgot their password. */
  | { kind: 'password_reset'; generation: number; expiresAt: string }
  | { kind: 'recipient_unsubscribed'; recipient: string; remaining: string[] }
  | {
      kind: 'owner_gone'
      owner: string
      /** Their account is active, but they are no administrator any more; absent in notices of before. */
      isDemoted?: boolean
      scheduledReports: { id: string; name: string }[]
    }
