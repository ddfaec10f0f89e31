/** Every timeout and retry policy of the product's activities, each with its reason. */

import { ActivityCancellationType, type ActivityOptions } from '@temporalio/workflow'
import * as limits from '#contract/limits.ts'
import { taskQueues } from '#contract/names.ts'

/** What people were promised: three attempts, waiting longer each time. */
const threeAttempts = { maximumAttempts: 3, initialInterval: '5 seconds', backoffCoefficient: 3 } as const

/**
 * Claims and status writes. No limit of attempts: a database that is away for an hour must not strand a row.
 * The interval is capped so that work goes on soon after it is back.
 */
export const bookkeepingPolicy: ActivityOptions = {
  taskQueue: taskQueues.bookkeeping,
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
}

/** For what something else does later if it cannot be done now. */
const threeQuickAttempts = { maximumAttempts: 3, initialInterval: '1 second', backoffCoefficient: 2 } as const

/** Removing leftovers. A storage that is away must not hold a report's result back: the sweep removes them later. */
export const cleanupPolicy: ActivityOptions = {
  taskQueue: taskQueues.bookkeeping,
  startToCloseTimeout: '1 minute',
  retry: threeQuickAttempts,
}

/**
 * Reading and writing millions of rows may take long: what bounds an attempt is the source's statement timeout
 * and the heartbeat, which is real progress. Cancelling waits until the upload is really aborted.
 */
export const generatePolicy: ActivityOptions = {
  taskQueue: taskQueues.reports,
  startToCloseTimeout: limits.fileAttemptTimeoutMs,
  // Longer than the others': on a slow line the first part of an upload takes its time.
  heartbeatTimeout: '30 seconds',
  retry: threeAttempts,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
}

/** A server-side copy; hours of it would mean that the storage hangs. */
export const storePolicy: ActivityOptions = {
  taskQueue: taskQueues.reports,
  startToCloseTimeout: '15 minutes',
  heartbeatTimeout: limits.heartbeatTimeoutMs,
  retry: threeAttempts,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
}

/**
 * One recipient. The socket timeouts inside are shorter than start-to-close, so that an attempt ends by the
 * mail server's fault and says so. Cancelling waits for the send in flight: a mail half sent may be a mail sent.
 * A server that asks to come back later (greylisting) ends the activity at once: the workflow waits, as long as
 * MAIL_DEFERRED_WAITS_SECONDS says (by default 1, 5, 15, then 30 minutes: most accept after one or five, none was
 * seen to want more than an hour), and begins it anew, with three attempts of its own for other faults.
 */
export const emailPolicy: ActivityOptions = {
  taskQueue: taskQueues.deliveries,
  startToCloseTimeout: limits.mailAttemptTimeoutMs,
  heartbeatTimeout: limits.heartbeatTimeoutMs,
  retry: threeAttempts,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
}

/**
 * A notice to a person about a report. Tried for a day, so that a mail server that is away for a night leaves nobody
 * untold: it runs in a workflow of its own, and nothing waits for it. No heartbeat timeout: an attempt ends by the
 * mailer's own limit, below start-to-close, so that two of them never write at the same time.
 */
export const noticePolicy: ActivityOptions = {
  taskQueue: taskQueues.deliveries,
  startToCloseTimeout: limits.mailAttemptTimeoutMs,
  scheduleToCloseTimeout: limits.noticeWindowMs,
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: limits.maxNoticeRetryMs },
}

/** What follows from a result, for the Schedule and for people. What it cannot do, reconciler and sweep do later. */
export const announcePolicy: ActivityOptions = {
  taskQueue: taskQueues.bookkeeping,
  startToCloseTimeout: '1 minute',
  retry: threeQuickAttempts,
}

/** The sweep and the reconciler run again soon anyway: one try, with time to go through everything. */
export const maintenancePolicy: ActivityOptions = {
  taskQueue: taskQueues.bookkeeping,
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '1 minute',
  retry: { maximumAttempts: 1 },
}

/** How many recipients of one report are written to at once. */
export const recipientsAtOnce = 10

/** How long a failed report waits, open, for a relaunch. After it a relaunch starts the workflow anew. */
export const relaunchWindow = '7 days'

/** After this many relaunches a run closes, to keep its history short; the next one starts a new run. */
export const relaunchesPerRun = 20
