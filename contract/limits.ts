/** Limits that several rooms must agree on: each written once, and what follows from another one derived from it. */

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** A dead worker is noticed after this long; must exceed the slowest gap between two heartbeats. */
export const heartbeatTimeoutMs = 15_000
/** How often an activity says that it lives while what it waits for says nothing by itself. */
export const heartbeatIntervalMs = heartbeatTimeoutMs / 3
/**
 * A holder that has not renewed its lease on a recipient for this long is dead. Longer than the engine needs to give
 * the task out again, so that the next attempt waits for a worker that is cut off from the engine alone.
 */
export const recipientLeaseMs = heartbeatTimeoutMs + heartbeatIntervalMs

/** One attempt at one mail, reading and composing included. */
export const mailAttemptTimeoutMs = 5 * minuteMs
/**
 * One conversation with a mail server. Shorter than the attempt: one that the engine ended first could still be sending
 * when the next one begins.
 */
export const maxSendMs = mailAttemptTimeoutMs - 30_000

/** One attempt at a report's file. */
export const fileAttemptTimeoutMs = 6 * hourMs
/** Most that REPORT_TIME_LIMIT_MINUTES may say: the report's own limit ends the attempt, and names the reason. */
export const maxReportTimeLimitMinutes = fileAttemptTimeoutMs / minuteMs - 10

/** How long a notice is tried for. */
export const noticeWindowMs = 24 * hourMs
/** Longest wait between two attempts at a notice. */
export const maxNoticeRetryMs = 30 * minuteMs
/** A notice without an attempt for this long has no workflow any more. */
export const noticeAbandonedAfterMs = maxNoticeRetryMs + 3 * mailAttemptTimeoutMs
/** A notice that is still pending at this age is given up; later than its own workflow gives it up. */
export const noticeGivenUpAfterMs = noticeWindowMs + hourMs
