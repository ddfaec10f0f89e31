/** Typed keys of what runs are searched by, for the workflows' sandbox and for those who start or find them. */

import { defineSearchAttributeKey } from '@temporalio/common'

export const scheduledReportIdKey = defineSearchAttributeKey('ScheduledReportId', 'KEYWORD')
export const reportNumberKey = defineSearchAttributeKey('ReportNumber', 'INT')
export const reportTypeKey = defineSearchAttributeKey('ReportType', 'KEYWORD')
export const reportOwnerKey = defineSearchAttributeKey('ReportOwner', 'KEYWORD')
export const reportStatusKey = defineSearchAttributeKey('ReportStatus', 'KEYWORD')

/** The engine's own: when an occurrence was due. Said by us for the occurrences that we start. */
export const nominalTimeKey = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME')
