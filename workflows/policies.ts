/**
 * Every timeout and retry policy of the activities, each with its reason. Two waits are the workflows' own: for a server
 * that asks to come back later (deliver-to-recipients.ts), for a part that is away (outage-patience.ts).
 */

import { ActivityCancellationType, type ActivityOptions } from '@temporalio/workflow'
import * as limits from '#contract/limits.ts'
import { taskQueues } from '#contract/names.ts'

/** The documented promise for what is wrong, not away: three attempts, with a longer wait each time. */
const threeAttempts = { maximumAttempts: 3, initialInterval: '5 seconds', backoffCoefficient: 3 } as const

/**
 * Claims and status writes. No limit of attempts: an hour without the database must not leave a row unfinished. The
 * interval is capped so that work continues soon after the database is back.
 */
export const bookkeepingPolicy: ActivityOptions = {
  taskQueue: taskQueues.bookkeeping,
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
}

/** For work that another part of the system repeats later if it fails now. */
const threeQuickAttempts = { maximumAttempts: 3, initialInterval: '1 second', backoffCoefficient: 2 } as const

/** Removes leftovers. An unreachable storage must not delay a report's result: the sweep removes the leftovers later. */
export const cleanupPolicy: ActivityOptions = {
  taskQueue: taskQueues.bookkeeping,
  startToCloseTimeout: '1 minute',
  retry: threeQuickAttempts,
}

/**
 * Reading and writing millions of rows may take long: an attempt is bounded by the source's statement timeout and by
 * the heartbeat, which reports real progress. A cancellation waits until the upload is aborted.
 */
export const generatePolicy: ActivityOptions = {
  taskQueue: taskQueues.reports,
  startToCloseTimeout: limits.fileAttemptTimeoutMs,
  heartbeatTimeout: limits.generateHeartbeatTimeoutMs,
  retry: threeAttempts,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
}

/** A server-side copy; one that takes longer means that the storage hangs. */
export const storePolicy: ActivityOptions = {
  taskQueue: taskQueues.reports,
  startToCloseTimeout: '15 minutes',
  heartbeatTimeout: limits.heartbeatTimeoutMs,
  retry: threeAttempts,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
}

/**
 * One recipient. The wait for a turn and the session's own timeouts are shorter than start-to-close, so that an attempt
 * ends with the mail server's error. A cancellation waits for the send in flight, since the server may already accept
 * it. A server that defers the mail (greylisting) ends the activity at once: the workflow waits as
 * MAIL_DEFERRED_WAITS_SECONDS says (by default 1, 5, 15, then 30 minutes: most servers accept after one or five, none was
 * seen to want more than an hour) and starts a new activity, with three attempts for other faults.
 */
export const emailPolicy: ActivityOptions = {
  taskQueue: taskQueues.deliveries,
  startToCloseTimeout: limits.mailAttemptTimeoutMs,
  heartbeatTimeout: limits.heartbeatTimeoutMs,
  retry: threeAttempts,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
}

/**
 * A notice to a person about a report. Retried for a day, so that it survives a night without the mail server; it has
 * its own workflow, and nothing waits for it. No heartbeat timeout: the mailer's own limit, below start-to-close, ends
 * an attempt, so that two attempts never send at the same time.
 */
export const noticePolicy: ActivityOptions = {
  taskQueue: taskQueues.deliveries,
  startToCloseTimeout: limits.noticeAttemptTimeoutMs,
  scheduleToCloseTimeout: limits.noticeWindowMs,
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: limits.maxNoticeRetryMs },
}

/** Applies a result to the Schedule and sends notices. Reconciler and sweep later do what fails here. */
export const announcePolicy: ActivityOptions = {
  taskQueue: taskQueues.bookkeeping,
  startToCloseTimeout: '1 minute',
  retry: threeQuickAttempts,
}

/** Stores the log. A log that cannot be stored now must delay neither notices nor a relaunch: the sweep stores it later. */
export const archivePolicy: ActivityOptions = {
  taskQueue: taskQueues.bookkeeping,
  startToCloseTimeout: '1 minute',
  retry: threeQuickAttempts,
}

/** The sweep runs again soon anyway: one attempt, with time for all rows. */
export const sweepPolicy: ActivityOptions = {
  taskQueue: taskQueues.bookkeeping,
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '1 minute',
  retry: { maximumAttempts: 1 },
}

/**
 * Each attempt goes on where the one before it had come to: an engine that was emptied gets 100,000 Schedules in half an
 * hour, more than one attempt's time.
 */
export const reconcilePolicy: ActivityOptions = { ...sweepPolicy, retry: { maximumAttempts: 6 } }

/** How many recipients of one report are written to at the same time. */
export const maxConcurrentRecipients = 10

/** How often a recipient's turn at a busy mail server may not come, at ten minutes' wait each: a day. */
export const maxBusyRounds = 144

/** How long a part that is away is waited for, in a report opened by a version that did not know it. */
export const outagePatienceMinutes = 60

/** The waits for a sender's quota, for a report opened by a version that did not know it. */
export const quotaWaits: readonly number[] = [3_600, 10_800, 21_600, 43_200]

/** How long the workflow of a failed report stays open for a relaunch. Later, a relaunch starts a new run. */
export const relaunchWindow = '7 days'

/** After this many relaunches a run closes, to keep its history short; the next one starts a new run. */
export const relaunchesPerRun = 20
