import { accountForOccurrences } from '../occurrences/account-for-occurrences.ts'
import type { ServiceContext } from '../service-context.ts'
import { pausedItselfWith } from '../definitions/failure-streak.ts'
import { applySchedule } from '../schedules/apply-schedule.ts'
import { startNotices } from '../notices/start-notices.ts'

/**
 * Carries a report's result to whom it concerns: to the Schedule, when its definition was paused, and to people.
 * Safe to repeat. A Schedule that cannot be paused now is left to the reconciler, which pauses it later.
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
      // What was due until it was paused has its row, as when a person pauses it: that moment they know themselves.
      if (finishedAt && pausedItselfWith(definition, row))
        await accountForOccurrences(context, { ...definition, enabled: true }, finishedAt)
      await applySchedule(context, definition.id)
    }
    await pause().catch(onNotPaused)
  }
  await startNotices(prisma, temporal, number)
}
