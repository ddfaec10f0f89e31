/**
 * A mail server that takes XOAUTH2 alone, and the token server whose tokens it believes, each on a port of its own.
 * Tokens last for a number of sign-ins.
 */

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'

export const oauthClient = { id: 'rapporteur', secret: 'client-secret-of-this-test' } as const
export const oauthUser = 'rapports@ville.test'

export interface TokenMailServer {
  /** With the user, percent-encoded, and no password. */
  url: string
  tokenUrl: string
  /** The form of every request for a token. */
  tokenRequests: readonly URLSearchParams[]
  /** Every token given out, oldest first. */
  tokens: readonly string[]
  /** Recipients of the mails accepted. */
  accepted: readonly string[]
  /** Sign-ins refused. */
  refused(): number
  /** The present tokens are worth nothing from now on. */
  expireTokens(): void
  /** What the token server does instead: an error answer, or `away`, which drops the connection. */
  tokenAnswer: { status: number; body: unknown } | 'away' | null
  close(): Promise<void>
}

export interface TokenMailServerOptions {
  /** `challenge`: refuses with 334 and then 535, as Google does; `plain`: with 535, as Microsoft does. */
  refuses?: 'challenge' | 'plain'
  /** Sign-ins a token is good for. */
  uses?: number
  /** The lifetime that the token server announces, in seconds. */
  expiresIn?: number
  /** The refresh token that is asked for; it changes with each use when `rotates`. */
  refreshToken?: string
  rotates?: boolean
  /** How long a token request takes. */
  tokenMs?: number
}

export async function startTokenMailServer(options: TokenMailServerOptions = {}): Promise<TokenMailServer> {
  const { refuses = 'plain', uses = Infinity, expiresIn = 3600, rotates = false, tokenMs = 0 } = options
  let refreshToken = options.refreshToken
  const valid = new Map<string, number>()
  const tokenRequests: URLSearchParams[] = []
  const tokens: string[] = []
  const accepted: string[] = []
  let refused = 0

  const tokenServer = createServer((request, response) => void answerToken(request, response))
  async function answerToken(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(request))
    tokenRequests.push(form)
    await delay(tokenMs)
    if (server.tokenAnswer === 'away') return void request.socket.destroy()
    const answer = server.tokenAnswer ?? grant(form)
    response.writeHead(answer.status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer.body))
  }
  function grant(form: URLSearchParams) {
    if (form.get('client_id') !== oauthClient.id || form.get('client_secret') !== oauthClient.secret)
      return {
        status: 401,
        body: { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret' },
      }
    if (form.get('grant_type') === 'refresh_token' && form.get('refresh_token') !== refreshToken)
      return { status: 400, body: { error: 'invalid_grant' } }
    const access_token = `token-${tokens.length}-${randomUUID()}`
    tokens.push(access_token)
    valid.set(access_token, uses)
    if (rotates) refreshToken = `refresh-${tokens.length}`
    const rotated = rotates ? { refresh_token: refreshToken } : {}
    return { status: 200, body: { access_token, token_type: 'Bearer', expires_in: expiresIn, ...rotated } }
  }

  const mailServer = new SMTPServer({
    logger: false,
    authMethods: ['XOAUTH2'],
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onAuth({ username, accessToken = '' }, _session, callback) {
      const left = valid.get(accessToken) ?? 0
      if (username === oauthUser && left > 0) {
        valid.set(accessToken, left - 1)
        return callback(null, { user: username })
      }
      refused += 1
      if (refuses === 'challenge') return callback(null, { data: { status: '400', schemes: 'Bearer' } })
      return callback(Object.assign(new Error('5.7.3 Authentication unsuccessful'), { responseCode: 535 }))
    },
    onData(stream, session, callback) {
      stream.resume().once('end', () => {
        accepted.push(...session.envelope.rcptTo.map(({ address }) => address))
        callback(null, '2.0.0 Ok')
      })
    },
  })
  mailServer.on('error', () => {})
  mailServer.listen(0, '127.0.0.1')
  tokenServer.listen(0, '127.0.0.1')
  await Promise.all([once(mailServer.server, 'listening'), once(tokenServer, 'listening')])
  const port = (mailServer.server.address() as AddressInfo).port

  const server: TokenMailServer = {
    url: `smtp://${encodeURIComponent(oauthUser)}@127.0.0.1:${port}`,
    tokenUrl: `http://127.0.0.1:${(tokenServer.address() as AddressInfo).port}/tenant/oauth2/v2.0/token`,
    tokenRequests,
    tokens,
    accepted,
    refused: () => refused,
    expireTokens: () => valid.clear(),
    tokenAnswer: null,
    async close() {
      tokenServer.closeAllConnections()
      tokenServer.close()
      await new Promise<void>((resolve) => mailServer.close(resolve))
    },
  }
  return server
}
