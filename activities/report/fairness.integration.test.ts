import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '#test/eventually.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

let world: ReportWorld

beforeAll(async () => {
  world = await ReportWorld.create({ MAIL_RATE_PER_SECOND: '200' })
  await world.startWorker()
})
afterAll(() => world.close())

it('sends the single report of a second owner before the many of the first', async () => {
  const reports = 10
  const recipientsEach = 10
  /** Mails that one worker sends at the same time. */
  const inHand = 20
  world.mail.inject({ at: 'recipient', does: 'hold' })
  for (let index = 0; index < reports; index++) {
    await world.request({
      recipients: Array.from({ length: recipientsEach }, (_, who) => `premier-${index}-${who}@ville.test`),
    })
  }
  // Every mail of the first owner is being sent, or is in the queue.
  await eventually(
    async () =>
      (await world.prisma.report.findMany({ where: { status: 'running' } })).filter((row) => row.objectKey),
    (ready) => ready.length === reports,
  )
  await eventually(
    async () => world.mail.openConnections(),
    (open) => open >= inHand,
  )

  const second = await world.prisma.user.create({
    data: { id: randomUUID(), email: 'seconde@ville.test', name: 'Awa Diallo', role: 'admin' },
  })
  const late = await world.request({ ownerId: second.id, recipients: [second.email] })
  // The mail of the second owner is in the queue too.
  await eventually(
    () => world.engine.progressOf(late.number),
    (progress) => progress?.phase === 'email',
  )
  world.mail.release()
  await world.mail.received(reports * recipientsEach + 1, 60_000)

  const place = world.mail.mails.findIndex((mail) => mail.to.includes(second.email))
  expect(place).toBeGreaterThanOrEqual(0)
  // Without fairness it would be the last of a hundred; it comes soon after those that were being sent.
  expect(place).toBeLessThan((reports * recipientsEach) / 2)
})
