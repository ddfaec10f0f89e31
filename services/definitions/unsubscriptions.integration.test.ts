/** One click in a mail program, with real services: from the mail's header to the notice to the owner. */

import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLogger } from '#config/logger.ts'
import { eventually } from '#test/eventually.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { createApp } from '#api/app.ts'
import type { Api } from '#api/http/api-env.ts'
import { createAuth } from '#api/auth/create-auth.ts'
import { createReportFeed } from '#api/reports/report-feed.ts'

let world: ReportWorld
let app: Api
let closeFeed: () => void
beforeAll(async () => {
  // One click is offered over https alone.
  world = await ReportWorld.create({ PUBLIC_URL: 'https://rapports.ville.test' })
  await world.startWorker()
  const { environment, prisma, engine } = world
  const logger = createLogger('test', 'silent')
  const now = () => new Date()
  const feed = createReportFeed({ prisma, engine, logger, now })
  closeFeed = () => feed.close()
  const auth = createAuth(prisma, environment, logger)
  app = createApp({ ...world.context, auth, engine, logger, now }, feed)
})
afterAll(async () => {
  closeFeed()
  await world.close()
})

it('one click in a mail program ends the mails to that address and notifies the owner', async () => {
  const [leaving, staying] = ['lea@ville.test', 'bruno@ville.test']
  const { id } = await world.define({ name: 'Écoles du matin', recipients: [leaving, staying] })
  const run = async () => {
    const { recipients } = await world.prisma.scheduledReport.findUniqueOrThrow({ where: { id } })
    const { number } = await world.request({ origin: 'run_now', scheduledReport: { id }, recipients })
    await world.rowBecomes(number, (row) => row.status === 'completed')
  }
  await run()
  const [mail] = world.mail.mailsFor(leaving)
  const header = (name: string) =>
    new RegExp(`^${name}: (.*)$`, 'im').exec(mail?.raw.replaceAll(/\r\n(?=[ \t])/g, '') ?? '')?.[1]
  expect(header('List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click')
  const link = /^<(.+)>$/.exec(header('List-Unsubscribe') ?? '')?.[1] ?? ''
  expect(link).toMatch(new RegExp(`^${world.environment.PUBLIC_URL}/u/`))

  // The mail server is away at that moment.
  world.mail.inject({ at: 'recipient', does: 'drop', recipient: world.owner.email, times: 1 })
  const answer = await app.request(new URL(link).pathname, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: header('List-Unsubscribe-Post'),
  })
  expect(answer.status).toBe(200)
  const [told] = await eventually(
    async () => world.mail.mailsFor(world.owner.email),
    (mails) => mails.length > 0,
  )
  expect(told?.parsed.subject).toBe(`${leaving} ne reçoit plus : Écoles du matin`)
  expect(told?.parsed.text).toContain(staying)

  await run()
  expect([leaving, staying].map((email) => world.mail.mailsFor(email).length)).toEqual([1, 2])
  // Automatic replies are not sent to such a mail.
  expect(mail?.parsed.headers.get('auto-submitted')).toBe('auto-generated')
  expect(mail?.from).toBe('rapporteur@rapporteur.test')
})
