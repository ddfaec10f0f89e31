/** Reads payloads of histories and descriptions, which the client returns as the engine has them. */

import type { Client } from '@temporalio/client'
import type { Payload } from '@temporalio/common'
import type { temporal } from '@temporalio/proto'

type Reader = Pick<Client, 'options'>

/** The payloads' values, in order. @throws SealedPayloadError */
export async function readPayloads(
  { options }: Reader,
  payloads: readonly Payload[] | null | undefined,
): Promise<unknown[]> {
  const { payloadConverter, payloadCodecs } = options.loadedDataConverter
  let opened = [...(payloads ?? [])]
  for (const codec of payloadCodecs.toReversed()) opened = await codec.decode(opened)
  return opened.map((payload) => payloadConverter.fromPayload(payload))
}

/** A failure's message: a payload of its own when failures are sealed. @throws SealedPayloadError */
export async function readFailureMessage(
  reader: Reader,
  { message, encodedAttributes }: temporal.api.failure.v1.IFailure,
): Promise<string> {
  const [attributes] = await readPayloads(reader, encodedAttributes ? [encodedAttributes] : [])
  const isEncoded = typeof attributes === 'object' && attributes !== null && 'message' in attributes
  return isEncoded ? String(attributes.message) : (message ?? '')
}
