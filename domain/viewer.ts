/** The viewer that report types restrict by, from a person's row in `user`: the same for pages and files. */

import { z } from 'zod'
import type { Viewer } from './report-type.ts'
import type { Role } from './schemas/me-schema.ts'

/** Attributes that are not text are of no use to `scopeBy`. */
export function viewerFrom(user: { id: string; role: string; attributes: unknown }): Viewer {
  return { id: user.id, role: roleFrom(user.role), attributes: textOnly.parse(user.attributes) }
}

export function roleFrom(text: string): Role {
  return text === 'admin' ? 'admin' : 'user'
}

/** Scheduled reports belong to active administrators; they pause when their owner is deactivated or demoted. */
export function mayOwn({ banned, role }: { banned: boolean; role: string }): boolean {
  return !banned && roleFrom(role) === 'admin'
}

/** Whether this person's reports are made and mailed at all: a scheduled one needs an owner who may own it. */
export function mayRun(
  owner: { banned: boolean; role: string },
  { scheduledReportId }: { scheduledReportId: string | null },
): boolean {
  return scheduledReportId === null ? !owner.banned : mayOwn(owner)
}

const textOnly = z
  .record(z.string(), z.unknown())
  .catch({})
  .transform((attributes) =>
    Object.fromEntries(
      Object.entries(attributes).flatMap(([name, value]) =>
        typeof value === 'string' ? [[name, value]] : [],
      ),
    ),
  )
