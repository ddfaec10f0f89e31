/**
 * Markers of `patched()`, which tell runs of earlier releases from those of the present one. A run that has `few-actions`
 * asks for no older one: each task with a marker is an action that Temporal Cloud bills.
 */

import { patched } from '@temporalio/workflow'

/**
 * `mail-in-the-wild`: jittered waits, and a mail server's refusal of the installation ends the round.
 * `skipped-is-found`: a skipped occurrence has search attributes.
 * `archive-with-result`: the log is archived with each result, before a failed report waits.
 */
type Behaviour = 'mail-in-the-wild' | 'skipped-is-found' | 'archive-with-result'

/** Whether the run behaves so from here on. */
export function replaysAs(behaviour: Behaviour): boolean {
  return setsChangesOnly() || patched(behaviour)
}

/** Whether search attributes are set together, and only where they change. */
export function setsChangesOnly(): boolean {
  return patched('few-actions')
}
