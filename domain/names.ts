/** Every name that two parts of the product, or an operator, must agree on. */

import type { FileFormat } from './report-status.ts'

/**
 * Task queues. `reports`: workflows, and making files, few at once since each holds memory. `bookkeeping`: claims and
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

/** Search attributes: name → Temporal type. Registered at boot, before any schedule names them. */
export const searchAttributes = {
  ReportStatus: 'Keyword',
  ReportNumber: 'Int',
  ReportType: 'Keyword',
  ReportOwner: 'Keyword',
  ScheduledReportId: 'Keyword',
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

/** The definition's id, or null when the schedule is not one of ours. */
export function scheduledReportIdFrom(scheduleId: string): string | null {
  return scheduleId.startsWith(scheduledReportPrefix) ? scheduleId.slice(scheduledReportPrefix.length) : null
}

/** Workflow id of a report that has its N° before it starts: a request, a run now, a test. */
export function workflowIdForNumber(number: number): string {
  return `report:${number}`
}

/** The workflow id the engine itself gives an occurrence: nominal time in UTC, whole seconds. */
export function workflowIdForOccurrence(scheduledReportId: string, scheduledFor: Date): string {
  return `${scheduleIdFor(scheduledReportId)}-${scheduledFor.toISOString().replace(/\.\d{3}Z$/, 'Z')}`
}

/** Workflow id of one notice to one person. */
export function workflowIdForNotice(noticeId: string): string {
  return `notice:${noticeId}`
}

export const fileExtensions: Readonly<Record<FileFormat, string>> = { csv: 'csv', excel: 'xlsx' }

export const contentTypes: Readonly<Record<FileFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  excel: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/** Folder of all unfinished files. */
export const stagingRoot = 'staging/'

/** Folder of one report's unfinished files; each attempt of `generate` writes its own key under it. */
export function stagingPrefix(number: number): string {
  return `${stagingRoot}${number}/`
}

export function stagingKey(number: number, runId: string, attempt: number, format: FileFormat): string {
  return `${stagingPrefix(number)}${runId}-${attempt}.${fileExtensions[format]}`
}

/** Final object key, `reports/{yyyy}/{mm}/{N°}/{slug}.{ext}`; year and month in UTC. */
export function artifactKey(number: number, requestedAt: Date, fileName: string): string {
  const year = String(requestedAt.getUTCFullYear())
  const month = String(requestedAt.getUTCMonth() + 1).padStart(2, '0')
  return `reports/${year}/${month}/${number}/${fileName}`
}

/** Lower-case ASCII words joined by hyphens: safe in an object key, a URL and every file system. */
export function slugify(text: string): string {
  const slug = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/æ/g, 'ae')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80)
  return slug || 'rapport'
}
