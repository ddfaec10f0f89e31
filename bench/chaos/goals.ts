import type { Goal } from '../benchmark.ts'
import type { ChaosFacts } from './chaos-outcome.ts'

/** The goals of the benchmark, and how the product met them. */
export function chaosGoals({ before, after, left, done, files }: ChaosFacts): Goal[] {
  const byId = after.duplicates_by_message_id.unexplained
  const byReport = after.duplicates_by_report_and_recipient.unexplained
  const withoutRelaunch = percent(before.reachable)
  const afterRelaunch = percent(after.repairable)
  return [
    atLeast('reports', 200, before.reports),
    atLeast('faults', 40, done.length),
    atLeast('completed_without_relaunch_percent', 95, withoutRelaunch),
    atLeast('completed_after_one_relaunch_percent', 100, afterRelaunch),
    none('lost', after.lost.length),
    none('failed_without_reason', before.failed_without_reason + after.failed_without_reason),
    none('without_notice', before.without_notice.length),
    none('duplicates_by_message_id_unexplained', byId),
    none('duplicates_by_report_and_recipient_unexplained', byReport),
    none('staged_objects_left', left.staged.length),
    none('rows_running_left', after.still_running),
    none('rows_queued_left', after.still_queued),
    none('unfinished_uploads_left', left.unfinishedUploads.length),
    none('workflows_open_left', left.openWorkflows.length),
    none('files_wrong', files.filter(({ wrong }) => wrong.length > 0).length),
  ]
}

function percent({ reports, completed }: { reports: number; completed: number }): number {
  return reports === 0 ? 0 : Number(((100 * completed) / reports).toFixed(2))
}

function atLeast(name: string, least: number, value: number): Goal {
  return { name, goal: `>= ${least}`, value, met: value >= least }
}

function none(name: string, value: number): Goal {
  return { name, goal: '= 0', value, met: value === 0 }
}
