import type { Prisma, PrismaClient, Report } from '#prisma/client/client.ts'

/** Failures running, before this one: this report's earlier rounds, or the reports of its definition before it. */
export async function failuresBefore(
  database: PrismaClient | Prisma.TransactionClient,
  row: Pick<Report, 'number' | 'scheduledReportId' | 'failedInARow'>,
): Promise<number> {
  if (row.failedInARow > 0 || row.scheduledReportId === null) return row.failedInARow
  const previous = await database.report.findFirst({
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
