/**
 * Sends one mail to one recipient over one SMTP connection, and reports the exact result.
 *
 * Deliberately without a pool: a pool resends a message when its connection drops, which the workflow decides here,
 * and a failure on a shared connection cannot be attributed to one recipient.
 */

import { once } from 'node:events'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { MailError, classifyMailError, type MailStage } from './classify-mail-error.ts'
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
}

export interface MailAccepted {
  messageId: string
  /** The server's final reply, such as "250 2.0.0 Ok: queued as 4F2A". */
  response: string
}

export interface Mailer {
  /** The sender's domain, for Message-IDs. */
  readonly domain: string
  /**
   * Resolves when the server has accepted the mail, and only then. An abort closes the connection at once and rejects
   * with code `mail_interrupted`; once the whole message has been sent, an abort has no effect.
   * @throws MailError
   */
  send(mail: Mail, options?: { signal?: AbortSignal }): Promise<MailAccepted>
  /** Connects, signs in, and quits. @throws MailError */
  ping(options?: { signal?: AbortSignal }): Promise<void>
  /** Closes the connections that still wait for the answer to QUIT. The caller aborts sends in flight. */
  close(): Promise<void>
}

/** How long a server may take to answer QUIT before its connection is closed. */
const quitTimeoutMs = 2_000

/** @throws Error when the URL or an address cannot be read. */
export function createMailer({ url, smtp, from, replyTo, envelopeFrom, tokens }: MailerOptions): Mailer {
  const settings = readSmtpSettings(url, smtp)
  if (settings.credentials && tokens) settings.credentials.tokens = tokens
  const sender = parseSender('MAIL_FROM', from)
  const replyAddress = replyTo === undefined ? null : parseSender('MAIL_REPLY_TO', replyTo)
  const bouncesTo =
    envelopeFrom === undefined ? sender.address : parseSender('MAIL_ENVELOPE_FROM', envelopeFrom).address
  const quitting = new Set<SMTPConnection>()

  /** Sends QUIT without waiting for the answer: the mail is already accepted. */
  function quit(connection: SMTPConnection): void {
    quitting.add(connection)
    const timer = setTimeout(() => connection.close(), quitTimeoutMs)
    connection.once('end', () => {
      clearTimeout(timer)
      quitting.delete(connection)
    })
    connection.quit()
  }

  /** Runs an SMTP session on a new connection, under the deadlines and the caller's signal. */
  async function converse<Result>(
    signal: AbortSignal | undefined,
    run: (connection: SMTPConnection, reach: (stage: MailStage) => void) => Promise<Result>,
  ): Promise<Result> {
    let stage: MailStage = 'connect'
    const connection = new SMTPConnection(connectionOptions(settings))
    const deadline = AbortSignal.timeout(settings.timeouts.totalMs)
    const interruption = new AbortController()
    const interrupt = () => {
      // The whole message has been sent and may be accepted anyway, so its answer is awaited.
      if (stage !== 'answer') interruption.abort(signal?.reason)
    }
    if (signal?.aborted) interrupt()
    else signal?.addEventListener('abort', interrupt, { once: true })
    const stop = AbortSignal.any([interruption.signal, deadline])
    try {
      const result = await Promise.race([
        run(connection, (reached) => {
          stage = reached
        }),
        failureOf(connection),
        rejectWhenAborted(stop),
      ])
      quit(connection)
      return result
    } catch (error) {
      // At once and without QUIT: buffered data must not complete a partly sent message.
      connection.close()
      if (interruption.signal.aborted) throw interrupted(stage, interruption.signal.reason)
      if (deadline.aborted) throw tookTooLong(stage, settings.timeouts.totalMs)
      throw classifyMailError(error, stage)
    } finally {
      signal?.removeEventListener('abort', interrupt)
    }
  }

  return {
    domain: sender.address.slice(sender.address.lastIndexOf('@') + 1),
    async send(mail, { signal } = {}) {
      try {
        const composed = composeMail(mail, sender, replyAddress)
        return await converse(signal, async (connection, reach) => {
          await setUp(connection, settings, reach)
          reach('envelope')
          const envelope = { from: bouncesTo, to: [mail.to] }
          const response = await transmit(connection, envelope, composed, (stage) => {
            reach(stage)
            if (stage === 'answer' && connection._socket)
              connection._socket.setTimeout(settings.timeouts.answerMs)
          })
          return { messageId: mail.messageId, response }
        })
      } finally {
        mail.attachment?.content.destroy()
      }
    },
    ping: ({ signal } = {}) => converse(signal, (connection, reach) => setUp(connection, settings, reach)),
    async close() {
      const ends = [...quitting].map((connection) => once(connection, 'end'))
      for (const connection of quitting) connection.close()
      await Promise.all(ends)
    },
  }
}

function connectionOptions({
  host,
  port,
  implicitTls,
  startTls,
  verifyCertificate,
  clientName,
  timeouts,
}: SmtpSettings) {
  return {
    host,
    port,
    secure: implicitTls,
    requireTLS: startTls === 'required',
    ignoreTLS: startTls === 'never',
    name: clientName,
    connectionTimeout: timeouts.connectMs,
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
): Promise<string> {
  const stream = open()
  // The stream flows once the server has answered 354 to DATA, and ends when its last byte was sent.
  stream.once('resume', () => reach('content'))
  stream.once('end', () => reach('answer'))
  return new Promise((resolve, reject) => {
    const withSize = estimatedBytes === null ? envelope : { ...envelope, size: estimatedBytes }
    connection.send(withSize, stream, (error, info) =>
      error ? reject(error) : resolve(smtpReply(info.response)),
    )
  })
}

/** Rejects with an error outside a command: a refused connection, a reset, a timeout, broken TLS. */
async function failureOf(connection: SMTPConnection): Promise<never> {
  return new Promise((_resolve, reject) => {
    // Stays for the connection's life: a late error, for example after QUIT, must not end the process.
    connection.on('error', reject)
    // One turn later, so that the caller gets the reply that ended the connection.
    connection.once('end', () => setImmediate(reject, new Error('The mail server closed the connection')))
  })
}

async function rejectWhenAborted(signal: AbortSignal): Promise<never> {
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

function tookTooLong(stage: MailStage, limitMs: number): MailError {
  return new MailError(`The mail server did not take the mail within ${limitMs / 1000} s`, {
    kind: 'transient',
    code: 'mail_unavailable',
    stage,
  })
}
