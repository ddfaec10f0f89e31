/**
 * The codec endpoint for Temporal Web, by Temporal's remote codec protocol: the browser of a signed-in administrator asks
 * here for what PAYLOAD_KEYS sealed. Not part of /v1: the protocol is Temporal's, and only Temporal Web speaks it.
 */

import type { Payload } from '@temporalio/common'
import { cors } from 'hono/cors'
import { createMiddleware } from 'hono/factory'
import { z } from 'zod'
import { fieldIssues } from '#domain/schemas/field-issues.ts'
import { PayloadCodec, SealedPayloadError } from '#services/temporal/payload-codec.ts'
import { requireAdmin, requirePerson } from '../auth/require-person.ts'
import type { ApiDeps } from '../deps.ts'
import type { Api, ApiContext, ApiEnv } from '../http/api-env.ts'
import { ApiProblem, invalid } from '../http/api-problem.ts'
import { codecPaths } from '../http/origins.ts'
import { readableJson } from '../http/readable-json.ts'

/** An event of a history has a handful; the body's limit bounds their size. */
const maxPayloads = 1_000
/** Seconds for which a browser need not ask again whether it may. */
const preflightMaxAge = 600

/** Payloads in JSON as protobuf writes them: bytes in base64. */
const bodySchema = z.object({
  payloads: z
    .array(
      z.object({
        metadata: z.record(z.string(), z.base64()).default({}),
        data: z.base64().default(''),
      }),
    )
    .max(maxPayloads),
})
type JsonPayload = z.infer<typeof bodySchema>['payloads'][number]

export function codecRoutes(api: Api, deps: ApiDeps): void {
  const { environment } = deps
  const codec = new PayloadCodec(environment.PAYLOAD_KEYS)
  const temporalWeb = new URL(environment.TEMPORAL_WEB_URL).origin

  for (const path of codecPaths) {
    api.use(
      path,
      cors({
        origin: (origin) => (origin === temporalWeb ? origin : null),
        credentials: true,
        allowMethods: ['POST'],
        // The last one is sent where Temporal Web passes on its own access token, which opens nothing here.
        allowHeaders: ['content-type', 'x-namespace', 'authorization'],
        maxAge: preflightMaxAge,
      }),
      withoutApiKey,
      requirePerson(deps),
      requireAdmin,
      readableJson,
    )
  }
  api.post('/codec/decode', (context) => answer(context, (payloads) => codec.decode(payloads)))
  api.post('/codec/encode', (context) => answer(context, (payloads) => codec.encode(payloads)))
}

/** A person's session alone: a program that needs a report's data has the API. */
const withoutApiKey = createMiddleware<ApiEnv>(async ({ req }, next) => {
  if (req.header('x-api-key') !== undefined) throw new ApiProblem('forbidden')
  await next()
})

async function answer(
  context: ApiContext,
  transform: (payloads: Payload[]) => Promise<Payload[]>,
): Promise<Response> {
  const body: unknown = await context.req.json()
  const parsed = bodySchema.safeParse(body)
  if (!parsed.success) throw invalid(fieldIssues(parsed.error, body))
  try {
    const payloads = await transform(parsed.data.payloads.map(toPayload))
    return context.json({ payloads: payloads.map(toJson) }, 200)
  } catch (error) {
    if (!(error instanceof SealedPayloadError)) throw error
    throw sealedProblem(error)
  }
}

function sealedProblem({ keyId, isKnown }: SealedPayloadError): ApiProblem {
  return new ApiProblem('payload_sealed', {
    detail: isKnown
      ? {
          fr: `Une donnée scellée par la clé « ${keyId} » ne s’ouvre pas : PAYLOAD_KEYS a une autre clé sous ce nom, ou la donnée a été modifiée.`,
          en: `Data sealed with the key “${keyId}” cannot be opened: PAYLOAD_KEYS has another key under this id, or the data was changed.`,
        }
      : {
          fr: `Une donnée est scellée par la clé « ${keyId} », qui manque dans PAYLOAD_KEYS. Ajoutez-la après la première.`,
          en: `Data is sealed with the key “${keyId}”, which PAYLOAD_KEYS does not have. Add it after the first one.`,
        },
  })
}

function toPayload({ metadata, data }: JsonPayload): Payload {
  const fields = Object.entries(metadata).map(([name, text]) => [name, Buffer.from(text, 'base64')] as const)
  return { metadata: Object.fromEntries(fields), data: Buffer.from(data, 'base64') }
}

function toJson({ metadata, data }: Payload): JsonPayload {
  const fields = Object.entries(metadata ?? {}).map(([name, bytes]) => [name, inBase64(bytes)] as const)
  return { metadata: Object.fromEntries(fields), data: inBase64(data) }
}

function inBase64(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString('base64')
}
