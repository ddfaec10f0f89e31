/** What runs are searched by, for the workflows' sandbox and for those who start or find them. */

import { defineSearchAttributeKey } from '@temporalio/common'

export const scheduledReportIdKey = defineSearchAttributeKey('ScheduledReportId', 'KEYWORD')
export const reportNumberKey = defineSearchAttributeKey('ReportNumber', 'INT')
export const reportTypeKey = defineSearchAttributeKey('ReportType', 'KEYWORD')
/** An id, never an address. */
export const reportOwnerKey = defineSearchAttributeKey('ReportOwner', 'KEYWORD')
export const reportStatusKey = defineSearchAttributeKey('ReportStatus', 'KEYWORD')

/** To be registered in the namespace before any Schedule or workflow names one: the server refuses unknown ones. */
export const searchAttributeKeys = [
  scheduledReportIdKey,
  reportNumberKey,
  reportTypeKey,
  reportOwnerKey,
  reportStatusKey,
] as const

/** The engine's own: when an occurrence was due. Said by us for the occurrences that we start. */
export const nominalTimeKey = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME')
