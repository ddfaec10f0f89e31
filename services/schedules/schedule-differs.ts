/** Whether a Schedule still matches its definition: an operator may edit it in Temporal Web. */

import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { ScheduleDescription, ScheduleSummary } from '@temporalio/client'
import { TypedSearchAttributes } from '@temporalio/common'
import { msToNumber } from '@temporalio/common/lib/time.js'
import { workflowTypes } from '#contract/names.ts'
import { scheduledReportIdKey } from '#contract/search-attributes.ts'
import type { Timing } from '#domain/timing/timing.ts'
import { specKey, toScheduleSpec } from '#domain/timing/to-schedule-spec.ts'
import type { ScheduledReport } from '#prisma/client/client.ts'
import { spreadMinutesOf } from '../definitions/stored-timing.ts'
import type { ServiceContext } from '../service-context.ts'
import { sealingKeyIdOf } from '../temporal/payload-codec.ts'
import { noteNames, type DefinitionSchedule, type PrioritisedAction } from './schedule-options.ts'

/** What a list entry shows of a Schedule, in some hundred bytes: all Schedules of an installation are held at once. */
export interface SeenSchedule {
  paused: boolean
  /** An entry has only the first calendars: enough to detect an edited timing. */
  shownCalendars: number
  digest: string
  /** Kept only where payloads are sealed. */
  note: string | undefined
}

/** @param sealingKey the id of the key that seals payloads now; null without one. */
export function seenSchedule(
  { spec, state: { paused, note }, action }: ScheduleSummary,
  sealingKey: string | null,
): SeenSchedule {
  return {
    paused,
    shownCalendars: spec?.calendars?.length ?? 0,
    digest: digestOf(action?.workflowType, spec, spec?.calendars),
    note: sealingKey === null ? undefined : note,
  }
}

/** Compares with a list entry. Without the Schedule's options, which take longer to make than all the rest. */
export function differsInSummary(
  definition: ScheduledReport,
  timing: Timing,
  now: Date,
  seen: SeenSchedule,
  installation: Pick<ServiceContext, 'spreadMinutes'>,
): boolean {
  return (
    noteNames(definition, seen.note) ||
    seen.paused === definition.enabled ||
    seen.digest !== wantedDigest(timing, now, spreadMinutesOf(definition, installation), seen.shownCalendars)
  )
}

/** The digests by what they depend on: some hundred bytes each, where a spec takes 30 kB and half a millisecond. */
const wantedDigests = new Map<string, string>()
const maxDigests = 100_000

function wantedDigest(timing: Timing, now: Date, spreadMinutes: number, shownCalendars: number): string {
  const key = `${specKey(timing, now, spreadMinutes)} ${shownCalendars}`
  const known = wantedDigests.get(key)
  if (known !== undefined) return known
  const spec = toScheduleSpec(timing, now, spreadMinutes)
  const digest = digestOf(workflowTypes.report, spec, spec.calendars?.slice(0, shownCalendars))
  if (wantedDigests.size >= maxDigests) wantedDigests.clear()
  wantedDigests.set(key, digest)
  return digest
}

/** In this order, whatever the order in which the engine or this program writes them. */
const fieldsOfCalendar = 'second minute hour dayOfMonth month year dayOfWeek comment start end step'.split(
  ' ',
)

function digestOf(workflowType: unknown, spec: ComparedSpec | undefined, calendars: unknown): string {
  const written = [workflowType, timingBeyondCalendars(spec), JSON.stringify(calendars, fieldsOfCalendar)]
  return hash('sha256', JSON.stringify(written), 'base64')
}

/** Compares everything but the note, which operators may change, and with what the Schedule is sealed. */
export function differsInFull(
  wanted: DefinitionSchedule,
  seen: ScheduleDescription,
  sealingKey: string | null,
): boolean {
  const { policies } = wanted
  return (
    isSealedOtherwise(seen, sealingKey) ||
    seen.state.paused !== wanted.state.paused ||
    seen.state.remainingActions !== undefined ||
    specDiffers(wanted, seen.spec) ||
    seen.policies.overlap !== policies?.overlap ||
    seen.policies.catchupWindow !== msToNumber(policies?.catchupWindow ?? 0) ||
    seen.policies.pauseOnFailure !== policies?.pauseOnFailure ||
    actionDiffers(wanted.action, seen.action) ||
    lacksAttribute(wanted, seen)
  )
}

/** In the clear, or with an earlier key. Each run would start with what its Schedule holds. */
function isSealedOtherwise({ raw }: ScheduleDescription, sealingKey: string | null): boolean {
  const { input, userMetadata } = raw.schedule?.action?.startWorkflow ?? {}
  const payloads = [...(input?.payloads ?? []), userMetadata?.summary ?? {}]
  return sealingKey !== null && payloads.some((payload) => sealingKeyIdOf(payload) !== sealingKey)
}

function specDiffers({ spec }: DefinitionSchedule, seen: ScheduleDescription['spec']): boolean {
  return (
    !isDeepStrictEqual(seen.calendars, spec.calendars) ||
    !isDeepStrictEqual(timingBeyondCalendars(seen), timingBeyondCalendars(spec))
  )
}

type ComparedSpec = ScheduleSummary['spec'] | ScheduleDescription['spec'] | DefinitionSchedule['spec']

/** All else in a spec that moves its runs, with the engine's defaults for what is not given. */
function timingBeyondCalendars(spec: ComparedSpec | undefined): unknown[] {
  const { timezone = 'UTC', jitter = 0, intervals = [], skip = [], startAt = null, endAt = null } = spec ?? {}
  return [timezone, msToNumber(jitter), intervals.length, skip.length, startAt, endAt]
}

function actionDiffers(wanted: PrioritisedAction, seen: ScheduleDescription['action']): boolean {
  return (
    seen.workflowType !== wanted.workflowType ||
    seen.workflowId !== wanted.workflowId ||
    seen.taskQueue !== wanted.taskQueue ||
    !isDeepStrictEqual(seen.args, wanted.args) ||
    seen.priority?.priorityKey !== wanted.priority.priorityKey ||
    seen.priority?.fairnessKey !== wanted.priority.fairnessKey ||
    lacksAttribute(wanted, seen) ||
    seen.workflowExecutionTimeout !== undefined ||
    seen.workflowRunTimeout !== undefined ||
    seen.retry !== undefined
  )
}

interface WithAttributes {
  typedSearchAttributes?: unknown
}

/** Whether it does not name its definition where the namespace could: what it lacks is then asked for in vain. */
function lacksAttribute(wanted: WithAttributes, { typedSearchAttributes: seen }: WithAttributes): boolean {
  const isWanted = Array.isArray(wanted.typedSearchAttributes) && wanted.typedSearchAttributes.length > 0
  const isThere = seen instanceof TypedSearchAttributes && seen.get(scheduledReportIdKey) !== undefined
  return isWanted && !isThere
}
