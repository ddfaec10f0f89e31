/** Entries of the audit trail. */

import { z } from 'zod'
import { auditKindNames, auditSubjects, auditVias } from '../audit-kinds.ts'

export const auditEntrySchema = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  kind: z.enum(auditKindNames),
  /** The kind in the reader's language. */
  description: z.string(),
  /** Who did it, by the name and address of then; `id` is null when nobody was recognised. */
  actor: z.object({ id: z.string().nullable(), name: z.string() }),
  via: z.enum(auditVias),
  /** The API key's name. */
  key_name: z.string().nullable(),
  ip_address: z.string().nullable(),
  request_id: z.string().nullable(),
  /** What it was done to, by the name of then. */
  subject: z.object({ type: z.enum(auditSubjects), id: z.string(), name: z.string() }).nullable(),
  changes: z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() })),
  details: z.record(z.string(), z.unknown()),
})
export type AuditEntryJson = z.infer<typeof auditEntrySchema>
