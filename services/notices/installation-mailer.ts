import { createMailer, type Mailer } from '#adapters/mail/mailer.ts'
import { createTokenSource } from '#adapters/mail/token-source.ts'
import type { Environment } from '#config/environment.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { clearFault, noteFault } from '../maintenance/installation-faults.ts'

/** The mailer of this installation, as the environment describes it; a refused sign-in by token is noted. */
export function createInstallationMailer(environment: Environment, prisma: PrismaClient): Mailer {
  return createMailer({
    url: environment.SMTP_URL,
    smtp: environment,
    from: environment.MAIL_FROM,
    replyTo: environment.MAIL_REPLY_TO,
    envelopeFrom: environment.MAIL_ENVELOPE_FROM,
    tokens: createTokenSource(environment, {
      onRefused: (detail) =>
        void noteFault(prisma, 'mail_sign_in', { code: 'mail_auth', detail }).catch(() => {}),
      onGranted: () => void clearFault(prisma, 'mail_sign_in').catch(() => {}),
    }),
    publicUrl: environment.PUBLIC_URL,
    unsubscribeAddress: environment.MAIL_UNSUBSCRIBE_ADDRESS,
  })
}
