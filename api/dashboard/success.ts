/** Results and durations of reports, day by day. */

import { incompleteDeliveries } from '#domain/report-status.ts'
import type { Dashboard } from '#domain/schemas/dashboard-schema.ts'
import { dayBounds } from '#domain/timing/day-bounds.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { daysFrom, addDays, todayIn } from './local-days.ts'

export type Success = Dashboard['last_30_days']

interface Row {
  /** Null for all days together. */
  day: string | null
  completed: number
  partial: number
  failed: number
  cancelled: number
  skipped: number
  median: number | null
  p95: number | null
}

const dayCount = 30

/** Today and the 29 days before it, in a person's zone. One statement over an index of dates. */
export async function successOf(
  prisma: PrismaClient,
  { timeZone, now }: { timeZone: string; now: Date },
): Promise<Success> {
  const today = todayIn(timeZone, now)
  const first = addDays(today, 1 - dayCount)
  const { from } = dayBounds({ from: first, to: today }, timeZone)
  const rows = await prisma.$queryRaw<Row[]>`
    SELECT day::text,
      count(*) FILTER (WHERE status = 'completed')::int AS completed,
      count(*) FILTER (WHERE status = 'completed' AND delivery = ANY (${[...incompleteDeliveries]}::text[]))::int AS partial,
      count(*) FILTER (WHERE status = 'failed')::int AS failed,
      count(*) FILTER (WHERE status = 'cancelled')::int AS cancelled,
      count(*) FILTER (WHERE status = 'skipped')::int AS skipped,
      percentile_disc(0.5) WITHIN GROUP (ORDER BY ms) AS median,
      percentile_disc(0.95) WITHIN GROUP (ORDER BY ms) AS p95
    FROM (
      SELECT (requested_at AT TIME ZONE ${timeZone})::date AS day, status, delivery,
        -- The duration of a relaunched one would include the wait for its relaunch.
        CASE WHEN status = 'completed' AND round = 0
          THEN (extract(epoch FROM finished_at - started_at) * 1000)::float8 END AS ms
      FROM report WHERE requested_at >= ${from}
    ) AS report
    GROUP BY GROUPING SETS ((day), ())`
  const all = rows.find(({ day }) => day === null)
  const byDay = new Map(rows.map((row) => [row.day, row]))
  const ended = (all?.completed ?? 0) + (all?.failed ?? 0)
  return {
    success_rate: ended === 0 ? null : (all?.completed ?? 0) / ended,
    completed: all?.completed ?? 0,
    partly_delivered: all?.partial ?? 0,
    failed: all?.failed ?? 0,
    cancelled: all?.cancelled ?? 0,
    skipped: all?.skipped ?? 0,
    median_ms: all?.median ?? null,
    p95_ms: all?.p95 ?? null,
    days: daysFrom(first, dayCount).map((date) => {
      const row = byDay.get(date)
      return {
        date,
        completed: row?.completed ?? 0,
        partly_delivered: row?.partial ?? 0,
        failed: row?.failed ?? 0,
        skipped: row?.skipped ?? 0,
        median_ms: row?.median ?? null,
        p95_ms: row?.p95 ?? null,
      }
    }),
  }
}

/** How old a month's figures may be: one report more or less hardly changes them. */
const freshMs = 30_000
const usableMs = 10 * 60_000

/**
 * `successOf`, cached by time zone. An answer that is a little old is returned at once while a newer one is computed,
 * so that only the first caller waits for a month of reports to be read.
 */
export function createSuccessCache(prisma: PrismaClient) {
  const cache = new Map<string, { at: number; success: Promise<Success>; newer?: Promise<unknown> }>()
  return async (timeZone: string, now: Date): Promise<Success> => {
    const compute = () => successOf(prisma, { timeZone, now })
    const put = (success: Promise<Success>) => cache.set(timeZone, { at: now.getTime(), success })
    const entry = cache.get(timeZone)
    const age = entry ? now.getTime() - entry.at : Infinity
    if (!entry || age > usableMs || age < 0) {
      const success = compute()
      put(success)
      success.catch(() => cache.delete(timeZone))
      return success
    }
    if (age > freshMs) {
      // One at a time; when it fails the next request tries again.
      entry.newer ??= compute().then(
        (success) => put(Promise.resolve(success)),
        () => (entry.newer = undefined),
      )
    }
    return entry.success
  }
}
