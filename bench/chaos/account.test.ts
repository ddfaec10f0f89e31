import { describe, expect, it } from 'vitest'
import { account, type AcceptedMail, type Observations, type ReportRow } from './account.ts'

const at = (second: number, ms = 0) => new Date(Date.UTC(2026, 10, 22, 8, 0, second, ms))

function row(number: number, more: Partial<ReportRow> = {}): ReportRow {
  const recipients = more.recipients ?? [`a${number}@ville.test`]
  const status = more.status ?? 'completed'
  return {
    number,
    origin: 'request',
    scheduledReportId: null,
    scheduledFor: null,
    status,
    delivery: status === 'completed' ? 'sent' : 'none',
    skipReason: null,
    failure: null,
    round: 0,
    recipients,
    format: 'csv',
    objectKey: `reports/${number}`,
    rowCount: 1,
    checksum: 'abc',
    workflowId: `report:${number}`,
    runIds: [`run-${number}`],
    requestedAt: at(0),
    finishedAt: at(30),
    deliveries: recipients.map((email) => ({ email, status: 'sent', response: null, error: null })),
    ...more,
  }
}

function mail(number: number, to = `a${number}@ville.test`, more: Partial<AcceptedMail> = {}): AcceptedMail {
  return {
    messageId: `<${number}.${to}>`,
    number,
    to,
    acceptedAt: at(10),
    heardAt: at(10),
    attachment: null,
    ...more,
  }
}

function accountOf(observed: Partial<Observations>) {
  return account({
    rows: [],
    asked: (observed.rows ?? []).map(({ number }) => number),
    due: [],
    mails: [],
    refusals: [],
    deadAddresses: new Set(),
    workerEnds: [],
    ...observed,
  })
}

describe('the outcome of reports', () => {
  it('counts a report as complete when the mail server has every recipient’s mail', () => {
    const recipients = ['a@ville.test', 'b@ville.test']
    const rows = [row(1, { recipients })]
    expect(accountOf({ rows, mails: [mail(1, 'a@ville.test'), mail(1, 'b@ville.test')] })).toMatchObject({
      reports: 1,
      completed: 1,
      recipients: 2,
      recipients_reached: 2,
      lost: [],
    })
    const missing = accountOf({ rows, mails: [mail(1, 'a@ville.test')] })
    expect(missing).toMatchObject({ completed: 0, recipients_reached: 1, not_completed: [1] })
    expect(missing.lost).toEqual([
      'N° 1 to b@ville.test is said to be sent, and was not',
      'N° 1 is said to be complete, and b@ville.test has nothing',
    ])
  })

  it('counts a report that some perhaps received by what the mail server has', () => {
    const rows = [
      row(1, { delivery: 'uncertain', deliveries: [] }),
      row(2, { delivery: 'uncertain', deliveries: [] }),
    ]
    expect(accountOf({ rows, mails: [mail(1)] })).toMatchObject({
      completed: 1,
      not_completed: [2],
      lost: [],
      without_notice: [1, 2],
    })
  })

  it('counts requests and due occurrences without a row as lost', () => {
    const due = [1, 2].map((minute) => ({ scheduledReportId: 'd', scheduledFor: at(60 * minute) }))
    const scheduled = row(7, { origin: 'schedule', scheduledReportId: 'd', scheduledFor: at(60) })
    expect(accountOf({ rows: [scheduled], asked: [3], due, mails: [mail(7)] }).lost).toEqual([
      'N° 3 has no row',
      'occurrence d 2026-11-22T08:02:00.000Z has no row',
    ])
  })

  it('counts a requested report that the API did not answer with as unasked', () => {
    expect(accountOf({ rows: [row(1), row(2)], asked: [1], mails: [mail(1), mail(2)] }).unasked).toBe(1)
  })

  it('counts skipped occurrences apart, by reason', () => {
    const rows = [row(1, { status: 'skipped', skipReason: 'previous_still_running', deliveries: [] })]
    expect(accountOf({ rows })).toMatchObject({
      reports: 0,
      skipped: { previous_still_running: 1 },
      lost: [],
    })
  })

  it('counts failures with and without a reason, and open rows', () => {
    const failure = { phase: 'generate', code: 'source_unavailable', message: 'Away' }
    const rows = [
      row(1, { status: 'failed', failure, deliveries: [] }),
      row(2, { status: 'failed', deliveries: [] }),
      row(3, { status: 'queued', deliveries: [] }),
      row(4, { status: 'running', deliveries: [] }),
    ]
    expect(accountOf({ rows })).toMatchObject({
      failed_with_reason: 1,
      failed_without_reason: 1,
      still_queued: 1,
      still_running: 1,
      reasons: { source_unavailable: 1, none: 1 },
      without_notice: [1, 2],
    })
  })

  it('leaves out of reachable dead mailboxes and refusals; of repairable only dead mailboxes', () => {
    const part = { delivery: 'partial', deliveries: [] }
    const rows = [1, 2, 3, 4].map((number) => row(number, number === 4 ? {} : part))
    const observed = {
      rows,
      mails: [mail(4), mail(1, 'owner@ville.test')],
      deadAddresses: new Set(['a1@ville.test']),
      refusals: [{ to: 'a2@ville.test', at: at(5) }],
    }
    expect(accountOf(observed)).toMatchObject({
      completed: 1,
      completed_in_part: 3,
      reachable: { reports: 2, completed: 1 },
      repairable: { reports: 3, completed: 1 },
      not_completed: [3],
      notices: 1,
      without_notice: [2, 3],
    })
  })

  it('counts a mail with another file than the stored one as wrong', () => {
    const mails = [
      mail(1, undefined, { attachment: 'abc' }),
      mail(2, undefined, { attachment: 'cut' }),
      mail(3),
    ]
    expect(accountOf({ rows: [row(1), row(2), row(3)], mails }).attachments_wrong).toBe(1)
  })
})

describe('duplicates', () => {
  const twice = (first: Partial<AcceptedMail>, second: Partial<AcceptedMail> = {}) => ({
    rows: [row(1)],
    mails: [mail(1, undefined, { acceptedAt: at(20), ...second }), mail(1, undefined, first)],
  })

  it('explains one after an acceptance that the client did not hear', () => {
    expect(accountOf(twice({ heardAt: null })).duplicates_by_message_id).toEqual({
      copies: 1,
      never_heard: 1,
      killed_before_noted: 0,
      unexplained: 0,
    })
  })

  it('does not explain one after an acceptance that was heard, even if the second was not', () => {
    expect(accountOf(twice({}, { heardAt: null })).duplicates_by_message_id).toMatchObject({
      copies: 1,
      unexplained: 1,
    })
  })

  it('explains one when a worker was killed within a second of the acceptance', () => {
    const workerEnds = [at(10, 400)]
    expect(accountOf({ ...twice({}), workerEnds }).duplicates_by_message_id).toMatchObject({
      killed_before_noted: 1,
      unexplained: 0,
    })
    for (const late of [at(9, 999), at(11, 1)]) {
      expect(accountOf({ ...twice({}), workerEnds: [late] }).duplicates_by_message_id.unexplained).toBe(1)
    }
  })

  it('counts another Message-ID for the same report and recipient by report alone', () => {
    const result = accountOf(twice({ messageId: '<other>' }))
    expect(result.duplicates_by_message_id.copies).toBe(0)
    expect(result.duplicates_by_report_and_recipient).toMatchObject({ copies: 1, unexplained: 1 })
  })

  it('explains a third copy only when both before it are explained', () => {
    const { rows, mails } = twice({ heardAt: null })
    const third = mail(1, undefined, { acceptedAt: at(25) })
    expect(accountOf({ rows, mails: [...mails, third] }).duplicates_by_message_id).toEqual({
      copies: 2,
      never_heard: 1,
      killed_before_noted: 0,
      unexplained: 1,
    })
  })
})
