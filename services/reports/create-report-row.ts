/** Gives a report its N° and row before its workflow starts, so that the request is not lost. */

import type { CsvChoices } from '#domain/csv-options.ts'
import { mergeAddresses } from '#domain/schemas/recipients.ts'
import { Prisma, type Report, type ScheduledReport } from '#prisma/client/client.ts'
import { workflowIdForNumber } from '#contract/names.ts'

export interface NewReport {
  origin: 'request' | 'run_now' | 'test'
  ownerId: string
  /** The definition it comes from, for a run now; null for a request and a test. */
  scheduledReport?: Pick<ScheduledReport, 'id'> | null
  title: string
  type: string
  format: string
  columns: readonly string[]
  /** As the person gave them: relative periods stay relative. */
  filters: Prisma.InputJsonObject
  recipients: readonly string[]
  locale: string
  timeZone: string
  subject?: string | null
  message?: string | null
  onlyIfRows?: boolean
  /** How a CSV file is written, where that was chosen. */
  csv?: CsvChoices | null
}

/**
 * Inserts the queued row with its N° and the workflow id that follows from it.
 * @param database a client, or the transaction the row belongs to.
 */
export async function createReportRow(
  database: Prisma.TransactionClient,
  report: NewReport,
): Promise<Report> {
  const [number] = await nextReportNumbers(database, 1)
  if (number === undefined) throw new Error('PostgreSQL gave no number for the report')
  return database.report.create({
    data: {
      number,
      workflowId: workflowIdForNumber(number),
      status: 'queued',
      origin: report.origin,
      ownerId: report.ownerId,
      scheduledReportId: report.scheduledReport?.id ?? null,
      title: report.title,
      type: report.type,
      format: report.format,
      columns: [...report.columns],
      filters: report.filters,
      recipients: mergeAddresses(report.recipients),
      locale: report.locale,
      timeZone: report.timeZone,
      subject: report.subject ?? null,
      message: report.message ?? null,
      onlyIfRows: report.onlyIfRows ?? false,
      csv: report.csv ? { ...report.csv } : Prisma.DbNull,
    },
  })
}

/** The next N°s, ascending. An unused number is never given again. */
export async function nextReportNumbers(
  database: Prisma.TransactionClient,
  count: number,
): Promise<number[]> {
  const next = await database.$queryRaw<{ number: number }[]>`
    SELECT nextval(pg_get_serial_sequence('report', 'number'))::int AS number
    FROM generate_series(1, ${count}::int)`
  return next.map(({ number }) => number).toSorted((one, other) => one - other)
}
