import { randomUUID } from 'node:crypto'
import type { Prisma } from '#prisma/client/client.ts'

type NewReport = Prisma.ReportUncheckedCreateInput

/**
 * A report's row as its workflow leaves it: schools, as a CSV, completed; and what is changed. No workflow has its
 * workflow id.
 */
export function reportRow(ownerId: string, change: Partial<NewReport> = {}): NewReport {
  return {
    ownerId,
    origin: 'schedule',
    title: 'Écoles',
    type: 'schools',
    format: 'csv',
    columns: ['code', 'name'],
    filters: {},
    recipients: ['proprietaire@ville.test'],
    locale: 'fr',
    timeZone: 'Europe/Paris',
    status: 'completed',
    workflowId: `made:${randomUUID()}`,
    ...change,
  }
}
