/**
 * A real SMTP server in this process, for tests: keeps what it accepted, parsed, and misbehaves on request,
 * once, several times, or for one recipient only.
 */

import { EventEmitter, once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { simpleParser, type ParsedMail } from 'mailparser'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'

/**
 * Where in the conversation: `connect` before the greeting, `login` after a right password, `sender` at MAIL FROM, `recipient` at RCPT TO,
 * `content` while the message arrives, `answer` when all of it has.
 */
export type MailServerStage = 'connect' | 'login' | 'sender' | 'recipient' | 'content' | 'answer'

export interface MailFault {
  at: MailServerStage
  /**
   * `reply` refuses with `code` and `text`; `drop` cuts the connection; `hold` says nothing until `release()`; `delay`
   * says nothing for `forMs` and goes on, whether or not the client still waits.
   */
  does: 'reply' | 'drop' | 'hold' | 'delay'
  forMs?: number
  /** Reply code, such as 550; with an enhanced code in `text`, such as "5.1.1 No such user". */
  code?: number
  text?: string
  /** Only for this recipient; everyone otherwise. */
  recipient?: string
  /** How many times it happens; always, unless given. */
  times?: number
  /** With `drop` at `answer`: the server has taken the mail all the same, like one that dies before it can answer. */
  keeps?: boolean
  /** With `content`: how many bytes arrive first. */
  afterBytes?: number
}

export interface ReceivedMail {
  /** Envelope sender. */
  from: string
  /** Envelope recipients. */
  to: string[]
  /** As it came over the wire, one character a byte. */
  raw: string
  parsed: ParsedMail
  /** What the client called itself. */
  helo: string
  /** Whether it came over TLS. */
  secure: boolean
  acceptedAt: Date
  /** When the client spoke again after the server's "accepted"; null: it may never have heard it. */
  heardAt: Date | null
}

/** A fault that happened, and to whom: the recipients named so far, none before RCPT TO. */
export interface MailStrike {
  fault: MailFault
  recipients: readonly string[]
  at: Date
}

export interface MailServerOptions {
  /** 0, the default: any free port. */
  port?: number
  /** `offered` announces STARTTLS with a self-signed certificate; `implicit` speaks TLS from the start. */
  tls?: 'none' | 'offered' | 'implicit'
  /** Requires signing in. */
  credentials?: { user: string; password: string }
  /** Announced by SIZE and enforced, in bytes. */
  sizeLimit?: number
  limits?: MailServerLimits
}

/** What providers limit. */
export interface MailServerLimits {
  /** Connections at the same time: more are refused with 421 at the banner, or with 432 at the sign-in. */
  connections?: number
  refusedAt?: 'banner' | 'login'
  /** Mails accepted a second, over one second: more are refused with SES's 454 after the message. */
  perSecond?: number
  /** How long it looks at each message before it answers. */
  answerMs?: number
}

export interface MailServer {
  port: number
  /** `smtp://127.0.0.1:PORT`, with credentials when there are any. */
  url: string
  /** Every mail accepted, oldest first. */
  mails: readonly ReceivedMail[]
  mailsFor(recipient: string): ReceivedMail[]
  /** Recipients of every RCPT TO, accepted or not, oldest first: one entry an attempt. */
  attempts: readonly string[]
  /** How often a limit was passed. */
  limited(): number
  /** Connections that were opened so far. */
  connections(): number
  /** Every fault that happened, oldest first. */
  strikes: readonly MailStrike[]
  /** Resolves once `count` mails were accepted. */
  received(count: number, timeoutMs?: number): Promise<readonly ReceivedMail[]>
  /** Resolves once a fault has struck `count` times in all. */
  struck(count: number, timeoutMs?: number): Promise<void>
  /** @returns takes the fault back. */
  inject(fault: MailFault): () => void
  /** Lets what `hold` stopped go on, and takes every fault back. */
  release(): void
  /** Connections open now. */
  openConnections(): number
  close(): Promise<void>
}

class Refusal extends Error {
  readonly responseCode: number
  constructor(code: number, text: string) {
    super(text)
    this.responseCode = code
  }
}

export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = []
  const attempts: string[] = []
  const events = new EventEmitter().setMaxListeners(0)
  let faults: { fault: MailFault; left: number }[] = []
  const strikes: MailStrike[] = []
  const { limits = {} } = options
  /** Sessions that count for the limit of connections. */
  const admitted = new Set<string>()
  let limited = 0
  let connections = 0

  function admit(session: SMTPServerSession): boolean {
    if (admitted.size >= (limits.connections ?? Infinity)) {
      limited += 1
      return false
    }
    admitted.add(session.id)
    return true
  }
  async function keepRate(): Promise<void> {
    if (limits.answerMs) await delay(limits.answerMs)
    const second = Date.now() - 1_000
    const recent = mails.filter(({ acceptedAt }) => acceptedAt.getTime() > second)
    if (recent.length < (limits.perSecond ?? Infinity)) return
    limited += 1
    throw new Refusal(454, 'Throttling failure: Maximum sending rate exceeded.')
  }

  function take(stage: MailServerStage, recipients: readonly string[]): MailFault | undefined {
    const found = faults.find(
      ({ fault, left }) =>
        left > 0 && fault.at === stage && (!fault.recipient || recipients.includes(fault.recipient)),
    )
    if (found) found.left -= 1
    return found?.fault
  }
  function strike(fault: MailFault, recipients: readonly string[]) {
    strikes.push({ fault, recipients: [...recipients], at: new Date() })
    events.emit('struck')
  }
  /** Undefined when the client has gone. */
  function socketOf(session: SMTPServerSession): Socket | undefined {
    for (const connection of server.connections) {
      if (connection.session.id === session.id) return connection._socket
    }
    return undefined
  }
  function drop(session: SMTPServerSession) {
    socketOf(session)?.destroy()
  }
  /** Carries out a fault, if one was set for this stage; true when the conversation may go on. */
  async function mayGoOn(
    fault: MailFault | undefined,
    session: SMTPServerSession,
    recipients: readonly string[],
  ) {
    if (!fault) return true
    strike(fault, recipients)
    if (fault.does === 'reply') throw new Refusal(fault.code ?? 451, fault.text ?? 'Not now')
    if (fault.does === 'hold') {
      await once(events, 'release')
      return true
    }
    if (fault.does === 'delay') {
      await delay(fault.forMs ?? 0)
      return true
    }
    drop(session)
    return false
  }
  function step(
    stage: MailServerStage,
    session: SMTPServerSession,
    recipients: string[],
    done: (error?: Error) => void,
  ) {
    mayGoOn(take(stage, recipients), session, recipients).then((goOn) => goOn && done(), done)
  }

  /** The message as it came, or null when the connection was dropped on the way. */
  async function readContent(
    stream: Readable,
    session: SMTPServerSession,
    to: string[],
  ): Promise<string | null> {
    const fault = take('content', to)
    const chunks: Buffer[] = []
    let left = fault?.afterBytes ?? 0
    let struck = false
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      left -= chunk.length
      if (!fault || struck || left > 0) continue
      struck = true
      strike(fault, to)
      if (fault.does === 'hold') await once(events, 'release')
      if (fault.does === 'delay') await delay(fault.forMs ?? 0)
      if (fault.does === 'drop') {
        drop(session)
        return null
      }
    }
    if (fault?.does === 'reply') throw new Refusal(fault.code ?? 552, fault.text ?? 'Not this')
    return Buffer.concat(chunks).toString('latin1')
  }

  const server = new SMTPServer({
    secure: options.tls === 'implicit',
    // The package's own self-signed certificate is good enough for a server no client should trust.
    logger: false,
    authOptional: options.credentials === undefined,
    allowInsecureAuth: true,
    disabledCommands: [
      ...(options.tls === 'offered' ? [] : ['STARTTLS']),
      ...(options.credentials ? [] : ['AUTH']),
    ],
    ...(options.sizeLimit === undefined ? {} : { size: options.sizeLimit }),
    disableReverseLookup: true,
    closeTimeout: 100,
    onAuth(auth, session, callback) {
      const { user, password } = options.credentials ?? {}
      if (auth.username !== user || auth.password !== password)
        callback(new Refusal(535, '5.7.8 Authentication credentials invalid'))
      else if (limits.refusedAt === 'login' && !admit(session))
        callback(new Refusal(432, '4.3.2 Concurrent connections limit exceeded'))
      else step('login', session, [], (error) => (error ? callback(error) : callback(null, { user })))
    },
    onConnect(session, callback) {
      connections += 1
      if (limits.refusedAt === 'banner' && !admit(session))
        callback(new Refusal(421, '4.7.0 Too many connections, try again later'))
      else step('connect', session, [], callback)
    },
    onClose: (session) => void admitted.delete(session.id),
    onMailFrom: (_address, session, callback) => step('sender', session, [], callback),
    onRcptTo(address, session, callback) {
      attempts.push(address.address)
      step('recipient', session, [address.address], callback)
    },
    onData(stream, session, callback) {
      const to = session.envelope.rcptTo.map((recipient) => recipient.address)
      const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : ''
      const finish = async (): Promise<string | null> => {
        const raw = await readContent(stream, session, to)
        if (raw === null) return null
        // Taken once: two messages at the same moment must not both get its last strike.
        const fault = take('answer', to)
        const keep = async () => {
          const parsed = await simpleParser(Buffer.from(raw, 'latin1'))
          const { secure, hostNameAppearsAs: helo } = session
          const mail: ReceivedMail = {
            from,
            to,
            raw,
            parsed,
            helo,
            secure,
            acceptedAt: new Date(),
            heardAt: null,
          }
          mails.push(mail)
          socketOf(session)?.once('data', () => (mail.heardAt = new Date()))
          events.emit('mail')
        }
        await keepRate()
        if (fault?.does === 'drop' && fault.keeps) await keep()
        if (!(await mayGoOn(fault, session, to))) return null
        if (stream.sizeExceeded) throw new Refusal(552, '5.3.4 Message too big')
        await keep()
        return `2.0.0 Ok: queued as ${String(mails.length).padStart(4, '0')}`
      }
      finish().then((reply) => reply !== null && callback(null, reply), callback)
    },
  })
  // This server is made for connections that are cut on either side.
  server.on('error', () => {})
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo

  async function until(event: string, holds: () => boolean, timeoutMs: number, what: string): Promise<void> {
    const signal = AbortSignal.timeout(timeoutMs)
    while (!holds()) {
      await once(events, event, { signal }).catch((cause: unknown) => {
        throw new Error(
          `${what} within ${timeoutMs} ms: there are ${mails.length} mails, ${strikes.length} strikes`,
          { cause },
        )
      })
    }
  }

  const login = options.credentials
    ? `${encodeURIComponent(options.credentials.user)}:${encodeURIComponent(options.credentials.password)}@`
    : ''
  return {
    port,
    url: `${options.tls === 'implicit' ? 'smtps' : 'smtp'}://${login}127.0.0.1:${port}`,
    mails,
    attempts,
    strikes,
    limited: () => limited,
    connections: () => connections,
    mailsFor: (recipient) => mails.filter((mail) => mail.to.includes(recipient)),
    async received(count, timeoutMs = 10_000) {
      await until('mail', () => mails.length >= count, timeoutMs, `Not ${count} mails`)
      return mails
    },
    struck: (count, timeoutMs = 10_000) =>
      until('struck', () => strikes.length >= count, timeoutMs, `Not ${count} strikes`),
    inject(fault) {
      const entry = { fault, left: fault.times ?? Infinity }
      faults.push(entry)
      return () => void (faults = faults.filter((other) => other !== entry))
    },
    release() {
      faults = []
      events.emit('release')
    },
    openConnections: () => server.connections.size,
    async close() {
      events.emit('release')
      await new Promise<void>((resolve) => server.close(resolve))
    },
  }
}
