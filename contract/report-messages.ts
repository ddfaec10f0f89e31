/** Inputs and messages of the workflows `report` and `notice`, as the API, Temporal Web and the `temporal` command send them. */

import { defineSignal } from '@temporalio/workflow'

/** Exactly one of the two is set. */
export interface ReportInput {
  /** Started by a Schedule: the definition whose occurrence this is. */
  scheduledReportId?: string
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
