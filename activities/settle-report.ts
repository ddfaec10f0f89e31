import type { FailureCode } from '#domain/failures.ts'
import type { DeliveryState, RecipientStatus, ReportStatus, SkipReason } from '#domain/report-status.ts'
import type { ReportFailure } from '#domain/schemas/report.ts'
import { Prisma } from '#prisma/client/client.ts'
import type { ActivityContext } from './activity-context.ts'

/** What became of one recipient. */
export interface RecipientResult {
  email: string
  status: RecipientStatus
  messageId?: string | null
  /** The mail server's own words. */
  response?: string | null
  /** A sentence for people. */
  error?: string | null
  code?: FailureCode
  sentAt?: string | null
}

/** The result of one round. */
export interface Settlement {
  number: number
  round: number
  status: Exclude<ReportStatus, 'queued' | 'running'>
  delivery: DeliveryState
  skipReason?: SkipReason
  failure: ReportFailure | null
  recipients: RecipientResult[]
}

/** Writes a round's result on the row. Safe to repeat: a later round is never overwritten by an earlier one. */
export function settleReport({ prisma }: ActivityContext) {
  return async (settlement: Settlement): Promise<{ failedInARow: number }> => {
    const { number, round, status, delivery, failure } = settlement
    return prisma.$transaction(async (transaction) => {
      const row = await transaction.report.findUniqueOrThrow({ where: { number } })
      if (row.round > round) return { failedInARow: row.failedInARow }
      const failedInARow = status === 'failed' ? (await failuresBefore(transaction, row)) + 1 : 0
      await transaction.report.update({
        where: { number },
        data: {
          status,
          delivery,
          round,
          failedInARow,
          skipReason: settlement.skipReason ?? null,
          failure: failure ? { ...failure } : Prisma.DbNull,
          finishedAt: new Date(),
        },
      })
      for (const recipient of settlement.recipients) {
        const { email } = recipient
        const result = {
          status: recipient.status,
          messageId: recipient.messageId ?? null,
          response: recipient.response ?? null,
          error: recipient.error ?? null,
          sentAt: recipient.sentAt ? new Date(recipient.sentAt) : null,
        }
        await transaction.delivery.upsert({
          where: { reportNumber_email: { reportNumber: number, email } },
          create: { reportNumber: number, email, ...result },
          update: result,
        })
      }
      return { failedInARow }
    })
  }
}

/** Failures running, before this report: of the same definition, or of this report's earlier rounds. */
async function failuresBefore(
  transaction: Prisma.TransactionClient,
  row: { number: number; scheduledReportId: string | null; failedInARow: number },
): Promise<number> {
  if (row.failedInARow > 0 || row.scheduledReportId === null) return row.failedInARow
  const previous = await transaction.report.findFirst({
    where: {
      scheduledReportId: row.scheduledReportId,
      number: { lt: row.number },
      status: { in: ['completed', 'failed'] },
    },
    orderBy: { number: 'desc' },
    select: { failedInARow: true },
  })
  return previous?.failedInARow ?? 0
}
