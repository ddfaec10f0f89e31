/** Parts that the OpenAPI descriptions of routes share. */

import { z } from '@hono/zod-openapi'
import { problemSchema } from '#domain/schemas/problem-schema.ts'

const Problem = problemSchema.openapi('Problem')

const descriptions: Readonly<Record<number, string>> = {
  400: 'Not JSON, or JSON of more than 32 levels or 20,000 values',
  401: 'No session and no valid API key',
  403: 'The role does not allow it, or the request comes from another site',
  404: 'Not there, or not yours',
  409: 'The state does not allow it; `code` says why',
  410: 'Gone: retention removed it',
  412: 'Changed since it was read (If-Match)',
  413: 'Body over 1 MB',
  415: 'Body not declared as JSON',
  422: 'Fields to correct, each with its path; nothing was stored',
  429: 'Too many at once; `Retry-After` says when to try again',
  500: 'Unexpected; quote `request_id`',
  502: 'The reports’ database refused the type’s query',
  503: 'A part this needs does not answer',
  504: 'The reports’ database took too long',
}

const everywhere = [401, 403, 500, 503] as const
type Everywhere = (typeof everywhere)[number]

type ProblemResponse = {
  description: string
  content: { 'application/problem+json': { schema: typeof Problem } }
}

/** Declares error answers; every route has those of `everywhere`. */
export function problemResponses<Status extends number>(
  ...statuses: Status[]
): { [Key in Status | Everywhere]: ProblemResponse } {
  const entries = [...everywhere, ...statuses].map((status) => [
    status,
    {
      description: descriptions[status] ?? 'Error',
      content: { 'application/problem+json': { schema: Problem } },
    },
  ])
  return Object.fromEntries(entries) as { [Key in Status | Everywhere]: ProblemResponse }
}

export function jsonResponse<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema } } }
}

export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } }
}

/** /v1 accepts either. */
export const security: Record<string, string[]>[] = [{ session: [] }, { api_key: [] }]

/** PostgreSQL's `integer`; anything else names no report, hence 404 (see `onInvalid` in app.ts). */
export const numberParams = z.object({
  number: z
    .string()
    .regex(/^[1-9]\d{0,9}$/)
    .transform(Number)
    .refine((number) => number <= 2_147_483_647)
    .openapi({ type: 'integer', param: { name: 'number', in: 'path' }, example: 42 }),
})

export const idParams = z.object({
  id: z.uuid().openapi({ param: { name: 'id', in: 'path' } }),
})

/** Ids of people, sessions and API keys. */
export const textIdParams = z.object({
  id: z
    .string()
    .min(1)
    .max(100)
    .openapi({ param: { name: 'id', in: 'path' } }),
})

export const idempotencyHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/)
    .optional()
    .openapi({
      description: 'The same key with the same body gets the same answer, and nothing is made twice.',
    }),
})

export const ifMatchHeaders = z.object({
  'if-match': z
    .string()
    .optional()
    .openapi({ description: 'The ETag last read; 412 when it changed since.' }),
})
