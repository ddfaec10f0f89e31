/** SMTP_URL, `smtp[s]://user:password@host:port`, and its variables, read strictly so that a typing error ends the start. */

import { isIP } from 'node:net'
import type { Logger } from '#config/logger.ts'
import { smtpVariables, type SmtpVariable, type SmtpVariables } from '#config/smtp-variables.ts'
import type { TokenSource } from './token-source.ts'

export interface SmtpTimeouts {
  /** DNS, TCP and, over `smtps:`, the TLS handshake. */
  connectMs: number
  /** From the connection to the server's greeting. */
  greetingMs: number
  /** Silence of the server while commands and content go back and forth. */
  socketMs: number
  /**
   * From the end of the message to the server's verdict. Long, because servers look through an attachment before they
   * answer, and giving up in between leaves nobody knowing whether the mail arrived.
   */
  answerMs: number
  /** Everything until the end of the message, whatever the others say. */
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
  credentials: { user: string; password: string; tokens?: TokenSource } | null
  /** What the client calls itself in EHLO, when SMTP_CLIENT_NAME says it. */
  clientName: string | undefined
  timeouts: SmtpTimeouts
}

export class SmtpUrlError extends Error {
  override readonly name = 'SmtpUrlError'
}

/** How each used to be said, in SMTP_URL's own query; still read. */
const queryNames = {
  starttls: 'SMTP_STARTTLS',
  verify_certificate: 'SMTP_VERIFY_CERTIFICATE',
  client_name: 'SMTP_CLIENT_NAME',
  connect_timeout: 'SMTP_CONNECT_TIMEOUT_SECONDS',
  greeting_timeout: 'SMTP_GREETING_TIMEOUT_SECONDS',
  socket_timeout: 'SMTP_SOCKET_TIMEOUT_SECONDS',
  answer_timeout: 'SMTP_ANSWER_TIMEOUT_SECONDS',
  send_timeout: 'SMTP_SEND_TIMEOUT_SECONDS',
} as const satisfies Record<string, SmtpVariable>

/**
 * With a password, and unless the server is on this machine, STARTTLS is required when nothing is said: a password is
 * not sent in the clear because an attacker on the way hid the offer.
 * @param variables what the environment says (config/smtp-variables.ts); it counts more than the URL's query.
 * @throws SmtpUrlError naming what is wrong, never the password.
 */
export function readSmtpSettings(text: string, variables: SmtpVariables = {}): SmtpSettings {
  if (!URL.canParse(text))
    throw new SmtpUrlError('SMTP_URL: not a URL (a password’s @ : / ? # % must be percent-encoded)')
  const url = new URL(text)
  if (url.protocol !== 'smtp:' && url.protocol !== 'smtps:')
    throw new SmtpUrlError('SMTP_URL: must start with smtp:// or smtps://')
  if (!url.hostname) throw new SmtpUrlError('SMTP_URL: names no server')
  if (url.pathname !== '' && url.pathname !== '/')
    throw new SmtpUrlError(`SMTP_URL: unexpected path ${url.pathname}`)

  const asked = fromQuery(url.searchParams)
  const said = <Name extends SmtpVariable>(name: Name) => variables[name] ?? asked[name]
  const ms = (name: SmtpVariable, fallbackSeconds: number) => Number(said(name) ?? fallbackSeconds) * 1000
  const implicitTls = url.protocol === 'smtps:'
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const credentials = url.username ? { user: decode(url.username), password: decode(url.password) } : null
  const startTls = said('SMTP_STARTTLS')
  if (implicitTls && startTls !== undefined && startTls !== 'never')
    throw new SmtpUrlError('SMTP_STARTTLS (starttls): goes with smtp://; smtps:// is TLS from the start')
  return {
    host,
    port: url.port ? Number(url.port) : implicitTls ? 465 : 587,
    implicitTls,
    startTls: startTls ?? (implicitTls ? 'never' : credentials && !isLoopback(host) ? 'required' : 'offered'),
    verifyCertificate: said('SMTP_VERIFY_CERTIFICATE') ?? true,
    credentials,
    clientName: said('SMTP_CLIENT_NAME'),
    // As long as RFC 5321 asks a client to wait: five minutes for the greeting and each command (4.5.3.2.1 to 3; for DATA
    // and its blocks it asks for two and three), ten for the verdict (4.5.3.2.6).
    timeouts: {
      connectMs: ms('SMTP_CONNECT_TIMEOUT_SECONDS', 30),
      greetingMs: ms('SMTP_GREETING_TIMEOUT_SECONDS', 300),
      socketMs: ms('SMTP_SOCKET_TIMEOUT_SECONDS', 300),
      answerMs: ms('SMTP_ANSWER_TIMEOUT_SECONDS', 600),
      totalMs: ms('SMTP_SEND_TIMEOUT_SECONDS', 900),
    },
  }
}

/** Warns, at the start, of mails that may pass other machines in the clear: by configuration, or by an attacker's. */
export function warnWithoutTls(settings: SmtpSettings, logger: Pick<Logger, 'warn'>): void {
  const { host, implicitTls, startTls, verifyCertificate } = settings
  if (isLoopback(host)) return
  if (!implicitTls && startTls !== 'required') {
    logger.warn({ host }, 'mails may leave without TLS: use smtps://, or set SMTP_STARTTLS=required')
  } else if (!verifyCertificate) {
    logger.warn({ host }, 'the mail server’s certificate is not verified: unset SMTP_VERIFY_CERTIFICATE')
  }
}

function fromQuery(parameters: URLSearchParams): SmtpVariables {
  const read = [...parameters].map(([name, value]) => {
    if (!Object.hasOwn(queryNames, name)) {
      const known = Object.keys(queryNames).join(', ')
      throw new SmtpUrlError(`SMTP_URL: unknown parameter ${name}; there are ${known}`)
    }
    const variable = queryNames[name as keyof typeof queryNames]
    const parsed = smtpVariables[variable].safeParse(value)
    if (parsed.success) return [variable, parsed.data]
    throw new SmtpUrlError(`SMTP_URL: ${name} ${parsed.error.issues[0]?.message}, not "${value}"`)
  })
  return Object.fromEntries(read) as SmtpVariables
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
