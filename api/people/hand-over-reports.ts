import type { PauseReason } from '#domain/pause-reason.ts'
import { Prisma } from '#prisma/client/client.ts'
import { recordEvent, type Actor } from '#services/audit/record-event.ts'
import { requireNewOwner } from '../scheduled-reports/require-new-owner.ts'
import type { ApiDeps } from '../deps.ts'
import { applySchedules } from './apply-schedules.ts'
import { personSubject } from '#services/people/change-accounts.ts'

interface HandOver {
  fromId: string
  toId: string
  /** Enables those that were paused because their owner was deactivated or demoted. */
  resume: boolean
}

/**
 * Gives every scheduled report of a person to somebody else. All are checked before the first changes.
 * @returns how many.
 * @throws ApiProblem 422 with the reason on `user_id`.
 */
export async function handOverReports(
  deps: Pick<ApiDeps, 'prisma' | 'engine' | 'catalogue'>,
  { fromId, toId, resume }: HandOver,
  by: Actor,
): Promise<number> {
  const { prisma, engine } = deps
  const definitions = await prisma.scheduledReport.findMany({
    where: { ownerId: fromId },
    orderBy: { createdAt: 'asc' },
  })
  await requireNewOwner(toId, null, deps)
  for (const type of new Set(definitions.map(({ type }) => type))) await requireNewOwner(toId, type, deps)
  for (const definition of definitions) {
    const wantedOwner = isOwnerGone(definition.pauseReason as PauseReason | null)
    await engine.changeDefinition(definition, {
      ownerId: toId,
      ownerGoneToldAt: null,
      ...(wantedOwner ? { pauseReason: Prisma.DbNull, enabled: resume } : {}),
    })
  }
  await recordEvent(prisma, by, {
    kind: 'reports_handed_over',
    subject: await personSubject(prisma, fromId),
    details: {
      to: (await personSubject(prisma, toId)).name,
      scheduled_reports: definitions.map(({ name }) => name),
    },
  })
  await applySchedules(
    engine,
    definitions.map(({ id }) => id),
  )
  return definitions.length
}

function isOwnerGone(reason: PauseReason | null): boolean {
  return reason?.kind === 'owner_inactive' || reason?.kind === 'owner_demoted'
}
