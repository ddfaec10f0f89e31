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
   * The round to start: one more than the row's. A round already begun is ignored, so that a double click is
   * one relaunch. Left out (an operator in Temporal Web), it means the next one.
   */
  round?: number
}

/** Resume a report that failed, or reach the recipients who have not had it. Ignored while it is running. */
export const relaunchSignal = defineSignal<[RelaunchRequest?]>('relaunch')

/** Stop, clean up, send nothing more. The same as Temporal Web's « Request Cancellation ». */
export const cancelSignal = defineSignal('cancel')

/** Input of the workflow `notice`. */
export interface NoticeInput {
  noticeId: string
}
