import { activityInfo, ApplicationFailure, log } from '@temporalio/activity'
import type { DeliveryState, RecipientStatus } from '#domain/report-status.ts'
import type { ReportFailure } from '#domain/schemas/report-schema.ts'
import { databaseNow } from '#services/clock/clocks.ts'
import { countEnded } from '#services/monitoring/report-metrics.ts'
import { advanceStreak, lockDefinitionOf } from '#services/definitions/failure-streak.ts'
import { mergeOutcome } from '#services/reports/merge-outcome.ts'
import { writeNotices } from '#services/notices/write-notices.ts'
import { Prisma, type PrismaClient, type Report } from '#prisma/client/client.ts'
import type { ActivityContext } from '../activity-context.ts'
import { nameReportInLogs } from '../report-in-logs.ts'
import type { RecipientResult, Settled, Settlement } from '#contract/report-run.ts'
import { publishOutcome } from '#services/maintenance/publish-outcome.ts'
import { archiveDeliveryLog } from '#services/delivery-log/read-delivery-log.ts'
import type { ReportEnd } from '#services/delivery-log/report-end.ts'

/** Longer than the default, for a hundred recipients on a slow connection to the database. */
const transactionTimeoutMs = 20_000

/**
 * Writes a round's result on the row, counts it for its definition, and writes the notices, in one transaction.
 * Idempotent: a round is written once (one that waits for a relaunch may still be cancelled), and a recipient who has
 * the mail stays `sent`.
 */
export function settleReport({ prisma, environment }: ActivityContext) {
  return async (settlement: Settlement): Promise<Settled> => {
    const { settled, written } = await prisma.$transaction(
      async (transaction) => {
        const definition = await lockDefinitionOf(transaction, settlement.number)
        const row = await lockRow(transaction, settlement.number)
        if (!row)
          throw ApplicationFailure.nonRetryable(
            `There is no report N° ${settlement.number}`,
            'report_unknown',
          )
        nameReportInLogs(row)
        const isWritten = row.settledRound >= settlement.round
        // The report failed and waits, or is queued for a relaunch that the cancel answers.
        const cancelsWaiting =
          settlement.status === 'cancelled' && (row.status === 'failed' || row.status === 'queued')
        if (isWritten && !cancelsWaiting) {
          const hasNews = await hasNewsOf(transaction, row)
          const settled = { ...settledOn(row, await readResults(transaction, row.number)), hasNews }
          return { settled, written: null }
        }
        // An anonymisation takes recipients off a report whose workflow waits.
        const recipients = settlement.recipients.filter(({ email }) => row.recipients.includes(email))
        await writeRecipients(transaction, { ...settlement, recipients })
        const results = await readResults(transaction, row.number)
        const merged = mergeOutcome(settlement, row.recipients, results)
        const { status } = merged
        const { round } = settlement
        const now = await databaseNow(transaction)
        const alertAfter = environment.ALERT_AFTER_FAILURES
        const streak = await advanceStreak(transaction, row, definition, { status, alertAfter, now })
        await transaction.report.update({
          where: { number: row.number },
          data: {
            ...changes(row, settlement, merged),
            uncertainRecipients: results.filter((result) => result.status === 'uncertain').length,
            failedInARow: streak.failedInARow,
            finishedAt: now,
          },
        })
        await writeNotices(transaction, row, { ...merged, round, finishedAt: now }, streak)
        const settled = { ...merged, recipients: results, hasNews: await hasNewsOf(transaction, row) }
        return { settled, written: row }
      },
      { timeout: transactionTimeoutMs, maxWait: transactionTimeoutMs },
    )
    const { status, failure } = settled
    const { skipReason } = settlement
    if (written) countEnded(written, { status, failure: failure?.code, skipReason })
    return settled
  }
}

async function lockRow(transaction: Prisma.TransactionClient, number: number): Promise<Report | null> {
  await transaction.$queryRaw`SELECT 1 FROM report WHERE number = ${number} FOR UPDATE`
  return transaction.report.findUnique({ where: { number } })
}

/**
 * All recipients in one statement. A row that is `sent` stays, and so does one that is `uncertain` unless the mail was
 * accepted; a result that is `pending` adds nothing.
 */
async function writeRecipients(
  transaction: Prisma.TransactionClient,
  { number, recipients }: Settlement,
): Promise<void> {
  const column = <T>(read: (recipient: RecipientResult) => T) => recipients.map(read)
  await transaction.$executeRaw`
    INSERT INTO delivery (report_number, email, status, message_id, response, error, sent_at)
    SELECT ${number}, result.*
    FROM unnest(
      ${column(({ email }) => email)}::text[],
      ${column(({ status }) => status)}::text[],
      ${column(({ messageId }) => messageId ?? null)}::text[],
      ${column(({ response }) => response ?? null)}::text[],
      ${column(({ error }) => error ?? null)}::text[],
      ${column(({ sentAt }) => sentAt ?? null)}::timestamptz[]
    ) AS result (email, status, message_id, response, error, sent_at)
    ON CONFLICT (report_number, email) DO UPDATE SET
      status = excluded.status, message_id = excluded.message_id, response = excluded.response,
      error = excluded.error, sent_at = excluded.sent_at
    WHERE delivery.status <> 'sent' AND excluded.status <> 'pending'
      AND (delivery.status <> 'uncertain' OR excluded.status IN ('sent', 'uncertain'))`
}

/** Whether there are notices to send, or the definition was paused and its Schedule is not yet. */
async function hasNewsOf(transaction: Prisma.TransactionClient, row: Report): Promise<boolean> {
  const [{ isTrue } = { isTrue: false }] = await transaction.$queryRaw<{ isTrue: boolean }[]>`
    SELECT EXISTS (SELECT FROM notice WHERE report_number = ${row.number} AND status = 'pending')
      OR EXISTS (
        SELECT FROM scheduled_report
        WHERE id = ${row.scheduledReportId}::uuid AND NOT enabled AND version <> applied_version
      ) AS "isTrue"`
  return isTrue
}

function changes(
  row: Report,
  settlement: Settlement,
  { status, delivery, failure }: Pick<Settled, 'status' | 'delivery' | 'failure'>,
): Prisma.ReportUpdateInput {
  const runId = activityInfo().workflowExecution?.runId
  return {
    status,
    delivery,
    round: settlement.round,
    settledRound: settlement.round,
    skipReason: settlement.skipReason ?? null,
    failure: failure ? { ...failure } : Prisma.DbNull,
    logArchived: false,
    stuck: Prisma.DbNull,
    // A run that an operator reset in Temporal Web continues under a new run id.
    ...(runId && !row.runIds.includes(runId) ? { runIds: { push: runId } } : {}),
  }
}

function settledOn(row: Report, recipients: RecipientResult[]): Omit<Settled, 'hasNews'> {
  return {
    status: row.status as Settled['status'],
    delivery: row.delivery as DeliveryState,
    failure: row.failure as ReportFailure | null,
    recipients,
  }
}

/** Recipients written to so far, as checked off on their rows. */
export async function readResults(
  prisma: PrismaClient | Prisma.TransactionClient,
  number: number,
): Promise<RecipientResult[]> {
  const deliveries = await prisma.delivery.findMany({ where: { reportNumber: number } })
  return deliveries.map((delivery) => ({
    email: delivery.email,
    status: delivery.status as RecipientStatus,
    messageId: delivery.messageId,
    response: delivery.response,
    error: delivery.error,
    sentAt: delivery.sentAt?.toISOString() ?? null,
  }))
}

/** Applies a report's result to its Schedule and sends its notices. */
export function announceOutcome(context: ActivityContext) {
  return ({ number }: { number: number }): Promise<void> =>
    publishOutcome(context, number, (error) => {
      log.warn('the Schedule could not be paused now: the reconciler will', { number, err: error })
    })
}

/** Archives the delivery log, since the engine deletes histories after its retention, and logs how the report ended. */
export function closeReport({ prisma, temporal, environment }: ActivityContext) {
  return async ({ number }: { number: number }): Promise<void> => {
    const source = { temporal, temporalWebUrl: environment.TEMPORAL_WEB_URL }
    logReportEnd(await archiveDeliveryLog(prisma, source, number))
  }
}

/** Once a round: also by the sweep, when the run could not. */
export function logReportEnd(end: ReportEnd | null): void {
  if (end) log.info('report ended', { ...end })
}
