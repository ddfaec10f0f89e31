import { accountForOccurrences } from '../occurrences/account-for-occurrences.ts'
import type { ServiceContext } from '../service-context.ts'
import { pausedItselfWith } from '../definitions/failure-streak.ts'
import { applySchedule } from '../schedules/apply-schedule.ts'
import { startNotices } from '../notices/start-notices.ts'

/**
 * Publishes a report's result: pauses the Schedule when its definition was paused, and sends notices. Idempotent. When
 * the Schedule cannot be paused now, the reconciler pauses it later.
 */
export async function publishOutcome(
  context: ServiceContext,
  number: number,
  onNotPaused: (error: unknown) => void,
): Promise<void> {
  const { prisma, temporal } = context
  const row = await prisma.report.findUniqueOrThrow({ where: { number }, include: { scheduledReport: true } })
  const { scheduledReport: definition, finishedAt } = row
  if (definition && !definition.enabled && definition.version !== definition.appliedVersion) {
    const pause = async (): Promise<void> => {
      // First gives rows to what was due until the pause; a person's pause did so itself (changeDefinition).
      if (finishedAt && pausedItselfWith(definition, row))
        await accountForOccurrences(context, { ...definition, enabled: true }, finishedAt)
      await applySchedule(context, definition.id)
    }
    await pause().catch(onNotPaused)
  }
  await startNotices(prisma, temporal, number)
}
