/** Sign-in to the mail server by OAuth 2 (XOAUTH2) instead of a password; the user is that of SMTP_URL. */

import { z } from 'zod'
import type { Fault } from './production-faults.ts'

export const smtpOauthVariables = {
  /** Microsoft: https://login.microsoftonline.com/TENANT/oauth2/v2.0/token; Google: https://oauth2.googleapis.com/token. */
  SMTP_OAUTH_TOKEN_URL: z.url({ protocol: /^https?$/, error: 'is an address, https://…' }).optional(),
  SMTP_OAUTH_CLIENT_ID: z.string().optional(),
  /** Unset: a public client, which needs a refresh token. */
  SMTP_OAUTH_CLIENT_SECRET: z.string().optional(),
  /** Unset: the client asks in its own name (client credentials). */
  SMTP_OAUTH_REFRESH_TOKEN: z.string().optional(),
  /** Microsoft: https://outlook.office365.com/.default. */
  SMTP_OAUTH_SCOPE: z.string().optional(),
} as const

export type SmtpOauthVariables = Partial<z.output<z.ZodObject<typeof smtpOauthVariables>>>

/** What one variable says without another that it needs. */
export function smtpOauthFaults(given: Readonly<Record<string, string | undefined>>): Fault[] {
  const asked = Object.keys(smtpOauthVariables).filter((name) => given[name] !== undefined)
  if (asked.length === 0) return []
  const faults = ['SMTP_OAUTH_TOKEN_URL', 'SMTP_OAUTH_CLIENT_ID']
    .filter((name) => given[name] === undefined)
    .map((name) => ({ name, message: `is required when ${asked.join(', ')} is set` }))
  if (!given['SMTP_OAUTH_CLIENT_SECRET'] && !given['SMTP_OAUTH_REFRESH_TOKEN']) {
    faults.push({ name: 'SMTP_OAUTH_CLIENT_SECRET', message: 'or SMTP_OAUTH_REFRESH_TOKEN is required' })
  }
  const url = URL.parse(given['SMTP_URL'] ?? '')
  if (url?.username === '') {
    faults.push({ name: 'SMTP_URL', message: 'needs the user whose mailbox SMTP_OAUTH_… signs in to' })
  }
  if (url && url.password !== '') {
    faults.push({ name: 'SMTP_URL', message: 'has a password beside SMTP_OAUTH_…: only one can be meant' })
  }
  return faults
}
