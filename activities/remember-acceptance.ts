/**
 * Records the mail server's "accepted", so that no later attempt sends again: on the row, and where that takes long also
 * in the activity's heartbeat, which the engine passes to the next attempt. Neither may turn a sent mail into a failure.
 */

import { setTimeout as delay } from 'node:timers/promises'
import { Context, log } from '@temporalio/activity'
import type { MailAccepted } from '#adapters/mail/mailer.ts'
import type { ActivityContext } from './activity-context.ts'
import type { AcceptedBeat, EmailReceipt } from '#contract/report-run.ts'

/** Recording must not delay the activity's return: there are two records, and the activity's result is a third. */
const recordTimeoutMs = 5_000
/** Longer than the database needs for a restart. */
const checkpointTimeoutMs = 120_000
const checkpointRetryMs = 200
/**
 * A row that is written sooner needs no heartbeat beside it, which Temporal Cloud bills. Until one of them is there, a
 * worker that dies leaves a mail that was perhaps received.
 */
const rowAloneMs = 200

/** The receipt of an earlier attempt of this activity, null when there is none. */
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
  const checkpoint = retryUntilTimeout(() => checkOff(accepted))
  const isWritten = checkpoint.then(
    () => true,
    () => false,
  )
  const heartbeat = async (): Promise<void> => {
    if (await Promise.race([isWritten, delay(rowAloneMs, false)])) return
    // Not the plain call: that may be lost when the process dies within seconds.
    const beat: AcceptedBeat = { accepted }
    await temporal.withDeadline(Date.now() + recordTimeoutMs, () =>
      temporal.activity.heartbeat(activity.info.taskToken, beat),
    )
  }
  await Promise.all([awaitRecord('heartbeat', heartbeat()), awaitRecord('checkpoint', checkpoint)])
  return accepted
}

/**
 * Continues after the activity has returned: when engine and database are both unreachable at the moment of
 * acceptance, the next attempt can only find the row, and that attempt also has to wait for the database.
 */
export async function retryUntilTimeout(write: () => Promise<void>): Promise<void> {
  for (const until = Date.now() + checkpointTimeoutMs; ;) {
    try {
      return await write()
    } catch (error) {
      if (Date.now() > until) throw error
      await delay(checkpointRetryMs, undefined, { ref: false })
    }
  }
}

/** Waits for a record, at most `recordTimeoutMs`, and never fails. */
export async function awaitRecord(
  memory: 'heartbeat' | 'checkpoint' | 'release',
  writing: Promise<void>,
): Promise<void> {
  const late = delay(recordTimeoutMs, 'late' as const, { ref: false })
  const outcome = await Promise.race([writing, late]).catch((error: unknown) => String(error))
  if (outcome !== undefined) log.warn('result of a mail not noted', { memory, reason: outcome })
}

function isAcceptedBeat(beat: unknown): beat is AcceptedBeat {
  return typeof beat === 'object' && beat !== null && 'accepted' in beat
}
