/** Signing in to the mail server: with a password, or with a token (XOAUTH2). */

import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import XOAuth2 from 'nodemailer/lib/xoauth2'
import { MailError } from './classify-mail-error.ts'
import type { SmtpSettings } from './smtp-settings.ts'

type Credentials = NonNullable<SmtpSettings['credentials']>

export async function signIn(connection: SMTPConnection, credentials: Credentials): Promise<void> {
  const { user, password, tokens } = credentials
  if (!tokens) return login(connection, { user, pass: password, credentials: { user, pass: password } })
  let used: string | undefined
  let hasRenewed = false
  /** nodemailer asks with `renew` after a 334 that refuses (Google); 535 without it (Microsoft) is answered below. */
  const provide = async (renew: boolean) => {
    hasRenewed ||= renew
    used = await tokens.get(renew ? used : undefined)
    return used
  }
  const attempt = (renew: boolean) =>
    login(connection, {
      user,
      method: 'XOAUTH2',
      oauth2: new XOAuth2({
        user,
        provisionCallback: (_user, again, done) => {
          // nodemailer writes on the errors that it passes on: it gets one of its own.
          provide(renew || again).then(
            (token) => done(null, token),
            (error: unknown) => done(new Error('No token', { cause: error })),
          )
        },
      }),
    })
  try {
    await attempt(false)
  } catch (error) {
    if (hasRenewed || !isRefused(error)) throw error
    await attempt(true)
  }
}

async function login(
  connection: SMTPConnection,
  auth: Parameters<SMTPConnection['login']>[0],
): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      connection.login(auth, (error) => (error ? reject(error) : resolve()))
    })
  } catch (error) {
    throw error instanceof Error && error.cause instanceof MailError ? error.cause : error
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && 'responseCode' in error && error.responseCode === 535
}
