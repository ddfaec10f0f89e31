/** Names that workflows, activities, Temporal clients and operators share. */

/**
 * Task queues. `reports`: workflows, and making files, few at once, since each holds memory. `bookkeeping`: claims and
 * status writes, which must not wait behind an hour of rows. `deliveries`: mails, rate-limited for the whole fleet.
 */
export const taskQueues = {
  reports: 'reports',
  bookkeeping: 'bookkeeping',
  deliveries: 'deliveries',
} as const

export const workflowTypes = {
  report: 'report',
  notice: 'notice',
  sweep: 'sweep',
  reconcile: 'reconcile',
} as const

export const maintenanceSchedules = {
  sweep: 'maintenance:sweep',
  reconcile: 'maintenance:reconcile',
} as const

const scheduledReportPrefix = 'scheduled-report:'

/** Schedule id of a definition. The same text, followed by `-{nominal time}`, is its runs' workflow id. */
export function scheduleIdFor(scheduledReportId: string): string {
  return `${scheduledReportPrefix}${scheduledReportId}`
}

/** The definition's id, or null when the Schedule belongs to something else. */
export function scheduledReportIdFrom(scheduleId: string): string | null {
  return scheduleId.startsWith(scheduledReportPrefix) ? scheduleId.slice(scheduledReportPrefix.length) : null
}

/** Workflow id of a report that gets its N° before it starts: a request, a run now, a test. */
export function workflowIdForNumber(number: number): string {
  return `report:${number}`
}

/** The workflow id that the engine itself gives an occurrence: nominal time in UTC, in whole seconds. */
export function workflowIdForOccurrence(scheduledReportId: string, scheduledFor: Date): string {
  return `${scheduleIdFor(scheduledReportId)}-${scheduledFor.toISOString().replace(/\.\d{3}Z$/, 'Z')}`
}

/** A run's memo that says what it waits for (WaitingMemo); not there when it waits for nothing. */
export const waitingMemo = 'waiting'

/** Workflow id of one notice to one person. */
export function workflowIdForNotice(noticeId: string): string {
  return `notice:${noticeId}`
}

/**
 * What comes first in a queue, 1 before 5: the sweep and the reconciler, which mend what the others leave; then what a
 * person waits for; then what is scheduled, and the notices (3 is the engine's default).
 */
export const priorityKeys = { maintenance: 1, request: 2, schedule: 3 } as const

/** The engine shares its queues fairly by this key, 64 characters at most: reports of one owner do not delay another's. */
export function fairnessKeyOf(ownerId: string): string {
  return ownerId.slice(0, 64)
}
