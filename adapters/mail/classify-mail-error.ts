/**
 * Why a mail was not accepted, by what helps: nothing (permanent), waiting as the server asked (deferred), a retry
 * (transient), or somebody who corrects the configuration (installation).
 */

import type { FailureCode } from '#domain/failures.ts'
import { isAboutQuota, isAboutSize } from './reply-meaning.ts'
import { safeText, smtpReply } from './smtp-reply.ts'

export type MailErrorKind = 'permanent' | 'deferred' | 'transient' | 'installation'

/**
 * The stage that the SMTP session had reached. `connect`: until it is set up (TCP, greeting, EHLO, STARTTLS); `login`;
 * `envelope`: MAIL FROM, RCPT TO, DATA; `content`: the message was being sent; `answer`: all of it was sent.
 */
export type MailStage = 'connect' | 'login' | 'envelope' | 'content' | 'answer'

export type MailErrorCode =
  Extract<FailureCode, `mail_${string}` | 'storage_unavailable'> | 'mail_interrupted'

export interface MailErrorDetails {
  kind: MailErrorKind
  code: MailErrorCode
  stage: MailStage
  /** The server's reply, in one line: "550 5.1.1 No such user". */
  response?: string
  /** Its number: 550. */
  responseCode?: number
  /** The command it answered: `RCPT TO`, `AUTH PLAIN` … */
  command?: string
  cause?: unknown
}

export class MailError extends Error {
  override readonly name = 'MailError'
  readonly kind: MailErrorKind
  /** Names a sentence for people in domain/failures.ts, except `mail_interrupted`, the caller's own abort. */
  readonly code: MailErrorCode
  readonly stage: MailStage
  readonly response: string | undefined
  readonly responseCode: number | undefined
  readonly command: string | undefined

  constructor(
    message: string,
    { kind, code, stage, response, responseCode, command, cause }: MailErrorDetails,
  ) {
    super(message, { cause })
    this.kind = kind
    this.code = code
    this.stage = stage
    this.response = response
    this.responseCode = responseCode
    this.command = command
  }

  /**
   * The whole message, including its final dot, was sent and no answer came: the server may have accepted it. SMTP cannot
   * tell (RFC 5321, 4.5.3.2.6), so nothing is sent again by itself, and a person decides.
   */
  get afterData(): boolean {
    return this.stage === 'answer' && !(this.responseCode !== undefined && this.responseCode >= 400)
  }

  /**
   * The server cannot be reached, or says nothing, or the storage does not give the attachment: it concerns no recipient.
   * A connection that is lost later may be lost for one recipient alone.
   */
  get isPartAway(): boolean {
    if (this.code === 'storage_unavailable') return true
    const isBefore = this.stage === 'connect' || this.stage === 'login'
    return this.code === 'mail_unavailable' && isBefore && this.responseCode === undefined
  }

  /** The limit that the server refused the mail for, whoever its recipient is: fewer, or slower, would have passed. */
  get limit(): 'connections' | 'rate' | null {
    if (this.code !== 'mail_busy') return null
    return this.stage === 'connect' || this.stage === 'login' ? 'connections' : 'rate'
  }
}

/** What nodemailer adds to its errors. Everything is optional, since sockets and streams throw too. */
interface ConnectionFault {
  code?: unknown
  originalCode?: unknown
  response?: unknown
  responseCode?: unknown
  command?: unknown
}

/** Classifies an error of the connection: by the server's reply when there is one, otherwise by the stage reached. */
export function classifyMailError(error: unknown, stage: MailStage): MailError {
  if (error instanceof MailError) return error
  const fault: ConnectionFault = typeof error === 'object' && error !== null ? error : {}
  const message = safeText(error instanceof Error ? error.message : String(error))
  const response = typeof fault.response === 'string' ? smtpReply(fault.response) : undefined
  const responseCode = typeof fault.responseCode === 'number' ? fault.responseCode : undefined
  const command = typeof fault.command === 'string' ? fault.command : undefined
  const verdict = classify({
    code: isAboutTls(fault.originalCode) ? 'ETLS' : fault.code,
    response,
    responseCode,
    command,
    stage,
  })
  // With a reply, nodemailer's error holds only the reply again, neither cleaned nor shortened.
  const cause = response === undefined ? error : undefined
  return new MailError(message, { ...verdict, stage, response, responseCode, command, cause })
}

interface Evidence {
  code: unknown
  response: string | undefined
  responseCode: number | undefined
  command: string | undefined
  stage: MailStage
}

function classify({
  code,
  response,
  responseCode,
  command,
  stage,
}: Evidence): Pick<MailErrorDetails, 'kind' | 'code'> {
  // The message's stream failed on this side: the attachment's, since everything else is in memory.
  if (code === 'ESTREAM') return { kind: 'transient', code: 'storage_unavailable' }
  if (responseCode !== undefined && isAboutQuota(response)) return { kind: 'deferred', code: 'mail_quota' }
  if (responseCode !== undefined && responseCode >= 400 && responseCode < 500) {
    return { kind: 'deferred', code: isAboutLimits(responseCode, stage) ? 'mail_busy' : 'mail_deferred' }
  }
  // TLS or a sign-in that is missing, weak or of another kind; a name that the server does not take.
  const isUnfit = responseCode === 530 || responseCode === 534 || responseCode === 538
  if (isUnfit || (responseCode !== undefined && (command === 'EHLO' || command === 'HELO'))) {
    return { kind: 'installation', code: 'mail_misconfigured' }
  }
  if (stage === 'login' || code === 'EAUTH' || code === 'ENOAUTH' || responseCode === 535) {
    return isConnectionLoss(code)
      ? { kind: 'transient', code: 'mail_unavailable' }
      : { kind: 'installation', code: 'mail_auth' }
  }
  if (code === 'ETLS' || command === 'STARTTLS') return { kind: 'installation', code: 'mail_tls' }
  if (responseCode === undefined) {
    // Refused by nodemailer before sending: larger than the server's announced size, or an address it cannot accept.
    if (code === 'EMESSAGE') return { kind: 'permanent', code: 'mail_too_large' }
    if (code === 'EENVELOPE') return { kind: 'permanent', code: 'mail_refused' }
    return { kind: 'transient', code: 'mail_unavailable' }
  }
  // 5yz before the envelope concerns this machine, 503 the session's state: neither concerns the recipient.
  if (responseCode < 500 || responseCode === 503 || stage === 'connect') {
    return { kind: 'transient', code: 'mail_unavailable' }
  }
  if (command === 'RCPT TO') return { kind: 'permanent', code: 'mail_refused' }
  if (isAboutSize(responseCode, response)) return { kind: 'permanent', code: 'mail_too_large' }
  return { kind: 'permanent', code: command === 'MAIL FROM' ? 'mail_sender_refused' : 'mail_content_refused' }
}

/**
 * What servers say to one client that asks for too much (421, Exchange's 432, SES's 454), and any "later" before
 * the envelope, which can concern no recipient.
 */
function isAboutLimits(responseCode: number, stage: MailStage): boolean {
  return stage === 'connect' || stage === 'login' || [421, 432, 454].includes(responseCode)
}

function isConnectionLoss(code: unknown): boolean {
  return code === 'ECONNECTION' || code === 'ESOCKET' || code === 'ETIMEDOUT' || code === 'EDNS'
}

/** Node's and OpenSSL's own codes: an unknown or expired certificate, a handshake with something that is not TLS. */
function isAboutTls(code: unknown): boolean {
  return (
    typeof code === 'string' &&
    /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO$)/.test(code)
  )
}
