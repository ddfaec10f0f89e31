/** Inputs and messages of the workflows `report` and `notice`, as the API, Temporal Web and the `temporal` command send them. */

import { defineSignal } from '@temporalio/workflow'
import type { ReportRequest, Settled, StagedFile } from './report-run.ts'

export interface ReportInput extends ReportRequest {
  /**
   * Of a Schedule's runs: the version of the definition that the Schedule was written with last. Nothing is read from it
   * here: it tells an operator's pause from an own one (see services/schedules/apply-schedule.ts).
   */
  definitionVersion?: number
  /** Only a run that goes on after one whose history got long has it. */
  carried?: CarriedState
}

/** Between two rounds of a failed report: what the next run needs and the row does not have. */
export interface CarriedState {
  outcome: Settled
  staged: StagedFile | null
  /** A relaunch that no round has answered yet. */
  relaunch: RelaunchRequest | null
}

export interface RelaunchRequest {
  /**
   * The round to start: one more than the row's. A round that has already begun is ignored, so a double click is one
   * relaunch. When it is left out (by an operator in Temporal Web), it means the next round.
   */
  round?: number
}

/** Resumes a failed report, or mails the recipients who did not receive it. Ignored while the report is running. */
export const relaunchSignal = defineSignal<[RelaunchRequest?]>('relaunch')

/** Stops the report, cleans up, sends nothing more. The same as Temporal Web's « Request Cancellation ». */
export const cancelSignal = defineSignal('cancel')

/** Input of the workflow `notice`. */
export interface NoticeInput {
  noticeId: string
}
