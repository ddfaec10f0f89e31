import { parseTiming, timingDefaults as defaults } from '#domain/timing/parse-timing.ts'
import { nextRuns, runsBetween } from '#domain/timing/next-runs.ts'
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

/** The columns of a row. What the frequency does not look at was not checked, so its default is stored. */
export function timingColumns(input: TimingInput, timing: Timing) {
  const { frequency } = input
  const [hour = 0] = timing.hours
  const [minute = 0] = timing.minutes
  const time = [hour, minute].map((part) => String(part).padStart(2, '0')).join(':')
  // As it was understood: a person may have written « LAST ».
  const monthDay = timing.lastDay ? 'last' : String(timing.monthDays[0])
  return {
    frequency,
    time: frequency === 'custom' ? defaults.time : time,
    weekdays: [...new Set((frequency === 'weekly' && input.weekdays) || defaults.weekdays)].sort(),
    monthDay: frequency === 'monthly' ? monthDay : defaults.monthDay,
    cronExpression: frequency === 'custom' ? (input.cronExpression?.trim() ?? null) : null,
    timeZone: timing.timeZone,
  }
}

export function nextRunOf(row: ScheduledReport, now: Date): Date | null {
  const timing = row.enabled ? timingOf(row) : null
  return timing ? (nextRuns(timing, now, 1)[0] ?? null) : null
}
