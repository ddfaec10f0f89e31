import type { Environment } from '#config/environment.ts'
import type { Logger } from '#config/logger.ts'
import { isLoopback, readSmtpSettings } from './smtp-settings.ts'

/** Warns, at the start, of mails that may pass other machines in the clear: by configuration, or by an attacker's. */
export function warnWithoutTls(environment: Environment, logger: Logger): void {
  const { host, implicitTls, startTls, verifyCertificate } = readSmtpSettings(
    environment.SMTP_URL,
    environment,
  )
  if (isLoopback(host)) return
  if (!implicitTls && startTls !== 'required') {
    logger.warn({ host }, 'mails may leave without TLS: use smtps://, or set SMTP_STARTTLS=required')
  } else if (!verifyCertificate) {
    logger.warn({ host }, 'the mail server’s certificate is not verified: unset SMTP_VERIFY_CERTIFICATE')
  }
}
