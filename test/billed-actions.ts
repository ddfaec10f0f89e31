/**
 * What Temporal Cloud bills as actions: docs.temporal.io/cloud/actions, which names each event of a history that is one.
 * Heartbeats are in no history: the server counts them.
 */

import type { temporal } from '@temporalio/proto'

type Event = temporal.api.history.v1.IHistoryEvent
export type BilledActions = Readonly<Record<string, number>>

/** Set by `patched()`, and not billed. */
const changeVersion = 'TemporalChangeVersion'

/** @returns how many actions of each kind one run's history shows. */
export function billedActions(events: readonly Event[]): BilledActions {
  const actions: Record<string, number> = {}
  const add = (kind: string, count = 1) => {
    if (count > 0) actions[kind] = (actions[kind] ?? 0) + count
  }
  const tasksWithMarkers = new Set<string>()
  events.forEach((event, index) => {
    const { workflowExecutionStartedEventAttributes: started } = event
    const { upsertWorkflowSearchAttributesEventAttributes: upserted } = event
    if (started) {
      add('start')
      // Two for the Schedule, beside the start.
      if (started.searchAttributes?.indexedFields?.TemporalScheduledById) add('schedule', 2)
    }
    if (event.activityTaskScheduledEventAttributes) add('activity')
    add('retry', (event.activityTaskStartedEventAttributes?.attempt ?? 1) - 1)
    if (event.timerStartedEventAttributes) add('timer')
    // A signal with which a run was started is one action with its start.
    if (event.workflowExecutionSignaledEventAttributes && index > 1) add('signal')
    if (event.workflowExecutionUpdateAcceptedEventAttributes) add('update')
    if (event.workflowExecutionOptionsUpdatedEventAttributes) add('options')
    const names = Object.keys(upserted?.searchAttributes?.indexedFields ?? {})
    if (names.some((name) => name !== changeVersion)) add('upsert')
    // All markers of one workflow task are one action.
    const task = event.markerRecordedEventAttributes?.workflowTaskCompletedEventId
    if (task !== undefined && task !== null) tasksWithMarkers.add(String(task))
  })
  add('markers', tasksWithMarkers.size)
  return actions
}

/**
 * What the server has counted in the namespace since it started; it lags behind by a second or so. Who has seen it count
 * the last activity of a run has seen the heartbeats of those before.
 */
export async function serverCounters(
  metricsUrl: string,
  namespace: string,
): Promise<{ activities: number; heartbeats: number }> {
  // As Prometheus has names.
  const label = `namespace="${namespace.replaceAll('-', '_')}"`
  const text = await (await fetch(metricsUrl)).text()
  const lines = text.split('\n').filter((line) => line.startsWith('action{') && line.includes(label))
  const sumOf = (kind: RegExp) =>
    lines.filter((line) => kind.test(line)).reduce((sum, line) => sum + Number(line.split('} ')[1]), 0)
  return { activities: sumOf(/command_ScheduleActivityTask/), heartbeats: sumOf(/Heartbeat/) }
}

export function totalOf(actions: BilledActions): number {
  return Object.values(actions).reduce((sum, count) => sum + count, 0)
}
