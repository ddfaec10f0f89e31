/** Requests and results of the activities of the workflow `report`; what its history holds. */

import type { FailureCode } from '#domain/failures.ts'
import type { Locale } from '#domain/locale.ts'
import type { DeliveryState, RecipientStatus, ReportStatus, SkipReason } from '#domain/report-status.ts'
import type { ReportFailure } from '#domain/schemas/report-schema.ts'
import type { ReportInput } from './report-messages.ts'

export interface OpenRequest {
  input: ReportInput
  /** Nominal time of the occurrence, ISO 8601; null for a numbered report. */
  scheduledFor: string | null
}

export interface OpenedReport {
  number: number
  title: string
  type: string
  ownerId: string
  locale: Locale
  scheduledFor: string | null
  recipients: string[]
  onlyIfRows: boolean
  round: number
  /** How it ended before, when this run was started to relaunch it; null for a report to be made now. */
  settled: { status: ReportStatus; delivery: DeliveryState } | null
  /** Whether its file is already in its final place. */
  stored: boolean
  /** Recipients who have had it. */
  delivered: RecipientResult[]
  /** How long to wait, in seconds, each time a mail server asks to come back later. */
  deferredWaits: number[]
}

export type OpenResult =
  | { kind: 'opened'; report: OpenedReport }
  /** Nothing is to be done: another run holds the occurrence, the definition is gone, or it was skipped. */
  | {
      kind: 'ended'
      number: number | null
      reason: 'already_claimed' | 'definition_deleted' | 'no_longer_due' | 'skipped'
      skipReason?: SkipReason
    }

/** The file as `generate` left it in staging, to be verified and put in place by `store`. */
export interface StagedFile {
  key: string
  rowCount: number
  sizeBytes: number
  /** SHA-256 of the bytes, hexadecimal. */
  checksum: string
  etag: string
  generatedAt: string
}

/** Heartbeat details of `generate`: what a person sees while it runs. */
export interface GenerateProgress {
  rows: number
  /** Whose rows they are: the engine keeps a beat until the next attempt's first. */
  attempt: number
}

export interface StoreRequest {
  number: number
  staged: StagedFile
}

export interface EmailRequest {
  number: number
  recipient: string
}

/** What the mail server said when it took the mail. */
export interface EmailReceipt {
  messageId: string
  response: string
  sentAt: string
}

/** Heartbeat details once the mail server took the mail; read by later attempts and by the workflow. */
export interface AcceptedBeat {
  accepted: EmailReceipt
}

/** What became of one recipient. */
export interface RecipientResult {
  email: string
  status: RecipientStatus
  messageId?: string | null
  /** The mail server's own words. */
  response?: string | null
  /** A sentence for people. */
  error?: string | null
  code?: FailureCode
  sentAt?: string | null
}

/** The result of one round, as the workflow saw it. */
export interface Settlement {
  number: number
  round: number
  status: Exclude<ReportStatus, 'queued' | 'running'>
  delivery: DeliveryState
  skipReason?: SkipReason
  failure: ReportFailure | null
  recipients: RecipientResult[]
}

/** The result as it stands on the row, recipients whose acceptance the workflow never heard of included. */
export interface Settled {
  status: Settlement['status']
  delivery: DeliveryState
  failure: ReportFailure | null
  recipients: RecipientResult[]
  /** Whether anything follows from it, for the Schedule or for people (see services/maintenance/publish-outcome.ts). */
  hasNews: boolean
}
