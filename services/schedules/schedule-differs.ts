/** Whether a Schedule still matches its definition: an operator may edit it in Temporal Web. */

import { isDeepStrictEqual } from 'node:util'
import type { ScheduleDescription, ScheduleSummary } from '@temporalio/client'
import { TypedSearchAttributes } from '@temporalio/common'
import { msToNumber } from '@temporalio/common/lib/time.js'
import { scheduledReportIdKey } from '#contract/search-attributes.ts'
import type { DefinitionSchedule } from './schedule-options.ts'

/** Compares with a list entry, which has only the first calendars: enough to detect an edited timing. */
export function differsInSummary(wanted: DefinitionSchedule, seen: ScheduleSummary): boolean {
  return (
    seen.state.paused !== wanted.state.paused ||
    seen.action?.workflowType !== wanted.action.workflowType ||
    specDiffers(wanted, seen.spec, seen.spec?.calendars?.length)
  )
}

/** Compares everything but the note, which operators may change. */
export function differsInFull(wanted: DefinitionSchedule, seen: ScheduleDescription): boolean {
  const { policies } = wanted
  return (
    seen.state.paused !== wanted.state.paused ||
    seen.state.remainingActions !== undefined ||
    specDiffers(wanted, seen.spec) ||
    seen.policies.overlap !== policies?.overlap ||
    seen.policies.catchupWindow !== msToNumber(policies?.catchupWindow ?? 0) ||
    seen.policies.pauseOnFailure !== policies?.pauseOnFailure ||
    actionDiffers(wanted.action, seen.action) ||
    !namesDefinition(seen.typedSearchAttributes)
  )
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

function actionDiffers(wanted: DefinitionSchedule['action'], seen: ScheduleDescription['action']): boolean {
  return (
    seen.workflowType !== wanted.workflowType ||
    seen.workflowId !== wanted.workflowId ||
    seen.taskQueue !== wanted.taskQueue ||
    !isDeepStrictEqual(seen.args, wanted.args) ||
    !namesDefinition(seen.typedSearchAttributes) ||
    seen.workflowExecutionTimeout !== undefined ||
    seen.workflowRunTimeout !== undefined ||
    seen.retry !== undefined
  )
}

function namesDefinition(attributes: unknown): boolean {
  return attributes instanceof TypedSearchAttributes && attributes.get(scheduledReportIdKey) !== undefined
}
