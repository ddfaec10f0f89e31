import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import {
  oauthClient,
  startTokenMailServer,
  type TokenMailServer,
  type TokenMailServerOptions,
} from '#test/servers/token-mail-server.ts'
import { createMailer, type Mailer } from './mailer.ts'
import type { Mail } from './mail-message.ts'
import { createTokenSource } from './token-source.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((part) => part.close()))
})

const scope = 'https://outlook.office365.com/.default'
const refreshToken = 'refresh-of-this-test'

async function start(
  options: TokenMailServerOptions = {},
  variables: Record<string, string> = {},
): Promise<{ server: TokenMailServer; mailer: Mailer; told: string[] }> {
  const server = await startTokenMailServer(options)
  const told: string[] = []
  const tokens = createTokenSource(
    {
      SMTP_OAUTH_TOKEN_URL: server.tokenUrl,
      SMTP_OAUTH_CLIENT_ID: oauthClient.id,
      SMTP_OAUTH_CLIENT_SECRET: oauthClient.secret,
      ...variables,
    },
    { onRefused: (words) => told.push(words), onGranted: () => told.push('granted') },
  )
  const mailer = createMailer({ url: server.url, from: 'Rapporteur <rapporteur@ville.test>', tokens })
  open.push(mailer, server)
  return { server, mailer, told }
}

const mailTo = (to: string): Mail => ({
  to,
  subject: 'Rapport',
  html: '<p>Voici.</p>',
  text: 'Voici.',
  messageId: `<${to}>`,
})
const failure = (sending: Promise<unknown>) =>
  sending.then(
    () => {
      throw new Error('It was sent')
    },
    (error: unknown) => error,
  )

describe('signing in by a token', () => {
  it.each([
    ['client credentials', { SMTP_OAUTH_SCOPE: scope }, { grant_type: 'client_credentials', scope }],
    [
      'a refresh token',
      { SMTP_OAUTH_REFRESH_TOKEN: refreshToken },
      { grant_type: 'refresh_token', refresh_token: refreshToken },
    ],
  ])('asks for it by %s, once for many mails', async (_by, variables, asked) => {
    const { server, mailer } = await start({ refreshToken }, variables)
    await mailer.send(mailTo('a@ville.test'))
    await mailer.ping()
    await mailer.send(mailTo('b@ville.test'))
    expect(server.accepted).toEqual(['a@ville.test', 'b@ville.test'])
    const [request, ...others] = server.tokenRequests
    expect(others).toEqual([])
    expect(Object.fromEntries(request ?? [])).toMatchObject(asked)
  })

  it('uses the refresh token that came with the last token', async () => {
    const { server, mailer } = await start(
      { refreshToken, rotates: true, uses: 1 },
      { SMTP_OAUTH_REFRESH_TOKEN: refreshToken },
    )
    for (const to of ['a@ville.test', 'b@ville.test', 'c@ville.test']) await mailer.send(mailTo(to))
    expect(server.tokenRequests.map((form) => form.get('refresh_token'))).toEqual([
      refreshToken,
      'refresh-1',
      'refresh-2',
    ])
  })

  it.each(['plain', 'challenge'] as const)(
    'in the middle of a hundred mails expires: each is delivered once (%s)',
    async (refuses) => {
      const { server, mailer } = await start({ refuses, uses: 37, tokenMs: 30 })
      const recipients = Array.from({ length: 100 }, (_, index) => `r${index}@ville.test`)
      const queue = [...recipients]
      const line = async () => {
        for (let to = queue.shift(); to !== undefined; to = queue.shift()) await mailer.send(mailTo(to))
      }
      await Promise.all(Array.from({ length: 10 }, line))
      expect([...server.accepted].sort()).toEqual([...recipients].sort())
      // Each token was good for 37 sign-ins, and whoever found it used up shared the request for the next.
      expect(server.tokenRequests).toHaveLength(3)
    },
  )

  it('refused again with a new token: it is a sign-in that failed, and asks once', async () => {
    const { server, mailer } = await start({ uses: 0 })
    expect(await failure(mailer.send(mailTo('a@ville.test')))).toMatchObject({
      code: 'mail_auth',
      responseCode: 535,
    })
    expect([server.tokenRequests.length, server.refused()]).toEqual([2, 2])
  })
})

describe('the token server', () => {
  it.each([
    ['drops the connection', 'away'],
    ['answers 503', { status: 503, body: 'Service Unavailable' }],
    ['answers 429', { status: 429, body: { error: 'slow_down' } }],
  ] as const)('%s: the mail is for later, and no wrong password', async (_does, answer) => {
    const { server, mailer, told } = await start()
    server.tokenAnswer = answer
    const error = await failure(mailer.send(mailTo('a@ville.test')))
    expect(error).toMatchObject({ kind: 'deferred', code: 'mail_deferred', stage: 'login' })
    expect(told).toEqual([])
    server.tokenAnswer = null
    await mailer.send(mailTo('a@ville.test'))
    expect(told).toEqual(['granted'])
  })

  it.each([
    ['client', { SMTP_OAUTH_CLIENT_SECRET: 'wrong-secret-of-this-test' }, 'invalid_client'],
    ['refresh token', { SMTP_OAUTH_REFRESH_TOKEN: 'old-token-of-this-test' }, 'invalid_grant'],
  ])('refuses the %s: it is told, with its words and no secret', async (_what, variables, words) => {
    const { server, mailer, told } = await start({ refreshToken }, variables)
    const errors = await Promise.all(
      ['a@ville.test', 'b@ville.test'].map((to) => failure(mailer.send(mailTo(to)))),
    )
    for (const error of errors) {
      expect(error).toMatchObject({ code: 'mail_auth', message: expect.stringContaining(words) })
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('of-this-test')
    }
    // Both shared it.
    expect(told).toEqual([expect.stringContaining(words)])
    await failure(mailer.send(mailTo('c@ville.test')))
    expect(server.tokenRequests).toHaveLength(1)
  })

  it('at a wrong address is a fault of the configuration', async () => {
    const { server, mailer, told } = await start()
    server.tokenAnswer = { status: 404, body: '<html>' }
    expect(await failure(mailer.send(mailTo('a@ville.test')))).toMatchObject({ code: 'mail_auth' })
    expect(told).toHaveLength(1)
  })
})
