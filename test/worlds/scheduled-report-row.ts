import type { Prisma } from '#prisma/client/client.ts'

type NewScheduledReport = Prisma.ScheduledReportUncheckedCreateInput

/** A definition's row: schools, each day at eight in Paris, as a CSV, to its owner's test address; and what is changed. */
export function scheduledReportRow(
  ownerId: string,
  change: Partial<NewScheduledReport> = {},
): NewScheduledReport {
  return {
    ownerId,
    name: 'Écoles du matin',
    type: 'schools',
    frequency: 'daily',
    time: '08:00',
    weekdays: [1],
    monthDay: '1',
    timeZone: 'Europe/Paris',
    recipients: ['proprietaire@ville.test'],
    format: 'csv',
    columns: ['code', 'name'],
    locale: 'fr',
    ...change,
  }
}
