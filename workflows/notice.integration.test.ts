import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { scheduleIdFor, taskQueues, workflowIdForNotice } from '#contract/names.ts'
import { resumeNotices, type GivenUpNotice } from '#services/notices/start-notices.ts'
import type { Notice, ScheduledReport, User } from '#prisma/client/client.ts'
import { eventually } from '#test/eventually.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

let world: ReportWorld
let inès: User
let joan: User

beforeAll(async () => {
  world = await ReportWorld.create({
    PUBLIC_URL: 'https://rapports.ville.test',
    ORGANISATION_DOMAINS: 'ville.test',
  })
  const person = (name: string, more: Partial<User> = {}) =>
    world.prisma.user.create({
      data: { id: randomUUID(), email: `${name}@ville.test`, name, ...(more as object) },
    })
  inès = await person('ines', { role: 'admin' })
  joan = await person('joan', { role: 'admin', locale: 'en' })
  await person('parti', { role: 'admin', banned: true })
  await world.startWorker()
})
beforeEach(() => {
  world.mail.release()
  world.sourceGate.open()
})
afterAll(async () => {
  await world.close()
})

const unknownAddress = 'personne@ville.test'
const noSuchUser = {
  at: 'recipient',
  does: 'reply',
  code: 550,
  text: '5.1.1 No such user',
  recipient: unknownAddress,
} as const

/** Runs a definition now; only the mail to `unknownAddress` can fail. */
async function run(definition: ScheduledReport, becomes: 'failed' | 'completed'): Promise<number> {
  const { id: scheduledReportId, recipients, columns } = definition
  const { number } = await world.request({
    origin: 'run_now',
    scheduledReport: { id: scheduledReportId },
    ownerId: definition.ownerId,
    recipients,
    columns,
  })
  await world.rowBecomes(number, (row) => row.status === becomes)
  return number
}

const define = (more: Parameters<typeof world.define>[0] = {}) =>
  world.define({ ownerId: inès.id, recipients: [unknownAddress], ...more })

/** Every notice about a definition's reports, once none is pending. */
function noticesOf(scheduledReportId: string): Promise<(Notice & { user: User })[]> {
  return eventually(
    () =>
      world.prisma.notice.findMany({
        where: { report: { scheduledReportId } },
        orderBy: [{ createdAt: 'asc' }, { kind: 'asc' }],
        include: { user: true },
      }),
    (notices) => notices.every(({ status }) => status !== 'pending'),
  )
}

/** Subjects of the mails that a person received about these reports. */
function subjects(person: User, numbers: readonly number[]): string[] {
  return world.mail
    .mailsFor(person.email)
    .map(({ parsed }) => parsed.subject ?? '')
    .filter((subject) =>
      numbers.some((number) => subject.includes(` ${number}:`) || subject.includes(` ${number} :`)),
    )
}

describe('a scheduled report that keeps failing', () => {
  it('notifies the owner each time and the administrators once, and on recovery all who were notified', async () => {
    const definition = await define()
    const { id } = definition
    world.mail.inject(noSuchUser)
    const numbers: number[] = []
    for (let times = 1; times <= 4; times++) {
      const number = await run(definition, 'failed')
      numbers.push(number)
      await noticesOf(id)
      expect((await world.row(number)).failedInARow).toBe(times)
    }
    // The owner is an administrator, too.
    expect(subjects(inès, numbers).toSorted()).toEqual(
      [
        ...numbers.map((number) => `Échec du rapport N° ${number} : Écoles`),
        `3 échecs de suite, rapport N° ${numbers[2]} : Écoles`,
      ].toSorted(),
    )
    expect(subjects(world.owner, numbers)).toEqual([`3 échecs de suite, rapport N° ${numbers[2]} : Écoles`])
    expect(subjects(joan, numbers)).toEqual([`3 failures in a row, report No. ${numbers[2]}: Écoles`])
    const [alert] = world.mail.mailsFor(joan.email).slice(-1)
    for (const words of [
      'No recipient could be reached',
      'ines (ines@ville.test)',
      `https://rapports.ville.test/parametres/rapports-programmes/${id}`,
      encodeURIComponent(`report:${numbers[2]}`),
    ]) {
      expect(alert?.parsed.text).toContain(words)
    }
    expect(alert?.parsed.headers.get('auto-submitted')).toBe('auto-generated')

    // A relaunch of the last one that succeeds counts as recovery.
    world.mail.release()
    const last = numbers.at(-1) ?? 0
    expect(await world.engine.relaunchReport(last)).toEqual({ ok: true })
    expect(await world.rowBecomes(last, (row) => row.status === 'completed')).toMatchObject({
      failedInARow: 0,
      failure: null,
      delivery: 'sent',
    })
    const notices = await noticesOf(id)
    expect(subjects(inès, [last]).at(-1)).toBe(`Rétabli, rapport N° ${last} : Écoles`)
    expect(subjects(world.owner, [last])).toEqual([`Rétabli, rapport N° ${last} : Écoles`])
    expect(subjects(joan, [last])).toEqual([`Recovered, report No. ${last}: Écoles`])
    expect(notices.map(({ kind, user, status }) => [kind, user.name, status]).slice(-3)).toEqual(
      expect.arrayContaining([
        ['recovered', 'Inès Durand', 'sent'],
        ['recovered', 'ines', 'sent'],
        ['recovered', 'joan', 'sent'],
      ]),
    )
    expect(new Set(notices.map(({ messageId }) => messageId)).size).toBe(notices.length)

    // In a new streak one failure notifies only the owner, and its end notifies no one.
    world.mail.inject(noSuchUser)
    const again = await run(definition, 'failed')
    world.mail.release()
    const well = await run(definition, 'completed')
    await noticesOf(id)
    expect(subjects(inès, [again, well])).toEqual([`Échec du rapport N° ${again} : Écoles`])
    expect([...subjects(joan, [again, well]), ...subjects(world.owner, [again, well])]).toEqual([])
  }, 120_000)

  it('pauses its Schedule after pauseAfterFailures failures, and notifies owner and administrators with the reason', async () => {
    const definition = await define({ pauseAfterFailures: 2 })
    const { id } = definition
    await world.engine.applySchedule(id)
    world.mail.inject(noSuchUser)
    await run(definition, 'failed')
    const number = await run(definition, 'failed')
    const pauseNote = `Mis en pause après 2 échecs de suite ; dernier : N° ${number}.`
    const { state } = await eventually(
      () => world.temporal.schedule.getHandle(scheduleIdFor(id)).describe(),
      (schedule) => schedule.state.paused,
    )
    expect(state.note).toBe(pauseNote)
    const paused = await eventually(
      () => world.prisma.scheduledReport.findUniqueOrThrow({ where: { id } }),
      (seen) => seen.appliedVersion === 2,
    )
    const pauseReason = { kind: 'failures', times: 2, number }
    expect(paused).toMatchObject({ enabled: false, version: 2, pauseReason, appliedEnabled: false })
    // What was due before the pause is accounted for; nothing was due after it.
    expect(paused.accountedUntil).toEqual((await world.row(number)).finishedAt)
    await noticesOf(id)
    expect(subjects(joan, [number])).toEqual([
      `Paused after 2 failures in a row, report No. ${number}: Écoles`,
    ])
    const toOwner = world.mail
      .mailsFor(inès.email)
      .map(({ parsed }) => parsed)
      .find(({ subject }) => subject === `Échec du rapport N° ${number} : Écoles`)
    expect(toOwner?.text).toContain('a été mis en pause')

    world.mail.release()
    const well = await run(definition, 'completed')
    await noticesOf(id)
    expect(world.mail.mailsFor(inès.email).at(-1)?.parsed.text).toContain('est en pause')
    expect(subjects(joan, [well])).toEqual([`Recovered, report No. ${well}: Écoles`])
  }, 120_000)

  it('does not alert administrators when it is a request, however often it is relaunched', async () => {
    world.mail.inject(noSuchUser)
    const { number } = await world.request({ ownerId: inès.id, recipients: [unknownAddress] })
    for (let times = 1; times <= 4; times++) {
      const row = await world.rowBecomes(
        number,
        (seen) => seen.status === 'failed' && seen.round === times - 1,
      )
      expect(row).toMatchObject({ failedInARow: times, failure: { phase: 'email', code: 'nobody_reached' } })
      if (times < 4) expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    }
    expect([...subjects(joan, [number]), ...subjects(world.owner, [number])]).toEqual([])
    expect(
      await world.prisma.notice.count({ where: { reportNumber: number, kind: { not: 'report_failed' } } }),
    ).toBe(0)
  })
})

describe('a notice', () => {
  const noticeOf = (reportNumber: number, user: User, kind = 'report_failed') =>
    world.prisma.notice.findFirstOrThrow({ where: { reportNumber, userId: user.id, kind } })
  const becomes = (id: string, status: string) =>
    eventually(
      () => world.prisma.notice.findUniqueOrThrow({ where: { id } }),
      (notice) => notice.status === status,
    )
  async function failedRequest(): Promise<number> {
    world.mail.inject(noSuchUser)
    const { number } = await world.request({ ownerId: inès.id, recipients: [unknownAddress] })
    await world.rowBecomes(number, (row) => row.status === 'failed')
    return number
  }
  const ends = (id: string, wanted: string) =>
    eventually(
      async () => (await world.temporal.workflow.getHandle(workflowIdForNotice(id)).describe()).status.name,
      (status) => status === wanted,
    )
  /** Waits until one attempt to send the notice has failed. */
  const isTriedAgain = (id: string) =>
    eventually(
      () =>
        world.temporal.workflow
          .getHandle(workflowIdForNotice(id))
          .describe()
          .then(
            ({ raw }) => raw.pendingActivities?.[0]?.attempt ?? 0,
            () => 0,
          ),
      (attempt) => attempt >= 2,
    )

  it('is retried until the mail server is back, and a relaunch does not wait for it', async () => {
    world.mail.inject({ at: 'recipient', does: 'drop', recipient: inès.email })
    const number = await failedRequest()
    const { id } = await noticeOf(number, inès)
    await isTriedAgain(id)
    // The report fails again: the second notice replaces the first.
    expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    await world.rowBecomes(number, (row) => row.status === 'failed' && row.round === 1)
    await becomes(id, 'dropped')
    world.mail.release()
    const second = await world.prisma.notice.findFirstOrThrow({ where: { reportNumber: number, round: 1 } })
    await becomes(second.id, 'sent')
    expect(subjects(inès, [number])).toEqual([`Échec du rapport N° ${number} : Écoles`])

    // When the relaunch succeeds, the report's workflow ends although the mail server still refuses notices.
    world.mail.inject({ at: 'recipient', does: 'drop', recipient: inès.email })
    const other = await failedRequest()
    world.mail.release()
    world.mail.inject({ at: 'recipient', does: 'drop', recipient: inès.email })
    expect(await world.engine.relaunchReport(other)).toEqual({ ok: true })
    await world.rowBecomes(other, (row) => row.status === 'completed')
    await world.workflowEnded(other)
    world.mail.release()
    const overtaken = await noticeOf(other, inès)
    expect(overtaken.status).toBe('dropped')
    await ends(overtaken.id, 'COMPLETED')
    expect(subjects(inès, [other])).toEqual([])
  })

  it('is sent once when its acceptance could not be written on its row', async () => {
    await world.prisma.$executeRaw`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not now'; END $$`
    await world.prisma.$executeRaw`
      CREATE TRIGGER refuse BEFORE UPDATE ON notice FOR EACH ROW WHEN (NEW.status = 'sent') EXECUTE FUNCTION refuse()`
    const number = await failedRequest()
    const { id } = await noticeOf(number, inès)
    await isTriedAgain(id)
    await world.prisma.$executeRaw`DROP TRIGGER refuse ON notice`
    expect(await becomes(id, 'sent')).toMatchObject({ response: expect.stringMatching(/^250/) })
    expect(subjects(inès, [number])).toHaveLength(1)
    await ends(id, 'COMPLETED')
    await world.keepHistory('notice-sent-late', workflowIdForNotice(id))
  })

  it('is retried when the server refuses its text', async () => {
    const spam = { code: 554, text: '5.7.1 Looks like spam', recipient: inès.email, times: 1 }
    world.mail.inject({ at: 'answer', does: 'reply', ...spam })
    const number = await failedRequest()
    const { id } = await noticeOf(number, inès)
    await isTriedAgain(id)
    await becomes(id, 'sent')
    expect(subjects(inès, [number])).toHaveLength(1)
  })

  it('fails at once when the mailbox is refused, without delaying other notices', async () => {
    const definition = await define({ pauseAfterFailures: 1 })
    world.mail.inject(noSuchUser)
    world.mail.inject({ at: 'recipient', does: 'reply', code: 550, text: '5.7.1 No', recipient: joan.email })
    const before = world.mail.attempts.length
    const number = await run(definition, 'failed')
    await noticesOf(definition.id)
    const refused = await noticeOf(number, joan, 'failing_repeatedly')
    expect(refused).toMatchObject({ status: 'failed', error: 'mail_refused' })
    expect(subjects(world.owner, [number])).toHaveLength(1)
    expect(world.mail.attempts.slice(before).filter((address) => address === joan.email)).toHaveLength(1)
    await ends(refused.id, 'FAILED')
    await world.keepHistory('notice-refused', workflowIdForNotice(refused.id))
    // Joan did not receive the alert, so she gets no notice of the recovery.
    world.mail.release()
    const well = await run(definition, 'completed')
    await noticesOf(definition.id)
    expect(subjects(joan, [well])).toEqual([])
    expect(subjects(world.owner, [well])).toHaveLength(1)
  })

  it('is sent by the sweep when its workflow was terminated, until it is a day old', async () => {
    world.mail.inject({ at: 'recipient', does: 'drop', recipient: inès.email })
    const number = await failedRequest()
    const { id } = await noticeOf(number, inès)
    await isTriedAgain(id)
    await world.temporal.workflow.getHandle(workflowIdForNotice(id)).terminate('by hand')
    world.mail.release()
    const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000)
    // Its own workflow may still retry it.
    expect(await resumeNotices(world.prisma, world.temporal, inMinutes(40))).toBe(0)
    expect(await resumeNotices(world.prisma, world.temporal, inMinutes(50))).toBe(1)
    await becomes(id, 'sent')
    expect(subjects(inès, [number])).toHaveLength(1)

    const { id: old } = await world.prisma.notice.create({
      data: { reportNumber: number, round: 0, kind: 'partly_delivered', userId: inès.id, details: {} },
    })
    const givenUp: GivenUpNotice[] = []
    const onGivenUp = (notice: GivenUpNotice) => void givenUp.push(notice)
    expect(await resumeNotices(world.prisma, world.temporal, inMinutes(26 * 60), onGivenUp)).toBe(0)
    await becomes(old, 'failed')
    expect(givenUp).toEqual([{ id: old, reportNumber: number }])
  })

  it('names the recipients that a lost report perhaps reached', async () => {
    const [reached, left] = ['joint@ville.test', 'oublie@ville.test']
    world.mail.inject({ at: 'answer', does: 'hold', recipient: left })
    const { number, workflowId } = await world.request({ ownerId: inès.id, recipients: [reached, left] })
    await world.logBecomes(number, (log) => log.recipients[0]?.status === 'sent')
    await world.temporal.workflow.getHandle(workflowId).terminate('by hand')
    await world.temporal.workflow.execute('sweep', {
      workflowId: `sweep-${number}`,
      taskQueue: taskQueues.reports,
    })
    // Their mail was handed over whole.
    expect(await world.row(number)).toMatchObject({
      status: 'completed',
      delivery: 'uncertain',
      failure: null,
    })
    await becomes((await noticeOf(number, inès, 'partly_delivered')).id, 'sent')
    const text = world.mail.mailsFor(inès.email).at(-1)?.parsed.text
    expect(text).toContain(left)
    expect(text).not.toContain(reached)
  })

  it('is sent for a report that the sweep ended', async () => {
    world.mail.inject({ at: 'recipient', does: 'hold', recipient: unknownAddress })
    const { number, workflowId } = await world.request({ ownerId: inès.id, recipients: [unknownAddress] })
    await world.logBecomes(number, (log) => log.phases[2]?.status === 'running')
    await world.temporal.workflow.getHandle(workflowId).terminate('by hand')
    await world.temporal.workflow.execute('sweep', {
      workflowId: `sweep-${number}`,
      taskQueue: taskQueues.reports,
    })
    expect(await world.row(number)).toMatchObject({ status: 'failed', failedInARow: 1 })
    await becomes((await noticeOf(number, inès)).id, 'sent')
    expect(world.mail.mailsFor(inès.email).at(-1)?.parsed.text).toContain('interrompu dans Temporal')
  })
})
