/**
 * Counts the outcome of every report and every mail, from what the mail server accepted and what PostgreSQL holds.
 * The product's own logs are not used.
 */

export interface ReportRow {
  number: number
  origin: string
  scheduledReportId: string | null
  scheduledFor: Date | null
  status: string
  delivery: string
  skipReason: string | null
  failure: { phase: string; code: string; message: string } | null
  round: number
  recipients: string[]
  format: string
  objectKey: string | null
  rowCount: number | null
  checksum: string | null
  workflowId: string
  runIds: string[]
  requestedAt: Date
  finishedAt: Date | null
  deliveries: { email: string; status: string; response: string | null; error: string | null }[]
}

/** A mail that the mail server accepted. */
export interface AcceptedMail {
  messageId: string
  /** The N° it names. */
  number: number
  to: string
  acceptedAt: Date
  /** When the client spoke again after the "accepted"; null: it may never have heard it. */
  heardAt: Date | null
  /** SHA-256 of the attached file, hexadecimal; null when it carries a link. */
  attachment: string | null
}

/** The mail server refused this address for good, with 5xx. */
export interface Refusal {
  to: string
  at: Date
}

export interface Observations {
  rows: readonly ReportRow[]
  /** N°s that the API answered with. */
  asked: readonly number[]
  /** Occurrences that were due: definition's id and nominal time. */
  due: readonly { scheduledReportId: string; scheduledFor: Date }[]
  mails: readonly AcceptedMail[]
  refusals: readonly Refusal[]
  /** Mailboxes that never existed. */
  deadAddresses: ReadonlySet<string>
  /** When worker processes were ended. */
  workerEnds: readonly Date[]
}

export interface DuplicateCount {
  copies: number
  /** Of these: the client heard none of the acceptances before it, since it or its connection was gone. */
  never_heard: number
  /** Of these: a worker was killed within a second of having heard an acceptance. */
  killed_before_noted: number
  unexplained: number
}

export interface Account {
  reports: number
  /** Completed, and every recipient's mail is at the mail server, though some answers to them were perhaps not heard. */
  completed: number
  completed_in_part: number
  failed_with_reason: number
  failed_without_reason: number
  /** Occurrences that were not run, each with its reason. */
  skipped: Record<string, number>
  /** Requests and due occurrences without a row, and rows whose « sent » the mail server does not confirm. */
  lost: string[]
  /** Requested reports that the API did not answer with: a request taken twice. */
  unasked: number
  still_queued: number
  still_running: number
  recipients: number
  recipients_reached: number
  /** Mails whose attachment is not the stored file. */
  attachments_wrong: number
  /** Mails to owners and administrators about reports. */
  notices: number
  /** N°s that failed or missed a recipient, and whose owner had no notice of it. */
  without_notice: number[]
  duplicates_by_message_id: DuplicateCount
  duplicates_by_report_and_recipient: DuplicateCount
  /** Of the reports, those whose recipients the mail server would all accept: none dead, none refused. */
  reachable: { reports: number; completed: number }
  /** Of the reports, those without a mailbox that does not exist: a relaunch can complete them. */
  repairable: { reports: number; completed: number }
  /** Of these, the reasons of what failed. */
  reasons: Record<string, number>
  /** N°s that are reachable, and not completed. */
  not_completed: number[]
}

/** A worker killed this soon after the "accepted" may not have noted it anywhere. */
const notedWithinMs = 1_000

export function account(observed: Observations): Account {
  const { rows, mails, deadAddresses, refusals } = observed
  const reports = rows.filter((row) => row.status !== 'skipped')
  const mailsOf = Map.groupBy(mails, ({ number, to }) => pair(number, to))
  const wanted = new Set(rows.flatMap(({ number, recipients }) => recipients.map((to) => pair(number, to))))
  const reportMails = mails.filter(({ number, to }) => wanted.has(pair(number, to)))

  const hasAll = (row: ReportRow) => row.recipients.every((to) => mailsOf.has(pair(row.number, to)))
  const isReached = ({ delivery }: ReportRow) => delivery === 'sent' || delivery === 'uncertain'
  const isComplete = (row: ReportRow) => row.status === 'completed' && isReached(row) && hasAll(row)
  const hasMissed = ({ delivery }: ReportRow) => delivery === 'partial' || delivery === 'uncertain'
  const hasDead = (row: ReportRow) => row.recipients.some((to) => deadAddresses.has(to))
  const wasRefused = (row: ReportRow) =>
    refusals.some(({ to, at }) => row.recipients.includes(to) && at >= row.requestedAt)
  const count = (holds: (row: ReportRow) => boolean) => reports.filter(holds).length
  const notices = mails.filter(({ number, to }) => !wanted.has(pair(number, to)))
  const noticed = new Set(notices.map(({ number }) => number))
  const byNumber = new Map(rows.map((row) => [row.number, row]))
  const failed = (row: ReportRow) => row.status === 'failed'
  const hasReason = (row: ReportRow) => Boolean(row.failure?.code && row.failure.message)
  const reachable = reports.filter((row) => !hasDead(row) && !wasRefused(row))
  const repairable = reports.filter((row) => !hasDead(row))
  const notCompleted = reachable.filter((row) => !isComplete(row))

  return {
    reports: reports.length,
    completed: count(isComplete),
    completed_in_part: count((row) => row.status === 'completed' && row.delivery === 'partial'),
    failed_with_reason: count((row) => failed(row) && hasReason(row)),
    failed_without_reason: count((row) => failed(row) && !hasReason(row)),
    skipped: tally(
      rows.filter(({ status }) => status === 'skipped').map((row) => row.skipReason ?? 'no reason'),
    ),
    lost: findLost(observed, mailsOf),
    unasked: rows.filter(({ origin, number }) => origin === 'request' && !observed.asked.includes(number))
      .length,
    still_queued: count(({ status }) => status === 'queued'),
    still_running: count(({ status }) => status === 'running'),
    recipients: reports.flatMap(({ recipients }) => recipients).length,
    recipients_reached: reports.flatMap((row) =>
      row.recipients.filter((to) => mailsOf.has(pair(row.number, to))),
    ).length,
    attachments_wrong: reportMails.filter(
      ({ number, attachment }) => attachment !== null && attachment !== byNumber.get(number)?.checksum,
    ).length,
    notices: notices.length,
    without_notice: reports
      .filter((row) => (failed(row) || hasMissed(row)) && !noticed.has(row.number))
      .map(({ number }) => number),
    duplicates_by_message_id: countDuplicates(mails, ({ messageId }) => messageId, observed.workerEnds),
    duplicates_by_report_and_recipient: countDuplicates(
      reportMails,
      ({ number, to }) => pair(number, to),
      observed.workerEnds,
    ),
    reachable: { reports: reachable.length, completed: reachable.length - notCompleted.length },
    repairable: { reports: repairable.length, completed: repairable.filter(isComplete).length },
    reasons: tally(reports.filter(failed).map(({ failure }) => failure?.code ?? 'none')),
    not_completed: notCompleted.map(({ number }) => number),
  }
}

function findLost({ rows, asked, due }: Observations, mailsOf: ReadonlyMap<string, unknown>): string[] {
  const numbers = new Set(rows.map(({ number }) => number))
  const occurrences = new Set(
    rows.map((row) => `${row.scheduledReportId} ${row.scheduledFor?.toISOString()}`),
  )
  return [
    ...asked.filter((number) => !numbers.has(number)).map((number) => `N° ${number} has no row`),
    ...due
      .map((one) => `${one.scheduledReportId} ${one.scheduledFor.toISOString()}`)
      .filter((key) => !occurrences.has(key))
      .map((key) => `occurrence ${key} has no row`),
    ...rows.flatMap(({ number, deliveries }) =>
      deliveries
        .filter(({ email, status }) => status === 'sent' && !mailsOf.has(pair(number, email)))
        .map(({ email }) => `N° ${number} to ${email} is said to be sent, and was not`),
    ),
    ...rows
      .filter((row) => row.status === 'completed' && row.delivery === 'sent')
      .flatMap(({ number, recipients }) =>
        recipients
          .filter((to) => !mailsOf.has(pair(number, to)))
          .map((to) => `N° ${number} is said to be complete, and ${to} has nothing`),
      ),
  ]
}

function countDuplicates(
  mails: readonly AcceptedMail[],
  key: (mail: AcceptedMail) => string,
  workerEnds: readonly Date[],
): DuplicateCount {
  const result: DuplicateCount = { copies: 0, never_heard: 0, killed_before_noted: 0, unexplained: 0 }
  for (const group of Map.groupBy(mails, key).values()) {
    const inOrder = group.toSorted((left, right) => left.acceptedAt.getTime() - right.acceptedAt.getTime())
    for (let index = 1; index < inOrder.length; index++) {
      result.copies += 1
      const heard = inOrder.slice(0, index).flatMap(({ heardAt }) => heardAt ?? [])
      if (heard.length === 0) result.never_heard += 1
      else if (heard.every((moment) => killedSoonAfter(moment, workerEnds))) result.killed_before_noted += 1
      else result.unexplained += 1
    }
  }
  return result
}

function killedSoonAfter(moment: Date, workerEnds: readonly Date[]): boolean {
  return workerEnds.some((end) => {
    const afterMs = end.getTime() - moment.getTime()
    return afterMs >= 0 && afterMs <= notedWithinMs
  })
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

function pair(number: number, to: string): string {
  return `${number} ${to.toLowerCase()}`
}
