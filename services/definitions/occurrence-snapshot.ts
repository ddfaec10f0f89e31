import { matchLocale } from '#domain/locale.ts'
import { mergeAddresses } from '#domain/schemas/recipients.ts'
import { Prisma, type ScheduledReport } from '#prisma/client/client.ts'
import type { Catalogue } from '#catalogue/load-catalogue.ts'

/** What a report copies from its definition at this moment; later edits do not change a report in progress. */
export function occurrenceSnapshot(catalogue: Catalogue, definition: ScheduledReport) {
  const type = catalogue.get(definition.type)
  return {
    ownerId: definition.ownerId,
    title: type?.title[matchLocale(definition.locale)] ?? definition.type,
    type: definition.type,
    format: definition.format,
    columns: definition.columns,
    filters: definition.filters as Prisma.InputJsonObject,
    // As a definition of an earlier version, or one written by hand, may repeat them.
    recipients: mergeAddresses(definition.recipients),
    locale: definition.locale,
    timeZone: definition.timeZone,
    onlyIfRows: definition.onlyIfRows,
    csv: (definition.format === 'csv' ? definition.csv : null) ?? Prisma.DbNull,
    subject: definition.subject,
    message: definition.message,
  }
}
