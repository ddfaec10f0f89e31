/** Whether a Schedule still matches its definition: an operator may edit it in Temporal Web. */

import { isDeepStrictEqual } from 'node:util'
import type { ScheduleDescription, ScheduleSummary } from '@temporalio/client'
import { TypedSearchAttributes } from '@temporalio/common'
import { msToNumber } from '@temporalio/common/lib/time.js'
import { scheduledReportIdKey } from '#contract/search-attributes.ts'
import { sealingKeyIdOf } from '../temporal/payload-codec.ts'
import { noteNames, type DefinitionSchedule, type PrioritisedAction } from './schedule-options.ts'

/**
 * Compares with a list entry, which has only the first calendars: enough to detect an edited timing.
 * @param sealingKey the id of the key that seals payloads now; null without one.
 */
export function differsInSummary(
  wanted: DefinitionSchedule,
  seen: ScheduleSummary,
  sealingKey: string | null,
): boolean {
  return (
    (sealingKey !== null && noteNames(wanted, seen.state.note)) ||
    seen.state.paused !== wanted.state.paused ||
    seen.action?.workflowType !== wanted.action.workflowType ||
    specDiffers(wanted, seen.spec, seen.spec?.calendars?.length)
  )
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

function specDiffers(
  { spec }: DefinitionSchedule,
  seen: ScheduleSummary['spec'],
  shown = Number.POSITIVE_INFINITY,
): boolean {
  return (
    !isDeepStrictEqual(seen?.calendars, spec.calendars?.slice(0, shown)) ||
    (seen?.timezone ?? 'UTC') !== (spec.timezone ?? 'UTC') ||
    (seen?.jitter ?? 0) !== msToNumber(spec.jitter ?? 0) ||
    (seen?.intervals?.length ?? 0) > 0 ||
    (seen?.skip?.length ?? 0) > 0 ||
    seen?.startAt !== undefined ||
    seen?.endAt !== undefined
  )
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
