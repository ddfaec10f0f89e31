/** SMTP_URL: `smtp[s]://user:password@host:port?parameters`, read strictly so that a typing error ends the start. */

import { isIP } from 'node:net'
import { maxSendMs } from '#contract/limits.ts'

export interface SmtpTimeouts {
  /** DNS, TCP and, over `smtps:`, the TLS handshake. */
  connectMs: number
  /** From the connection to the server's greeting. */
  greetingMs: number
  /** Silence of the server while commands and content go back and forth. */
  socketMs: number
  /**
   * Silence between the end of the message and the server's verdict. Long, because servers look through an
   * attachment before they answer (RFC 5321, 4.5.3.2.6, asks for ten minutes), and giving up in between is how a
   * mail is delivered twice.
   */
  answerMs: number
  /** One whole send, whatever the others say; 270 s at most. */
  totalMs: number
}

export interface SmtpSettings {
  host: string
  port: number
  /** `smtps:`, TLS from the start. */
  implicitTls: boolean
  /** `required`: no mail without TLS; `offered`: used when the server offers it; `never`. */
  startTls: 'required' | 'offered' | 'never'
  /** False only for `verify_certificate=false`. */
  verifyCertificate: boolean
  credentials: { user: string; password: string } | null
  /** What the client calls itself in EHLO; the machine's name when undefined. */
  clientName: string | undefined
  timeouts: SmtpTimeouts
}

export class SmtpUrlError extends Error {
  override readonly name = 'SmtpUrlError'
}

const startTlsModes = ['required', 'offered', 'never'] as const

const defaultTimeouts: SmtpTimeouts = {
  connectMs: 10_000,
  greetingMs: 10_000,
  socketMs: 30_000,
  answerMs: 180_000,
  totalMs: maxSendMs,
}

const timeoutParameters = {
  connect_timeout: 'connectMs',
  greeting_timeout: 'greetingMs',
  socket_timeout: 'socketMs',
  answer_timeout: 'answerMs',
  send_timeout: 'totalMs',
} as const satisfies Record<string, keyof SmtpTimeouts>

/**
 * Parameters: `starttls=required|offered|never`, `verify_certificate=true|false`, `client_name=…`, and in
 * seconds `connect_timeout`, `greeting_timeout`, `socket_timeout`, `answer_timeout`,
 * `send_timeout` (270 at most).
 * With a password, and unless the server is on this machine, STARTTLS is required when nothing is said: a
 * password is not sent in the clear because somebody on the way hid the offer.
 * @throws SmtpUrlError naming what is wrong, never the password.
 */
export function parseSmtpUrl(text: string): SmtpSettings {
  if (!URL.canParse(text))
    throw new SmtpUrlError('SMTP_URL: not a URL (a password’s @ : / ? # % must be percent-encoded)')
  const url = new URL(text)
  if (url.protocol !== 'smtp:' && url.protocol !== 'smtps:')
    throw new SmtpUrlError('SMTP_URL: must start with smtp:// or smtps://')
  if (!url.hostname) throw new SmtpUrlError('SMTP_URL: names no server')
  if (url.pathname !== '' && url.pathname !== '/')
    throw new SmtpUrlError(`SMTP_URL: unexpected path ${url.pathname}`)

  const implicitTls = url.protocol === 'smtps:'
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const credentials = url.username ? { user: decode(url.username), password: decode(url.password) } : null
  const settings: SmtpSettings = {
    host,
    port: url.port ? Number(url.port) : implicitTls ? 465 : 587,
    implicitTls,
    startTls: implicitTls ? 'never' : credentials && !isLoopback(host) ? 'required' : 'offered',
    verifyCertificate: true,
    credentials,
    clientName: undefined,
    timeouts: { ...defaultTimeouts },
  }
  for (const [name, value] of url.searchParams) applyParameter(settings, name, value)
  return settings
}

function applyParameter(settings: SmtpSettings, name: string, value: string): void {
  if (name === 'starttls') {
    const mode = startTlsModes.find((known) => known === value)
    if (!mode)
      throw new SmtpUrlError(`SMTP_URL: starttls is one of ${startTlsModes.join(', ')}, not "${value}"`)
    if (settings.implicitTls && mode !== 'never')
      throw new SmtpUrlError('SMTP_URL: starttls goes with smtp://; smtps:// is TLS from the start')
    settings.startTls = mode
  } else if (name === 'verify_certificate') {
    if (value !== 'true' && value !== 'false')
      throw new SmtpUrlError(`SMTP_URL: verify_certificate is true or false, not "${value}"`)
    settings.verifyCertificate = value === 'true'
  } else if (name === 'client_name') {
    if (!/^[\w.-]+$/.test(value))
      throw new SmtpUrlError(`SMTP_URL: client_name is a host name, not "${value}"`)
    settings.clientName = value
  } else if (isTimeoutParameter(name)) {
    const seconds = Number(value)
    if (!(seconds > 0 && seconds <= 3600))
      throw new SmtpUrlError(`SMTP_URL: ${name} is a number of seconds, not "${value}"`)
    if (name === 'send_timeout' && seconds * 1000 > maxSendMs)
      throw new SmtpUrlError(
        `SMTP_URL: send_timeout is at most ${maxSendMs / 1000} seconds, not "${value}": a mail not taken by then is tried again`,
      )
    settings.timeouts[timeoutParameters[name]] = seconds * 1000
  } else {
    const known = ['starttls', 'verify_certificate', 'client_name', ...Object.keys(timeoutParameters)]
    throw new SmtpUrlError(`SMTP_URL: unknown parameter ${name}; there are ${known.join(', ')}`)
  }
}

function isTimeoutParameter(name: string): name is keyof typeof timeoutParameters {
  return Object.hasOwn(timeoutParameters, name)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new SmtpUrlError('SMTP_URL: the user or password holds a % that is not percent-encoded')
  }
}
