/** Whom a report under way still writes to when its owner, its definition or a recipient is gone meanwhile. */

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { relaunchSignal } from '#contract/report-messages.ts'
import { failureSentence } from '#domain/failures.ts'
import type { Report, ScheduledReport, User } from '#prisma/client/client.ts'
import { deleteDefinition } from '#services/definitions/delete-definition.ts'
import { unsubscribe } from '#services/definitions/unsubscriptions.ts'
import type { MailFault } from '#test/servers/mail-server.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

let world: ReportWorld
let owner: User
let anna: string
let bruno: string

beforeAll(async () => {
  world = await ReportWorld.create({ ORGANISATION_DOMAINS: 'ville.test' })
  await world.startWorker()
})
beforeEach(async ({ task }) => {
  world.mail.release()
  world.environment.MAIL_DEFERRED_WAITS_SECONDS = [2, 2]
  ;[anna, bruno] = [`anna.${task.id}@ville.test`, `bruno.${task.id}@ville.test`]
  const id = randomUUID()
  owner = await world.prisma.user.create({
    data: { id, email: `${id}@ville.test`, name: 'Paul Roy', role: 'admin' },
  })
})
afterAll(async () => {
  await world.close()
})

const later: MailFault = { at: 'recipient', does: 'reply', code: 451, text: '4.7.1 Greylisted, come back' }
const refused: MailFault = { at: 'recipient', does: 'reply', code: 550, text: '5.1.1 No such user' }
const noAccess = failureSentence('access_revoked', 'fr')

const leave = () => world.prisma.user.update({ where: { id: owner.id }, data: { banned: true } })
const request = (recipients: string[]) => world.request({ ownerId: owner.id, recipients })
const mails = () => [anna, bruno].map((email) => world.mail.mailsFor(email).length)

/** Bruno has the mail, Anna's server wants to wait. */
async function untilDeferred(start: () => Promise<Report>): Promise<Report> {
  world.mail.inject({ ...later, recipient: anna, times: 1 })
  const row = await start()
  await world.logBecomes(
    row.number,
    ({ recipients: [one, other] }) => one?.response != null && other?.status === 'sent',
  )
  return row
}

describe('an owner who is deactivated', () => {
  it('between two waits for a mail server: nobody further is written to', async () => {
    const { number } = await untilDeferred(() => request([anna, bruno]))
    await leave()
    await world.rowBecomes(number, ({ status, delivery }) => status === 'completed' && delivery === 'partial')
    expect(mails()).toEqual([0, 1])
    expect((await world.log(number)).recipients[0]).toMatchObject({ status: 'failed', error: noAccess })
  })

  it('while others are written to: those still in line get nothing', async () => {
    const first = Array.from({ length: 10 }, (_, index) => `${index}.${anna}`)
    for (const recipient of first) world.mail.inject({ at: 'recipient', does: 'hold', recipient, times: 1 })
    const struck = world.mail.strikes.length
    const { number } = await request([...first, anna, bruno])
    await world.mail.struck(struck + 10, 30_000)
    await leave()
    world.mail.release()
    await world.rowBecomes(number, ({ status, delivery }) => status === 'completed' && delivery === 'partial')
    expect(mails()).toEqual([0, 0])
  })

  it('while their mails wait for a turn at the mail server: nobody is written to', async () => {
    await world.rowBecomes((await request([bruno])).number, ({ delivery }) => delivery === 'sent')
    await world.prisma.$executeRaw`UPDATE mail_pace SET paused_until = now() + interval '1 minute'`
    const { number } = await request([anna, bruno])
    const begun = () => world.log(number)
    await expect.poll(async () => (await begun()).recipients.map(({ attempts }) => attempts)).toEqual([1, 1])
    await leave()
    await world.prisma.$executeRaw`UPDATE mail_pace SET paused_until = now()`
    const { failure } = await world.rowBecomes(number, ({ status }) => status === 'failed')
    expect(failure).toMatchObject({ code: 'nobody_reached' })
    expect(mails()).toEqual([0, 1])
  })

  it('when the file is made, and before the first mail: nobody, nor by its relaunch', async () => {
    const { number, workflowId } = await world.requestUntilStaged({
      ownerId: owner.id,
      recipients: [anna, bruno],
    })
    await leave()
    await world.startWorker()
    const failed = await world.rowBecomes(number, ({ status }) => status === 'failed')
    expect(failed.failure).toMatchObject({ phase: 'email', code: 'nobody_reached' })

    expect(await world.engine.relaunchReport(number)).toEqual({ ok: false, code: 'report_owner_inactive' })
    expect((await world.row(number)).status).toBe('failed')
    // As an operator does it in Temporal Web, past the API.
    await world.temporal.workflow.getHandle(workflowId).signal(relaunchSignal)
    await world.rowBecomes(number, ({ settledRound }) => settledRound === 1)
    expect(mails()).toEqual([0, 0])
  })

  it('of a scheduled report, when demoted: nobody further is written to', async () => {
    const recipients = [anna, bruno]
    const scheduledReport = await world.define({ ownerId: owner.id, recipients })
    const { number } = await untilDeferred(() =>
      world.request({ ownerId: owner.id, origin: 'run_now', scheduledReport, recipients }),
    )
    await world.prisma.user.update({ where: { id: owner.id }, data: { role: 'user' } })
    await world.rowBecomes(number, ({ status, delivery }) => status === 'completed' && delivery === 'partial')
    expect(mails()).toEqual([0, 1])
  })
})

describe('a definition', () => {
  let definition: ScheduledReport
  beforeEach(async () => {
    definition = await world.define({ ownerId: owner.id, recipients: [anna, bruno] })
  })
  const runNow = () =>
    world.request({
      ownerId: owner.id,
      origin: 'run_now',
      scheduledReport: definition,
      recipients: [anna, bruno],
    })

  it('that was corrected: a recipient taken off it gets no mail that still waits, one added none either', async () => {
    const { number } = await untilDeferred(runNow)
    const recipients = [bruno, `nouvelle.${anna}`]
    await world.prisma.scheduledReport.update({ where: { id: definition.id }, data: { recipients } })
    await world.rowBecomes(number, ({ status, delivery }) => status === 'completed' && delivery === 'partial')
    expect(mails()).toEqual([0, 1])
    expect(world.mail.mailsFor(`nouvelle.${anna}`)).toEqual([])
    expect((await world.log(number)).recipients[0]).toMatchObject({
      error: failureSentence('recipient_removed', 'fr'),
    })
  })

  it('that was deleted: who waits gets nothing, even with Temporal away; a later relaunch writes to them', async () => {
    const { number } = await untilDeferred(runNow)
    // Without the cancellation that the API asks for beside it.
    expect(await deleteDefinition(world.prisma, definition)).toEqual([number])
    await world.rowBecomes(number, ({ status, delivery }) => status === 'completed' && delivery === 'partial')
    expect(mails()).toEqual([0, 1])
    expect((await world.log(number)).recipients[0]).toMatchObject({
      error: failureSentence('definition_deleted', 'fr'),
    })
    expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    await world.rowBecomes(number, ({ delivery }) => delivery === 'sent')
    expect(mails()).toEqual([1, 1])
  })

  it('that was deleted: who had unsubscribed from it gets no relaunch of an old report', async () => {
    world.mail.inject({ ...refused, recipient: anna, times: 1 })
    const row = await runNow()
    await world.rowBecomes(row.number, ({ delivery }) => delivery === 'partial')
    await unsubscribe(world.prisma, row, anna.toUpperCase())
    expect(await deleteDefinition(world.prisma, definition)).toEqual([])
    expect(await world.engine.relaunchReport(row.number)).toEqual({ ok: true })
    await world.rowBecomes(row.number, ({ settledRound }) => settledRound === 1)
    expect(mails()).toEqual([0, 1])
    expect((await world.log(row.number)).recipients[0]).toMatchObject({
      error: failureSentence('recipient_unsubscribed', 'fr'),
    })
  })
})
