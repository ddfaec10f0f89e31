import { scheduleIdFor } from '#domain/names.ts'

/** The workflow id the engine itself gives an occurrence: nominal time in UTC, whole seconds. */
export function occurrenceWorkflowId(scheduledReportId: string, scheduledFor: Date): string {
  return `${scheduleIdFor(scheduledReportId)}-${scheduledFor.toISOString().replace(/\.\d{3}Z$/, 'Z')}`
}
