import { accountForOccurrences } from './account-for-occurrences.ts'
import type { ScheduleParts } from './schedule-parts.ts'
import { pausedItselfWith } from './failure-streak.ts'
import { applySchedule } from './schedule-sync.ts'
import { startNotices } from './start-notices.ts'

/**
 * Carries a report's result to whom it concerns: to the Schedule, when its definition was paused, and to people.
 * Safe to repeat. A Schedule that cannot be paused now is left to the reconciler, which pauses it later.
 */
export async function announceOutcome(
  parts: ScheduleParts,
  number: number,
  onNotPaused: (error: unknown) => void,
): Promise<void> {
  const { prisma, temporal } = parts
  const row = await prisma.report.findUniqueOrThrow({ where: { number }, include: { scheduledReport: true } })
  const { scheduledReport: definition, finishedAt } = row
  if (definition && !definition.enabled && definition.version !== definition.appliedVersion) {
    const pause = async (): Promise<void> => {
      // What was due until it was paused has its row, as when a person pauses it: that moment they know themselves.
      if (finishedAt && pausedItselfWith(definition, row))
        await accountForOccurrences(parts, { ...definition, enabled: true }, finishedAt)
      await applySchedule(parts, definition.id)
    }
    await pause().catch(onNotPaused)
  }
  await startNotices(prisma, temporal, number)
}
