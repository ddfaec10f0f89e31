/** A definition that a person may open. */

import type { PrismaClient, ScheduledReport, User } from '#prisma/client/client.ts'
import type { Person } from '../api-env.ts'
import { notFound } from '../api-problem.ts'

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
