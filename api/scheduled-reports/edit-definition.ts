/** Writes to a definition with optimistic locking: of two callers with the same version only one succeeds. */

import { mayOwn } from '#domain/viewer.ts'
import type { Engine } from '#services/engine.ts'
import type { Prisma, PrismaClient, ScheduledReport, User } from '#prisma/client/client.ts'
import type { ApiContext, Person } from '../http/api-env.ts'
import { ApiProblem, notFound } from '../http/api-problem.ts'

/** @throws ApiProblem 412 when If-Match names another version, or it changed meanwhile; 404 when it is gone. */
export async function editDefinition(
  engine: Engine,
  context: ApiContext,
  row: ScheduledReport,
  data: Prisma.ScheduledReportUncheckedUpdateManyInput,
): Promise<void> {
  refuseStale(context, row)
  const isWritten = await engine.changeDefinition(row, data, onlyVersion(context, row))
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
