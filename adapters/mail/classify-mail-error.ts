/**
 * Why a mail was not accepted, by what helps: nothing (permanent), waiting as the server asked (deferred), or a retry
 * (transient).
 */

import type { FailureCode } from '#domain/failures.ts'
import { safeText, smtpReply } from './smtp-reply.ts'

export type MailErrorKind = 'permanent' | 'deferred' | 'transient'

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
   * The whole message, including its final dot, was sent and no answer came: the server may have accepted it. A retry
   * may deliver it twice, giving up may lose it; SMTP has no better choice (RFC 5321, 4.5.3.2.6). The Message-ID is
   * the same on every attempt, so that mailboxes which drop duplicates show one mail.
   */
  get afterData(): boolean {
    return this.stage === 'answer' && this.responseCode === undefined
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
  // A wrong password or certificate is a fault of the installation, independent of the recipient.
  const isLoginRequired =
    responseCode === 530 || responseCode === 534 || responseCode === 535 || responseCode === 538
  if (stage === 'login' || code === 'EAUTH' || code === 'ENOAUTH' || isLoginRequired) {
    return {
      kind: 'transient',
      code: responseCode === 421 || isConnectionLoss(code) ? 'mail_unavailable' : 'mail_auth',
    }
  }
  // The message's stream failed on this side: the attachment's, since everything else is in memory.
  if (code === 'ESTREAM') return { kind: 'transient', code: 'storage_unavailable' }
  if (code === 'ETLS' || command === 'STARTTLS') return { kind: 'transient', code: 'mail_tls' }
  if (responseCode === undefined) {
    // Refused by nodemailer before sending: larger than the server's announced size, or an address it cannot accept.
    if (code === 'EMESSAGE') return { kind: 'permanent', code: 'mail_too_large' }
    if (code === 'EENVELOPE') return { kind: 'permanent', code: 'mail_refused' }
    return { kind: 'transient', code: 'mail_unavailable' }
  }
  if (responseCode >= 400 && responseCode < 500) return { kind: 'deferred', code: 'mail_deferred' }
  // 5yz before the envelope concerns this machine, 503 the session's state: neither concerns the recipient.
  if (responseCode < 500 || responseCode === 503 || stage === 'connect') {
    return { kind: 'transient', code: 'mail_unavailable' }
  }
  if (command === 'RCPT TO') return { kind: 'permanent', code: 'mail_refused' }
  if (isAboutSize(responseCode, response)) return { kind: 'permanent', code: 'mail_too_large' }
  return { kind: 'permanent', code: command === 'MAIL FROM' ? 'mail_sender_refused' : 'mail_content_refused' }
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

/** 552 without an enhanced code, 5.3.4 (message too big for system), 5.2.3 (longer than allowed): RFC 3463. */
function isAboutSize(responseCode: number, response = ''): boolean {
  const enhanced = /^\d{3}[ -](\d\.\d+\.\d+)/.exec(response)?.[1]
  return enhanced === undefined ? responseCode === 552 : enhanced === '5.3.4' || enhanced === '5.2.3'
}
