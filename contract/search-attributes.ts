/** Search attributes of runs, for the workflow sandbox and for the clients that start or find runs. */

import { defineSearchAttributeKey } from '@temporalio/common'

export const scheduledReportIdKey = defineSearchAttributeKey('ScheduledReportId', 'KEYWORD')
export const reportNumberKey = defineSearchAttributeKey('ReportNumber', 'INT')
export const reportTypeKey = defineSearchAttributeKey('ReportType', 'KEYWORD')
/** An id, never an address. */
export const reportOwnerKey = defineSearchAttributeKey('ReportOwner', 'KEYWORD')
export const reportStatusKey = defineSearchAttributeKey('ReportStatus', 'KEYWORD')

/** Must be registered before a Schedule or workflow uses one: the server refuses unknown attributes. */
export const searchAttributeKeys = [
  scheduledReportIdKey,
  reportNumberKey,
  reportTypeKey,
  reportOwnerKey,
  reportStatusKey,
] as const

/** Temporal's own: when an occurrence was due. The service sets it on the occurrences that it starts itself. */
export const nominalTimeKey = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME')
