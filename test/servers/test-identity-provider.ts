/**
 * A real OpenID Connect provider (oidc-provider) on a port of its own, that signs in whoever `person` is without
 * asking. `answers` replaces single answers, so that a test can make it lie, hang or fail.
 */

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose'
import { Provider } from 'oidc-provider'

export interface ProviderPerson {
  sub: string
  [claim: string]: unknown
}

type AnswerOf = (request: IncomingMessage, response: ServerResponse) => void

export interface TestIdentityProvider {
  url: string
  variables: { OIDC_ISSUER: string; OIDC_CLIENT_ID: string; OIDC_CLIENT_SECRET: string }
  person: ProviderPerson
  /** By path, such as `/token`. */
  answers: Map<string, AnswerOf>
  /** Signs with a new key from now on; the old one is gone. */
  rotateKeys(): Promise<void>
  /** An ID token of this provider; its `nonce` is the last one asked for. */
  idToken(claims: Record<string, unknown>, options?: { key?: CryptoKey }): Promise<string>
  close(): Promise<void>
}

export const clientId = 'rapporteur'
const clientSecret = 'a client secret of the test provider'

export async function startIdentityProvider(options: {
  /** PUBLIC_URL of the product. */
  publicUrl: string
  port?: number
}): Promise<TestIdentityProvider> {
  let nonce = ''
  let signingKey: CryptoKey
  let handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  const answers = new Map<string, AnswerOf>()
  const server = createServer((request, response) => {
    const asked = new URL(request.url ?? '/', url)
    if (asked.searchParams.has('nonce')) nonce = asked.searchParams.get('nonce') ?? ''
    const replaced = answers.get(asked.pathname)
    if (replaced) replaced(request, response)
    else void handle(request, response)
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const running: TestIdentityProvider = {
    url,
    variables: { OIDC_ISSUER: url, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret },
    person: { sub: 'subject-1', email: 'nadia@exemple.fr', email_verified: true, name: 'Nadia Petit' },
    answers,
    rotateKeys: begin,
    idToken: (claims, { key = signingKey } = {}) =>
      new SignJWT({ nonce, ...claims }).setProtectedHeader({ alg: 'RS256', kid: keyId }).sign(key),
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  let keyId = ''
  await begin()
  return running

  async function begin(): Promise<void> {
    const pair = await generateKeyPair('RS256', { extractable: true })
    signingKey = pair.privateKey
    keyId = crypto.randomUUID()
    const jwk = { ...(await exportJWK(pair.privateKey)), kid: keyId, alg: 'RS256', use: 'sig' }
    const provider = new Provider(url, {
      clients: [
        {
          client_id: clientId,
          client_secret: clientSecret,
          redirect_uris: [`${options.publicUrl}/api/auth/callback/oidc`],
          post_logout_redirect_uris: [`${options.publicUrl}/connexion`],
        },
      ],
      jwks: { keys: [jwk] },
      cookies: { keys: ['a cookie key of the test provider'] },
      claims: { email: ['email', 'email_verified'], profile: ['name'], groups: ['groups', 'site'] },
      scopes: ['openid', 'email', 'profile', 'groups'],
      features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
      interactions: { url: (_context, interaction) => `/sign-in/${interaction.uid}` },
      findAccount: (_context, id) => ({
        accountId: id,
        claims: () => running.person,
      }),
      // Nobody is asked for consent.
      loadExistingGrant: async ({ oidc }) => {
        const grant = new oidc.provider.Grant({
          clientId: oidc.client?.clientId ?? '',
          accountId: oidc.session?.accountId ?? '',
        })
        grant.addOIDCScope('openid email profile groups')
        await grant.save()
        return grant
      },
    })
    const callback = provider.callback()
    handle = async (request, response) => {
      if (request.url?.startsWith('/sign-in/')) {
        const login = { accountId: running.person.sub }
        await provider.interactionFinished(request, response, { login })
      } else await callback(request, response)
    }
  }
}
