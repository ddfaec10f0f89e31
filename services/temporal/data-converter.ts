/** How values become payloads: the one place for every client, every worker and all that reads histories. */

import { fileURLToPath } from 'node:url'
// oxlint-disable-next-line no-restricted-imports -- the one place that makes clients
import { Client, type ClientOptions } from '@temporalio/client'
import type { DataConverter } from '@temporalio/common'
import type { Environment } from '#config/environment.ts'
import { PayloadCodec } from './payload-codec.ts'
import { tracingClientInterceptors } from './trace-temporal.ts'

type Keys = Pick<Environment, 'PAYLOAD_KEYS'>

/**
 * Also without keys there is a codec: what an earlier configuration sealed is then refused with the id of the missing key,
 * not as an unknown encoding.
 */
export function dataConverterFor({ PAYLOAD_KEYS }: Keys): DataConverter {
  const sealed = fileURLToPath(new URL('sealed-failures.ts', import.meta.url))
  return {
    payloadCodecs: [new PayloadCodec(PAYLOAD_KEYS)],
    failureConverterPath: PAYLOAD_KEYS.length > 0 ? sealed : undefined,
  }
}

/** A client of the environment's namespace. */
export function createTemporalClient(
  connection: ClientOptions['connection'],
  environment: Keys & Pick<Environment, 'TEMPORAL_NAMESPACE'>,
): Client {
  const namespace = environment.TEMPORAL_NAMESPACE
  return new Client({
    connection,
    namespace,
    dataConverter: dataConverterFor(environment),
    interceptors: tracingClientInterceptors(),
  })
}

/** The id of the key that a client seals with; null when it seals nothing. */
export function sealingKeyOf({ options }: Pick<Client, 'options'>): string | null {
  const codec = options.loadedDataConverter.payloadCodecs.find((one) => one instanceof PayloadCodec)
  return codec?.sealingKey?.id ?? null
}
