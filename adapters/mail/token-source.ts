/** Access tokens for the mail server (OAuth 2), by client credentials or a refresh token. */

import * as oauth from 'openid-client'
import type { SmtpOauthVariables } from '#config/smtp-oauth-variables.ts'
import { MailError } from './classify-mail-error.ts'
import { safeText } from './smtp-reply.ts'

export interface TokenSource {
  /**
   * The token that is good now. Callers at the same time share one request.
   * @param refused a token that the mail server has just refused: another one is fetched, unless there is one already.
   * @throws MailError `mail_deferred` when the token server is away, `mail_auth` when it refuses this client.
   */
  get(refused?: string): Promise<string>
}

export interface TokenOutcomes {
  onGranted?: () => void
  /** With the token server's words: a fault of the configuration, which no retry mends. */
  onRefused?: (words: string) => void
}

const timeoutSeconds = 10
/** A token this close to its end may be refused before it gets there. */
const marginMs = 60_000
/** For one whose lifetime is not told. */
const defaultLifetimeSeconds = 300
/** A refused client is not asked again by each of a hundred mails: some token servers lock it. */
const refusalMs = 10_000

/** @returns null when no token server is configured. */
export function createTokenSource(
  variables: SmtpOauthVariables,
  { onGranted, onRefused }: TokenOutcomes = {},
): TokenSource | null {
  const { SMTP_OAUTH_TOKEN_URL, SMTP_OAUTH_CLIENT_ID, SMTP_OAUTH_CLIENT_SECRET, SMTP_OAUTH_SCOPE } = variables
  if (!SMTP_OAUTH_TOKEN_URL || !SMTP_OAUTH_CLIENT_ID) return null
  const { origin, protocol } = new URL(SMTP_OAUTH_TOKEN_URL)
  const configuration = new oauth.Configuration(
    { issuer: origin, token_endpoint: SMTP_OAUTH_TOKEN_URL },
    SMTP_OAUTH_CLIENT_ID,
    undefined,
    SMTP_OAUTH_CLIENT_SECRET ? oauth.ClientSecretPost(SMTP_OAUTH_CLIENT_SECRET) : oauth.None(),
  )
  configuration.timeout = timeoutSeconds
  if (protocol === 'http:') oauth.allowInsecureRequests(configuration)
  const parameters = SMTP_OAUTH_SCOPE ? { scope: SMTP_OAUTH_SCOPE } : undefined
  // Some providers give a new one with each token. It is kept as long as this process lives.
  let refreshToken = variables.SMTP_OAUTH_REFRESH_TOKEN
  let current: { value: string; untilMs: number } | null = null
  let asking: Promise<string> | null = null
  let refusal: { error: MailError; untilMs: number } | null = null

  async function ask(): Promise<string> {
    try {
      const answer =
        refreshToken === undefined
          ? await oauth.clientCredentialsGrant(configuration, parameters)
          : await oauth.refreshTokenGrant(configuration, refreshToken, parameters)
      refreshToken &&= answer.refresh_token ?? refreshToken
      const lifetimeMs = (answer.expiresIn() ?? defaultLifetimeSeconds) * 1000
      const usableMs = lifetimeMs - Math.min(marginMs, lifetimeMs / 2)
      current = { value: answer.access_token, untilMs: Date.now() + usableMs }
      onGranted?.()
      return answer.access_token
    } catch (error) {
      const failure = tokenFailure(error)
      if (failure.code === 'mail_auth') {
        refusal = { error: failure, untilMs: Date.now() + refusalMs }
        onRefused?.(failure.message)
      }
      throw failure
    } finally {
      asking = null
    }
  }

  return {
    async get(refused) {
      if (asking) return asking
      const now = Date.now()
      if (current && current.value !== refused && current.untilMs > now) return current.value
      if (refusal && refusal.untilMs > now) throw refusal.error
      asking = ask()
      return asking
    },
  }
}

/**
 * An answer that says no is a fault of the configuration: the client, its secret or its refresh token. Anything else,
 * a 5xx and silence among it, is a token server that is away. The error itself is left out: it may hold the answer.
 */
function tokenFailure(error: unknown): MailError {
  const status = statusOf(error)
  const words = safeText(wordsOf(error))
  const isAway = status === undefined || status >= 500 || status === 429 || status === 408
  return isAway
    ? new MailError(`The token server of the mail server does not answer: ${words}`, {
        kind: 'deferred',
        code: 'mail_deferred',
        stage: 'login',
      })
    : new MailError(`The token server of the mail server refuses this client: ${words}`, {
        kind: 'transient',
        code: 'mail_auth',
        stage: 'login',
      })
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof oauth.ResponseBodyError || error instanceof oauth.WWWAuthenticateChallengeError) {
    return error.status
  }
  // An answer in no known form: its status tells a wrong address from a proxy without its server.
  const { cause } = error instanceof Error ? error : {}
  return cause instanceof Response ? cause.status : undefined
}

function wordsOf(error: unknown): string {
  if (error instanceof oauth.ResponseBodyError) {
    return [error.error, error.error_description].filter(Boolean).join(': ')
  }
  return error instanceof Error ? error.message : String(error)
}
