/** The last reports of each definition of a list, in one statement. */

import { z } from 'zod'
import { recentReportSchema, type RecentReport } from '#domain/schemas/scheduled-report-schema.ts'
import type { PrismaClient } from '#prisma/client/client.ts'

/** As many as a list of definitions draws. */
export const recentCount = 10

export interface RecentReportRow extends RecentReport {
  /** When it started; until then, when it was asked for. */
  at: Date
}

const rowSchema = recentReportSchema.extend({
  definition: z.string(),
  at: z.date(),
  scheduled_for: z
    .date()
    .nullable()
    .transform((date) => date?.toISOString() ?? null),
})

/** Newest first, by definition id: one index look-up for each definition. */
export async function recentReports(
  ids: readonly string[],
  prisma: PrismaClient,
): Promise<Map<string, RecentReportRow[]>> {
  const found = new Map<string, RecentReportRow[]>()
  if (ids.length === 0) return found
  const rows = await prisma.$queryRaw<unknown[]>`
    SELECT definition.id::text AS definition, newest.*
    FROM unnest(${[...ids]}::uuid[]) AS definition (id)
    CROSS JOIN LATERAL (
      SELECT number, status, delivery, scheduled_for, coalesce(started_at, requested_at) AS at FROM report
      WHERE scheduled_report_id = definition.id
      ORDER BY number DESC LIMIT ${recentCount}
    ) AS newest
    ORDER BY newest.number DESC`
  for (const { definition, ...report } of rows.map((row) => rowSchema.parse(row))) {
    const reports = found.get(definition)
    if (reports) reports.push(report)
    else found.set(definition, [report])
  }
  return found
}
