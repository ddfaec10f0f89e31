import type { Client } from '@temporalio/client'
import type { temporal } from '@temporalio/proto'

export interface EngineFailure {
  activity: string
  attempt: number
  type: string | null
  nonRetryable: boolean
  message: string
  /** Messages of what caused it, outermost first: what an operator reads under it in Temporal Web. */
  causes: string[]
}

/** Failures of a workflow's activities as the engine has them: those that ended, then those it will try again. */
export async function activityFailures(client: Client, workflowId: string): Promise<EngineFailure[]> {
  const handle = client.workflow.getHandle(workflowId)
  const [{ events }, { raw }] = await Promise.all([handle.fetchHistory(), handle.describe()])
  const scheduled = new Map(
    (events ?? []).map((event) => [String(event.eventId), event.activityTaskScheduledEventAttributes]),
  )
  const started = new Map(
    (events ?? []).map((event) => [String(event.eventId), event.activityTaskStartedEventAttributes]),
  )
  const ended = (events ?? []).flatMap(({ activityTaskFailedEventAttributes: failed }) => {
    if (!failed?.failure) return []
    const activity = scheduled.get(String(failed.scheduledEventId))?.activityType?.name ?? ''
    return [describe(activity, started.get(String(failed.startedEventId))?.attempt ?? 1, failed.failure)]
  })
  const pending = (raw.pendingActivities ?? []).flatMap(({ activityType, attempt, lastFailure }) =>
    lastFailure ? [describe(activityType?.name ?? '', (attempt ?? 2) - 1, lastFailure)] : [],
  )
  return [...ended, ...pending]
}

function describe(
  activity: string,
  attempt: number,
  failure: temporal.api.failure.v1.IFailure,
): EngineFailure {
  const causes: string[] = []
  for (let cause = failure.cause; cause; cause = cause.cause) causes.push(cause.message ?? '')
  return {
    activity,
    attempt,
    type: failure.applicationFailureInfo?.type ?? null,
    nonRetryable: failure.applicationFailureInfo?.nonRetryable ?? false,
    message: failure.message ?? '',
    causes,
  }
}
