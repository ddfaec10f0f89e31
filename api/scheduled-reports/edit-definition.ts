/** Writes to a definition with optimistic locking: of two callers with the same version only one succeeds. */

import { mayOwn } from '#domain/viewer.ts'
import { changesBetween, recordEvent } from '#services/audit/record-event.ts'
import type { Prisma, PrismaClient, ScheduledReport, User } from '#prisma/client/client.ts'
import type { ApiContext, Person } from '../http/api-env.ts'
import { ownerNames, withOwnersNamed } from '../audit/owner-names.ts'
import { actorOf } from '../audit/audit-actor.ts'
import type { ApiDeps } from '../deps.ts'
import { ApiProblem, notFound } from '../http/api-problem.ts'

/** What a person changes of a definition; the rest is the service's own account of it. */
const audited = [
  'ownerId',
  'name',
  'type',
  'frequency',
  'time',
  'weekdays',
  'monthDay',
  'cronExpression',
  'timeZone',
  'recipients',
  'format',
  'csv',
  'columns',
  'filters',
  'locale',
  'enabled',
  'missedRuns',
  'onlyIfRows',
  'subject',
  'message',
  'spreadMinutes',
  'pauseAfterFailures',
] as const

export function subjectOf({ id, name }: Pick<ScheduledReport, 'id' | 'name'>) {
  return { type: 'scheduled_report', id, name } as const
}

/** @throws ApiProblem 412 when If-Match names another version, or it changed meanwhile; 404 when it is gone. */
export async function editDefinition(
  { engine, environment }: Pick<ApiDeps, 'engine' | 'environment'>,
  context: ApiContext,
  row: ScheduledReport,
  data: Prisma.ScheduledReportUncheckedUpdateManyInput,
): Promise<void> {
  refuseStale(context, row)
  const changes = changesBetween(row, data, audited)
  const isWritten = await engine.changeDefinition(
    row,
    data,
    onlyVersion(context, row),
    async (transaction) => {
      await recordEvent(transaction, actorOf(context, environment), {
        kind: 'scheduled_report_changed',
        subject: subjectOf(row),
        changes: withOwnersNamed(changes, await ownerNames(transaction, changes)),
      })
    },
  )
  if (isWritten) return
  // Deleted meanwhile, or changed by another caller.
  throw onlyVersion(context, row) === undefined ? notFound() : new ApiProblem('stale_version')
}

/** @throws ApiProblem 412 */
export function refuseStale(context: ApiContext, row: ScheduledReport): void {
  if (!matchesEtag(context.req.header('if-match'), etagOf(row))) throw new ApiProblem('stale_version')
}

/** The version that a write requires. Undefined without If-Match: the last write wins, as the client asked. */
export function onlyVersion(context: ApiContext, row: ScheduledReport): number | undefined {
  return context.req.header('if-match') === undefined ? undefined : row.version
}

/** Scheduled reports run for active administrators alone. @throws ApiProblem 409 `owner_inactive` */
export function requireActiveOwner({ owner }: Pick<DefinitionWithOwner, 'owner'>): void {
  if (!mayOwn(owner)) throw new ApiProblem('owner_inactive')
}

/** The version of a definition, as HTTP names it. */
export function etagOf({ version }: { version: number }): string {
  return `"${version}"`
}

/** Whether an If-Match header allows the change: absent, `*`, or a list that holds the tag. */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined || header.trim() === '*') return true
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}

export type DefinitionWithOwner = ScheduledReport & { owner: User }

/** Administrators may open any. @throws ApiProblem 404 */
export async function findDefinition(
  prisma: PrismaClient,
  id: string,
  person: Person,
): Promise<DefinitionWithOwner> {
  const definition = await prisma.scheduledReport.findUnique({ where: { id }, include: { owner: true } })
  if (!definition || (person.role !== 'admin' && definition.ownerId !== person.id)) throw notFound()
  return definition
}
