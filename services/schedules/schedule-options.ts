import { ScheduleOverlapPolicy, type ScheduleDescription, type ScheduleOptions } from '@temporalio/client'
import type { Priority } from '@temporalio/common'
import { matchLocale } from '#domain/locale.ts'
import { describePause, readPauseNote, withoutName, type PauseReason } from '#domain/pause-reason.ts'
import { fairnessKeyOf, priorityKeys, scheduleIdFor, taskQueues, workflowTypes } from '#contract/names.ts'
import type { ReportInput } from '#contract/report-messages.ts'
import { toScheduleSpec } from '#domain/timing/to-schedule-spec.ts'
import type { ScheduledReport } from '#prisma/client/client.ts'
import { scheduledReportIdKey } from '#contract/search-attributes.ts'
import { spreadMinutesOf, timingOf } from '../definitions/stored-timing.ts'
import type { ServiceContext } from '../service-context.ts'
import { sealingKeyOf } from '../temporal/data-converter.ts'
import { knownAttributes } from '../temporal/namespace-attributes.ts'

/**
 * The engine itself catches up only occurrences missed for less than this. The reconciler accounts for the rest, without
 * a start for each: after a day's outage, 5,000 hourly reports would otherwise be 120,000 starts before the first one in
 * time.
 */
const catchUpWindowMs = 600_000
/** That of Schedules written by earlier releases. */
export const longestCatchUpMs = 86_400_000

/** The SDK passes an action's priority on, and lacks it in the type. */
export type PrioritisedAction = ScheduleOptions['action'] & { priority: Priority }

/** All options of a Schedule, the state included. */
export type DefinitionSchedule = ScheduleOptions &
  Required<Pick<ScheduleOptions, 'state'>> & { action: PrioritisedAction }

/**
 * The whole Schedule of a definition: an update replaces everything, so every option is set.
 * @returns null when this release refuses the definition's timing; it then has no Schedule.
 */
export function scheduleOptionsFor(
  definition: ScheduledReport,
  now: Date,
  installation: Pick<ServiceContext, 'spreadMinutes' | 'temporal'>,
): DefinitionSchedule | null {
  const timing = timingOf(definition)
  if (!timing) return null
  const scheduleId = scheduleIdFor(definition.id)
  const typedSearchAttributes = knownAttributes(installation.temporal, [
    { key: scheduledReportIdKey, value: definition.id },
  ])
  return {
    scheduleId,
    spec: toScheduleSpec(timing, now, spreadMinutesOf(definition, installation)),
    action: {
      type: 'startWorkflow',
      workflowType: workflowTypes.report,
      workflowId: scheduleId,
      taskQueue: taskQueues.reports,
      args: [argumentsFor(definition, definition.version)],
      typedSearchAttributes,
      staticSummary: definition.name,
      priority: { priorityKey: priorityKeys.schedule, fairnessKey: fairnessKeyOf(definition.ownerId) },
    },
    // A failed run stays open for a relaunch and must not block the next occurrence; `open` decides what is skipped.
    policies: {
      overlap: ScheduleOverlapPolicy.ALLOW_ALL,
      catchupWindow: catchUpWindowMs,
      pauseOnFailure: false,
    },
    state: {
      paused: !definition.enabled,
      note: noteFor(definition, sealingKeyOf(installation.temporal) !== null),
    },
    typedSearchAttributes,
  }
}

/** What each run of the Schedule starts with. */
export function argumentsFor({ id }: Pick<ScheduledReport, 'id'>, version: number): ReportInput {
  return { scheduledReportId: id, definitionVersion: version }
}

/** The version that a Schedule was written with last; null when that was by a release that wrote none. */
export function versionOn({ action }: ScheduleDescription): number | null {
  const [input] = (action.args ?? []) as [ReportInput?]
  return input?.definitionVersion ?? null
}

const pausedHere = 'Paused in Rapporteur'

/**
 * The note that Temporal Web shows for the Schedule. The engine keeps it in the clear: where payloads are sealed it names
 * neither the definition nor a person. An operator's own words, which came from there, stay.
 */
function noteFor({ enabled, name, locale, pauseReason }: ScheduledReport, isSealed: boolean): string {
  if (enabled) return isSealed ? '' : name
  const reason = pauseReason as PauseReason | null
  return describePause(isSealed ? withoutName(reason) : reason, matchLocale(locale)) ?? pausedHere
}

/** Whether a Schedule's note is one of ours from before payloads were sealed, and names the definition or a person. */
export function noteNames({ name }: Pick<ScheduledReport, 'name'>, note: string | undefined): boolean {
  if (!note) return false
  const reason = readPauseNote(note)
  return note === name || (reason.kind === 'owner_inactive' && reason.owner !== null)
}

/** The reason in a paused Schedule's note; null when the note is still the one that `noteFor` wrote. */
export function pauseReasonOn({ state, action }: ScheduleDescription): PauseReason | null {
  const { note } = state
  return !note || note === pausedHere || note === action.staticSummary ? null : readPauseNote(note)
}
