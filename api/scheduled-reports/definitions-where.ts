/** The search for definitions, as a condition of Prisma's. */

import type { Prisma, PrismaClient } from '#prisma/client/client.ts'
import { ownerGone } from '#services/maintenance/ownerless-definitions.ts'
import type { Catalogue } from '#catalogue/load-catalogue.ts'

export interface DefinitionSearch {
  /** Part of the name, of the type's title in any language, or of a recipient's address. */
  q?: string
  status?: 'enabled' | 'disabled' | 'failed' | 'owner_inactive'
  /** `all`, or an owner's id. */
  owner: string
}

export async function definitionsWhere(
  { q = '', status, owner }: DefinitionSearch,
  { prisma, catalogue }: { prisma: PrismaClient; catalogue: Catalogue },
): Promise<Prisma.ScheduledReportWhereInput> {
  const text = q.trim()
  return {
    ...(owner === 'all' ? {} : { ownerId: owner }),
    ...(status === 'enabled' || status === 'disabled' ? { enabled: status === 'enabled' } : {}),
    ...(status === 'owner_inactive' ? { owner: ownerGone } : {}),
    AND: [
      ...(status === 'failed' ? [{ id: { in: await lastFailed(prisma) } }] : []),
      ...(text === '' ? [] : [{ id: { in: await containing(text, prisma, catalogue) } }]),
    ],
  }
}

async function lastFailed(prisma: PrismaClient): Promise<string[]> {
  const rows = await prisma.$queryRaw<{ id: string }[]>`
    SELECT definition.id::text FROM scheduled_report AS definition
    CROSS JOIN LATERAL (
      SELECT status FROM report WHERE scheduled_report_id = definition.id ORDER BY number DESC LIMIT 1
    ) AS newest
    WHERE newest.status = 'failed'`
  return rows.map(({ id }) => id)
}

async function containing(text: string, prisma: PrismaClient, catalogue: Catalogue): Promise<string[]> {
  const wanted = text.toLowerCase()
  const types = catalogue
    .all()
    .filter(({ key, title }) => [key, title.fr, title.en].some((name) => name.toLowerCase().includes(wanted)))
    .map(({ key }) => key)
  // strpos, not LIKE: % and _ that a person types are plain characters.
  const rows = await prisma.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM scheduled_report
    WHERE strpos(lower(name), ${wanted}) > 0 OR type = ANY (${types})
      OR strpos(lower(array_to_string(recipients, ' ')), ${wanted}) > 0`
  return rows.map(({ id }) => id)
}
