/**
 * How many recipients a person has mailed by their clicks within an hour: requests, runs now, relaunches, tests and
 * backfills. Occurrences of schedules are not counted: no person clicks, and a definition's recipients are bounded.
 *
 * The hour begins with the first click and ends 60 minutes later, so that within some hour across two windows twice
 * the quota is possible. The database's clock decides, for every process of the API together.
 */

import { reachedStatuses } from '#domain/report-status.ts'
import type { Prisma } from '#prisma/client/client.ts'

type Database = Pick<Prisma.TransactionClient, '$queryRaw' | '$executeRaw'>

/** `freeAt` is null when the count is above the quota itself: waiting does not help. */
export type QuotaOutcome = { ok: true } | { ok: false; freeAt: Date | null; retryAfterSeconds: number }

/** One statement counts and decides, so that of several requests at once only those within the quota pass. */
export async function takeRecipients(
  database: Database,
  userId: string,
  count: number,
  perHour: number,
): Promise<QuotaOutcome> {
  if (count > perHour) return { ok: false, freeAt: null, retryAfterSeconds: 0 }
  const taken = await database.$executeRaw`
    INSERT INTO recipient_quota AS mine (user_id, recipients, window_ends_at)
    VALUES (${userId}, ${count}, now() + interval '1 hour')
    ON CONFLICT (user_id) DO UPDATE SET
      recipients = CASE WHEN mine.window_ends_at <= now() THEN 0 ELSE mine.recipients END + excluded.recipients,
      window_ends_at = CASE WHEN mine.window_ends_at <= now() THEN excluded.window_ends_at ELSE mine.window_ends_at END
    WHERE mine.window_ends_at <= now() OR mine.recipients + excluded.recipients <= ${perHour}`
  if (taken === 1) return { ok: true }
  const [row] = await database.$queryRaw<{ freeAt: Date; seconds: number }[]>`
    SELECT window_ends_at AS "freeAt", ceil(extract(epoch FROM window_ends_at - now()))::int AS seconds
    FROM recipient_quota WHERE user_id = ${userId}`
  return { ok: false, freeAt: row?.freeAt ?? new Date(), retryAfterSeconds: Math.max(1, row?.seconds ?? 1) }
}

/** For a click that did nothing after all. */
export async function returnRecipients(database: Database, userId: string, count: number): Promise<void> {
  await database.$executeRaw`
    UPDATE recipient_quota SET recipients = greatest(0, recipients - ${count})
    WHERE user_id = ${userId} AND window_ends_at > now()`
}

/** How many recipients of these reports a relaunch writes to: not those who have their mail, nor who perhaps do. */
export async function countUnsent(
  database: Database,
  numbers: readonly number[],
  { resendUncertain = false } = {},
): Promise<number> {
  const over = resendUncertain ? ['sent'] : [...reachedStatuses]
  if (numbers.length === 0) return 0
  const [row] = await database.$queryRaw<{ unsent: number }[]>`
    SELECT coalesce(sum(greatest(0, cardinality(report.recipients) - (
      SELECT count(*) FROM delivery WHERE delivery.report_number = report.number AND delivery.status = ANY (${over}::text[])
    ))), 0)::int AS unsent
    FROM report WHERE report.number = ANY (${[...numbers]}::int[])`
  return row?.unsent ?? 0
}
