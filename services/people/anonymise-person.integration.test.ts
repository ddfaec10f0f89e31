import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { linkGeneration } from '#services/links/link-generation.ts'
import { unsubscribe } from '#services/definitions/unsubscriptions.ts'
import { leavePerson } from '#services/recipients/request-unsubscriptions.ts'
import type { Prisma } from '#prisma/client/client.ts'
import { reportRow } from '#test/worlds/report-row.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { anonymisePerson } from './anonymise-person.ts'

let world: ReportWorld
beforeAll(async () => {
  world = await ReportWorld.create()
  await world.startWorker()
})
afterAll(async () => await world.close())

// Each test has people of its own, so that none finds what another left.
let lea: string
let max: string
let id: string
beforeEach(async ({ task }) => {
  const key = createHash('sha256').update(task.id).digest('hex').slice(0, 8)
  ;[lea, max] = [`lea.${key}@ville.test`, `max.${key}@ville.test`]
  id = `lea-${key}`
  const data = { id, email: lea, name: `Léa Petit ${key}`, role: 'admin', banned: true }
  await world.prisma.user.create({ data: { ...data, attributes: { province: 'Kasaï' }, locale: 'en' } })
})

const anonymise = () => anonymisePerson(world.prisma, id)

/** Everything that the product's tables hold, as text. */
async function everything(): Promise<string> {
  const tables = await world.prisma.$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`
  const texts: string[] = []
  for (const { name } of tables) {
    const rows = await world.prisma.$queryRawUnsafe<{ row: string }[]>(
      `SELECT to_jsonb(t)::text AS row FROM "${name}" AS t`,
    )
    texts.push(...rows.map(({ row }) => `${name} ${row}`))
  }
  return texts.join('\n')
}

describe('refuses', () => {
  it('a person whose account is active, who is unknown, or who owns scheduled reports, even paused ones', async () => {
    expect(await anonymisePerson(world.prisma, 'personne')).toEqual({ ok: false, code: 'not_found' })
    await world.prisma.user.update({ where: { id }, data: { banned: false } })
    expect(await anonymise()).toEqual({ ok: false, code: 'account_active' })
    await world.prisma.user.update({ where: { id }, data: { banned: true } })
    const definition = await world.define({ ownerId: id, enabled: false })
    expect(await anonymise()).toEqual({ ok: false, code: 'owns_scheduled_reports' })
    await world.prisma.scheduledReport.delete({ where: { id: definition.id } })
    expect(await anonymise()).toMatchObject({ ok: true })
  })

  it('while a report of theirs, or to them, is in progress', async () => {
    const { number } = await world.prisma.report.create({
      data: reportRow(world.owner.id, { status: 'running', recipients: [lea.toUpperCase()] }),
    })
    expect(await anonymise()).toEqual({ ok: false, code: 'reports_in_progress' })
    await world.prisma.report.update({ where: { number }, data: { status: 'completed', ownerId: id } })
    await world.prisma.report.create({ data: reportRow(id, { status: 'queued' }) })
    expect(await anonymise()).toEqual({ ok: false, code: 'reports_in_progress' })
  })
})

describe('anonymises', () => {
  it('name and address everywhere, in one transaction; reports keep their N°', async () => {
    const { prisma, owner } = world
    const user = { userId: id }
    const { name } = await prisma.user.findUniqueOrThrow({ where: { id } })
    const expiresAt = new Date(Date.now() + 3_600_000)
    await prisma.session.create({ data: { ...user, id, token: id, expiresAt, ipAddress: '192.0.2.7' } })
    await prisma.account.create({
      data: { ...user, id, accountId: lea, providerId: 'oidc' },
    })
    await prisma.verification.create({ data: { id, identifier: `reset:${lea}`, value: id, expiresAt } })
    await prisma.apikey.create({ data: { id, name: `Clé de ${lea}`, key: id, referenceId: id } })
    const answer = { answer: { body: { recipients: [lea] } } }
    await prisma.idempotentRequest.create({
      data: { ...user, key: id, fingerprint: id, status: 200, body: answer },
    })
    await prisma.recipientQuota.create({ data: { ...user, recipients: 3, windowEndsAt: expiresAt } })

    const theirs = await world.request({
      ownerId: owner.id,
      recipients: [lea, max],
      subject: 'Objet',
      message: `À bientôt, ${name}`,
    })
    const { number } = await world.rowBecomes(theirs.number, ({ logArchived }) => logArchived)
    await prisma.report.update({ where: { number }, data: { ownerId: id } })
    const others = await world.request({ recipients: [max, lea.toUpperCase()] })
    await world.rowBecomes(others.number, ({ logArchived }) => logArchived)
    const both = await world.define({ recipients: [max, lea] })
    const only = await world.define({ recipients: [lea] })
    const left = await world.define({ recipients: [lea, max] })
    const run = await world.request({
      origin: 'run_now',
      scheduledReport: left,
      recipients: [lea, max],
    })
    const row = await world.rowBecomes(run.number, ({ logArchived }) => logArchived)
    await unsubscribe(prisma, row, lea)
    await leavePerson(prisma, owner.id, lea)
    await leavePerson(prisma, id, max)
    const notice = { round: 0, status: 'sent', userId: owner.id }
    await prisma.notice.createMany({
      data: [
        { ...notice, kind: 'owner_gone', details: { kind: 'owner_gone', owner: name, scheduledReports: [] } },
        {
          ...notice,
          kind: 'recipient_unsubscribed',
          details: { kind: 'recipient_unsubscribed', recipient: max, remaining: [lea, 'x@ville.test'] },
        },
        { ...notice, userId: id, kind: 'partly_delivered', details: { kind: 'partly_delivered' } },
      ],
    })
    const link = await linkGeneration(prisma, { ...row, owner: await ownerOf(id) }, max)
    expect((await everything()).toLowerCase()).toContain(lea)

    const outcome = await anonymise()
    expect(outcome).toMatchObject({ ok: true })
    // Schedules to be applied: a definition without recipients was paused.
    expect(new Set(outcome.ok ? outcome.scheduledReportIds : [])).toEqual(new Set([both.id, only.id]))
    const remains = (await everything()).toLowerCase()
    expect(remains).not.toContain(lea)
    expect(remains).not.toContain(name.toLowerCase())
    expect(remains).not.toContain('192.0.2.7')

    expect(await prisma.user.findUnique({ where: { id } })).toMatchObject({
      name: 'Personne anonymisée',
      email: expect.stringMatching(/^[\w-]+@anonymised\.invalid$/),
      role: 'user',
      banned: true,
      attributes: {},
      anonymisedAt: expect.any(Date),
    })
    expect(await prisma.report.findUnique({ where: { number } })).toMatchObject({
      ownerId: id,
      recipients: [max],
      subject: null,
      message: null,
      status: 'completed',
    })
    expect((await prisma.scheduledReport.findUniqueOrThrow({ where: { id: both.id } })).recipients).toEqual([
      max,
    ])
    expect(await prisma.scheduledReport.findUnique({ where: { id: only.id } })).toMatchObject({
      recipients: [],
      enabled: false,
      pauseReason: { kind: 'recipient_anonymised' },
      version: 2,
    })
    const rows = { userId: id }
    expect(await prisma.session.count({ where: rows })).toBe(0)
    expect(await prisma.account.count({ where: rows })).toBe(0)
    expect(await prisma.apikey.count({ where: { referenceId: id } })).toBe(0)
    const now = await linkGeneration(prisma, { ...row, owner: await ownerOf(id) }, max)
    expect(now).not.toBe(link)
    // The history, which the engine still has, shows the others alone.
    const log = await world.logNow(others.number)
    expect(log.recipients.map(({ email }) => email)).toEqual([max])
    // Idempotent.
    expect(await anonymise()).toEqual({ ok: true, scheduledReportIds: [] })
  })

  it('a recipient whose report waits for its relaunch: no mail, and no address that comes back', async () => {
    world.mail.inject({ at: 'recipient', does: 'reply', code: 550, text: '5.1.1 No', recipient: lea })
    world.mail.inject({ at: 'recipient', does: 'reply', code: 550, text: '5.1.1 No', recipient: max })
    const { number } = await world.request({ recipients: [lea, max] })
    await world.rowBecomes(number, ({ status }) => status === 'failed')
    expect(await anonymise()).toMatchObject({ ok: true })
    world.mail.release()
    expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    await world.rowBecomes(number, ({ settledRound, logArchived }) => settledRound === 1 && logArchived)
    expect(world.mail.mailsFor(lea)).toEqual([])
    expect(world.mail.mailsFor(max)).toHaveLength(1)
    expect(await world.row(number)).toMatchObject({
      status: 'completed',
      delivery: 'sent',
      recipients: [max],
    })
    expect(await everything()).not.toContain(lea)
  })

  it('nothing when a statement fails', async () => {
    await world.prisma.session.create({ data: { userId: id, id, token: id, expiresAt: new Date() } })
    const data: Prisma.ReportUncheckedCreateInput = reportRow(world.owner.id, { recipients: [lea] })
    const { number } = await world.prisma.report.create({ data })
    await world.prisma
      .$executeRaw`ALTER TABLE "user" ADD CONSTRAINT no_anonymous CHECK (anonymised_at IS NULL) NOT VALID`
    await expect(anonymise()).rejects.toThrow('no_anonymous')
    await world.prisma.$executeRaw`ALTER TABLE "user" DROP CONSTRAINT no_anonymous`
    expect((await world.row(number)).recipients).toEqual([lea])
    expect(await world.prisma.session.count({ where: { userId: id } })).toBe(1)
  })
})

const ownerOf = (userId: string) => world.prisma.user.findUniqueOrThrow({ where: { id: userId } })
