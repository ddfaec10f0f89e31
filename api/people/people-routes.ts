/** « Personnes »: who has an account, and whether it is active. */

import { createRoute, z } from '@hono/zod-openapi'
import { roles } from '#domain/schemas/me-schema.ts'
import { pageQuerySchema, pageSchema } from '#domain/schemas/page-schema.ts'
import { userSchema } from '#domain/schemas/user-schema.ts'
import type { Api } from '../http/api-env.ts'
import { notFound } from '../http/api-problem.ts'
import type { ApiDeps } from '../deps.ts'
import { applySchedules } from './deactivate-person.ts'
import { deactivatePerson, reactivatePerson } from './deactivate-person.ts'
import { countPeople, findPeople } from './find-people.ts'
import { jsonResponse, problemResponses, security } from '../http/openapi-parts.ts'

const User = userSchema.openapi('User')
const base = '/v1/admin/users'
const tags = ['People']

const userParams = z.object({
  id: z
    .string()
    .min(1)
    .max(100)
    .openapi({ param: { name: 'id', in: 'path' } }),
})

const list = createRoute({
  method: 'get',
  path: base,
  operationId: 'listUsers',
  tags,
  summary: 'People with an account, by name',
  description: 'Each with how many scheduled reports are theirs.',
  security,
  request: {
    query: pageQuerySchema(15).extend({
      q: z.string().max(200).optional().openapi({ description: 'Part of the name or the address' }),
      role: z.enum(roles).optional(),
      active: z
        .enum(['true', 'false'])
        .optional()
        .openapi({ description: 'Active accounts alone, or deactivated ones; both unless given' }),
    }),
  },
  responses: { 200: jsonResponse(pageSchema(User), 'The page'), ...problemResponses(422) },
})

const deactivate = createRoute({
  method: 'post',
  path: `${base}/{id}/deactivate`,
  operationId: 'deactivateUser',
  tags,
  summary: 'Deactivate an account',
  description:
    'Its sessions end and its API keys open nothing, at once. Its enabled scheduled reports are paused in the same ' +
    'transaction, with a note that says why; administrators are told by mail which. 409 `own_account` for one’s own, ' +
    '`last_administrator` for the last active administrator’s. Deactivating twice changes nothing.',
  security,
  request: { params: userParams },
  responses: { 200: jsonResponse(User, 'Deactivated'), ...problemResponses(404, 409) },
})

const reactivate = createRoute({
  method: 'post',
  path: `${base}/{id}/reactivate`,
  operationId: 'reactivateUser',
  tags,
  summary: 'Reactivate an account',
  description: 'Its scheduled reports stay paused: each is resumed by itself.',
  security,
  request: { params: userParams },
  responses: { 200: jsonResponse(User, 'Active again'), ...problemResponses(404, 409) },
})

export function userRoutes(api: Api, { prisma, engine }: Pick<ApiDeps, 'prisma' | 'engine'>): void {
  const read = async (id: string) => {
    const [user] = await findPeople(prisma, { id }, { skip: 0, take: 1 })
    if (!user) throw notFound()
    return user
  }

  api.openapi(list, async (context) => {
    const { q, role, active, page, page_size: pageSize } = context.req.valid('query')
    const search = { q, role, active: active === undefined ? undefined : active === 'true' }
    const [items, total] = await Promise.all([
      findPeople(prisma, search, { skip: (page - 1) * pageSize, take: pageSize }),
      countPeople(prisma, search),
    ])
    return context.json({ items, total, page, page_size: pageSize }, 200)
  })

  api.openapi(deactivate, async (context) => {
    const { id } = context.req.valid('param')
    await engine.accountForOwner(id)
    await applySchedules(engine, await deactivatePerson(prisma, id, context.get('person')))
    return context.json(await read(id), 200)
  })

  api.openapi(reactivate, async (context) => {
    const { id } = context.req.valid('param')
    await reactivatePerson(prisma, id)
    return context.json(await read(id), 200)
  })
}
