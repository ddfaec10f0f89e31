/**
 * Sends one mail to one recipient in one SMTP transaction, and reports the exact result. Several mails may go over one
 * connection, a line, one after the other.
 *
 * Deliberately without nodemailer's pool: it resends a message when its connection drops, which the workflow decides
 * here, and does not say at which stage that was.
 */

import { once } from 'node:events'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { pipeline, Transform } from 'node:stream'
import { MailError, classifyMailError, type MailStage } from './classify-mail-error.ts'
import { clientNameFor } from './client-name.ts'
import { inSpan } from '../tracing/spans.ts'
import { composeMail, parseSender, type ComposedMail, type Mail } from './mail-message.ts'
import { signIn } from './sign-in.ts'
import { smtpReply } from './smtp-reply.ts'
import { readSmtpSettings, type SmtpSettings } from './smtp-settings.ts'
import type { TokenSource } from './token-source.ts'
import type { SmtpVariables } from '#config/smtp-variables.ts'

export interface MailerOptions {
  /** SMTP_URL, see smtp-settings.ts. */
  url: string
  smtp?: SmtpVariables
  /** `Name <address>`. */
  from: string
  replyTo?: string
  /** Where bounces go: the envelope's sender; the address of `from` unless given. */
  envelopeFrom?: string
  /** Signs in with tokens instead of the URL's password. */
  tokens?: TokenSource | null
  /** PUBLIC_URL, whose host the client calls itself in EHLO unless SMTP_CLIENT_NAME says otherwise. */
  publicUrl?: string
  /** A `mailto:` beside the address in `List-Unsubscribe`. */
  unsubscribeAddress?: string
}

export interface MailAccepted {
  messageId: string
  /** The server's final reply, such as "250 2.0.0 Ok: queued as 4F2A". */
  response: string
}

export interface SendOptions {
  signal?: AbortSignal
  /**
   * Called when the whole message but its final dot has been sent. Until it resolves the server cannot accept the mail;
   * when it rejects, the connection is closed, and the send rejects with its error.
   */
  beforeDot?: () => Promise<void>
  /** One whole send, the server's answer included, when the settings allow longer. */
  withinMs?: number
}

export interface Mailer {
  /** The sender's domain, for Message-IDs. */
  readonly domain: string
  /** Host and port of the mail server. */
  readonly server: string
  /** One connection, opened by its first send. */
  openLine(): MailLine
  /** Sends one mail over a connection of its own. @throws MailError */
  send(mail: Mail, options?: SendOptions): Promise<MailAccepted>
  /** Connects, signs in, and quits. @throws MailError */
  ping(options?: { signal?: AbortSignal }): Promise<void>
  /** Closes the connections that still wait for the answer to QUIT. The caller aborts sends in flight. */
  close(): Promise<void>
}

/** One connection at a time to the mail server, for one mail after the other. */
export interface MailLine {
  /** Whether a mail was accepted over the connection that is open, so that the next one needs no new one. */
  readonly isWarm: boolean
  /**
   * Resolves when the server has accepted the mail, and only then; the connection stays open for the next one. An abort
   * closes it at once and rejects with code `mail_interrupted`; once the whole message has been sent, an abort has no
   * effect.
   * @throws MailError
   */
  send(mail: Mail, options?: SendOptions): Promise<MailAccepted>
  /** Quits. Resolves when the connection is closed. */
  close(): Promise<void>
}

/** How long a server may take to answer QUIT before its connection is closed. */
const quitTimeoutMs = 2_000

/** @throws Error when the URL or an address cannot be read. */
export function createMailer(options: MailerOptions): Mailer {
  const { from, replyTo, envelopeFrom, publicUrl, tokens } = options
  const settings = readSmtpSettings(options.url, options.smtp)
  if (settings.credentials && tokens) settings.credentials.tokens = tokens
  const clientName = settings.clientName ?? (publicUrl === undefined ? undefined : clientNameFor(publicUrl))
  const sender = parseSender('MAIL_FROM', from)
  const replyAddress = replyTo === undefined ? null : parseSender('MAIL_REPLY_TO', replyTo)
  const bouncesTo =
    envelopeFrom === undefined ? sender.address : parseSender('MAIL_ENVELOPE_FROM', envelopeFrom).address
  const quitting = new Set<SMTPConnection>()

  /** @returns once the connection is closed. */
  async function quit(connection: SMTPConnection): Promise<void> {
    if (connection.destroyed) return
    quitting.add(connection)
    const timer = setTimeout(() => connection.close(), quitTimeoutMs)
    const ended = once(connection, 'end')
    connection.quit()
    await ended
    clearTimeout(timer)
    quitting.delete(connection)
  }

  function openLine(): MailLine & { setUp(signal?: AbortSignal): Promise<void> } {
    let line: OpenConnection | null = null

    /** Runs a part of the SMTP session on the line's connection, under the deadlines and the caller's signal. */
    async function converse<Result>(
      { signal, withinMs = Infinity }: SendOptions,
      run: (connection: SMTPConnection, reach: (stage: MailStage) => void) => Promise<Result>,
    ): Promise<Result> {
      const isNew = line === null || line.connection.destroyed
      const current = isNew || line === null ? openConnection(settings, clientName) : line
      line = current
      const { connection, lost } = current
      const progress = new SessionProgress(connection, settings, isNew ? 'connect' : 'envelope', withinMs)
      const interruption = new AbortController()
      const interrupt = () => {
        // The whole message has been sent and may be accepted anyway, so its answer is awaited.
        if (progress.stage !== 'answer') interruption.abort(signal?.reason)
      }
      if (signal?.aborted) interrupt()
      else signal?.addEventListener('abort', interrupt, { once: true })
      const reach = (stage: MailStage) => progress.reach(stage)
      const session = async () => {
        if (isNew) await setUp(connection, settings, reach)
        return run(connection, reach)
      }
      try {
        return await Promise.race([session(), lost, progress.overdue, rejectWhenAborted(interruption.signal)])
      } catch (error) {
        // At once and without QUIT: buffered data must not complete a partly sent message.
        connection.close()
        line = null
        if (interruption.signal.aborted) throw interrupted(progress.stage, interruption.signal.reason)
        throw classifyMailError(error, progress.stage)
      } finally {
        progress.end()
        signal?.removeEventListener('abort', interrupt)
      }
    }

    return {
      get isWarm() {
        return line !== null && !line.connection.destroyed
      },
      async send(mail, sendOptions = {}) {
        try {
          const composed = composeMail(mail, sender, replyAddress, options.unsubscribeAddress)
          let refusal: { error: unknown } | null = null
          const beforeDot = async () => {
            await sendOptions.beforeDot?.().catch((error: unknown) => {
              refusal = { error }
              throw error
            })
          }
          const hand = () =>
            converse(sendOptions, async (connection, reach) => {
              reach('envelope')
              const envelope = { from: bouncesTo, to: [mail.to] }
              const response = await transmit(connection, envelope, composed, reach, beforeDot)
              return { messageId: mail.messageId, response }
            })
          return await inSpan('smtp send', { 'rpc.service': 'smtp' }, hand).catch((error: unknown) => {
            throw refusal === null || isInterruption(error) ? error : refusal.error
          })
        } finally {
          mail.attachment?.content.destroy()
        }
      },
      setUp: (signal) => converse({ signal }, async () => {}),
      async close() {
        if (line) await quit(line.connection)
        line = null
      },
    }
  }

  /** The answer to QUIT is not waited for. */
  async function singly<Result>(
    use: (line: ReturnType<typeof openLine>) => Promise<Result>,
  ): Promise<Result> {
    const line = openLine()
    const result = await use(line)
    void line.close()
    return result
  }

  return {
    domain: sender.address.slice(sender.address.lastIndexOf('@') + 1),
    server: `${settings.host}:${settings.port}`,
    openLine,
    send: (mail, sendOptions) => singly((line) => line.send(mail, sendOptions)),
    ping: ({ signal } = {}) => singly((line) => line.setUp(signal)),
    async close() {
      const ends = [...quitting].map((connection) => once(connection, 'end'))
      for (const connection of quitting) connection.close()
      await Promise.all(ends)
    },
  }
}

interface OpenConnection {
  connection: SMTPConnection
  /** Rejects with an error outside a command: a refused connection, a reset, a timeout, broken TLS. */
  lost: Promise<never>
}

function openConnection(settings: SmtpSettings, clientName: string | undefined): OpenConnection {
  const connection = new SMTPConnection(connectionOptions(settings, clientName))
  const lost = failureOf(connection)
  // Also between two mails, when nobody waits for it.
  lost.catch(() => {})
  return { connection, lost }
}

/** The stage that a mail has reached, and the deadline of each. */
class SessionProgress {
  readonly #connection: SMTPConnection
  readonly #settings: SmtpSettings
  readonly #timers = new Set<NodeJS.Timeout>()
  #sending: NodeJS.Timeout | undefined
  #reject: (error: MailError) => void = () => {}
  stage: MailStage
  readonly overdue: Promise<never>

  constructor(connection: SMTPConnection, settings: SmtpSettings, stage: MailStage, withinMs: number) {
    this.#connection = connection
    this.#settings = settings
    this.stage = stage
    this.overdue = new Promise((_resolve, reject) => (this.#reject = reject))
    const { connectMs, totalMs } = settings.timeouts
    if (stage === 'connect') this.#failAfter(connectMs, () => connection.stage === 'init')
    if (Number.isFinite(withinMs)) this.#failAfter(withinMs)
    this.#sending = this.#failAfter(totalMs)
  }

  reach(stage: MailStage): void {
    this.stage = stage
    if (stage !== 'answer') return
    // Whatever the server sends meanwhile that is no answer.
    clearTimeout(this.#sending)
    if (this.#connection._socket) this.#connection._socket.setTimeout(0)
    this.#failAfter(this.#settings.timeouts.answerMs)
  }

  end(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    const socket = this.#connection._socket
    if (socket && !this.#connection.destroyed) socket.setTimeout(this.#settings.timeouts.socketMs)
  }

  #failAfter(ms: number, holds: () => boolean = () => true): NodeJS.Timeout {
    const timer = setTimeout(() => holds() && this.#reject(tookTooLong(this.stage, ms)), ms)
    this.#timers.add(timer)
    return timer
  }
}

function connectionOptions(
  { host, port, implicitTls, startTls, verifyCertificate, timeouts }: SmtpSettings,
  clientName: string | undefined,
) {
  return {
    host,
    port,
    secure: implicitTls,
    requireTLS: startTls === 'required',
    ignoreTLS: startTls === 'never',
    name: clientName,
    // nodemailer's covers the greeting and STARTTLS too; SessionProgress looks after connecting alone.
    connectionTimeout: timeouts.connectMs + 2 * timeouts.greetingMs,
    dnsTimeout: timeouts.connectMs,
    greetingTimeout: timeouts.greetingMs,
    socketTimeout: timeouts.socketMs,
    // Closing destroys the socket, so that no buffered data reaches the server.
    socketCloseTimeout: 0,
    tls: { rejectUnauthorized: verifyCertificate, minVersion: 'TLSv1.2' as const },
    logger: false,
  }
}

/** Greeting, EHLO, STARTTLS, and the sign-in when there are credentials. */
async function setUp(
  connection: SMTPConnection,
  { credentials }: SmtpSettings,
  reach: (stage: MailStage) => void,
) {
  await new Promise<void>((resolve, reject) =>
    connection.connect((error) => (error ? reject(error) : resolve())),
  )
  if (!credentials) return
  reach('login')
  if (!connection.allowsAuth) throw new Error('The mail server offers no sign-in, and SMTP_URL has a user')
  await signIn(connection, credentials)
}

/** MAIL FROM, RCPT TO, DATA and the message; resolves with the server's final reply. */
async function transmit(
  connection: SMTPConnection,
  envelope: { from: string; to: string[] },
  { open, estimatedBytes }: ComposedMail,
  reach: (stage: MailStage) => void,
  beforeDot: () => Promise<void>,
): Promise<string> {
  // Its end is the final dot.
  const stream = new Transform({
    transform: (chunk, _encoding, done) => done(null, chunk),
    flush: (done) => void beforeDot().then(() => done(), done),
  })
  // It flows once the server has answered 354 to DATA, and ends when its last byte was sent. Filled only then: a short
  // message would otherwise come to its end before the server has taken the recipient.
  stream.once('resume', () => {
    reach('content')
    pipeline(open(), stream, () => {})
  })
  stream.once('end', () => reach('answer'))
  return new Promise((resolve, reject) => {
    const withSize = estimatedBytes === null ? envelope : { ...envelope, size: estimatedBytes }
    connection.send(withSize, stream, (error, info) =>
      error ? reject(error) : resolve(smtpReply(info.response)),
    )
  })
}

async function failureOf(connection: SMTPConnection): Promise<never> {
  return new Promise((_resolve, reject) => {
    // Stays for the connection's life: a late error, for example after QUIT, must not end the process.
    connection.on('error', reject)
    // One turn later, so that the caller gets the reply that ended the connection.
    connection.once('end', () => setImmediate(reject, new Error('The mail server closed the connection')))
  })
}

export async function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}

function interrupted(stage: MailStage, cause: unknown): MailError {
  return new MailError('The send was interrupted', {
    kind: 'transient',
    code: 'mail_interrupted',
    stage,
    cause,
  })
}

function isInterruption(error: unknown): boolean {
  return error instanceof MailError && error.code === 'mail_interrupted'
}

function tookTooLong(stage: MailStage, limitMs: number): MailError {
  return new MailError(`The mail server did not answer within ${limitMs / 1000} s`, {
    kind: 'transient',
    code: 'mail_unavailable',
    stage,
  })
}
