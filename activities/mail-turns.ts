/**
 * The mails of one worker take turns: each waits until the mail server's pace, which all workers share, lets it begin
 * (services/mail-pace). Within a worker they wait in the order they came, only the first asks PostgreSQL, and a mail may
 * go over the connection of the one before it.
 */

import { MailError } from '#adapters/mail/classify-mail-error.ts'
import type { Mail } from '#adapters/mail/mail-message.ts'
import {
  rejectWhenAborted,
  type MailAccepted,
  type MailLine,
  type SendOptions,
} from '#adapters/mail/mailer.ts'
import { countMail } from '#services/monitoring/report-metrics.ts'
import { connectionLeaseMs, type MailPace } from '#services/mail-pace/mail-pace.ts'

export interface TurnOptions extends SendOptions {
  /** Ends the wait for a turn; `signal` ends a send that has begun. */
  waitSignal: AbortSignal
  /** Called when the mail was refused and waits for another turn: what `beforeDot` wrote holds no more. */
  takenBack?: () => Promise<void>
  /** How long to wait for a turn, refusals for the server's limits included. */
  maxWaitMs: number
}

/**
 * Between two questions for a turn, when no line of this worker becomes free; less or more by half, so that workers do not
 * ask in step.
 */
const pollMs = 100
/** After so many mails a line is closed: another worker may be waiting for its connection. */
const maxMailsPerLine = 20
/** So many refusals in a row, without a mail of anyone accepted in between, are no longer about sending less. */
const maxRefusalsInVain = 5

interface HeldLine {
  id: string
  line: MailLine
  mails: number
}

interface Turn {
  held: HeldLine
  began: Date
}

export class MailTurns {
  readonly #pace: MailPace
  readonly #openLine: () => MailLine
  /** Lines that hold a connection by the pace. */
  readonly #held = new Set<string>()
  /** Warm lines that no mail uses; there are some only while mails wait. */
  readonly #free: HeldLine[] = []
  #waiting = 0
  #wake: () => void = () => {}
  #first: Promise<unknown> = Promise.resolve()
  #renewing: NodeJS.Timeout | undefined

  constructor(pace: MailPace, openLine: () => MailLine) {
    this.#pace = pace
    this.#openLine = openLine
  }

  /**
   * Sends one mail in its turn; refused for the server's limits, it waits for another one.
   * @param compose called for each try: an attachment can be read once.
   * @throws MailError `mail_busy` when its turn does not come while the server goes on taking other mails,
   *   `mail_deferred` when it takes none.
   */
  async send(compose: () => Promise<Mail>, options: TurnOptions): Promise<MailAccepted> {
    const until = Date.now() + options.maxWaitMs
    let inVain = 0
    for (;;) {
      const { held, began } = await this.#takeTurn(until, options)
      const wasWarm = held.line.isWarm
      try {
        const accepted = await held.line.send(await compose(), options)
        held.mails += 1
        countMail('sent')
        // Nothing may delay the acceptance on its way to where it is noted, least of all a database that is away.
        void this.#accepted(held)
        return accepted
      } catch (error) {
        // A server ends a connection after some mails or some idle seconds, with 421 or without a word. That it has not
        // taken this one is certain, and says nothing about its limits.
        const isWornOut = wasWarm && error instanceof MailError && isAboutTheConnection(error)
        const limit = error instanceof MailError && !isWornOut ? error.limit : null
        // Before the line is closed, so that it counts among those that were too many.
        const takesOthers = limit && (await this.#pace.refused(limit, began).catch(() => false))
        const closed = this.#close(held)
        if (isWornOut) continue
        if (error instanceof MailError) countMail(error.code)
        if (limit === null) throw error
        await closed
        await options.takenBack?.().catch(() => undefined)
        inVain = takesOthers ? 1 : inVain + 1
        if (inVain >= maxRefusalsInVain) throw asDeferred(error as MailError)
      }
    }
  }

  async #takeTurn(until: number, options: TurnOptions): Promise<Turn> {
    const before = this.#first
    this.#waiting += 1
    const turn = (async () => {
      await before.catch(() => undefined)
      try {
        return await this.#askForTurn(until, options)
      } finally {
        this.#waiting -= 1
        if (this.#waiting === 0) for (const held of this.#free.splice(0)) void this.#close(held)
      }
    })()
    this.#first = turn
    // It need not wait for those before it only to hear that it is over.
    return Promise.race([turn, rejectWhenAborted(options.waitSignal)])
  }

  async #askForTurn(until: number, { waitSignal, maxWaitMs }: TurnOptions): Promise<Turn> {
    for (;;) {
      waitSignal.throwIfAborted()
      const held = this.#free.pop() ?? this.#newLine()
      try {
        const began = await this.#pace.take(held.id)
        if (began) this.#hold(held.id)
        waitSignal.throwIfAborted()
        if (began) return { held, began }
      } catch (error) {
        await this.#close(held)
        throw error
      }
      await this.#close(held)
      if (Date.now() > until) throw noTurn(await this.#pace.acceptedWithin(maxWaitMs))
      await this.#lineFreed(pollMs * (0.5 + Math.random()))
    }
  }

  /** Resolves when a line of this worker may be free, at the latest after so many milliseconds. */
  async #lineFreed(withinMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  #newLine(): HeldLine {
    return { id: crypto.randomUUID(), line: this.#openLine(), mails: 0 }
  }

  /** The line goes to the next mail, when one waits. */
  async #accepted(held: HeldLine): Promise<void> {
    const noted = this.#pace.accepted().catch(() => undefined)
    if (this.#waiting > this.#free.length && held.line.isWarm && held.mails < maxMailsPerLine)
      this.#free.push(held)
    else await this.#close(held)
    this.#wake()
    await noted
  }

  /** The connection first: until the server has closed it, it counts there. */
  async #close({ id, line }: HeldLine): Promise<void> {
    await line.close().catch(() => undefined)
    if (!this.#held.delete(id)) return
    if (this.#held.size === 0) clearInterval(this.#renewing)
    // When this fails, its lease ends by itself.
    await this.#pace.release(id).catch(() => undefined)
    this.#wake()
  }

  #hold(id: string): void {
    if (this.#held.size === 0) {
      this.#renewing = setInterval(() => {
        void this.#pace.renew([...this.#held]).catch(() => undefined)
      }, connectionLeaseMs / 3)
    }
    this.#held.add(id)
  }
}

function isAboutTheConnection({ responseCode, code }: MailError): boolean {
  return (
    code !== 'mail_interrupted' &&
    (responseCode === undefined || responseCode === 421 || responseCode === 503)
  )
}

function asDeferred({ message, stage, response, responseCode, command }: MailError): MailError {
  return new MailError(message, {
    kind: 'deferred',
    code: 'mail_deferred',
    stage,
    response,
    responseCode,
    command,
  })
}

function noTurn(takesOthers: boolean): MailError {
  return new MailError('The mail server took no mail of this worker in time', {
    kind: 'deferred',
    code: takesOthers ? 'mail_busy' : 'mail_deferred',
    stage: 'connect',
  })
}
