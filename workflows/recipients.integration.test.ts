/** How often each recipient is written to, counted at the mail server. */

import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createMailer } from '#adapters/mail/mailer.ts'
import { unsubscribe } from '#services/definitions/unsubscriptions.ts'
import { failureSentence } from '#domain/failures.ts'
import { scheduleIdFor } from '#contract/names.ts'
import { eventually } from '#test/eventually.ts'
import type { MailFault } from '#test/servers/mail-server.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

let world: ReportWorld

beforeAll(async () => {
  world = await ReportWorld.create()
  await world.startWorker()
})
beforeEach(({ task }) => {
  world.mail.release()
  ;[anna, bruno] = [`anna.${task.id}@ville.test`, `bruno.${task.id}@ville.test`]
  world.environment.MAIL_DEFERRED_WAITS_SECONDS = [2, 2]
})
afterAll(async () => {
  await world.close()
})

// Each test has its own addresses, so that unfinished sends of another test are not counted.
let anna: string
let bruno: string
const later: MailFault = { at: 'recipient', does: 'reply', code: 451, text: '4.7.1 Greylisted, come back' }
const refused: MailFault = { at: 'recipient', does: 'reply', code: 550, text: '5.1.1 No such user' }

/** How often an address was tried after the first `from` attempts of all. */
function tries(email: string, from: number): number {
  return world.mail.attempts.slice(from).filter((address) => address === email).length
}

/** Waits until a recipient's server has deferred the mail and the recipient is pending. */
function isWaiting(number: number, email: string) {
  return world.logBecomes(number, (log) => {
    const recipient = log.recipients.find((seen) => seen.email === email)
    return recipient?.status === 'pending' && recipient.response !== null
  })
}

describe('a recipient refused for good', () => {
  it('is tried once, without delaying the others', async () => {
    const others = Array.from({ length: 12 }, (_, index) => `r${index}@ville.test`)
    for (const recipient of [anna, bruno]) world.mail.inject({ ...refused, recipient })
    const before = world.mail.attempts.length
    const { number } = await world.request({ recipients: [anna, bruno, ...others] })
    const row = await world.rowBecomes(number, ({ status }) => status === 'completed')
    expect(row.delivery).toBe('partial')
    expect([anna, bruno, ...others].map((email) => tries(email, before))).toEqual(Array(14).fill(1))
    const log = await world.log(number)
    expect(log.recipients.slice(0, 3)).toMatchObject([
      { status: 'failed', attempts: 1, response: '550 5.1.1 No such user' },
      { status: 'failed', attempts: 1, response: '550 5.1.1 No such user' },
      { status: 'sent', attempts: 1 },
    ])
  })
})

describe('a recipient who unsubscribes while their mail waits', () => {
  it('gets no mail from attempts or relaunches until the owner adds them again', async () => {
    const recipients = [anna, bruno]
    const scheduledReport = await world.define({ recipients })
    world.mail.inject({ ...later, recipient: anna })
    const row = await world.request({ origin: 'run_now', scheduledReport, recipients })
    const { number } = row
    await isWaiting(number, anna)
    expect(await unsubscribe(world.prisma, row, anna.toUpperCase())).toBe(true)
    world.mail.release()
    await world.rowBecomes(number, ({ status, delivery }) => status === 'completed' && delivery === 'partial')
    expect((await world.log(number)).recipients).toMatchObject([
      { status: 'failed', error: failureSentence('recipient_unsubscribed', 'fr') },
      { status: 'sent' },
    ])

    expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    await world.rowBecomes(number, ({ settledRound, logArchived }) => settledRound === 1 && logArchived)
    expect([anna, bruno].map((email) => world.mail.mailsFor(email).length)).toEqual([0, 1])

    const { id } = scheduledReport
    await world.prisma.scheduledReport.update({ where: { id }, data: { recipients } })
    expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    await world.rowBecomes(number, ({ delivery }) => delivery === 'sent')
    expect([anna, bruno].map((email) => world.mail.mailsFor(email).length)).toEqual([1, 1])
  })

  it('and one whom the owner removed: a relaunch writes to that one once they are added again', async () => {
    const recipients = [anna, bruno]
    const scheduledReport = await world.define({ recipients })
    world.mail.inject({ ...refused, recipient: anna })
    const { number } = await world.request({ origin: 'run_now', scheduledReport, recipients })
    await world.rowBecomes(number, ({ delivery }) => delivery === 'partial')
    const { id } = scheduledReport
    await world.prisma.scheduledReport.update({ where: { id }, data: { recipients: [bruno] } })
    world.mail.release()
    expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    await world.rowBecomes(number, ({ settledRound }) => settledRound === 1)
    expect((await world.log(number)).recipients).toMatchObject([
      { status: 'failed', error: failureSentence('recipient_removed', 'fr') },
      { status: 'sent' },
    ])
    expect(world.mail.mailsFor(anna)).toEqual([])
    await world.prisma.scheduledReport.update({ where: { id }, data: { recipients } })
    expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    await world.rowBecomes(number, ({ delivery }) => delivery === 'sent')
  })
})

describe('a recipient whom the rules no longer allow', () => {
  it.each([
    ['RECIPIENT_DOMAINS', () => (world.environment.RECIPIENT_DOMAINS = ['ailleurs.test'])],
    [
      'the owner’s role',
      async () => {
        const where = { id: world.owner.id }
        await world.prisma.user.update({ where, data: { role: 'user' } })
        world.environment.ORGANISATION_DOMAINS = ['ailleurs.test']
      },
    ],
  ])('by %s gets no mail, and a row that says so, until they allow it again', async (_by, forbid) => {
    const [allowed, route] = [bruno.replace('ville.test', 'ailleurs.test'), 'v%autre.test@ailleurs.test']
    world.mail.inject({ ...later, recipient: anna, times: 1 })
    const { number } = await world.request({ recipients: [anna, allowed, route] })
    await isWaiting(number, anna)
    await forbid()
    await world.rowBecomes(number, ({ status, delivery }) => status === 'completed' && delivery === 'partial')
    world.environment.RECIPIENT_DOMAINS = []
    world.environment.ORGANISATION_DOMAINS = []
    await world.prisma.user.update({ where: { id: world.owner.id }, data: { role: 'admin' } })
    const error = failureSentence('recipient_not_allowed', 'fr')
    expect((await world.log(number)).recipients).toMatchObject([
      { email: anna, status: 'failed', error },
      { email: allowed, status: 'sent' },
      { email: route, status: 'failed', error },
    ])
    expect(await world.prisma.delivery.findMany({ where: { reportNumber: number, error } })).toHaveLength(2)
    expect(world.mail.mailsFor(anna)).toEqual([])

    expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    await world.rowBecomes(number, ({ settledRound }) => settledRound === 1)
    expect(world.mail.mailsFor(anna)).toHaveLength(1)
  })
})

describe('a recipient who unsubscribes from a requested report', () => {
  it('gets neither its relaunch nor the person’s next report', async () => {
    world.mail.inject({ ...refused, recipient: bruno })
    const row = await world.request({ recipients: [anna, bruno, world.owner.email] })
    const { number } = row
    await world.rowBecomes(number, ({ delivery }) => delivery === 'partial')
    const [mail] = world.mail.mailsFor(anna)
    expect(mail?.raw).toMatch(/^List-Unsubscribe: <.+\/u\/.+>\r$/m)
    // One click needs https, which this PUBLIC_URL is not.
    expect(mail?.raw).not.toContain('List-Unsubscribe-Post')
    expect(mail?.parsed.text).toContain('Ne plus recevoir les rapports que Inès Durand m’envoie')
    // What a person asks for themselves answers their own click.
    const [own] = world.mail.mailsFor(world.owner.email).slice(-1)
    expect(own?.raw).not.toContain('List-Unsubscribe')

    expect(await unsubscribe(world.prisma, row, bruno)).toBe(true)
    expect(await unsubscribe(world.prisma, row, bruno.toUpperCase())).toBe(false)
    world.mail.release()
    expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    await world.rowBecomes(number, ({ settledRound }) => settledRound === 1)
    const next = await world.request({ recipients: [anna, bruno] })
    await world.rowBecomes(next.number, ({ delivery }) => delivery === 'partial')
    expect((await world.log(next.number)).recipients).toMatchObject([
      { status: 'sent' },
      { status: 'failed', error: failureSentence('recipient_unsubscribed', 'fr') },
    ])
    expect(world.mail.mailsFor(bruno)).toEqual([])
  })
})

describe('a mail server whose replies PostgreSQL would refuse', () => {
  it('delays no report', async () => {
    const { context, environment } = world
    const usual = context.mailer
    const server = createServer(replyWithControlCharacters).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    context.mailer = createMailer({ url: `smtp://127.0.0.1:${port}`, from: environment.MAIL_FROM })
    const { number } = await world.request({ recipients: [anna, bruno] })
    const row = await world.rowBecomes(number, ({ logArchived }) => logArchived)
    context.mailer = usual
    server.close()
    expect(row).toMatchObject({ status: 'completed', delivery: 'partial' })
    const replies = [{ response: '550 5.1.1 No such user' }, { response: '250 2.0.0 Taken as 1' }]
    expect((await world.log(number)).recipients).toMatchObject(replies)
    const deliveries = { where: { reportNumber: number }, orderBy: { email: 'asc' } } as const
    expect(await world.prisma.delivery.findMany(deliveries)).toMatchObject(replies)
  })

  /** Refuses addresses with "anna", accepts all others. The usual test server would clean such replies. */
  function replyWithControlCharacters(socket: Socket): void {
    socket.on('error', () => {}).write('220 hello\r\n')
    let message = ''
    socket.on('data', (chunk) => {
      const said = chunk.toString('latin1')
      message += said
      if (/^RCPT .*anna/.test(said)) socket.write('550 5.1.1 No\0such\u0007user\r\n')
      else if (said.startsWith('DATA')) socket.write('354 go\r\n')
      else if (/^(EHLO|MAIL|RCPT|RSET|QUIT)/.test(said)) socket.write('250 ok\r\n')
      else if (message.endsWith('\r\n.\r\n')) socket.write('250 2.0.0 Taken\0as\u001B1\r\n')
    })
  }
})

describe('a mail server that defers a mail', () => {
  it('is retried until it accepts, without using up the attempts for other faults', async () => {
    world.mail.inject({ ...later, recipient: anna, times: 2 })
    world.mail.inject({ at: 'recipient', does: 'drop', recipient: anna, times: 1 })
    const before = world.mail.attempts.length
    const { number, workflowId } = await world.request({ recipients: [anna, bruno] })
    const waiting = await world.logBecomes(
      number,
      ({ recipients: [one, other] }) => one?.response != null && other?.status === 'sent',
    )
    expect(waiting).toMatchObject({ status: 'running', delivery: 'none' })
    expect(waiting.recipients).toMatchObject([
      { email: anna, status: 'pending', response: '451 4.7.1 Greylisted, come back' },
      { email: bruno, status: 'sent', attempts: 1 },
    ])
    expect(waiting.phases[2]).toMatchObject({ status: 'running', finished_at: null })
    expect(await world.row(number)).toMatchObject({ status: 'running', failure: null })

    await world.rowBecomes(number, ({ status, delivery }) => status === 'completed' && delivery === 'sent')
    expect([anna, bruno].map((email) => tries(email, before))).toEqual([4, 1])
    await world.workflowEnded(number)
    const log = await world.log(number)
    expect(log.recipients).toMatchObject([
      { email: anna, status: 'sent', attempts: 4, error: null, response: expect.stringMatching(/^250/) },
      { email: bruno, status: 'sent', attempts: 1 },
    ])
    expect(log.phases[2]).toMatchObject({ status: 'completed', attempts: 4, error: null })
    await world.keepHistory('asked-to-come-back', workflowId)
  })

  it('is retried as MAIL_DEFERRED_WAITS_SECONDS says, then the recipient counts as not reached', async () => {
    world.mail.inject({ ...later, recipient: anna })
    const before = world.mail.attempts.length
    const { number } = await world.request({ recipients: [anna] })
    const row = await world.rowBecomes(number, ({ status }) => status === 'failed')
    expect(row.failure).toMatchObject({ phase: 'email', code: 'nobody_reached' })
    expect(tries(anna, before)).toBe(3)
    expect((await world.log(number)).recipients).toMatchObject([
      {
        status: 'failed',
        attempts: 3,
        response: '451 4.7.1 Greylisted, come back',
        error: 'Le serveur de messagerie demande d’attendre avant d’écrire à ce destinataire.',
      },
    ])
    // A relaunch has all waits again.
    world.mail.release()
    world.mail.inject({ ...later, recipient: anna, times: 2 })
    expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    await world.rowBecomes(number, ({ status }) => status === 'completed')
    expect(tries(anna, before)).toBe(6)
  })

  it('does not delay other recipients, and a cancel ends the waits', async () => {
    world.environment.MAIL_DEFERRED_WAITS_SECONDS = [600]
    const slow = Array.from({ length: 10 }, (_, index) => `lent${index}@ville.test`)
    for (const recipient of slow) world.mail.inject({ ...later, recipient })
    const { number } = await world.request({ recipients: [...slow, anna, bruno] })
    await world.logBecomes(
      number,
      (log) => log.recipients.filter(({ status }) => status === 'sent').length === 2,
    )
    expect(await world.row(number)).toMatchObject({ status: 'running' })
    // A cancel takes effect at once, during the waits.
    expect(await world.engine.cancelReport(number)).toEqual({ ok: true })
    expect(await world.rowBecomes(number, ({ status }) => status === 'cancelled', 10_000)).toMatchObject({
      delivery: 'partial',
    })
    await world.workflowEnded(number)
    expect((await world.log(number)).recipients.map(({ status }) => status)).toEqual([
      ...Array<string>(10).fill('pending'),
      'sent',
      'sent',
    ])
  })

  it('does not block the next occurrence', async () => {
    world.environment.MAIL_DEFERRED_WAITS_SECONDS = [600]
    const { id } = await world.define({ recipients: [anna] })
    await world.engine.applySchedule(id)
    const schedule = world.temporal.schedule.getHandle(scheduleIdFor(id))
    const reports = () =>
      world.prisma.report.findMany({ where: { scheduledReportId: id }, orderBy: { number: 'asc' } })
    world.mail.inject({ ...later, recipient: anna, times: 1 })
    await schedule.trigger()
    const [first] = await eventually(reports, (rows) => rows[0]?.objectKey != null)
    await isWaiting(first?.number ?? 0, anna)
    // Two triggers in one second are one: their workflow id has a precision of one second.
    await eventually(
      async () => Math.floor(Date.now() / 1000),
      (second) => second > Math.floor((first?.requestedAt.getTime() ?? 0) / 1000) + 1,
    )
    await schedule.trigger()
    const rows = await eventually(
      reports,
      (seen) => seen[1]?.status === 'completed' || seen[1]?.status === 'skipped',
    )
    expect(rows.map(({ status, skipReason }) => [status, skipReason])).toEqual([
      ['running', null],
      ['completed', null],
    ])
    await world.engine.cancelReport(first?.number ?? 0)
    await world.workflowEnded(first?.number ?? 0)
  })
})

describe('a mail server that says nothing after the whole message', () => {
  it.each([
    ['drops the connection', { at: 'answer', does: 'drop', keeps: true }],
    ['is silent for longer than SMTP_ANSWER_TIMEOUT_SECONDS', { at: 'answer', does: 'delay', forMs: 4_000 }],
  ] as const)('and %s gets no second copy until a person sends it again', async (_how, fault) => {
    const { context, mail, environment } = world
    const usual = context.mailer
    context.mailer = createMailer({ url: `${mail.url}?answer_timeout=1`, from: environment.MAIL_FROM })
    mail.inject({ ...fault, recipient: anna })
    const { number, workflowId } = await world.request({ recipients: [anna, bruno] })
    const row = await world.rowBecomes(number, ({ status }) => status !== 'running' && status !== 'queued')
    expect(row).toMatchObject({ status: 'completed', delivery: 'uncertain', uncertainRecipients: 1 })
    await world.workflowEnded(number)
    const error = failureSentence('mail_uncertain', 'fr')
    expect((await world.log(number)).recipients).toMatchObject([
      { email: anna, status: 'uncertain', attempts: 1, error },
      { email: bruno, status: 'sent', error: null },
    ])
    expect(await world.prisma.notice.findMany({ where: { reportNumber: number } })).toMatchObject([
      { kind: 'partly_delivered', userId: world.owner.id },
    ])
    await eventually(
      async () => mail.mailsFor(anna).length,
      (copies) => copies === 1,
    )
    if (fault.does === 'drop') await world.keepHistory('perhaps-received', workflowId)

    // No relaunch by itself: only one that says so.
    expect(await world.engine.relaunchReport(number)).toEqual({ ok: false, code: 'not_relaunchable' })
    mail.release()
    expect(await world.engine.relaunchReport(number, { resendUncertain: true })).toEqual({ ok: true })
    await world.rowBecomes(number, ({ delivery }) => delivery === 'sent')
    expect([anna, bruno].map((email) => mail.mailsFor(email).length)).toEqual([2, 1])
    expect(await world.row(number)).toMatchObject({ status: 'completed', uncertainRecipients: 0 })
    context.mailer = usual
  })

  it('while others were refused is not written to by their relaunch', async () => {
    world.mail.inject({ at: 'answer', does: 'drop', keeps: true, recipient: anna })
    world.mail.inject({ ...refused, recipient: bruno })
    const { number } = await world.request({ recipients: [anna, bruno] })
    await world.rowBecomes(number, ({ delivery }) => delivery === 'partial')
    await world.workflowEnded(number)
    world.mail.release()
    expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    await world.rowBecomes(number, ({ delivery }) => delivery === 'uncertain')
    expect([anna, bruno].map((email) => world.mail.mailsFor(email).length)).toEqual([1, 1])
  })
})

describe('a sender whose quota is used up', () => {
  it('waits as MAIL_QUOTA_WAITS_SECONDS says, and blames nobody', async () => {
    world.environment.MAIL_QUOTA_WAITS_SECONDS = [3]
    const quota = {
      at: 'recipient',
      does: 'reply',
      code: 550,
      text: '5.4.5 Daily user sending quota exceeded',
    } as const
    world.mail.inject({ ...quota, recipient: anna, times: 1 })
    const { number } = await world.request({ recipients: [anna] })
    const waiting = await world.logBecomes(number, ({ recipients: [one] }) => one?.response != null)
    expect(waiting.recipients).toMatchObject([
      { status: 'pending', error: failureSentence('mail_quota', 'fr'), response: `550 ${quota.text}` },
    ])
    await world.rowBecomes(number, ({ status, delivery }) => status === 'completed' && delivery === 'sent')
    expect(world.mail.mailsFor(anna)).toHaveLength(1)
  })
})

describe('a mail server that refuses the installation', () => {
  it('is told to the administrators at once and once, and to no recipient', async () => {
    const text = '5.7.0 Must issue a STARTTLS command first'
    world.mail.inject({ at: 'sender', does: 'reply', code: 530, text })
    const recipients = Array.from({ length: 25 }, (_, index) => `${index}-${anna}`)
    const { number } = await world.request({ recipients })
    const row = await world.rowBecomes(number, ({ status }) => status === 'failed')
    expect(row).toMatchObject({ delivery: 'none', failure: { phase: 'email', code: 'mail_misconfigured' } })
    expect((await world.log(number)).recipients).toEqual(
      recipients.map((email) => expect.objectContaining({ email, status: 'pending', response: null })),
    )
    const told = await world.prisma.notice.findMany({ where: { kind: 'mail_misconfigured' } })
    expect(told).toMatchObject([
      { userId: world.owner.id, details: { code: 'mail_misconfigured', response: `530 ${text}` } },
    ])

    world.mail.release()
    expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    await world.rowBecomes(number, ({ status, delivery }) => status === 'completed' && delivery === 'sent')
  })
})
