/** The mail server: signs in and offers the sender's address, and hangs up before the mail is complete. */

import { randomUUID } from 'node:crypto'
import { createMailer } from '#adapters/mail/mailer.ts'
import { MailError } from '#adapters/mail/classify-mail-error.ts'
import { parseSender } from '#adapters/mail/mail-message.ts'
import { isAboutMailbox } from '#adapters/mail/reply-meaning.ts'
import { readSmtpSettings } from '#adapters/mail/smtp-settings.ts'
import { createTokenSource } from '#adapters/mail/token-source.ts'
import type { Environment } from '#config/environment.ts'
import { findingsOf, wordsOf, type Finding } from './finding.ts'

const { ok, warning, fault } = findingsOf('mail')

/** Nobody gets a mail: the server may not accept one without its end. */
class HungUp extends Error {}

export async function checkMail(environment: Environment): Promise<Finding[]> {
  const { SMTP_URL, MAIL_FROM, MAIL_ENVELOPE_FROM } = environment
  const { credentials } = readSmtpSettings(SMTP_URL, environment)
  const { address } = parseSender('MAIL_FROM', MAIL_FROM)
  const sender = MAIL_ENVELOPE_FROM === undefined ? address : parseSender('', MAIL_ENVELOPE_FROM).address
  const mailer = createMailer({
    url: SMTP_URL,
    smtp: environment,
    from: MAIL_FROM,
    envelopeFrom: MAIL_ENVELOPE_FROM,
    tokens: createTokenSource(environment),
    publicUrl: environment.PUBLIC_URL,
  })
  const user = credentials === null ? 'without sign-in' : `as "${credentials.user}"`
  const reached = ok(`${mailer.server}, ${user}, takes mails from ${sender}`)
  try {
    const mail = { subject: 'rapporteur doctor', html: '', text: '' }
    const messageId = `<${randomUUID()}@${mailer.domain}>`
    await mailer.send(
      { ...mail, to: address, messageId },
      { beforeDot: () => Promise.reject(new HungUp('before the end')) },
    )
    return [reached]
  } catch (error) {
    if (error instanceof HungUp) return [reached]
    if (!(error instanceof MailError)) throw error
    // The server took the sender; that it has no mailbox of this name is no fault.
    if (error.command === 'RCPT TO' && error.kind === 'permanent' && isAboutMailbox(error.response ?? '')) {
      return [reached]
    }
    return [refusal(error, mailer.server, user, sender)]
  } finally {
    await mailer.close()
  }
}

function refusal(error: MailError, server: string, user: string, sender: string): Finding {
  const said = error.response ?? wordsOf(error)
  switch (error.code) {
    case 'mail_auth':
      return fault(
        'mail_sign_in',
        `${server} refuses the sign-in ${user}: ${said}`,
        'Correct user and password in SMTP_URL (percent-encoded), or SMTP_OAUTH_…',
      )
    case 'mail_deferred':
    case 'mail_busy':
    case 'mail_quota':
      return warning(
        'mail_deferred',
        `${server} asks to come back later: ${said}`,
        'Mails wait as long as it says; where it says so for hours, ask its operator',
      )
    // At RCPT TO, whose refusals of a mailbox are no fault, what is left concerns the sender or this client.
    case 'mail_refused':
    case 'mail_sender_refused':
      return fault(
        'mail_sender_refused',
        `${server} takes no mails from ${sender}: ${said}`,
        'Let the account send as this address, or this machine relay; or set MAIL_FROM (or MAIL_ENVELOPE_FROM) to one that it may use',
      )
    case 'mail_tls':
      return fault(
        'mail_tls',
        `${server}: TLS fails: ${said}`,
        'Use a certificate that this machine trusts (NODE_EXTRA_CA_CERTS), or see SMTP_STARTTLS and SMTP_VERIFY_CERTIFICATE',
      )
    case 'mail_misconfigured':
      return fault(
        'mail_misconfigured',
        `${server} does not take this client: ${said}`,
        'See SMTP_URL, SMTP_STARTTLS and SMTP_CLIENT_NAME in .env.example',
      )
    default:
      return error.isPartAway
        ? fault(
            'mail_away',
            `${server} cannot be reached: ${said}`,
            'Start the mail server, or correct host and port in SMTP_URL; meanwhile mails wait',
          )
        : fault('mail_refused', `${server} refuses a mail: ${said}`, 'Ask its operator: its log says why')
  }
}
