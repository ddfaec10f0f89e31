/** « Personnes »: who has an account, and whether it is active. */

import { createRoute, z } from '@hono/zod-openapi'
import { roles } from '#domain/schemas/me-schema.ts'
import { pageQuerySchema, pageSchema } from '#domain/schemas/page-schema.ts'
import {
  handOverSchema,
  invitationSchema,
  userChangeSchema,
  userSchema,
} from '#domain/schemas/user-schema.ts'
import { actorOf } from '../audit/audit-actor.ts'
import type { Api, ApiContext } from '../http/api-env.ts'
import { requireBody } from '../http/readable-json.ts'
import { notFound } from '../http/api-problem.ts'
import type { ApiDeps } from '../deps.ts'
import { reactivatePerson } from './deactivate-person.ts'
import { createAccountActions } from './account-actions.ts'
import { countPeople, findPeople } from './find-people.ts'
import { handOverReports } from './hand-over-reports.ts'
import { jsonBody, jsonResponse, problemResponses, security, textIdParams } from '../http/openapi-parts.ts'

const User = userSchema.openapi('User')
const base = '/v1/admin/users'
const tags = ['People']

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
  request: { params: textIdParams },
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
  request: { params: textIdParams },
  responses: { 200: jsonResponse(User, 'Active again'), ...problemResponses(404, 409) },
})

const invite = createRoute({
  method: 'post',
  path: base,
  operationId: 'inviteUser',
  tags,
  summary: 'Invite a person',
  description:
    'The account is there at once. A mail brings a link to choose a password, which works once, for 72 hours; the ' +
    'identity provider opens the account as well, for the same verified address.',
  security,
  request: { body: jsonBody(invitationSchema.openapi('Invitation')) },
  responses: { 201: jsonResponse(User, 'Invited'), ...problemResponses(400, 409, 413, 415, 422) },
})

const inviteOnceMore = createRoute({
  method: 'post',
  path: `${base}/{id}/invite`,
  operationId: 'inviteUserAgain',
  tags,
  summary: 'Send the invitation again',
  description: 'The link of the mail before is worth nothing then. 409 `already_joined` once they signed in.',
  security,
  request: { params: textIdParams },
  responses: { 200: jsonResponse(User, 'On its way'), ...problemResponses(404, 409) },
})

const change = createRoute({
  method: 'patch',
  path: `${base}/{id}`,
  middleware: [requireBody] as const,
  operationId: 'changeUser',
  tags,
  summary: 'Change a person’s name, role or attributes',
  description:
    'What is left out stays. The scheduled reports of whoever stops being an administrator are paused in the same ' +
    'transaction. 409 `own_account` for one’s own role, `last_administrator` for the last active administrator’s.',
  security,
  request: { params: textIdParams, body: jsonBody(userChangeSchema.openapi('UserChange')) },
  responses: { 200: jsonResponse(User, 'Changed'), ...problemResponses(400, 404, 409, 413, 415, 422) },
})

const handOver = createRoute({
  method: 'post',
  path: `${base}/{id}/hand-over`,
  operationId: 'handOver',
  tags,
  summary: 'Give all of a person’s scheduled reports to somebody else',
  description:
    'Each stays enabled or paused as it is; `resume` enables those that were paused for want of an owner. 422 when the new owner may not use the type of one of them.',
  security,
  request: { params: textIdParams, body: jsonBody(handOverSchema.openapi('HandOver')) },
  responses: { 200: jsonResponse(User, 'Handed over'), ...problemResponses(400, 404, 413, 415, 422) },
})

const anonymise = createRoute({
  method: 'post',
  path: `${base}/{id}/anonymise`,
  operationId: 'anonymiseUser',
  tags,
  summary: 'Anonymise a person, for good',
  description:
    'Removes the name and the address of a deactivated person wherever the service keeps them; reports keep their N°, ' +
    'and the audit trail its entries until their period ends. 409 `account_active`, `owns_scheduled_reports` or ' +
    '`reports_in_progress` says what to do first.',
  security,
  request: { params: textIdParams },
  responses: { 200: jsonResponse(User, 'Anonymised'), ...problemResponses(404, 409) },
})

export function userRoutes(api: Api, deps: ApiDeps): void {
  const { prisma, environment } = deps
  const accounts = createAccountActions(deps)
  const actor = (context: ApiContext) => actorOf(context, environment)
  const inviter = (context: ApiContext) => ({ ...actor(context), invitedBy: context.get('person').name })
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
    await accounts.deactivate(id, actor(context))
    return context.json(await read(id), 200)
  })

  api.openapi(reactivate, async (context) => {
    const { id } = context.req.valid('param')
    await reactivatePerson(prisma, id, actor(context))
    return context.json(await read(id), 200)
  })

  api.openapi(invite, async (context) => {
    const invitation = context.req.valid('json')
    const locale = invitation.locale ?? context.get('person').locale
    const { id } = await accounts.invite({ ...invitation, locale }, inviter(context))
    return context.json(await read(id), 201)
  })

  api.openapi(inviteOnceMore, async (context) => {
    const { id } = context.req.valid('param')
    await accounts.inviteAgain(id, inviter(context))
    return context.json(await read(id), 200)
  })

  api.openapi(change, async (context) => {
    const { id } = context.req.valid('param')
    await accounts.change(id, context.req.valid('json'), actor(context))
    return context.json(await read(id), 200)
  })

  api.openapi(anonymise, async (context) => {
    const { id } = context.req.valid('param')
    await accounts.anonymise(id, actor(context))
    return context.json(await read(id), 200)
  })

  api.openapi(handOver, async (context) => {
    const { id } = context.req.valid('param')
    await read(id)
    const { user_id: toId, resume } = context.req.valid('json')
    await handOverReports(deps, { fromId: id, toId, resume }, actor(context))
    return context.json(await read(id), 200)
  })
}
