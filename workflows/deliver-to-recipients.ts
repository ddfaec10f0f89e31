import { ActivityFailure, isCancellation, sleep, TimeoutFailure } from '@temporalio/workflow'
import { isInstallationFault, type AwayPart, type FailureCode } from '#domain/failures.ts'
import type { Locale } from '#domain/locale.ts'
import type { EmailReceipt, RecipientResult } from '#contract/report-run.ts'
import { describeFailure } from './describe-failure.ts'
import type { OutagePatience } from './outage-patience.ts'

export interface DeliveryRound {
  recipients: readonly string[]
  locale: Locale
  /** How many recipients are written to at the same time. */
  concurrency: number
  /** The waits, in seconds, each time a recipient's mail server defers the mail, and when the sender's quota is used up. */
  waits: { deferred: readonly number[]; quota: readonly number[] }
  /** How often a turn at a busy mail server may not come: nobody is given up while it goes on taking others. */
  maxBusyRounds: number
  /** False in a run that an earlier version began, whose history has neither jitter nor a stop. */
  isCurrent: boolean
  send: (recipient: string) => Promise<EmailReceipt>
  /** Waits for a part that is away. */
  patience: OutagePatience
  /** The part whose absence ended a send, null for every other failure. */
  partAwayIn: (error: unknown) => AwayPart | null
  /** What summaries call a recipient. */
  nameOf: (recipient: string) => string
  /** Called with the number of recipients that wait for such a server, whenever it changes. */
  onWaiting: (count: number) => void
}

export interface Delivered {
  /** In the order of the round's recipients; those not begun, or waiting, at a cancellation or a fault are `pending`. */
  results: RecipientResult[]
  cancelled: boolean
  /** Why the mail server takes nothing from this installation: it concerns no recipient, and ends the round. */
  fault: FailureCode | null
}

type Sent = RecipientResult & { away?: undefined }
/** Not sent, since this part is away. */
type Unsent = RecipientResult & { away: AwayPart }

/**
 * Writes to each recipient in a separate activity, so that one bad address delays no other recipient and only failed
 * sends are retried. A recipient whose server defers the mail waits outside the semaphore. While a part is away, one
 * recipient waits and tries, and the others begin when it is back. A cancelled report waits for the sends in flight, since
 * their results are real.
 */
export async function deliverToRecipients(round: DeliveryRound): Promise<Delivered> {
  const results: RecipientResult[] = round.recipients.map((email) => ({ email, status: 'pending' }))
  const semaphore = new Semaphore(round.concurrency)
  let cancelled = false
  let fault: FailureCode | null = null
  let waiting = 0
  let trial: Promise<unknown> | null = null

  async function deliver(index: number, email: string): Promise<void> {
    const left = { deferred: [...round.waits.deferred], quota: [...round.waits.quota] }
    for (let busyRounds = 0; ;) {
      const result = await sendOnceAnswered(email)
      if (!result) return
      if (round.isCurrent && result.code && isInstallationFault(result.code)) {
        fault = result.code
        return
      }
      if (result.code === 'mail_busy' && ++busyRounds <= round.maxBusyRounds) continue
      const seconds =
        result.code === 'mail_quota'
          ? left.quota.shift()
          : result.code === 'mail_deferred'
            ? left.deferred.shift()
            : undefined
      results[index] = seconds === undefined ? result : { ...result, status: 'pending' }
      if (seconds === undefined) return
      round.onWaiting(++waiting)
      await sleep(seconds * 1000 * (round.isCurrent ? jitter() : 1), {
        summary: `${round.nameOf(email)}: asked to come back later`,
      })
      round.onWaiting(--waiting)
    }
  }

  /** @returns null when the round is over before the mail has begun. */
  async function sendOnceAnswered(email: string): Promise<RecipientResult | null> {
    for (;;) {
      const sent = await semaphore.run(async () => (trial ? 'later' : begin(email)))
      if (sent !== 'later' && !sent?.away) return sent
      if (sent !== 'later' && !trial) {
        const trying = tryUntilAnswered(sent)
        trial = trying.catch(() => undefined)
        return trying.finally(() => (trial = null))
      }
      await trial
      if (sent !== 'later' && round.patience.isOver(sent.away)) return givenUp(sent)
    }
  }

  async function tryUntilAnswered(first: Unsent): Promise<RecipientResult | null> {
    for (let last = first; ;) {
      if (!(await round.patience.wait(last.away))) return givenUp(last)
      const sent = await semaphore.run(() => begin(last.email))
      if (!sent?.away) {
        round.patience.answered()
        return sent
      }
      last = sent
    }
  }

  async function begin(email: string): Promise<Sent | Unsent | null> {
    if (cancelled || fault) return null
    try {
      return { email, status: 'sent', ...(await round.send(email)) }
    } catch (error) {
      if (isCancellation(error)) throw error
      const away = round.partAwayIn(error)
      const result = failedOrAccepted(email, error, round.locale)
      return away ? { ...result, away } : result
    }
  }

  function givenUp({ away, ...result }: Unsent): RecipientResult {
    const error = [result.error, round.patience.waited(away, round.locale)].filter(Boolean).join(' ')
    return { ...result, error }
  }

  await Promise.all(
    round.recipients.map((email, index) =>
      deliver(index, email).catch((error: unknown) => {
        if (!isCancellation(error)) throw error
        cancelled = true
      }),
    ),
  )
  return { results, cancelled, fault }
}

/** Up to a fifth longer, so that those who were put off in the same second do not come back in one. */
function jitter(): number {
  return 1 + Math.random() / 5
}

/** Limits how many tasks run at the same time; the others wait in the order of their calls. */
class Semaphore {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(concurrency: number) {
    this.#free = concurrency
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
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
 * A worker that died right after the mail server accepted the mail leaves the answer in its last heartbeat: this
 * recipient has the mail, however the attempt ended.
 */
function failedOrAccepted(email: string, error: unknown, locale: Locale): RecipientResult {
  const receipt = error instanceof ActivityFailure ? acceptedReceipt(error.cause) : null
  if (receipt) return { email, status: 'sent', ...receipt }
  const { code, message, response } = describeFailure(error, locale)
  return { email, status: code === 'mail_uncertain' ? 'uncertain' : 'failed', error: message, code, response }
}

function acceptedReceipt(cause: unknown): EmailReceipt | null {
  if (!(cause instanceof TimeoutFailure)) return null
  const details: unknown = cause.lastHeartbeatDetails
  if (typeof details !== 'object' || details === null || !('accepted' in details)) return null
  return details.accepted as EmailReceipt
}
