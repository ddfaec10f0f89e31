/**
 * Keeps the mail server's "accepted" in two memories, so that no later attempt writes again: the activity's heartbeat,
 * which the engine gives to the next attempt, and the row. Neither may turn a mail that was sent into a failure.
 */

import { setTimeout as delay } from 'node:timers/promises'
import { Context, log } from '@temporalio/activity'
import type { MailAccepted } from '#adapters/mail/mailer.ts'
import type { ActivityContext } from './activity-context.ts'
import type { AcceptedBeat, EmailReceipt } from '#contract/report-run.ts'

/** Neither memory of an acceptance may hold back the return: there are two, and the workflow's answer is a third. */
const memoryDeadlineMs = 5_000
/** Longer than a restart of the database takes. */
const checkpointPatienceMs = 120_000
const checkpointRetryMs = 200

/** The receipt an earlier attempt of this activity left, null when there is none. */
export function acceptedEarlier(): EmailReceipt | null {
  const beat: unknown = Context.current().info.heartbeatDetails
  return isAcceptedBeat(beat) ? beat.accepted : null
}

/** @param checkOff writes the row. */
export async function rememberAcceptance(
  { temporal }: ActivityContext,
  { messageId, response }: MailAccepted,
  checkOff: (accepted: EmailReceipt) => Promise<void>,
): Promise<EmailReceipt> {
  const activity = Context.current()
  const accepted: EmailReceipt = { messageId, response, sentAt: new Date().toISOString() }
  const beat: AcceptedBeat = { accepted }
  activity.heartbeat(beat)
  // Awaited and unthrottled: the plain call may be lost when the process dies within seconds.
  const awaited = temporal.withDeadline(Date.now() + memoryDeadlineMs, () =>
    temporal.activity.heartbeat(activity.info.taskToken, beat),
  )
  await Promise.all([
    noted('heartbeat', awaited),
    noted(
      'checkpoint',
      persistently(() => checkOff(accepted)),
    ),
  ])
  return accepted
}

/**
 * Goes on behind the activity's return: when engine and database were both away in the moment of the acceptance, the
 * row is what the next attempt finds, and that attempt too has to wait for the database.
 */
async function persistently(write: () => Promise<void>): Promise<void> {
  for (const until = Date.now() + checkpointPatienceMs; ;) {
    try {
      return await write()
    } catch (error) {
      if (Date.now() > until) throw error
      await delay(checkpointRetryMs, undefined, { ref: false })
    }
  }
}

/** Waits for a memory, but not for long, and never fails. */
export async function noted(memory: 'heartbeat' | 'checkpoint', writing: Promise<void>): Promise<void> {
  const late = delay(memoryDeadlineMs, 'late' as const, { ref: false })
  const outcome = await Promise.race([writing, late]).catch((error: unknown) => String(error))
  if (outcome !== undefined) log.warn('acceptance not noted', { memory, reason: outcome })
}

function isAcceptedBeat(beat: unknown): beat is AcceptedBeat {
  return typeof beat === 'object' && beat !== null && 'accepted' in beat
}
