/** Writes the audit trail: who did what, from where; where it can be, in the transaction of what was done. */

import { isDeepStrictEqual } from 'node:util'
import type { AuditKind, AuditSubject, AuditVia } from '#domain/audit-kinds.ts'
import { Prisma } from '#prisma/client/client.ts'

export interface Actor {
  /** Null: nobody who was recognised. */
  id: string | null
  /** Name and address of now, or what was tried. */
  name: string
  via: AuditVia
  keyName?: string | null
  ipAddress?: string | null
  requestId?: string | null
}

export interface Change {
  field: string
  from: Prisma.InputJsonValue | null
  to: Prisma.InputJsonValue | null
}

export interface AuditEvent {
  kind: AuditKind
  subject?: { type: AuditSubject; id: string; name: string }
  changes?: readonly Change[]
  details?: Prisma.InputJsonObject
}

export async function recordEvent(
  database: Pick<Prisma.TransactionClient, 'auditEvent'>,
  actor: Actor,
  { kind, subject, changes = [], details = {} }: AuditEvent,
): Promise<void> {
  await database.auditEvent.create({
    data: {
      kind,
      actorId: actor.id,
      actor: bounded(actor.name),
      via: actor.via,
      keyName: actor.keyName ?? null,
      ipAddress: actor.ipAddress ?? null,
      requestId: actor.requestId ?? null,
      subjectType: subject?.type ?? null,
      subjectId: subject?.id ?? null,
      subject: subject ? bounded(subject.name) : null,
      changes: changes.map((change) => ({ ...change })),
      details,
    },
  })
}

/** What a stranger tried is kept short, and on one line. */
function bounded(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, 300)
}

/** « Camille Martin <camille@exemple.fr> ». */
export function nameOf({ name, email }: { name: string; email: string }): string {
  return name === '' ? email : `${name} <${email}>`
}

/** The fields in which two states differ, by the names that the API gives them. */
export function changesBetween<Field extends string>(
  before: Readonly<Record<Field, unknown>>,
  after: Readonly<Partial<Record<Field, unknown>>>,
  fields: readonly Field[],
): Change[] {
  return fields.flatMap((field) => {
    const [from, to] = [before[field], after[field] === Prisma.DbNull ? null : after[field]]
    if (to === undefined || isDeepStrictEqual(from, to)) return []
    return [
      {
        field: field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        from: asJson(from),
        to: asJson(to),
      },
    ]
  })
}

function asJson(value: unknown): Prisma.InputJsonValue | null {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue | null)
}
