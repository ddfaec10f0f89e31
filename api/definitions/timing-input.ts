/** When a definition runs, in the words of `parseTiming`, from a client's body or from a row. */

import type { ScheduledReport } from '#prisma/client/client.ts'
import type { TimingPreviewInput } from '#domain/schemas/scheduled-report.ts'
import { nextRuns } from '#domain/timing/next-runs.ts'
import { timingDefaults as defaults } from '#domain/timing/parse-timing.ts'
import type { Timing, TimingInput } from '#domain/timing/timing.ts'
import { timingOf } from '#engine/timing-of.ts'

/** What the client gave, unchecked; its zone is `timeZone` unless given. */
export function timingInputFrom(input: Omit<TimingPreviewInput, 'locale'>, timeZone: string): TimingInput {
  return {
    frequency: input.frequency,
    time: input.time,
    weekdays: input.weekdays,
    monthDay: input.month_day === undefined ? undefined : String(input.month_day),
    cronExpression: input.cron_expression,
    timeZone: input.time_zone ?? timeZone,
  }
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
