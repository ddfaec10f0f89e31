import type { Account } from './account.ts'
import type { ChaosWorld } from './chaos-world.ts'
import type { FileCheck } from './check-files.ts'
import type { FaultRecord } from './fault-driver.ts'
import type { Leftovers } from './read-rows.ts'
import type { AskedReport } from './requester.ts'

export interface ChaosFacts {
  /** Once all had settled, without a relaunch. */
  before: Account
  /** After the failed reports were relaunched once. */
  after: Account
  left: Leftovers
  done: readonly FaultRecord[]
  files: readonly FileCheck[]
  relaunched: number
  noticesPending: number
}

/** The figures of the result line. */
export function summary(
  { before, after, left, done, files, relaunched, noticesPending }: ChaosFacts,
  asked: readonly AskedReport[],
  world: ChaosWorld,
) {
  const faultsByKind: Record<string, number> = {}
  for (const { kind } of done) faultsByKind[kind] = (faultsByKind[kind] ?? 0) + 1
  const atWork = done.map(({ inFlight }) => inFlight ?? 0)
  return {
    reports: before.reports,
    completed: before.completed,
    completed_in_part: before.completed_in_part,
    failed_with_reason: before.failed_with_reason,
    failed_without_reason: before.failed_without_reason,
    reasons: before.reasons,
    skipped: before.skipped,
    lost: after.lost.length,
    recipients: before.recipients,
    recipients_reached: before.recipients_reached,
    attachments_wrong: after.attachments_wrong,
    notices: after.notices,
    notices_pending_left: noticesPending,
    without_notice: before.without_notice.length,
    reachable: before.reachable,
    relaunched,
    completed_after_relaunch: after.completed,
    repairable_after_relaunch: after.repairable,
    duplicates_by_message_id: after.duplicates_by_message_id,
    duplicates_by_report_and_recipient: after.duplicates_by_report_and_recipient,
    requested_twice: after.unasked,
    staged_objects_left: left.staged.length,
    unfinished_uploads_left: left.unfinishedUploads.length,
    workflows_open_left: left.openWorkflows.length,
    rows_queued_left: after.still_queued,
    rows_running_left: after.still_running,
    requests_asked_again: asked.filter(({ tries }) => tries > 1).length,
    files_checked: files.length,
    files_wrong: files.filter(({ wrong }) => wrong.length > 0).length,
    faults: done.length,
    faults_by_kind: faultsByKind,
    faults_while_reports_were_in_flight: atWork.filter((count) => count > 0).length,
    mail_faults_struck: world.mail.strikes.length,
    parts_that_ended_by_themselves: world.unasked.length,
  }
}
