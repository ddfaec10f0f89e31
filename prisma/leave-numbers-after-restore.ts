/**
 * A database restored from a backup does not know the N° given since, which people have in their mailboxes. What gave
 * them is found by a mark in the database: dumps copy it, and a server that goes on from a point in time, or that took
 * over from another one, says so.
 */

import { Prisma, type PrismaClient } from './client/client.ts'

export interface NumbersLeft {
  /** The last N° that the database knows. */
  last: number
  /** The next one follows this. */
  resumesAfter: number
}

/** Of the transactions that `xmin` counts. */
const wrapAround = Prisma.sql`4294967296`
/** How many N° are left out at least, and to a multiple of what. */
const margin = 1_000

/**
 * Leaves out the N° that may have been given since the backup: twice those of the busiest of the last thirty days, for
 * each day since the newest report. Once for each restore, whoever asks.
 * @returns null when the database was not restored, or no N° was given in it.
 */
export async function leaveNumbersAfterRestore(prisma: PrismaClient): Promise<NumbersLeft | null> {
  const timeline = await timelineOf(prisma)
  return prisma.$transaction(async (transaction) => {
    const [mark] = await transaction.$queryRaw<{ isCopied: boolean; timeline: number | null }[]>`
      SELECT written_by % ${wrapAround} <> xmin::text::bigint AS "isCopied", timeline FROM database_mark FOR UPDATE`
    const isElsewhere = mark?.timeline != null && timeline !== null && mark.timeline !== timeline
    const isRestored = mark === undefined || mark.isCopied || isElsewhere
    if (!isRestored && (timeline === null || mark.timeline === timeline)) return null
    await transaction.$executeRaw`
      INSERT INTO database_mark (written_by, timeline) VALUES (pg_current_xact_id()::text::bigint, ${timeline})
      ON CONFLICT (id) DO UPDATE SET written_by = excluded.written_by, timeline = excluded.timeline`
    return isRestored ? leaveNumbers(transaction) : null
  })
}

async function leaveNumbers(transaction: Prisma.TransactionClient): Promise<NumbersLeft | null> {
  const [known] = await transaction.$queryRaw<{ last: number | null; missed: number }[]>`
    SELECT pg_sequence_last_value(pg_get_serial_sequence('report', 'number')::regclass)::int AS last,
      (2 * coalesce(max(busiest.reports), 0)
        * ceil(coalesce(extract(epoch FROM clock_timestamp() - max(newest.at)), 0) / 86400))::int AS missed
    FROM (SELECT max(requested_at) AS at FROM report) AS newest
    LEFT JOIN LATERAL (
      SELECT count(*)::int AS reports FROM report WHERE requested_at > newest.at - interval '30 days'
      GROUP BY date_trunc('day', requested_at)
    ) AS busiest ON true`
  if (!known || known.last === null) return null
  const resumesAfter = Math.ceil((known.last + known.missed) / margin) * margin + margin
  await transaction.$executeRaw`
    SELECT setval(pg_get_serial_sequence('report', 'number'), ${resumesAfter}::bigint)`
  return { last: known.last, resumesAfter }
}

/** @returns null where this role may not know it. */
async function timelineOf(prisma: PrismaClient): Promise<number | null> {
  try {
    const [row] = await prisma.$queryRaw<{ timeline: number }[]>`
      SELECT timeline_id AS timeline FROM pg_control_checkpoint()`
    return row?.timeline ?? null
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError) return null
    throw error
  }
}
