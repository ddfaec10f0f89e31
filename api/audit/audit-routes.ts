/** « Journal »: who did what, and when, for administrators. */

import { createRoute, z } from '@hono/zod-openapi'
import { auditKindNames, auditKinds, auditSubjects } from '#domain/audit-kinds.ts'
import type { Locale } from '#domain/locale.ts'
import { auditEntrySchema, type AuditEntryJson } from '#domain/schemas/audit-schema.ts'
import { pageQuerySchema, pageSchema } from '#domain/schemas/page-schema.ts'
import type { AuditEvent, Prisma } from '#prisma/client/client.ts'
import type { Api } from '../http/api-env.ts'
import { jsonResponse, problemResponses, security } from '../http/openapi-parts.ts'
import { ownerNames, withOwnersNamed } from './owner-names.ts'
import type { ApiDeps } from '../deps.ts'

const AuditEntry = auditEntrySchema.openapi('AuditEntry')

const list = createRoute({
  method: 'get',
  path: '/v1/admin/audit',
  operationId: 'listAuditEntries',
  tags: ['Audit'],
  summary: 'Who did what, newest first',
  description: 'Entries are never changed; each is kept for AUDIT_RETENTION_DAYS.',
  security,
  request: {
    query: pageQuerySchema(50).extend({
      q: z
        .string()
        .max(200)
        .optional()
        .openapi({ description: 'Part of who did it, of what it was done to, or of the network address' }),
      kind: z.enum(auditKindNames).optional(),
      person: z.string().max(100).optional().openapi({ description: 'The id of who did it' }),
      subject_type: z.enum(auditSubjects).optional(),
      subject_id: z.string().max(100).optional(),
      from: z.iso.datetime({ offset: true }).optional(),
      to: z.iso.datetime({ offset: true }).optional().openapi({ description: 'Excluded' }),
    }),
  },
  responses: { 200: jsonResponse(pageSchema(AuditEntry), 'The page'), ...problemResponses(422) },
})

export function auditRoutes(api: Api, { prisma }: Pick<ApiDeps, 'prisma'>): void {
  api.openapi(list, async (context) => {
    const { page, page_size: pageSize, q = '', ...query } = context.req.valid('query')
    const contains = { contains: q.trim(), mode: 'insensitive' } as const
    const where: Prisma.AuditEventWhereInput = {
      kind: query.kind,
      actorId: query.person,
      subjectType: query.subject_type,
      subjectId: query.subject_id,
      at: { gte: query.from && new Date(query.from), lt: query.to && new Date(query.to) },
      ...(q.trim() === ''
        ? {}
        : {
            OR: [{ actor: contains }, { subject: contains }, { ipAddress: contains }, { keyName: contains }],
          }),
    }
    const [rows, total] = await Promise.all([
      prisma.auditEvent.findMany({
        where,
        orderBy: [{ at: 'desc' }, { id: 'desc' }],
        skip: (page - 1) * pageSize,
        take: pageSize,
      }),
      prisma.auditEvent.count({ where }),
    ])
    const locale = context.get('locale')
    // Entries of before owners were named hold their ids: the names that these have now.
    const owners = await ownerNames(
      prisma,
      rows.flatMap(({ changes }) => changesSchema.parse(changes)),
    )
    return context.json(
      { items: rows.map((row) => entryJson(row, locale, owners)), total, page, page_size: pageSize },
      200,
    )
  })
}

const changesSchema = auditEntrySchema.shape.changes

function entryJson(row: AuditEvent, locale: Locale, owners: ReadonlyMap<unknown, string>): AuditEntryJson {
  const kind = auditEntrySchema.shape.kind.parse(row.kind)
  return auditEntrySchema.parse({
    id: String(row.id),
    at: row.at.toISOString(),
    kind,
    description: auditKinds[kind][locale],
    actor: { id: row.actorId, name: row.actor },
    via: row.via,
    key_name: row.keyName,
    ip_address: row.ipAddress,
    request_id: row.requestId,
    subject:
      row.subjectType === null || row.subjectId === null
        ? null
        : { type: row.subjectType, id: row.subjectId, name: row.subject ?? '' },
    changes: withOwnersNamed(changesSchema.parse(row.changes), owners),
    details: row.details,
  })
}
