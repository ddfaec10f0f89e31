/** A report asked for on the spot: body of POST /v1/reports. */

import { z } from 'zod'
import { locales } from '../locale.ts'
import { fileFormats } from '../report-status.ts'
import { lineOfText, paragraphs } from './bounded-text.ts'
import { csvChoicesSchema } from '../csv-options.ts'
import { recipientsSchema } from './recipients.ts'

export const reportRequestSchema = z.strictObject({
  type: z.string().min(1).max(100),
  format: z.enum(fileFormats),
  /** How a CSV file is written. */
  csv: csvChoicesSchema.nullable().optional(),
  /** The type's default columns unless given. */
  columns: z.array(z.string().max(100)).min(1).max(500).optional(),
  filters: z.record(z.string().max(100), z.unknown()).nullable().optional(),
  /** The person's own address unless given. */
  recipients: recipientsSchema.optional(),
  locale: z.enum(locales).optional(),
  time_zone: z.string().max(100).optional(),
  subject: lineOfText(0, 200).nullable().optional(),
  message: paragraphs(5_000).nullable().optional(),
})
export type ReportRequest = z.infer<typeof reportRequestSchema>

export const downloadSchema = z.object({
  /** Presigned, short-lived; no credentials needed. */
  url: z.string(),
  expires_at: z.iso.datetime(),
  size_bytes: z.int(),
  generated_at: z.iso.datetime(),
  file_name: z.string(),
})
