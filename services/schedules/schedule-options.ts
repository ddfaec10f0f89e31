import { ScheduleOverlapPolicy, type ScheduleDescription, type ScheduleOptions } from '@temporalio/client'
import { matchLocale } from '#domain/locale.ts'
import { describePause, readPauseNote, type PauseReason } from '#domain/pause-reason.ts'
import { scheduleIdFor, taskQueues, workflowTypes } from '#contract/names.ts'
import { toScheduleSpec } from '#domain/timing/to-schedule-spec.ts'
import type { ScheduledReport } from '#prisma/client/client.ts'
import { scheduledReportIdKey } from '#contract/search-attributes.ts'
import { spreadMinutesOf, timingOf } from '../definitions/stored-timing.ts'

/** The engine itself catches up only occurrences missed for less than this. */
export const catchUpWindowMs = 86_400_000

/** All options of a Schedule, the state included. */
export type DefinitionSchedule = ScheduleOptions & Required<Pick<ScheduleOptions, 'state'>>

/**
 * The whole Schedule of a definition: an update replaces everything, so every option is set.
 * @returns null when this release refuses the definition's timing; it then has no Schedule.
 */
export function scheduleOptionsFor(
  definition: ScheduledReport,
  now: Date,
  installation: { spreadMinutes: number },
): DefinitionSchedule | null {
  const timing = timingOf(definition)
  if (!timing) return null
  const scheduleId = scheduleIdFor(definition.id)
  return {
    scheduleId,
    spec: toScheduleSpec(timing, now, spreadMinutesOf(definition, installation)),
    action: {
      type: 'startWorkflow',
      workflowType: workflowTypes.report,
      workflowId: scheduleId,
      taskQueue: taskQueues.reports,
      args: [{ scheduledReportId: definition.id }],
      typedSearchAttributes: [{ key: scheduledReportIdKey, value: definition.id }],
      staticSummary: definition.name,
    },
    // A failed run stays open for a relaunch and must not block the next occurrence; `open` decides what is skipped.
    policies: {
      overlap: ScheduleOverlapPolicy.ALLOW_ALL,
      catchupWindow: catchUpWindowMs,
      pauseOnFailure: false,
    },
    state: { paused: !definition.enabled, note: noteFor(definition) },
    typedSearchAttributes: [{ key: scheduledReportIdKey, value: definition.id }],
  }
}

const pausedHere = 'Paused in Rapporteur'

/** What Temporal Web shows beside the Schedule. */
function noteFor({ enabled, name, locale, pauseReason }: ScheduledReport): string {
  if (enabled) return name
  return describePause(pauseReason as PauseReason | null, matchLocale(locale)) ?? pausedHere
}

/** Why a Schedule is paused by its own note. A pause that left what `noteFor` had written tells nothing new. */
export function pauseReasonOn({ state, action }: ScheduleDescription): PauseReason | null {
  const { note } = state
  return !note || note === pausedHere || note === action.staticSummary ? null : readPauseNote(note)
}
