/** Limits that several folders share. Each is written once; a limit that depends on another is derived from it. */

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** A dead worker is noticed after this long; must exceed the slowest gap between two heartbeats. */
export const heartbeatTimeoutMs = 15_000
/** How often an activity heartbeats while it waits for something that reports no progress. */
export const heartbeatIntervalMs = heartbeatTimeoutMs / 3
/**
 * A lease on a recipient expires this long after its last renewal. Longer than the engine needs to retry the task, so
 * that the next attempt waits for a worker that only lost its connection to the engine.
 */
export const recipientLeaseMs = heartbeatTimeoutMs + heartbeatIntervalMs

/** One attempt at one mail, reading and composing included. */
export const mailAttemptTimeoutMs = 5 * minuteMs
/**
 * One SMTP session. Shorter than the attempt: otherwise a session could still be sending when the next attempt
 * begins.
 */
export const maxSendMs = mailAttemptTimeoutMs - 30_000

/** One attempt at a report's file. */
export const fileAttemptTimeoutMs = 6 * hourMs
/** Maximum of REPORT_TIME_LIMIT_MINUTES: the report's own limit must end the attempt first, with a named reason. */
export const maxReportTimeLimitMinutes = fileAttemptTimeoutMs / minuteMs - 10

/** S3 takes an upload in at most 10,000 parts, and parts of 5 MiB are held in memory: 48.8 GiB. */
export const uploadPartMegabytes = 5
export const maxUploadParts = 10_000
/** Maximum of REPORT_FILE_LIMIT_MB. */
export const maxFileMegabytes = uploadPartMegabytes * maxUploadParts

/** How long a notice is retried. */
export const noticeWindowMs = 24 * hourMs
/** Maximum wait between two attempts at a notice. */
export const maxNoticeRetryMs = 30 * minuteMs
/** A notice without an attempt for this long has lost its workflow. */
export const noticeAbandonedAfterMs = maxNoticeRetryMs + 3 * mailAttemptTimeoutMs
/** The sweep gives up a notice that is still pending at this age, later than the notice's own workflow does. */
export const noticeGivenUpAfterMs = noticeWindowMs + hourMs
