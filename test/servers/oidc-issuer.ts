/** An OpenID Connect issuer on a free port, for tests of sign-in: it accepts every person. */

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

export interface OidcIssuer {
  url: string
  clientId: string
  clientSecret: string
  /** The person of the next authorization. */
  person: { sub: string; email: string; email_verified: boolean; name: string }
  close(): Promise<void>
}

export async function startOidcIssuer(): Promise<OidcIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'RS256', use: 'sig' }
  const nonces = new Map<string, string>()
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const issuer: OidcIssuer = {
    url,
    clientId: 'rapporteur',
    clientSecret: 'client-secret',
    person: { sub: 'subject-1', email: 'nadia@exemple.fr', email_verified: true, name: 'Nadia Petit' },
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  return issuer

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = new URL(request.url ?? '/', url)
    const json = (body: object) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    switch (asked.pathname) {
      case '/.well-known/openid-configuration':
        return json({
          issuer: url,
          authorization_endpoint: `${url}/authorize`,
          token_endpoint: `${url}/token`,
          userinfo_endpoint: `${url}/userinfo`,
          jwks_uri: `${url}/jwks`,
          id_token_signing_alg_values_supported: ['RS256'],
        })
      case '/jwks':
        return json({ keys: [jwk] })
      case '/authorize': {
        const code = crypto.randomUUID()
        nonces.set(code, asked.searchParams.get('nonce') ?? '')
        const back = new URL(asked.searchParams.get('redirect_uri') ?? '')
        back.searchParams.set('code', code)
        back.searchParams.set('state', asked.searchParams.get('state') ?? '')
        response.writeHead(302, { location: back.href }).end()
        return
      }
      case '/token': {
        let form = ''
        for await (const chunk of request) form += String(chunk)
        const nonce = nonces.get(new URLSearchParams(form).get('code') ?? '')
        const token = await new SignJWT({ ...issuer.person, ...(nonce ? { nonce } : {}) })
          .setProtectedHeader({ alg: 'RS256', kid: 'test' })
          .setIssuer(url)
          .setAudience(issuer.clientId)
          .setIssuedAt()
          .setExpirationTime('5m')
          .sign(privateKey)
        return json({ access_token: 'access', token_type: 'Bearer', expires_in: 300, id_token: token })
      }
      case '/userinfo':
        return json(issuer.person)
      default:
        response.writeHead(404).end()
    }
  }
}
