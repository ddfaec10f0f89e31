import { parseTiming } from '#domain/timing/parse-timing.ts'
import type { Timing, TimingInput } from '#domain/timing/timing.ts'
import type { ScheduledReport } from '#prisma/client/client.ts'

/** The parsed timing of a stored definition; null when an older release accepted what this one does not. */
export function timingOf(definition: ScheduledReport): Timing | null {
  const parsed = parseTiming({
    frequency: definition.frequency as TimingInput['frequency'],
    time: definition.time,
    weekdays: definition.weekdays,
    monthDay: definition.monthDay,
    cronExpression: definition.cronExpression,
    timeZone: definition.timeZone,
  })
  return parsed.ok ? parsed.timing : null
}
