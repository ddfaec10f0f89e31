/** A delivery log beside what its row knows: the file, and how the report came to be. */

import { deliveryEntrySchema, type DeliveryEntry, type DeliveryLog } from '#domain/schemas/report.ts'
import type { Report } from '#prisma/client/client.ts'
import { reportJson } from './report-json.ts'

export function deliveryEntryJson(log: DeliveryLog, row: Report): DeliveryEntry {
  const { requested_at, row_count, size_bytes, file_available_at } = reportJson(row)
  return {
    ...log,
    origin: deliveryEntrySchema.shape.origin.parse(row.origin),
    requested_at,
    row_count,
    size_bytes,
    file_available_at,
  }
}
