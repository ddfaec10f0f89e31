import { ScheduleOverlapPolicy, type ScheduleDescription, type ScheduleOptions } from '@temporalio/client'
import { matchLocale } from '#domain/locale.ts'
import { describePause, readPauseNote, type PauseReason } from '#domain/pause-reason.ts'
import { scheduleIdFor, taskQueues, workflowTypes } from '#contract/names.ts'
import { toScheduleSpec } from '#domain/timing/to-schedule-spec.ts'
import type { ScheduledReport } from '#prisma/client/client.ts'
import { scheduledReportIdKey } from '#contract/search-attributes.ts'
import { timingOf } from '../definitions/stored-timing.ts'

/** What an outage puts beyond this, the engine does not catch up by itself. */
export const catchUpWindowMs = 86_400_000

/** Everything a Schedule is made of; the state is always said. */
export type DefinitionSchedule = ScheduleOptions & Required<Pick<ScheduleOptions, 'state'>>

/**
 * The whole Schedule of a definition: an update replaces everything, so everything is always said.
 * @returns null when the definition's timing is one this release refuses; it then has no Schedule.
 */
export function scheduleOptionsFor(
  definition: ScheduledReport,
  now: Date,
  installationSpreadMinutes: number,
): DefinitionSchedule | null {
  const timing = timingOf(definition)
  if (!timing) return null
  const scheduleId = scheduleIdFor(definition.id)
  return {
    scheduleId,
    spec: toScheduleSpec(timing, now, definition.spreadMinutes ?? installationSpreadMinutes),
    action: {
      type: 'startWorkflow',
      workflowType: workflowTypes.report,
      workflowId: scheduleId,
      taskQueue: taskQueues.reports,
      args: [{ scheduledReportId: definition.id }],
      typedSearchAttributes: [{ key: scheduledReportIdKey, value: definition.id }],
      staticSummary: definition.name,
    },
    // A failed run stays open waiting for a relaunch and must not block the next occurrence; `open` decides.
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
