/** Removes what is kept longer than its period: who was mailed, logs, notices, and what sign-in and requests leave. */

import type { Environment } from '#config/environment.ts'
import { Prisma, type PrismaClient } from '#prisma/client/client.ts'

export type RetentionPeriods = Pick<
  Environment,
  | 'DELIVERY_RETENTION_DAYS'
  | 'LOG_RETENTION_DAYS'
  | 'NOTICE_RETENTION_DAYS'
  | 'SESSION_RETENTION_DAYS'
  | 'VERIFICATION_RETENTION_DAYS'
  | 'SIGN_IN_FAILURE_RETENTION_DAYS'
  | 'IDEMPOTENCY_RETENTION_DAYS'
  | 'AUDIT_RETENTION_DAYS'
>

interface Options {
  now?: Date
  /** Called before each batch; what it throws ends the removal there. */
  onProgress?: () => void
  /** Rows a statement removes: short locks, and little to undo when a worker dies. */
  rowsPerBatch?: number
  /** Batches of each kind in one sweep; the next one, a minute later, goes on. */
  maxBatches?: number
  /** Tables, for tests. */
  only?: readonly string[]
}

/** Idempotent. @returns how many rows were removed or cleared. */
export async function removeExpiredRows(
  prisma: PrismaClient,
  periods: RetentionPeriods,
  options: Options = {},
): Promise<number> {
  const { now = new Date(), onProgress = () => {}, rowsPerBatch = 200, maxBatches = 20, only } = options
  let removed = 0
  for (const { table, find, remove } of expiredRows(periods, now)) {
    if (only && !only.includes(table)) continue
    // A row that is being written is left for the next sweep.
    const found = Prisma.sql`ARRAY(${find} LIMIT ${rowsPerBatch} FOR UPDATE SKIP LOCKED)`
    for (let batch = 0; batch < maxBatches; batch++) {
      onProgress()
      const [row] = await prisma.$queryRaw<{ count: number }[]>`
        WITH removed AS (${remove(found)} RETURNING *) ${countRemoved(table)}`
      const count = row?.count ?? 0
      removed += count
      if (count < rowsPerBatch) break
    }
  }
  return removed
}

interface ExpiredRows {
  table: string
  /** Their keys. */
  find: Prisma.Sql
  remove: (found: Prisma.Sql) => Prisma.Sql
}

/** What is to be removed now; each kind is found by an index. */
export function expiredRows(periods: RetentionPeriods, now: Date): ExpiredRows[] {
  const before = (days: number) => new Date(now.getTime() - days * 24 * 3_600_000)
  const deleted = (table: string, where: Prisma.Sql): ExpiredRows => {
    const name = Prisma.raw(table)
    return {
      table,
      find: Prisma.sql`SELECT ctid FROM ${name} WHERE ${where}`,
      remove: (found) => Prisma.sql`DELETE FROM ${name} WHERE ctid = ANY (${found})`,
    }
  }
  const reports = (details: number, days: number, change: Prisma.Sql): ExpiredRows => ({
    table: 'report',
    // One that was relaunched lately counts from then.
    find: Prisma.sql`
      SELECT number FROM report
      WHERE removed_details = ${details} AND requested_at < ${before(days)}
        AND status NOT IN ('queued', 'running') AND coalesce(finished_at, requested_at) < ${before(days)}`,
    // Raw SQL, so that open pages are not told of each row.
    remove: (found) => Prisma.sql`
      UPDATE report SET ${change}, removed_details = ${details + 1} WHERE number = ANY (${found})`,
  })
  return [
    // The log without addresses; one that was not archived is not archived any more.
    reports(
      0,
      periods.DELIVERY_RETENTION_DAYS,
      Prisma.sql`recipients = '{}', unsubscribed = '{}', log_archived = true,
        archived_log = jsonb_set(archived_log, '{log,recipients}', '[]')`,
    ),
    reports(1, periods.LOG_RETENTION_DAYS, Prisma.sql`archived_log = NULL`),
    deleted(
      'notice',
      Prisma.sql`status IN ('sent', 'failed', 'dropped')
        AND created_at < ${before(periods.NOTICE_RETENTION_DAYS)}`,
    ),
    deleted('session', Prisma.sql`expires_at < ${before(periods.SESSION_RETENTION_DAYS)}`),
    deleted('api_key', Prisma.sql`expires_at < ${before(periods.SESSION_RETENTION_DAYS)}`),
    deleted('verification', Prisma.sql`expires_at < ${before(periods.VERIFICATION_RETENTION_DAYS)}`),
    deleted(
      'sign_in_failure',
      Prisma.sql`window_ends_at < ${before(periods.SIGN_IN_FAILURE_RETENTION_DAYS)}`,
    ),
    deleted('idempotent_request', Prisma.sql`created_at < ${before(periods.IDEMPOTENCY_RETENTION_DAYS)}`),
    // Its trigger lets nothing else delete; the setting ends with the statement's transaction.
    deleted(
      'audit_event',
      Prisma.sql`at < ${before(periods.AUDIT_RETENTION_DAYS)}
        AND set_config('rapporteur.audit_retention', 'on', true) = 'on'`,
    ),
    // A count whose hour is over.
    deleted('recipient_quota', Prisma.sql`window_ends_at < ${now}`),
  ]
}

/** With a report's recipients go its deliveries. */
function countRemoved(table: string): Prisma.Sql {
  const deliveries = Prisma.sql`,
    deliveries AS (DELETE FROM delivery USING removed WHERE delivery.report_number = removed.number)`
  return Prisma.sql`${table === 'report' ? deliveries : Prisma.empty} SELECT count(*)::int AS count FROM removed`
}
