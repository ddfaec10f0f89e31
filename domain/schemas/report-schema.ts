/** Report and DeliveryLog as the API's clients see them (CONTRACT of the HTTP API; times are ISO 8601 in UTC). */

import { z } from 'zod'
import {
  deliveryStates,
  fileFormats,
  recipientStatuses,
  reportOrigins,
  reportPhases,
  reportStatuses,
  skipReasons,
} from '../report-status.ts'
import { awayParts } from '../failures.ts'
import { valueKinds } from '../report-type.ts'
import { stuckReasons } from '../stuck-report.ts'
import { csvChoicesSchema } from '../csv-options.ts'

const instant = z.iso.datetime()

export const reportFailureSchema = z.object({
  phase: z.enum(reportPhases),
  /** A sentence for people, in the report's language. */
  message: z.string(),
  /** Stable name of the failure, see domain/failures.ts. */
  code: z.string(),
})
export type ReportFailure = z.infer<typeof reportFailureSchema>

export const reportProgressSchema = z.object({
  phase: z.enum(reportPhases),
  attempt: z.int(),
  rows: z.int().nullable(),
  /** What the report waits for, since when; null while it works. */
  waiting: z.object({ part: z.enum(awayParts), since: instant }).nullable(),
})
export type ReportProgress = z.infer<typeof reportProgressSchema>

/** Values of a column that are not of its kind, and written as texts. */
export const misfitSchema = z.object({
  column: z.string(),
  /** In the language of the file. */
  label: z.string(),
  kind: z.enum(valueKinds),
  values: z.int(),
})
export type Misfit = z.infer<typeof misfitSchema>

/** Why an open report does not go on by itself; words for people are in domain/stuck-report.ts. */
export const stuckSchema = z.object({
  reason: z.enum(stuckReasons),
  /** The step that fails again and again; null when the workflow cannot be replayed. */
  step: z.string().nullable(),
  /** When it was noticed. */
  since: instant,
})

export const reportSchema = z.object({
  number: z.int(),
  type: z.string(),
  title: z.string(),
  status: z.enum(reportStatuses),
  column_count: z.int(),
  format: z.enum(fileFormats),
  /** How its CSV file is written: what was chosen, and once it has started all options. */
  csv: csvChoicesSchema.nullable(),
  requested_at: instant,
  scheduled_for: instant.nullable(),
  /** Null as long as there is no file, and once retention has removed it. */
  file_available_at: instant.nullable(),
  file_removed_at: instant.nullable(),
  size_bytes: z.int().nullable(),
  row_count: z.int().nullable(),
  misfits: z.array(misfitSchema),
  delivery: z.enum(deliveryStates),
  /** Recipients who perhaps have it: their mail was handed over and not confirmed. */
  uncertain_recipients: z.int(),
  skip_reason: z.enum(skipReasons).nullable(),
  failure: reportFailureSchema.nullable(),
  failed_in_a_row: z.int(),
  scheduled_report_id: z.uuid().nullable(),
  workflow_id: z.string(),
  progress: reportProgressSchema.nullable(),
  /** Null unless its run cannot go on. */
  stuck: stuckSchema.nullable(),
})
export type ReportJson = z.infer<typeof reportSchema>

export const phaseLogSchema = z.object({
  phase: z.enum(reportPhases),
  status: z.enum(['pending', 'running', 'completed', 'failed', 'cancelled']),
  attempts: z.int(),
  started_at: instant.nullable(),
  finished_at: instant.nullable(),
  error: z.string().nullable(),
  /** The technical words behind `error`, such as PostgreSQL's own; for administrators alone. */
  cause: z.string().nullable(),
})
export type PhaseLog = z.infer<typeof phaseLogSchema>

export const recipientLogSchema = z.object({
  email: z.string(),
  status: z.enum(recipientStatuses),
  attempts: z.int(),
  message_id: z.string().nullable(),
  response: z.string().nullable(),
  error: z.string().nullable(),
  sent_at: instant.nullable(),
})
export type RecipientLog = z.infer<typeof recipientLogSchema>

export const deliveryLogSchema = z.object({
  number: z.int(),
  scheduled_for: instant.nullable(),
  started_at: instant.nullable(),
  finished_at: instant.nullable(),
  status: z.enum(reportStatuses),
  delivery: z.enum(deliveryStates),
  skip_reason: z.enum(skipReasons).nullable(),
  phases: z.array(phaseLogSchema),
  recipients: z.array(recipientLogSchema),
  /** Retention removed them, and later the phases. */
  recipients_removed: z.boolean(),
  /** Of the organisation's own report types, as the dashboard says it; logs of before did not keep it. */
  catalogue_version: z.string().nullable().optional(),
  workflow_id: z.string(),
  temporal_url: z.string().nullable(),
})
export type DeliveryLog = z.infer<typeof deliveryLogSchema>

/** A delivery log in the list of its definition, with what its row knows besides: the file, and how it came to be. */
export const deliveryEntrySchema = deliveryLogSchema.extend({
  origin: z.enum(reportOrigins),
  requested_at: instant,
  row_count: z.int().nullable(),
  size_bytes: z.int().nullable(),
  /** Null as well once retention removed the file. */
  file_available_at: instant.nullable(),
})
export type DeliveryEntry = z.infer<typeof deliveryEntrySchema>
