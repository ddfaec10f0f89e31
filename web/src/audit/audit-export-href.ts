/** Where « Journal » leads to its entries as data: the page of the report type, with the same filters. */

import type { AuditKind, AuditSubject } from '#domain/audit-kinds.ts'
import { pagePaths } from '#domain/page-paths.ts'

export interface AuditFilters {
  text?: string
  kind?: AuditKind
  /** The id of who did it. */
  person?: string
  /** `YYYY-MM-DD`, empty for an open end. */
  du: string
  au: string
  subjectType?: AuditSubject
  subjectId?: string
  today: string
}

/** The trail is younger than that. */
const firstDay = '2000-01-01'

export function auditExportHref({
  text,
  kind,
  person,
  du,
  au,
  subjectType,
  subjectId,
  today,
}: AuditFilters): string {
  const to = au || (du > today ? du : today)
  const filters = {
    ...(du === '' && au === '' ? {} : { period: { from: du || (to < firstDay ? to : firstDay), to } }),
    ...(kind ? { kind: [kind] } : {}),
    ...(person ? { actor: [person] } : {}),
    ...(subjectType ? { subject_kind: subjectType } : {}),
    // Other ids are in no other's name; a report's N° is part of longer ones.
    ...(subjectType && subjectId
      ? { subject: subjectType === 'report' ? `N° ${subjectId} ·` : subjectId }
      : {}),
    ...(text ? { text } : {}),
  }
  const path = pagePaths.data('audit')
  return Object.keys(filters).length === 0
    ? path
    : `${path}?filtres=${encodeURIComponent(JSON.stringify(filters))}`
}
