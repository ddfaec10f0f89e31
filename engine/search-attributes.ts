import type { Connection } from '@temporalio/client'
import { defineSearchAttributeKey } from '@temporalio/common'
import proto from '@temporalio/proto'
import { searchAttributes } from '#domain/names.ts'

export const scheduledReportIdKey = defineSearchAttributeKey('ScheduledReportId', 'KEYWORD')
export const reportNumberKey = defineSearchAttributeKey('ReportNumber', 'INT')
export const reportTypeKey = defineSearchAttributeKey('ReportType', 'KEYWORD')
export const reportOwnerKey = defineSearchAttributeKey('ReportOwner', 'KEYWORD')
export const reportStatusKey = defineSearchAttributeKey('ReportStatus', 'KEYWORD')

/** The engine's own: when an occurrence was due. Said by us for the occurrences that we start. */
export const nominalTimeKey = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME')

const { IndexedValueType } = proto.temporal.api.enums.v1
const indexedTypes = {
  Keyword: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  Int: IndexedValueType.INDEXED_VALUE_TYPE_INT,
} as const

/**
 * Registers the search attributes the namespace lacks. Idempotent; must be done before any schedule or
 * workflow names one, since the server refuses unknown attributes.
 */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const present = await connection.operatorService.listSearchAttributes({ namespace })
  const missing = Object.entries(searchAttributes).filter(([name]) => !present.customAttributes?.[name])
  if (missing.length === 0) return
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map(([name, type]) => [name, indexedTypes[type]])),
  })
}
