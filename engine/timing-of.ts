import { parseTiming } from '#domain/timing/parse-timing.ts'
import { runsBetween } from '#domain/timing/next-runs.ts'
import type { Timing, TimingInput } from '#domain/timing/timing.ts'
import type { ScheduledReport } from '#prisma/client/client.ts'

/** The columns that say when a definition runs. */
export type TimingRow = Pick<
  ScheduledReport,
  'frequency' | 'time' | 'weekdays' | 'monthDay' | 'cronExpression' | 'timeZone'
>

/** The parsed timing of a stored definition; null when an older release accepted what this one does not. */
export function timingOf(row: TimingRow): Timing | null {
  const parsed = parseTiming({
    frequency: row.frequency as TimingInput['frequency'],
    time: row.time,
    weekdays: row.weekdays,
    monthDay: row.monthDay,
    cronExpression: row.cronExpression,
    timeZone: row.timeZone,
  })
  return parsed.ok ? parsed.timing : null
}

/** Whether a definition is due in (after, until]. */
export function isAnyDue(row: TimingRow, after: Date, until: Date): boolean {
  const timing = timingOf(row)
  if (!timing || after >= until) return false
  return !runsBetween(timing, new Date(after.getTime() + 1), until).next().done
}
