import { definitionDefaults as defaults } from '#domain/definition-defaults.ts'
import { parseTiming } from '#domain/timing/parse-timing.ts'
import { nextRuns, runsBetween } from '#domain/timing/next-runs.ts'
import type { Timing, TimingInput } from '#domain/timing/timing.ts'
import type { ScheduledReport } from '#prisma/client/client.ts'

/** The columns that define when a definition runs. */
export type TimingRow = Pick<
  ScheduledReport,
  'frequency' | 'time' | 'weekdays' | 'monthDay' | 'cronExpression' | 'timeZone'
>

/** The parsed timing of a stored definition; null when this release refuses a timing that an older one accepted. */
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

/** Minutes over which its starts are spread: as it says itself, else as the installation does. */
export function spreadMinutesOf(
  definition: Pick<ScheduledReport, 'spreadMinutes'> | null,
  installation: { spreadMinutes: number },
): number {
  return definition?.spreadMinutes ?? installation.spreadMinutes
}

/** Whether a definition is due in (after, until]. */
export function isAnyDue(row: TimingRow, after: Date, until: Date): boolean {
  const timing = timingOf(row)
  if (!timing || after >= until) return false
  return !runsBetween(timing, new Date(after.getTime() + 1), until).next().done
}

/** The columns of a row. Fields that the frequency does not use were not checked, so their default is stored. */
export function timingColumns(input: TimingInput, timing: Timing) {
  const { frequency } = input
  const [hour = 0] = timing.hours
  const [minute = 0] = timing.minutes
  const time = [hour, minute].map((part) => String(part).padStart(2, '0')).join(':')
  // The parsed value: a person may have written « LAST ».
  const monthDay = timing.lastDay ? 'last' : String(timing.monthDays[0])
  return {
    frequency,
    time: frequency === 'custom' ? defaults.time : time,
    weekdays: [...new Set((frequency === 'weekly' && input.weekdays) || defaults.weekdays)].sort(),
    monthDay: frequency === 'monthly' ? monthDay : String(defaults.month_day),
    cronExpression: frequency === 'custom' ? (input.cronExpression?.trim() ?? null) : null,
    timeZone: timing.timeZone,
  }
}

export function nextRunOf(row: ScheduledReport, now: Date): Date | null {
  const timing = row.enabled ? timingOf(row) : null
  return timing ? (nextRuns(timing, now, 1)[0] ?? null) : null
}
