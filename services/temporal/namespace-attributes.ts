/**
 * What a namespace is like. Its search attributes: registered where a client may, and known where it may not. Temporal Cloud and
 * strict clusters leave that to an operator, and refuse every start and upsert that names an unknown attribute.
 */

import type { Client, Connection } from '@temporalio/client'
import type { SearchAttributePair } from '@temporalio/common'
import proto from '@temporalio/proto'
import { searchAttributeKeys } from '#contract/search-attributes.ts'
import { grpcStatus, grpcStatusOf } from './grpc-status.ts'

const { IndexedValueType } = proto.temporal.api.enums.v1
const indexedTypes = {
  KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  INT: IndexedValueType.INDEXED_VALUE_TYPE_INT,
} as const
/** As the `temporal` command calls them. */
const typeNames = { KEYWORD: 'Keyword', INT: 'Int' } as const

/** Not a matter of a moment: the server says that this client may not, or that it cannot. */
const { invalidArgument, permissionDenied, failedPrecondition, unimplemented } = grpcStatus
const refusals: readonly (number | undefined)[] = [
  invalidArgument,
  permissionDenied,
  failedPrecondition,
  unimplemented,
]

const missing = new WeakMap<Client, ReadonlySet<string>>()

/** Names of the attributes that the client's namespace is known to lack. */
export function missingAttributes(temporal: Client): ReadonlySet<string> {
  return missing.get(temporal) ?? new Set()
}

/** Those of the pairs that the namespace takes. */
export function knownAttributes(temporal: Client, pairs: SearchAttributePair[]): SearchAttributePair[] {
  return pairs.filter(({ key }) => !missingAttributes(temporal).has(key.name))
}

/** Asks which attributes the namespace has. One that may not be asked counts as having all. */
export async function learnAttributes(temporal: Client, connection: Connection): Promise<void> {
  const { namespace } = temporal.options
  const present = await connection.operatorService.listSearchAttributes({ namespace }).catch(refusedAsNull)
  const lacking = searchAttributeKeys.filter(({ name }) => present && !present.customAttributes?.[name])
  missing.set(temporal, new Set(lacking.map(({ name }) => name)))
}

/**
 * Registers the attributes that the namespace lacks. Idempotent. Must run before a Schedule or workflow uses one.
 * @returns what to do where that is refused, for an operator; null when nothing is missing.
 */
export async function registerSearchAttributes(
  temporal: Client,
  connection: Connection,
): Promise<string | null> {
  await learnAttributes(temporal, connection)
  const { namespace } = temporal.options
  const lacking = lackingKeys(temporal)
  if (lacking.length === 0) return null
  const added = await connection.operatorService
    .addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(lacking.map(({ name, type }) => [name, indexedTypes[type]])),
    })
    .catch(refusedAsNull)
  if (added) {
    missing.delete(temporal)
    return null
  }
  return howToRegister(temporal)
}

/** The command that registers what the namespace is known to lack. */
export function howToRegister(temporal: Client): string {
  const options = lackingKeys(temporal).map(({ name, type }) => `--name ${name} --type ${typeNames[type]}`)
  return `temporal operator search-attribute create --namespace ${temporal.options.namespace} ${options.join(' ')}`
}

/** How long the namespace keeps what has ended. */
export async function retentionDays({ workflowService }: Connection, namespace: string): Promise<number> {
  const { config } = await workflowService.describeNamespace({ namespace })
  return Math.floor(Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / 86_400)
}

function lackingKeys(temporal: Client) {
  return searchAttributeKeys.filter(({ name }) => missingAttributes(temporal).has(name))
}

function refusedAsNull(error: unknown): null {
  if (refusals.includes(grpcStatusOf(error))) return null
  throw error
}
