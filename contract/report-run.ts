/** Requests and results of the activities of the workflow `report`, as its history holds them. */

import type { AwayPart, FailureCode } from '#domain/failures.ts'
import type { Locale } from '#domain/locale.ts'
import type {
  DeliveryState,
  RecipientStatus,
  ReportPhase,
  ReportStatus,
  SkipReason,
} from '#domain/report-status.ts'
import type { Misfit, ReportFailure } from '#domain/schemas/report-schema.ts'

/** Exactly one of the two is set. */
export interface ReportRequest {
  /** Started by a Schedule: the definition whose occurrence this is. */
  scheduledReportId?: string
  /** Started for a report that already has its N°: a request, a run now, a relaunch of a closed report. */
  number?: number
}

export interface OpenRequest {
  input: ReportRequest
  /** Nominal time of the occurrence, ISO 8601; null for a numbered report. */
  scheduledFor: string | null
  /** When the engine started the run, ISO 8601; not said by earlier releases. */
  workflowStartedAt?: string
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
  /** How it ended before, when this run relaunches it; null for a report that has not run yet. */
  settled: { status: ReportStatus; delivery: DeliveryState } | null
  /** Whether its file is already in its final place. */
  stored: boolean
  /** Results of the recipients written to before this run. */
  delivered: RecipientResult[]
  /** The waits, in seconds, each time a mail server defers a mail (a 4xx reply). */
  deferredWaits: number[]
  /** The waits each time it says that the sender's own quota is used up. */
  quotaWaits?: number[]
  /** How long a part of the installation that is away is waited for. */
  outagePatienceMinutes?: number
  /** Search attributes that the namespace lacks, by name: to set one would fail the run's every task. */
  missingAttributes?: string[]
  /** Of the report types that it was opened with. */
  catalogueVersion?: string
  /** Whether payloads are sealed: summaries then say which recipient, not their address. */
  sealed?: boolean
}

/** What a report waits for, as patience tells it. */
export interface Waiting {
  part: AwayPart
  /** When the report first met the outage, ISO 8601. */
  since: string
  /** The attempt that comes next. */
  attempt: number
}

/** The run's memo `waiting`. */
export interface WaitingMemo extends Waiting {
  phase: ReportPhase
}

/** Nothing to do: another run holds the occurrence, the definition was deleted, or the occurrence was skipped. */
export interface NotOpened {
  kind: 'ended'
  number: number | null
  reason: 'already_claimed' | 'definition_deleted' | 'no_longer_due' | 'skipped'
  skipReason?: SkipReason
  /** As of a report that was opened. */
  missingAttributes?: string[]
}

export type OpenResult = { kind: 'opened'; report: OpenedReport } | NotOpened

/** The file that `generate` left in staging; `store` verifies it and copies it to its final key. */
export interface StagedFile {
  key: string
  rowCount: number
  sizeBytes: number
  /** SHA-256 of the bytes, hexadecimal. */
  checksum: string
  etag: string
  /** Left out by versions that did not count them. */
  misfits?: readonly Misfit[]
  /** Of the report types that it was made with; left out by versions that did not say it. */
  catalogueVersion?: string
  generatedAt: string
}

/** Heartbeat details of `generate`: what a person sees while it runs. */
export interface GenerateProgress {
  rows: number
  /** The attempt that wrote these rows: the engine keeps the last heartbeat until the next attempt sends one. */
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

/** The mail server's answer when it accepted the mail. */
export interface EmailReceipt {
  messageId: string
  response: string
  sentAt: string
}

/** Heartbeat details after the mail server accepted the mail; later attempts and the workflow read them. */
export interface AcceptedBeat {
  accepted: EmailReceipt
}

/** The result for one recipient. */
export interface RecipientResult {
  email: string
  status: RecipientStatus
  messageId?: string | null
  /** The mail server's reply. */
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

/** The result as stored on the row; it includes mails whose acceptance never reached the workflow. */
export interface Settled {
  status: Settlement['status']
  delivery: DeliveryState
  failure: ReportFailure | null
  recipients: RecipientResult[]
  /** Whether the Schedule must change or people must be told (see services/maintenance/publish-outcome.ts). */
  hasNews: boolean
}
