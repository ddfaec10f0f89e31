/** Inputs and messages of the workflows `report` and `notice`, as the API, Temporal Web and the `temporal` command send them. */

import { defineSignal } from '@temporalio/workflow'

/** Either `scheduledReportId` is set or `number`. */
export interface ReportInput {
  /** Started by a Schedule: the definition whose occurrence this is. */
  scheduledReportId?: string
  /**
   * The version of the definition that its Schedule was written with last. Nothing is read from it here: it tells an
   * operator's pause from an own one (see services/schedules/apply-schedule.ts).
   */
  definitionVersion?: number
  /** Started for a report that already has its N°: a request, a run now, a relaunch of a closed report. */
  number?: number
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
