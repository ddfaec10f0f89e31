import { heartbeat } from '@temporalio/activity'

/** A sixth of the maintenance activities' heartbeat timeout; a cancellation is heard of with a heartbeat, too. */
const paceMs = 10_000

/**
 * The heartbeat of work that passes something every few milliseconds. Most of it ends before the first one: Temporal
 * Cloud bills each that reaches it.
 */
export function pacedHeartbeat(): (details?: unknown) => void {
  let nextAt = Date.now() + paceMs
  return (details) => {
    if (Date.now() < nextAt) return
    nextAt = Date.now() + paceMs
    heartbeat(details)
  }
}
