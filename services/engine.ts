/**
 * What the API asks of the engine. Writes answer `false` or `engine_unavailable` when Temporal cannot be
 * reached; nothing is lost then, since the reconciler and the sweep apply later what Postgres says.
 */

import type { DeliveryLog, ReportProgress } from '#domain/schemas/report-schema.ts'
import type { BackfillAction } from '#domain/schemas/scheduled-report-schema.ts'
import type { Prisma, Report, ScheduledReport } from '#prisma/client/client.ts'

export type RelaunchOutcome =
  { ok: true } | { ok: false; code: 'not_relaunchable' | 'already_running' | 'engine_unavailable' }

export type CancelOutcome = { ok: true } | { ok: false; code: 'not_cancellable' | 'engine_unavailable' }

/** Both ends included. */
export interface BackfillPeriod {
  from: Date
  to: Date
  /** Whether those already completed are run again, each under a new N°. */
  again?: boolean
}

export interface BackfilledOccurrence {
  scheduledFor: Date
  action: BackfillAction
}
export type BackfillOutcome =
  { ok: true; occurrences: BackfilledOccurrence[] } | { ok: false; code: 'engine_unavailable' }

export interface Engine {
  /** Applies a definition to its Schedule now; false when Temporal is unreachable (the reconciler will). */
  applySchedule(scheduledReportId: string): Promise<boolean>
  /**
   * Changes a definition in Postgres, once what was due under it until now has its reports. Apply its Schedule after.
   * @param onlyVersion writes only if the definition is still at this version.
   * @returns false when it is not, or is gone.
   */
  changeDefinition(
    definition: ScheduledReport,
    data: Prisma.ScheduledReportUncheckedUpdateManyInput,
    onlyVersion?: number,
  ): Promise<boolean>
  /** Gives what was due until now under somebody's definitions its reports, before their account is closed. */
  accountForOwner(ownerId: string): Promise<void>
  /** Deletes a definition's Schedule; its running reports go on. */
  removeSchedule(scheduledReportId: string): Promise<boolean>
  /** Starts the workflow of a queued report; false when Temporal is unreachable (the sweep will). */
  startReport(number: number): Promise<boolean>
  relaunchReport(number: number): Promise<RelaunchOutcome>
  cancelReport(number: number): Promise<CancelOutcome>
  /** Live phase, attempt and rows of a running report; null between phases and when it is not running. */
  progressOf(number: number): Promise<ReportProgress | null>
  /** In the order asked. From workflow history while the engine has it, from the archive after. */
  deliveryLogs(reports: readonly Report[]): Promise<DeliveryLog[]>
  /** Runs the occurrences of a definition due within [from, to] that have not been; with `again`, those that have, too. */
  backfill(scheduledReportId: string, period: BackfillPeriod): Promise<BackfillOutcome>
  /** Sends the notices written about a report; false when Temporal is unreachable (the sweep will). */
  sendNotices(number: number): Promise<boolean>
  /** Whether Temporal answers. */
  ping(): Promise<boolean>
  close(): Promise<void>
}
