/** The organisation's identity provider: where it sends a person to sign in, and whom it says they are. */

import * as oidc from 'openid-client'
import type { Environment } from '#config/environment.ts'

export type ProviderEnvironment = Pick<
  Environment,
  'PUBLIC_URL' | 'OIDC_ISSUER' | 'OIDC_CLIENT_ID' | 'OIDC_CLIENT_SECRET' | 'OIDC_SCOPES'
>

/** What is remembered, in the browser, between the way there and the way back. */
export interface SignInChecks {
  state: string
  nonce: string
  codeVerifier: string
}

export interface IdentityProvider {
  /** @throws ProviderError */
  signInUrl(): Promise<{ url: string; checks: SignInChecks }>
  /**
   * @param query the query the provider sent the person back with.
   * @returns the claims of the ID token and, where they are not in it, of its userinfo address.
   * @throws ProviderError
   */
  claims(query: string, checks: SignInChecks): Promise<Readonly<Record<string, unknown>>>
  /** Where signing out goes on; null when the provider has no such address or cannot be asked. */
  signOutUrl(returnTo: string): Promise<string | null>
}

/** `away`: not reached. `declined`: it says no, or the person did. `wrong`: its answer does not hold. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  readonly reason: 'away' | 'declined' | 'wrong'

  constructor(reason: ProviderError['reason'], cause: unknown) {
    super(`The identity provider: ${reason}`, { cause })
    this.reason = reason
  }
}

/** Its path is registered at the provider. */
export const callbackPath = '/api/auth/callback/oidc'
const timeoutSeconds = 8
const clockToleranceSeconds = 120
/** How long its description is believed. Its keys are read at each sign-in, so that a rotation is never waited for. */
const descriptionMs = 60 * 60 * 1000

/** @returns null when none is configured. It is asked when it is needed, never at start. */
export function createIdentityProvider(
  environment: ProviderEnvironment,
  now: () => Date = () => new Date(),
): IdentityProvider | null {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_SCOPES, PUBLIC_URL } = environment
  if (!OIDC_ISSUER || !OIDC_CLIENT_ID || !OIDC_CLIENT_SECRET) return null
  const issuer = new URL(OIDC_ISSUER)
  const clientId = OIDC_CLIENT_ID
  const metadata = { client_secret: OIDC_CLIENT_SECRET, [oidc.clockTolerance]: clockToleranceSeconds }
  const redirectUri = new URL(PUBLIC_URL + callbackPath)
  const isPlain = issuer.protocol === 'http:'
  let described: { at: number; server: oidc.ServerMetadata } | null = null

  /** A configuration of its own for each sign-in: the library keeps a provider's keys as long as its configuration. */
  async function configuration(): Promise<oidc.Configuration> {
    if (!described || now().getTime() - described.at > descriptionMs) {
      const execute = isPlain ? [oidc.allowInsecureRequests] : []
      const found = await oidc.discovery(issuer, clientId, metadata, undefined, {
        execute,
        timeout: timeoutSeconds,
      })
      described = { at: now().getTime(), server: found.serverMetadata() }
    }
    const config = new oidc.Configuration({ ...described.server }, clientId, metadata)
    config.timeout = timeoutSeconds
    if (isPlain) oidc.allowInsecureRequests(config)
    // The ID token's signature is checked, although it comes from the provider itself.
    oidc.enableNonRepudiationChecks(config)
    return config
  }

  return {
    async signInUrl() {
      const checks = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        codeVerifier: oidc.randomPKCECodeVerifier(),
      }
      const url = await asking(async () =>
        oidc.buildAuthorizationUrl(await configuration(), {
          redirect_uri: redirectUri.href,
          scope: ['openid', 'email', 'profile', OIDC_SCOPES].join(' ').trim(),
          state: checks.state,
          nonce: checks.nonce,
          code_challenge: await oidc.calculatePKCECodeChallenge(checks.codeVerifier),
          code_challenge_method: 'S256',
        }),
      )
      return { url: url.href, checks }
    },
    claims: (query, { state, nonce, codeVerifier }) =>
      asking(async () => {
        const config = await configuration()
        const tokens = await oidc.authorizationCodeGrant(config, new URL(query, redirectUri), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          idTokenExpected: true,
        })
        const idToken = tokens.claims()
        if (!idToken) throw new Error('no ID token')
        const hasUserInfo = config.serverMetadata().userinfo_endpoint !== undefined
        // Refused when it speaks of another subject than the ID token.
        const userInfo = hasUserInfo ? await oidc.fetchUserInfo(config, tokens.access_token, idToken.sub) : {}
        return { ...userInfo, ...idToken }
      }),
    async signOutUrl(returnTo) {
      try {
        const config = await configuration()
        if (config.serverMetadata().end_session_endpoint === undefined) return null
        const parameters = { post_logout_redirect_uri: returnTo }
        return oidc.buildEndSessionUrl(config, parameters).href
      } catch {
        return null
      }
    },
  }
}

async function asking<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    throw new ProviderError(reasonOf(error), error)
  }
}

function reasonOf(error: unknown): ProviderError['reason'] {
  if (error instanceof oidc.AuthorizationResponseError) return 'declined'
  if (error instanceof oidc.ResponseBodyError) return error.status >= 500 ? 'away' : 'wrong'
  if (!(error instanceof Error)) return 'wrong'
  const code = 'code' in error ? error.code : undefined
  if (code === 'OAUTH_TIMEOUT' || error.name === 'TimeoutError' || isNetworkError(error)) return 'away'
  // Discovery that answers anything but 200.
  if (code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' && statusOf(error.cause) >= 500) return 'away'
  return 'wrong'
}

/** What `fetch` throws when there is no answer. */
function isNetworkError(error: Error): boolean {
  return (
    (error instanceof TypeError && error.message === 'fetch failed') ||
    (error.cause instanceof Error && isNetworkError(error.cause))
  )
}

function statusOf(cause: unknown): number {
  return cause instanceof Response ? cause.status : 0
}
