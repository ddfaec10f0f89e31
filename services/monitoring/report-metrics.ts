/**
 * What this process did with reports, counted as it happens: several processes are added up, none counts another's.
 * Labels are few and known beforehand: report types, codes, origins; no N°, no person, no address.
 */

import { Counter, Histogram, Registry } from 'prom-client'
import type { ReportStatus } from '#domain/report-status.ts'
import type { Report } from '#prisma/client/client.ts'

/** All that this process measures, for its page of METRICS_PORT. */
export const metrics = new Registry()

const registers = [metrics]
const second = 1
const minute = 60 * second
const hour = 60 * minute

const reportsEnded = new Counter({
  name: 'rapporteur_reports_ended_total',
  help: 'Reports by how they ended; a relaunched report ends again',
  labelNames: ['type', 'origin', 'outcome'],
  registers,
})
const failures = new Counter({
  name: 'rapporteur_report_failures_total',
  help: 'Failed reports by the code of their failure',
  labelNames: ['code'],
  registers,
})
const skips = new Counter({
  name: 'rapporteur_reports_skipped_total',
  help: 'Skipped occurrences by the reason',
  labelNames: ['reason'],
  registers,
})
const startDelay = new Histogram({
  name: 'rapporteur_start_delay_seconds',
  help: 'From the time due, or of the request, to the first activity of the report',
  labelNames: ['origin'],
  buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 15, minute, 5 * minute, 15 * minute, hour, 6 * hour],
  registers,
})
const scheduleDrift = new Histogram({
  name: 'rapporteur_schedule_drift_seconds',
  help: 'From the time due to the start of the workflow by its Schedule, the spread of starts included',
  buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 15, minute, 5 * minute, 15 * minute, hour],
  registers,
})
const rows = new Counter({
  name: 'rapporteur_rows_total',
  help: 'Rows written into files',
  labelNames: ['type', 'format'],
  registers,
})
const bytes = new Counter({
  name: 'rapporteur_file_bytes_total',
  help: 'Bytes of the files made',
  labelNames: ['type', 'format'],
  registers,
})
const mails = new Counter({
  name: 'rapporteur_mails_total',
  help: 'Mails handed to the mail server, reports and notices, by its answer: sent, or the code of the refusal',
  labelNames: ['result'],
  registers,
})
const phases = new Histogram({
  name: 'rapporteur_phase_seconds',
  help: 'Duration of one attempt of a phase of a report: generate, store, email (one recipient)',
  labelNames: ['phase', 'result'],
  buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, minute, 5 * minute, 15 * minute, hour],
  registers,
})
const reconcilerChanges = new Counter({
  name: 'rapporteur_reconciler_changes_total',
  help: 'What the reconciler mended: Schedules applied or removed, occurrences started or skipped; and what it failed at',
  labelNames: ['change'],
  registers,
})
const sweepChanges = new Counter({
  name: 'rapporteur_sweep_changes_total',
  help: 'What the sweep mended: reports started, ended, archived, notices resumed; and what it failed at',
  labelNames: ['change'],
  registers,
})

type Ended = Pick<Report, 'type' | 'origin'>

/** How a report ended. Called by the process that wrote it, once it is written. */
export function countEnded(
  { type, origin }: Ended,
  {
    status,
    failure,
    skipReason,
  }: { status: ReportStatus; failure?: string | null; skipReason?: string | null },
): void {
  reportsEnded.inc({ type, origin, outcome: status })
  if (status === 'failed') failures.inc({ code: failure ?? 'internal_error' })
  if (status === 'skipped') skips.inc({ reason: skipReason ?? 'unknown' })
}

interface Started {
  /** When its first activity began. */
  at: Date
  /** When its workflow was started; unknown for runs of an earlier release. */
  workflowAt: Date | null
}

/** A report that begins for the first time. */
export function observeStart(
  { origin, scheduledFor, requestedAt }: Pick<Report, 'origin' | 'scheduledFor' | 'requestedAt'>,
  { at, workflowAt }: Started,
): void {
  const isScheduled = origin === 'schedule' && scheduledFor !== null
  const due = isScheduled ? scheduledFor : requestedAt
  startDelay.observe({ origin }, secondsBetween(due, at))
  if (isScheduled && workflowAt) scheduleDrift.observe(secondsBetween(due, workflowAt))
}

export function countFile(
  { type, format }: Pick<Report, 'type' | 'format'>,
  file: { rowCount: number; sizeBytes: number },
): void {
  rows.inc({ type, format }, file.rowCount)
  bytes.inc({ type, format }, file.sizeBytes)
}

/** @param result `sent`, or the code of the refusal. */
export function countMail(result: string): void {
  mails.inc({ result })
}

export function observePhase(phase: string, result: 'ok' | 'failed' | 'cancelled', seconds: number): void {
  phases.observe({ phase, result }, seconds)
}

type Changes = Readonly<Record<string, number>>

export function countReconcilerChanges(changes: Changes): void {
  countChanges(reconcilerChanges, changes)
}

export function countSweepChanges(changes: Changes): void {
  countChanges(sweepChanges, changes)
}

/** Those of none as well, so that the first one is seen as an increase. */
function countChanges(counter: Counter<'change'>, changes: Changes): void {
  for (const [change, count] of Object.entries(changes)) counter.inc({ change }, count)
}

/** The clocks of two machines may differ by more than what is measured. */
function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, to.getTime() - from.getTime()) / 1000
}
