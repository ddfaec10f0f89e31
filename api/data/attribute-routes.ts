/** Which attributes of a person decide the rows they see, for those who give them. */

import { createRoute, z } from '@hono/zod-openapi'
import { SourceError } from '#adapters/source/source-error.ts'
import { listScopeValues, scopeAttributes, type ScopeValues } from '#catalogue/scope-attributes.ts'
import { attributeSchema } from '#domain/schemas/user-schema.ts'
import type { ApiDeps } from '../deps.ts'
import type { Api, ApiContext } from '../http/api-env.ts'
import { jsonResponse, problemResponses, security } from '../http/openapi-parts.ts'
import type { DataReaders } from './data-readers.ts'
import { whileConnected } from './while-connected.ts'

const listAttributes = createRoute({
  method: 'get',
  path: '/v1/admin/attributes',
  operationId: 'listAttributes',
  tags: ['People'],
  summary: 'The attributes that limit which rows a person sees, with the values found in the data',
  description: 'Without values when the reports’ database does not answer.',
  security,
  responses: {
    200: jsonResponse(z.object({ items: z.array(attributeSchema.openapi('Attribute')) }), 'The attributes'),
    ...problemResponses(429),
  },
})

export function attributeRoutes(api: Api, { catalogue }: ApiDeps, readerOf: DataReaders): void {
  api.openapi(listAttributes, async (context) => {
    const locale = context.get('locale')
    const items = await Promise.all(
      scopeAttributes(catalogue).map(async ({ attribute, label, types }) => ({
        attribute,
        title: label[locale],
        types: types.map((key) => catalogue.get(key)?.title[locale] ?? key),
        ...(await valuesOf(context, attribute)),
      })),
    )
    return context.json({ items }, 200)
  })

  async function valuesOf(context: ApiContext, attribute: string): Promise<ScopeValues> {
    try {
      const found = await whileConnected(context, (signal) =>
        // Types about the product itself have no scope.
        listScopeValues(readerOf({ reads: 'source' }).during(context, signal), catalogue, attribute),
      )
      return found ?? { values: [], truncated: false }
    } catch (error) {
      // People are invited while the reports' database is away, too: the value is typed then.
      if (error instanceof SourceError) return { values: [], truncated: true }
      throw error
    }
  }
}
