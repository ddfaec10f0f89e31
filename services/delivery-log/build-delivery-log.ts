/**
 * Builds the delivery log of one report from the engine's records. A pure function, used both while the report runs
 * and when its log is archived.
 */

import {
  awayPartOf,
  failureSentence,
  isFailureCode,
  mailResponseIn,
  type FailureCode,
} from '#domain/failures.ts'
import { matchLocale } from '#domain/locale.ts'
import {
  deliveryOutcome,
  isReached,
  isSettled,
  phaseOfActivity,
  reportPhases,
  type ReportPhase,
} from '#domain/report-status.ts'
import type { DeliveryLog, PhaseLog, RecipientLog } from '#domain/schemas/report-schema.ts'
import type { Report } from '#prisma/client/client.ts'
import type {
  EmailReceipt,
  EmailRequest,
  OpenResult,
  Settled,
  Settlement,
  StagedFile,
} from '#contract/report-run.ts'
import type { ActivityRecord, RunRecord } from './run-history.ts'

/** What is stored on the row once the workflow has ended: the log, and the runs it covers. */
export interface ArchivedLog {
  log: DeliveryLog
  run_ids: string[]
}

type LogRow = Pick<Report, 'number' | 'workflowId' | 'locale'>

/** How the sweep ended a report whose workflow was lost: the runs' records lack this, and the mails accepted by then. */
export type LostReport = Pick<DeliveryLog, 'status' | 'delivery' | 'recipients'>

/**
 * @param row identifies the report; its result is not taken from the row
 * @param runs the engine's records, oldest first
 * @param options.before the archived log of earlier runs that the engine has deleted
 * @param options.lost the report's result, when its last run ended without writing one
 */
export function buildDeliveryLog(
  row: LogRow,
  runs: readonly RunRecord[],
  options: { before?: DeliveryLog | null; lost?: LostReport | null; temporalUrl?: string | null } = {},
): DeliveryLog {
  const log = options.before ? structuredClone(options.before) : emptyLog(row)
  log.temporal_url = options.temporalUrl ?? log.temporal_url
  for (const run of runs) {
    log.started_at ??= run.startedAt.toISOString()
    for (const activity of run.activities) applyActivity(log, activity, row)
    // Terminated, timed out, or failed before it could settle: the run will not continue.
    if (run.closedAt && !isSettled(log.status)) {
      log.status = 'failed'
      log.finished_at = run.closedAt.toISOString()
      if (options.lost && run === runs.at(-1)) applyLost(log, options.lost)
    }
  }
  for (const phase of log.phases) showStillRunning(phase, log)
  summariseEmail(log)
  return log
}

function emptyLog(row: LogRow): DeliveryLog {
  return {
    number: row.number,
    scheduled_for: null,
    started_at: null,
    finished_at: null,
    status: 'queued',
    delivery: 'none',
    skip_reason: null,
    phases: reportPhases.map((phase) => ({
      phase,
      status: 'pending',
      attempts: 0,
      started_at: null,
      finished_at: null,
      error: null,
      cause: null,
    })),
    recipients: [],
    recipients_removed: false,
    catalogue_version: null,
    workflow_id: row.workflowId,
    temporal_url: null,
  }
}

function applyActivity(log: DeliveryLog, activity: ActivityRecord, row: LogRow): void {
  if (activity.type === 'openReport') applyOpening(log, activity)
  if (activity.type === 'generateReport' && activity.state === 'completed') {
    log.catalogue_version =
      (activity.result as StagedFile | undefined)?.catalogueVersion ?? log.catalogue_version
  }
  if (activity.type === 'resumeReport') {
    log.status = 'running'
    log.finished_at = null
    for (const phase of log.phases) [phase.error, phase.cause] = [null, null]
  }
  if (activity.type === 'settleReport' && activity.state === 'completed') applySettlement(log, activity)
  const phase = phaseOfActivity[activity.type]
  if (phase === 'email') applyEmail(log, activity, row)
  else if (phase) applyPhase(phaseLog(log, phase), activity, row)
}

function applyOpening(log: DeliveryLog, activity: ActivityRecord): void {
  if (activity.state !== 'completed') return
  const opened = activity.result as OpenResult
  if (opened.kind === 'opened') {
    const { scheduledFor, recipients, settled } = opened.report
    log.scheduled_for = scheduledFor
    if (!settled) log.status = 'running'
    log.catalogue_version = opened.report.catalogueVersion ?? log.catalogue_version
    for (const email of recipients) recipientLog(log, email)
  } else if (opened.reason === 'skipped') {
    log.status = 'skipped'
    log.skip_reason = opened.skipReason ?? null
    log.finished_at = iso(activity.finishedAt)
  }
}

function applySettlement(log: DeliveryLog, activity: ActivityRecord): void {
  // The activity's result: it may include mails whose acceptance never reached the workflow.
  const settlement = { ...(activity.args[0] as Settlement), ...(activity.result as Settled) }
  // Cancelled while it waited for a part that was away, which had ended its activity.
  if (settlement.status === 'cancelled' && !isSettled(log.status)) {
    for (const phase of log.phases) if (phase.status === 'failed') phase.status = 'cancelled'
  }
  log.status = settlement.status
  log.delivery = settlement.delivery
  log.skip_reason = settlement.skipReason ?? null
  log.finished_at = iso(activity.finishedAt)
  for (const result of settlement.recipients) {
    Object.assign(recipientLog(log, result.email), {
      status: result.status,
      message_id: result.messageId ?? null,
      response: result.response ?? null,
      error: result.error ?? null,
      sent_at: result.sentAt ?? null,
    } satisfies Partial<RecipientLog>)
  }
}

function applyLost(log: DeliveryLog, { status, delivery, recipients }: LostReport): void {
  Object.assign(log, { status, delivery })
  const phase = phaseLog(log, 'email')
  for (const known of recipients) {
    if (!isReached(known.status)) continue
    const recipient = recipientLog(log, known.email)
    Object.assign(recipient, { ...known, attempts: Math.max(recipient.attempts, known.attempts) })
    phase.started_at ??= known.sent_at
    phase.finished_at ??= known.sent_at
  }
}

function applyPhase(phase: PhaseLog, activity: ActivityRecord, row: LogRow): void {
  phase.status = activity.state === 'scheduled' ? 'running' : activity.state
  phase.attempts += activity.attempts
  phase.started_at ??= iso(activity.startedAt)
  phase.finished_at = iso(activity.finishedAt)
  // Begun again after an outage, it has not failed yet: until it has an answer, the last error stays.
  if (activity.finishedAt === null && activity.failure === null) return
  phase.error = activity.state === 'completed' ? null : errorOf(activity, row)
  phase.cause = activity.state === 'completed' ? null : (activity.failure?.cause ?? null)
}

/** An activity that met a part that is away has failed; the report waits, and begins it again. */
function showStillRunning(phase: PhaseLog, log: DeliveryLog): void {
  if (phase.status !== 'failed' || isSettled(log.status)) return
  phase.status = 'running'
  phase.finished_at = null
}

const deferred: ReadonlySet<string> = new Set<FailureCode>(['mail_deferred', 'mail_busy', 'mail_quota'])

function applyEmail(log: DeliveryLog, activity: ActivityRecord, row: LogRow): void {
  const { recipient: email } = activity.args[0] as EmailRequest
  const recipient = recipientLog(log, email)
  recipient.attempts += activity.attempts
  if (activity.state === 'completed') {
    const receipt = activity.result as EmailReceipt
    recipient.status = 'sent'
    recipient.message_id = receipt.messageId
    recipient.response = receipt.response
    recipient.sent_at = receipt.sentAt
    recipient.error = null
  } else {
    // A deferred mail, or one that met an outage, is sent again later; only the round's result says that it failed for good.
    const code = activity.failure?.type
    const isDeferred = deferred.has(code ?? '') || awayPartOf(code ?? '') !== null
    const ended = code === ('mail_uncertain' satisfies FailureCode) ? 'uncertain' : 'failed'
    const isAskedAgain = recipient.status === 'pending' && activity.failure === null
    recipient.status = activity.state === 'failed' && !isDeferred ? ended : 'pending'
    // Until the server answers again, its last answer stays.
    if (!isAskedAgain) {
      recipient.error = errorOf(activity, row)
      recipient.response = mailResponseIn(activity.failure?.details)
    }
  }

  const phase = phaseLog(log, 'email')
  phase.started_at ??= iso(activity.startedAt)
  phase.finished_at = iso(activity.finishedAt)
}

/** Derives the phase `email` from its recipients. */
function summariseEmail(log: DeliveryLog): void {
  const phase = phaseLog(log, 'email')
  if (phase.started_at === null) return
  const open = log.recipients.some(({ status }) => status === 'pending')
  const outcome = deliveryOutcome(log.recipients.map(({ status }) => status))
  phase.attempts = Math.max(...log.recipients.map(({ attempts }) => attempts))
  phase.error = log.recipients.find(({ error }) => error !== null)?.error ?? null
  if (!open) phase.status = outcome === 'sent' || outcome === 'uncertain' ? 'completed' : 'failed'
  else if (isSettled(log.status)) phase.status = log.status === 'cancelled' ? 'cancelled' : 'failed'
  else {
    phase.status = 'running'
    phase.finished_at = null
  }
}

/** In the report's language when the failure is a named one. */
function errorOf(activity: ActivityRecord, row: LogRow): string | null {
  if (!activity.failure) return null
  const { type, message } = activity.failure
  return type && isFailureCode(type) ? failureSentence(type, matchLocale(row.locale)) : message
}

function phaseLog(log: DeliveryLog, phase: ReportPhase): PhaseLog {
  const found = log.phases.find((candidate) => candidate.phase === phase)
  if (!found) throw new Error(`The log lacks the phase ${phase}`)
  return found
}

function recipientLog(log: DeliveryLog, email: string): RecipientLog {
  const found = log.recipients.find((candidate) => candidate.email === email)
  if (found) return found
  const added: RecipientLog = {
    email,
    status: 'pending',
    attempts: 0,
    message_id: null,
    response: null,
    error: null,
    sent_at: null,
  }
  log.recipients.push(added)
  return added
}

function iso(date: Date | null): string | null {
  return date?.toISOString() ?? null
}
