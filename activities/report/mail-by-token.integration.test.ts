/** A whole report through a mail server that takes tokens alone. */

import { afterAll, beforeAll, expect, it } from 'vitest'
import { readFaults } from '#services/maintenance/installation-faults.ts'
import { oauthClient, startTokenMailServer, type TokenMailServer } from '#test/servers/token-mail-server.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

let server: TokenMailServer
let world: ReportWorld
beforeAll(async () => {
  server = await startTokenMailServer({ uses: 37, tokenMs: 50 })
  world = await ReportWorld.create({
    SMTP_URL: server.url,
    SMTP_OAUTH_TOKEN_URL: server.tokenUrl,
    SMTP_OAUTH_CLIENT_ID: oauthClient.id,
    SMTP_OAUTH_CLIENT_SECRET: oauthClient.secret,
    MAIL_RATE_PER_SECOND: '1000',
    MAIL_DEFERRED_WAITS_SECONDS: '1',
  })
  await world.startWorker()
})
afterAll(async () => {
  await world.close()
  await server.close()
})

it('whose token ends in the middle of a hundred mails delivers each once', async () => {
  const recipients = Array.from({ length: 100 }, (_, index) => `r${index}@ville.test`)
  const { number } = await world.request({ recipients })
  await world.rowBecomes(number, ({ delivery }) => delivery === 'sent', 120_000)
  expect([...server.accepted].sort()).toEqual([...recipients].sort())
  expect(server.tokenRequests).toHaveLength(3)
})

it('whose client is refused tells administrators, until a token is granted', async () => {
  server.expireTokens()
  server.tokenAnswer = { status: 401, body: { error: 'invalid_client', error_description: 'Expired secret' } }
  const { number } = await world.request()
  await expect
    .poll(() => readFaults(world.prisma), { timeout: 30_000 })
    .toMatchObject([
      {
        part: 'mail_sign_in',
        code: 'mail_auth',
        detail: expect.stringContaining('invalid_client: Expired secret'),
      },
    ])
  await world.rowBecomes(number, ({ status }) => status === 'failed', 60_000)
  server.tokenAnswer = null
  // One that was refused is asked again after a while.
  await expect
    .poll(() => world.context.mailer.ping().then(() => 'signed in', String), { timeout: 20_000 })
    .toBe('signed in')
  await expect.poll(() => readFaults(world.prisma)).toEqual([])
  expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
  await world.rowBecomes(number, ({ delivery }) => delivery === 'sent')
}, 120_000)
