/**
 * The engine as the API uses it. Writes return `false` or `engine_unavailable` when Temporal cannot be reached;
 * nothing is lost then, since the reconciler and the sweep later apply what Postgres says.
 */

import type { DeliveryLog, ReportProgress } from '#domain/schemas/report-schema.ts'
import type { BackfillAction } from '#domain/schemas/scheduled-report-schema.ts'
import type { Prisma, Report, ScheduledReport } from '#prisma/client/client.ts'

export type RelaunchOutcome =
  | { ok: true }
  | {
      ok: false
      code:
        | 'not_relaunchable'
        | 'recipients_removed'
        | 'report_owner_inactive'
        | 'already_running'
        | 'engine_unavailable'
    }

export interface RelaunchOptions {
  /** Also to those who perhaps have the mail. */
  resendUncertain?: boolean
}

export type CancelOutcome = { ok: true } | { ok: false; code: 'not_cancellable' | 'engine_unavailable' }

/** Both ends included. */
export interface BackfillPeriod {
  from: Date
  to: Date
  /** Whether completed ones are run again, each under a new N°. */
  again?: boolean
}

export interface BackfilledOccurrence {
  scheduledFor: Date
  action: BackfillAction
}
export type BackfillOutcome =
  { ok: true; occurrences: BackfilledOccurrence[] } | { ok: false; code: 'engine_unavailable' }

/** Writes that belong to a change, in its transaction. */
export type Alongside = (transaction: Prisma.TransactionClient) => Promise<void>

export interface Engine {
  /** Applies a definition to its Schedule now; false when Temporal is unreachable (the reconciler will). */
  applySchedule(scheduledReportId: string): Promise<boolean>
  /**
   * Changes a definition in Postgres, after creating the reports due until now. The caller then applies its Schedule.
   * @param onlyVersion writes only if the definition is still at this version.
   * @param alongside what is written in the same transaction.
   * @returns false when it is not, or was deleted.
   */
  changeDefinition(
    definition: ScheduledReport,
    data: Prisma.ScheduledReportUncheckedUpdateManyInput,
    onlyVersion?: number,
    alongside?: Alongside,
  ): Promise<boolean>
  /** Creates the reports that were due until now under a person's definitions, before their account is closed. */
  accountForOwner(ownerId: string): Promise<void>
  /** Deletes a definition's Schedule. Reports under way are for the caller to cancel. */
  removeSchedule(scheduledReportId: string): Promise<boolean>
  /** Starts the workflow of a queued report; false when Temporal is unreachable (the sweep will). */
  startReport(number: number): Promise<boolean>
  relaunchReport(number: number, options?: RelaunchOptions): Promise<RelaunchOutcome>
  cancelReport(number: number): Promise<CancelOutcome>
  /** Live phase, attempt and rows of a running report; null between phases and when it is not running. */
  progressOf(number: number): Promise<ReportProgress | null>
  /** In the order of `reports`. From workflow history while the engine has it, later from the archive. */
  deliveryLogs(reports: readonly Report[]): Promise<DeliveryLog[]>
  /** Runs a definition's occurrences due within [from, to] that were not run; with `again`, all of them. */
  backfill(scheduledReportId: string, period: BackfillPeriod): Promise<BackfillOutcome>
  /** Sends a report's notices, or those of no report (null); false when Temporal is unreachable (the sweep will). */
  sendNotices(number: number | null): Promise<boolean>
  /** Whether a worker has asked for work since then. @throws where Temporal cannot be asked. */
  isPolledSince(since: Date): Promise<boolean>
  /** Whether Temporal answers. */
  ping(): Promise<boolean>
  close(): Promise<void>
}
