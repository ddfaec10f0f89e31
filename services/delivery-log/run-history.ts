/** Reads one run from the engine: its activities, their attempts, results and failures. */

import { WorkflowNotFoundError, type Client } from '@temporalio/client'
import type { google, temporal } from '@temporalio/proto'
import type { FailureCode } from '#domain/failures.ts'
import { grpcStatus, grpcStatusOf } from '../temporal/grpc-status.ts'
import { readFailureMessage, readPayloads } from '../temporal/read-payloads.ts'

export interface ActivityFailureRecord {
  /** A sentence for people when the failure is a named one; otherwise the technical message. */
  message: string
  /** The failure's code, `HEARTBEAT` and the like for a time-out, null when unknown. */
  type: string | null
  details: unknown
  /** The technical message of the error behind it, null when there is none. */
  cause?: string | null
}

export interface ActivityRecord {
  activityId: string
  type: string
  args: unknown[]
  state: 'scheduled' | 'running' | 'completed' | 'failed' | 'cancelled'
  attempts: number
  scheduledAt: Date
  startedAt: Date | null
  finishedAt: Date | null
  result: unknown
  /** The last failure; while an attempt runs, that of the previous attempt. */
  failure: ActivityFailureRecord | null
  /** Details of the last heartbeat, of a pending activity only. */
  heartbeat: unknown
}

export interface RunRecord {
  runId: string
  startedAt: Date
  /** Null while the run is open. */
  closedAt: Date | null
  activities: ActivityRecord[]
}

/** @returns null when the engine has deleted the run (after its retention) or never had it. */
export async function readRun(client: Client, workflowId: string, runId: string): Promise<RunRecord | null> {
  const handle = client.workflow.getHandle(workflowId, runId)
  try {
    const history = await handle.fetchHistory()
    const run = await recordFromHistory(client, runId, history)
    if (run.closedAt === null) await addPending(client, run, (await handle.describe()).raw.pendingActivities)
    return run
  } catch (error) {
    if (isForgotten(error)) return null
    throw error
  }
}

/** `describe` wraps the engine's NOT_FOUND, `fetchHistory` does not. */
function isForgotten(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError || grpcStatusOf(error) === grpcStatus.notFound
}

/** One run's record from its history's events. @throws SealedPayloadError */
async function recordFromHistory(
  client: Client,
  runId: string,
  history: temporal.api.history.v1.IHistory,
): Promise<RunRecord> {
  const byScheduledEvent = new Map<string, ActivityRecord>()
  let startedAt = new Date(0)
  let closedAt: Date | null = null

  for (const event of history.events ?? []) {
    const at = toDate(event.eventTime) ?? new Date(0)
    const scheduled = event.activityTaskScheduledEventAttributes
    if (event.workflowExecutionStartedEventAttributes) startedAt = at
    if (scheduled) {
      byScheduledEvent.set(String(event.eventId), {
        activityId: scheduled.activityId ?? '',
        type: scheduled.activityType?.name ?? '',
        args: await readPayloads(client, scheduled.input?.payloads),
        state: 'scheduled',
        attempts: 0,
        scheduledAt: at,
        startedAt: null,
        finishedAt: null,
        result: undefined,
        failure: null,
        heartbeat: undefined,
      })
    }
    await applyProgress(client, byScheduledEvent, event, at)
    if (isClosing(event)) closedAt = at
  }
  return { runId, startedAt, closedAt, activities: [...byScheduledEvent.values()] }
}

async function applyProgress(
  client: Client,
  activities: ReadonlyMap<string, ActivityRecord>,
  event: temporal.api.history.v1.IHistoryEvent,
  at: Date,
): Promise<void> {
  const started = event.activityTaskStartedEventAttributes
  const completed = event.activityTaskCompletedEventAttributes
  const failed = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes
  const cancelled = event.activityTaskCanceledEventAttributes
  const about = started ?? completed ?? failed ?? cancelled
  const activity = about && activities.get(String(about.scheduledEventId))
  if (!activity) return

  if (started) {
    activity.state = 'running'
    activity.attempts = started.attempt ?? 1
    activity.startedAt = at
    activity.failure = await readFailure(client, started.lastFailure)
    return
  }
  activity.finishedAt = at
  activity.state = completed ? 'completed' : failed ? 'failed' : 'cancelled'
  if (completed) [activity.result] = await readPayloads(client, completed.result?.payloads)
  if (failed) activity.failure = await readFailure(client, failed.failure)
}

/** Attempts in progress are not in the history yet; the describe call returns them. */
async function addPending(
  client: Client,
  run: RunRecord,
  pending: readonly temporal.api.workflow.v1.IPendingActivityInfo[] | null | undefined,
): Promise<void> {
  for (const info of pending ?? []) {
    const activity = run.activities.find(
      (candidate) => candidate.activityId === info.activityId && candidate.finishedAt === null,
    )
    if (!activity) continue
    activity.attempts = info.attempt ?? 1
    activity.startedAt = toDate(info.lastStartedTime)
    activity.state = activity.startedAt ? 'running' : 'scheduled'
    activity.failure = await readFailure(client, info.lastFailure)
    ;[activity.heartbeat] = await readPayloads(client, info.heartbeatDetails?.payloads)
  }
}

function isClosing(event: temporal.api.history.v1.IHistoryEvent): boolean {
  return Boolean(
    event.workflowExecutionCompletedEventAttributes ??
    event.workflowExecutionFailedEventAttributes ??
    event.workflowExecutionTimedOutEventAttributes ??
    event.workflowExecutionCanceledEventAttributes ??
    event.workflowExecutionTerminatedEventAttributes ??
    event.workflowExecutionContinuedAsNewEventAttributes,
  )
}

async function readFailure(
  client: Client,
  failure: temporal.api.failure.v1.IFailure | null | undefined,
): Promise<ActivityFailureRecord | null> {
  if (!failure) return null
  const { applicationFailureInfo, timeoutFailureInfo } = failure
  const payloads = (applicationFailureInfo?.details ?? timeoutFailureInfo?.lastHeartbeatDetails)?.payloads
  const [details] = await readPayloads(client, payloads)
  return {
    message: await readFailureMessage(client, failure),
    type:
      applicationFailureInfo?.type ??
      (timeoutFailureInfo ? timeoutTypeOf(timeoutFailureInfo.timeoutType) : null),
    details,
    cause: failure.cause ? await readFailureMessage(client, failure.cause) : null,
  }
}

/** 4 is TIMEOUT_TYPE_HEARTBEAT: the worker was lost. */
function timeoutTypeOf(type: temporal.api.enums.v1.TimeoutType | null | undefined): FailureCode {
  return type === 4 ? 'worker_lost' : 'timed_out'
}

function toDate(timestamp: google.protobuf.ITimestamp | null | undefined): Date | null {
  if (!timestamp?.seconds) return null
  return new Date(Number(timestamp.seconds) * 1000 + Math.floor((timestamp.nanos ?? 0) / 1_000_000))
}
