import { ActivityFailure, isCancellation, sleep, TimeoutFailure } from '@temporalio/workflow'
import type { Locale } from '#domain/locale.ts'
import type { EmailReceipt, RecipientResult } from '#contract/report-run.ts'
import { describeFailure } from './describe-failure.ts'

export interface DeliveryRound {
  recipients: readonly string[]
  locale: Locale
  /** How many are written to at the same time. */
  atOnce: number
  /** How long to wait, in seconds, each time a recipient's mail server asks to come back later. */
  deferredWaits: readonly number[]
  send: (recipient: string) => Promise<EmailReceipt>
  /** Told how many wait for such a server, whenever that changes. */
  onWaiting: (count: number) => void
}

/**
 * Writes to each recipient by an activity of its own, so that one bad address holds nobody up and only what
 * failed is tried again. One whose server asks to come back later waits outside the line. Sends in flight when the
 * report is cancelled are waited for: their results are real.
 * @returns one result each, in the order given; those not begun, or waiting, at a cancellation are `pending`.
 */
export async function deliverToRecipients(
  round: DeliveryRound,
): Promise<{ results: RecipientResult[]; cancelled: boolean }> {
  const results: RecipientResult[] = round.recipients.map((email) => ({ email, status: 'pending' }))
  const line = new Line(round.atOnce)
  let cancelled = false
  let waiting = 0

  async function deliver(index: number, email: string): Promise<void> {
    for (const seconds of [...round.deferredWaits, null]) {
      const result = await line.inTurn(async () => (cancelled ? null : send(email)))
      if (!result) return
      const isAskedBack = result.code === 'mail_deferred' && seconds !== null
      results[index] = isAskedBack ? { ...result, status: 'pending' } : result
      if (!isAskedBack) return
      round.onWaiting(++waiting)
      await sleep(seconds * 1000, { summary: `${email}: asked to come back later` })
      round.onWaiting(--waiting)
    }
  }

  async function send(email: string): Promise<RecipientResult> {
    try {
      return { email, status: 'sent', ...(await round.send(email)) }
    } catch (error) {
      if (isCancellation(error)) throw error
      return failedOrAccepted(email, error, round.locale)
    }
  }

  await Promise.all(
    round.recipients.map((email, index) =>
      deliver(index, email).catch((error: unknown) => {
        if (!isCancellation(error)) throw error
        cancelled = true
      }),
    ),
  )
  return { results, cancelled }
}

/** So many at the same time; the others wait in the order they came. */
class Line {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(atOnce: number) {
    this.#free = atOnce
  }

  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free += 1
    }
  }
}

/**
 * A worker that died right after the mail server's "accepted" leaves that answer in its last heartbeat: such a
 * recipient has had the mail, whatever became of the attempt.
 */
function failedOrAccepted(email: string, error: unknown, locale: Locale): RecipientResult {
  const receipt = error instanceof ActivityFailure ? acceptedReceipt(error.cause) : null
  if (receipt) return { email, status: 'sent', ...receipt }
  const failure = describeFailure(error, locale)
  return { email, status: 'failed', error: failure.message, code: failure.code, response: failure.response }
}

function acceptedReceipt(cause: unknown): EmailReceipt | null {
  if (!(cause instanceof TimeoutFailure)) return null
  const details: unknown = cause.lastHeartbeatDetails
  if (typeof details !== 'object' || details === null || !('accepted' in details)) return null
  return details.accepted as EmailReceipt
}
