import type { Connection } from '@temporalio/client'
import proto from '@temporalio/proto'
import { searchAttributeKeys } from '#contract/search-attributes.ts'

const { IndexedValueType } = proto.temporal.api.enums.v1
const indexedTypes = {
  KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  INT: IndexedValueType.INDEXED_VALUE_TYPE_INT,
} as const

/**
 * Registers the search attributes that the namespace lacks. Idempotent. Must run before a Schedule or workflow uses
 * one, since the server refuses unknown attributes.
 */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const present = await connection.operatorService.listSearchAttributes({ namespace })
  const missing = searchAttributeKeys.filter(({ name }) => !present.customAttributes?.[name])
  if (missing.length === 0) return
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map(({ name, type }) => [name, indexedTypes[type]])),
  })
}
