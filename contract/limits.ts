/** Limits that several folders share. Each is written once; a limit that depends on another is derived from it. */

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** A dead worker is noticed after this long; must exceed the slowest gap between two heartbeats. */
export const heartbeatTimeoutMs = 15_000
/** How often an activity heartbeats while it waits for something that reports no progress. */
export const heartbeatIntervalMs = heartbeatTimeoutMs / 3
/**
 * Longer than the others: on a slow connection the first part of an upload takes long. The file's process ends a file of
 * which nothing moves before that, since it can say whether source or storage is silent.
 */
export const generateHeartbeatTimeoutMs = 30_000
export const maxSilenceMs = generateHeartbeatTimeoutMs - 5_000
/**
 * A lease on a recipient expires this long after its last renewal. Longer than the engine needs to retry the task, so
 * that the next attempt waits for a worker that only lost its connection to the engine.
 */
export const recipientLeaseMs = heartbeatTimeoutMs + heartbeatIntervalMs

/** How long a report's mail waits for its turn at the mail server before the workflow takes it back. */
export const maxTurnWaitMs = 10 * minuteMs
/** Maximum of SMTP_SEND_TIMEOUT_SECONDS: one SMTP session, until the end of the message is sent. */
export const maxSendMs = 20 * minuteMs
/** Maximum of SMTP_ANSWER_TIMEOUT_SECONDS: from the end of the message to the server's answer. */
export const maxAnswerMs = 20 * minuteMs
/**
 * One attempt at one recipient's mail. Longer than all of these, so that an attempt ends with the mail server's error; a
 * dead worker is noticed by its heartbeats.
 */
export const mailAttemptTimeoutMs = maxTurnWaitMs + maxSendMs + maxAnswerMs + 10 * minuteMs

/** One attempt at a notice, which has no heartbeat: a dead worker is noticed after this. */
export const noticeAttemptTimeoutMs = 5 * minuteMs
/** Its wait for a turn and its session end before that, so that two attempts never overlap. */
export const noticeTurnWaitMs = 20_000
export const noticeSendMs = noticeAttemptTimeoutMs - noticeTurnWaitMs - 10_000

/** One attempt at a report's file. */
export const fileAttemptTimeoutMs = 6 * hourMs
/** Maximum of REPORT_TIME_LIMIT_MINUTES: the report's own limit must end the attempt first, with a named reason. */
export const maxReportTimeLimitMinutes = fileAttemptTimeoutMs / minuteMs - 10

/** S3 takes an upload in at most 10,000 parts, and parts of 5 MiB are held in memory: 48.8 GiB. */
export const uploadPartMegabytes = 5
export const maxUploadParts = 10_000
/** Maximum of REPORT_FILE_LIMIT_MB. */
export const maxFileMegabytes = uploadPartMegabytes * maxUploadParts

/** Maximum of OUTAGE_PATIENCE_MINUTES: a day of waits and attempts stays well within a run's history. */
export const maxOutagePatienceMinutes = 24 * 60

/** How long a notice is retried. */
export const noticeWindowMs = 24 * hourMs
/** Maximum wait between two attempts at a notice. */
export const maxNoticeRetryMs = 30 * minuteMs
/** A notice without an attempt for this long has lost its workflow. */
export const noticeAbandonedAfterMs = maxNoticeRetryMs + 3 * noticeAttemptTimeoutMs
/** The sweep gives up a notice that is still pending at this age, later than the notice's own workflow does. */
export const noticeGivenUpAfterMs = noticeWindowMs + hourMs
