/** « Rapports programmés »: definitions, each kept in sync with its Temporal Schedule. */

import { createRoute, z } from '@hono/zod-openapi'
import pLimit from 'p-limit'
import { pageQuerySchema, pageSchema } from '#domain/schemas/page-schema.ts'
import {
  type ScheduledReportInput as Input,
  scheduledReportInputSchema,
  scheduledReportSchema,
} from '#domain/schemas/scheduled-report-schema.ts'
import { ownerChangeSchema } from '#domain/schemas/user-schema.ts'
import { Prisma } from '#prisma/client/client.ts'
import { recordEvent } from '#services/audit/record-event.ts'
import { databaseNow } from '#services/clock/clocks.ts'
import { deleteDefinition } from '#services/definitions/delete-definition.ts'
import { recipientRulesFor } from '#services/recipients/recipient-rules.ts'
import { actorOf } from '../audit/audit-actor.ts'
import type { Api, ApiContext, Person } from '../http/api-env.ts'
import { ApiProblem, notFound } from '../http/api-problem.ts'
import {
  type DefinitionWithOwner,
  editDefinition,
  etagOf,
  findDefinition,
  onlyVersion,
  refuseStale,
  requireActiveOwner,
  subjectOf,
} from './edit-definition.ts'
import { completeDefinition, ownerAs } from './complete-definition.ts'
import { definitionsWhere } from './definitions-where.ts'
import { requireNewOwner } from './require-new-owner.ts'
import type { ApiDeps } from '../deps.ts'
import { createOnce } from '../http/create-once.ts'
import { scheduledReportsJson } from './scheduled-report-json.ts'
import { personFrom } from '../auth/require-person.ts'
import {
  idempotencyHeaders,
  idParams,
  ifMatchHeaders,
  jsonBody,
  jsonResponse,
  problemResponses,
  security,
} from '../http/openapi-parts.ts'

export const ScheduledReport = scheduledReportSchema.openapi('ScheduledReport')
const ScheduledReportInput = scheduledReportInputSchema.openapi('ScheduledReportInput')
const base = '/v1/admin/scheduled-reports'
const tags = ['Scheduled reports']

const list = createRoute({
  method: 'get',
  path: base,
  operationId: 'listScheduledReports',
  tags,
  summary: 'Scheduled reports, newest first',
  security,
  request: {
    query: pageQuerySchema(15).extend({
      q: z.string().max(200).optional().openapi({ description: 'Part of the name, the type or a recipient' }),
      status: z.enum(['enabled', 'disabled', 'failed', 'owner_inactive']).optional().openapi({
        description:
          'Enabled, disabled, those whose last report failed, or those whose owner’s account is deactivated',
      }),
      owner: z
        .string()
        .max(100)
        .optional()
        .openapi({ description: '`all`, or a user’s id; one’s own unless given' }),
    }),
  },
  responses: { 200: jsonResponse(pageSchema(ScheduledReport), 'The page'), ...problemResponses(422) },
})

const create = createRoute({
  method: 'post',
  path: base,
  operationId: 'createScheduledReport',
  tags,
  summary: 'Schedule a report',
  security,
  request: { headers: idempotencyHeaders, body: jsonBody(ScheduledReportInput) },
  responses: {
    201: jsonResponse(ScheduledReport, 'Scheduled; `Location` and `ETag` say where and which version'),
    ...problemResponses(400, 409, 413, 415, 422),
  },
})

const get = createRoute({
  method: 'get',
  path: `${base}/{id}`,
  operationId: 'getScheduledReport',
  tags,
  summary: 'One scheduled report',
  security,
  request: { params: idParams },
  responses: { 200: jsonResponse(ScheduledReport, 'With its `ETag`'), ...problemResponses(404) },
})

const replace = createRoute({
  method: 'put',
  path: `${base}/{id}`,
  operationId: 'replaceScheduledReport',
  tags,
  summary: 'Replace a scheduled report',
  description:
    'The whole definition: what is left out takes its default again. One whose owner’s account is deactivated can be ' +
    'edited, but not enabled: 409 `owner_inactive`.',
  security,
  request: { params: idParams, headers: ifMatchHeaders, body: jsonBody(ScheduledReportInput) },
  responses: {
    200: jsonResponse(ScheduledReport, 'Replaced'),
    ...problemResponses(400, 404, 409, 412, 413, 415, 422),
  },
})

const remove = createRoute({
  method: 'delete',
  path: `${base}/{id}`,
  operationId: 'deleteScheduledReport',
  tags,
  summary: 'Delete a scheduled report',
  description: 'Reports it made stay, and those running go on.',
  security,
  request: { params: idParams, headers: ifMatchHeaders },
  responses: { 204: { description: 'Deleted' }, ...problemResponses(404, 412) },
})

const pause = createRoute({
  method: 'post',
  path: `${base}/{id}/pause`,
  operationId: 'pauseScheduledReport',
  tags,
  summary: 'Disable',
  security,
  request: { params: idParams, headers: ifMatchHeaders },
  responses: { 200: jsonResponse(ScheduledReport, 'Disabled'), ...problemResponses(404, 412) },
})

const resume = createRoute({
  method: 'post',
  path: `${base}/{id}/resume`,
  operationId: 'resumeScheduledReport',
  tags,
  summary: 'Enable again',
  description: '409 `owner_inactive` while its owner’s account is deactivated: change its owner first.',
  security,
  request: { params: idParams, headers: ifMatchHeaders },
  responses: { 200: jsonResponse(ScheduledReport, 'Enabled'), ...problemResponses(404, 409, 412) },
})

const changeOwner = createRoute({
  method: 'post',
  path: `${base}/{id}/owner`,
  operationId: 'changeScheduledReportOwner',
  tags,
  summary: 'Change the owner',
  description:
    'From its next occurrence on it runs as this person, who sees its reports among their own and is told when one ' +
    'fails. Reports made before stay with whom they belonged to. A note that said why it was paused is cleared. ' +
    '422 on `user_id` for a person who does not exist, is deactivated, is no administrator or may not use the type.',
  security,
  request: {
    params: idParams,
    headers: ifMatchHeaders,
    body: jsonBody(ownerChangeSchema.openapi('OwnerChange')),
  },
  responses: {
    200: jsonResponse(ScheduledReport, 'With its new owner'),
    ...problemResponses(400, 404, 412, 413, 415, 422),
  },
})

/** Of reports under way, when their definition is deleted. */
const maxConcurrentCancels = 8

export function scheduledReportRoutes(api: Api, deps: ApiDeps): void {
  const { prisma, engine, catalogue, environment } = deps
  const complete = async (input: Input, owner: Person) => {
    const recipients = await recipientRulesFor(prisma, environment, owner, input.recipients)
    return completeDefinition(input, owner, { catalogue, recipients })
  }

  const view = async (context: ApiContext, row: DefinitionWithOwner) => {
    context.header('etag', etagOf(row))
    const [json] = await scheduledReportsJson([row], {
      prisma,
      catalogue,
      locale: context.get('locale'),
      now: deps.now(),
    })
    if (!json) throw new Error('No view of a scheduled report')
    return json
  }

  /** Committed already: when Temporal is away the reconciler applies it, and `sync` says `pending`. */
  const applied = async (context: ApiContext, id: string) => {
    await engine.applySchedule(id)
    return view(context, await findDefinition(prisma, id, context.get('person')))
  }

  api.openapi(list, async (context) => {
    const query = context.req.valid('query')
    const { page, page_size: pageSize } = query
    const owner = query.owner ?? context.get('person').id
    const where = await definitionsWhere({ ...query, owner }, deps)
    const [rows, total] = await Promise.all([
      prisma.scheduledReport.findMany({
        where,
        include: { owner: true },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        skip: (page - 1) * pageSize,
        take: pageSize,
      }),
      prisma.scheduledReport.count({ where }),
    ])
    const locale = context.get('locale')
    const items = await scheduledReportsJson(rows, { prisma, catalogue, locale, now: deps.now() })
    return context.json({ items, total, page, page_size: pageSize }, 200)
  })

  api.openapi(create, async (context) => {
    const person = context.get('person')
    const data = await complete(context.req.valid('json'), person)
    const body = await createOnce(context, deps, {
      create: async (database) => {
        const row = await database.scheduledReport.create({
          data: { ...data, ownerId: person.id, accountedUntil: await databaseNow(database) },
        })
        await recordEvent(database, actorOf(context, environment), {
          kind: 'scheduled_report_created',
          subject: subjectOf(row),
          details: { recipients: row.recipients },
        })
        return row.id
      },
      answer: async (id) => ({ body: await applied(context, id), location: `${base}/${id}` }),
    })
    return context.json(scheduledReportSchema.parse(body), 201)
  })

  api.openapi(get, async (context) => {
    const row = await findDefinition(prisma, context.req.valid('param').id, context.get('person'))
    return context.json(await view(context, row), 200)
  })

  api.openapi(replace, async (context) => {
    const { id } = context.req.valid('param')
    const row = await findDefinition(prisma, id, context.get('person'))
    const data = await complete(
      context.req.valid('json'),
      ownerAs(context.get('person'), personFrom(row.owner)),
    )
    // A stale version is reported before any other conflict.
    refuseStale(context, row)
    if (data.enabled) requireActiveOwner(row)
    await editDefinition(deps, context, row, {
      ...data,
      ...(data.enabled ? { pauseReason: Prisma.DbNull } : {}),
    })
    return context.json(await applied(context, id), 200)
  })

  api.openapi(remove, async (context) => {
    const { id } = context.req.valid('param')
    const row = await findDefinition(prisma, id, context.get('person'))
    refuseStale(context, row)
    const version = onlyVersion(context, row)
    const underWay = await deleteDefinition(prisma, row, {
      onlyVersion: version,
      alongside: (transaction) =>
        recordEvent(transaction, actorOf(context, environment), {
          kind: 'scheduled_report_deleted',
          subject: subjectOf(row),
        }),
    })
    if (!underWay) throw version === undefined ? notFound() : new ApiProblem('stale_version')
    // If Temporal does not answer now, the reconciler removes the orphaned Schedule, and reports under way make their
    // file for nobody.
    await engine.removeSchedule(id)
    await pLimit(maxConcurrentCancels).map(underWay, (number) => engine.cancelReport(number))
    return context.body(null, 204)
  })

  const setEnabled = async (context: ApiContext, id: string, enabled: boolean) => {
    const row = await findDefinition(prisma, id, context.get('person'))
    refuseStale(context, row)
    if (enabled) requireActiveOwner(row)
    if (row.enabled !== enabled) {
      await editDefinition(deps, context, row, { enabled, pauseReason: Prisma.DbNull })
    }
    return applied(context, id)
  }
  api.openapi(pause, async (context) => {
    return context.json(await setEnabled(context, context.req.valid('param').id, false), 200)
  })
  api.openapi(resume, async (context) => {
    return context.json(await setEnabled(context, context.req.valid('param').id, true), 200)
  })

  api.openapi(changeOwner, async (context) => {
    const { id } = context.req.valid('param')
    const { user_id: ownerId, enabled } = context.req.valid('json')
    const row = await findDefinition(prisma, id, context.get('person'))
    refuseStale(context, row)
    await requireNewOwner(ownerId, row.type, deps)
    const data = { ownerId, enabled: enabled ?? row.enabled, ownerGoneToldAt: null }
    await editDefinition(deps, context, row, { ...data, pauseReason: Prisma.DbNull })
    return context.json(await applied(context, id), 200)
  })
}
