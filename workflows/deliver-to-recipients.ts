import { ActivityFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow'
import type { Locale } from '#domain/locale.ts'
import type { EmailReceipt } from '#activities/email-report.ts'
import type { RecipientResult } from '#activities/settle-report.ts'
import { describeFailure } from './describe-failure.ts'

export interface DeliveryRound {
  recipients: readonly string[]
  locale: Locale
  /** How many are written to at the same time. */
  atOnce: number
  send: (recipient: string) => Promise<EmailReceipt>
}

/**
 * Writes to each recipient by an activity of its own, so that one bad address holds nobody up and only what
 * failed is tried again. Sends in flight when the report is cancelled are waited for: their results are real.
 * @returns one result each, in the order given; those not begun before a cancellation are `pending`.
 */
export async function deliverToRecipients(
  round: DeliveryRound,
): Promise<{ results: RecipientResult[]; cancelled: boolean }> {
  const results: RecipientResult[] = round.recipients.map((email) => ({ email, status: 'pending' }))
  let next = 0
  let cancelled = false

  async function sendOneAfterTheOther(): Promise<void> {
    while (next < results.length && !cancelled) {
      const index = next++
      const result = results[index]
      if (!result) return
      try {
        results[index] = { ...result, status: 'sent', ...(await round.send(result.email)) }
      } catch (error) {
        if (isCancellation(error)) {
          cancelled = true
        } else {
          results[index] = failedOrAccepted(result, error, round.locale)
        }
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(round.atOnce, results.length) }, sendOneAfterTheOther))
  return { results, cancelled }
}

/**
 * A worker that died right after the mail server's "accepted" leaves that answer in its last heartbeat: such a
 * recipient has had the mail, whatever became of the attempt.
 */
function failedOrAccepted(result: RecipientResult, error: unknown, locale: Locale): RecipientResult {
  const receipt = error instanceof ActivityFailure ? acceptedReceipt(error.cause) : null
  if (receipt) return { ...result, status: 'sent', ...receipt }
  const failure = describeFailure(error, locale)
  return {
    ...result,
    status: 'failed',
    error: failure.message,
    code: failure.code,
    response: failure.response,
  }
}

function acceptedReceipt(cause: unknown): EmailReceipt | null {
  if (!(cause instanceof TimeoutFailure)) return null
  const details: unknown = cause.lastHeartbeatDetails
  if (typeof details !== 'object' || details === null || !('accepted' in details)) return null
  return details.accepted as EmailReceipt
}
