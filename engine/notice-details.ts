import type { ReportFailure } from '#domain/schemas/report.ts'

interface FailureTold extends ReportFailure {
  /** ISO 8601. */
  failedAt: string
  /** Failures running, this one included. */
  failedInARow: number
  /** The scheduled report was paused because of them. */
  isPaused: boolean
}

/**
 * What a notice tells, as it was known with the result it tells of: a mail that goes out hours later, once the mail
 * server is back, must not speak of a report that has changed since. Kept as JSON on the notice's row.
 */
export type NoticeDetails =
  | ({ kind: 'report_failed' } & FailureTold)
  | { kind: 'partly_delivered' }
  | ({ kind: 'failing_repeatedly' } & FailureTold)
  | {
      kind: 'recovered'
      failedInARow: number
      to: 'owner' | 'administrator'
      /** It works again, and is paused: nothing comes until somebody resumes it. */
      isPaused: boolean
    }
  | { kind: 'recipient_unsubscribed'; recipient: string; remaining: string[] }
  | { kind: 'owner_gone'; owner: string; scheduledReports: { id: string; name: string }[] }
