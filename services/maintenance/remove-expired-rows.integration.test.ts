import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createPrisma } from '#prisma/client.ts'
import type { Prisma, PrismaClient } from '#prisma/client/client.ts'
import { createTestDatabase } from '#test/servers/database.ts'
import { reportRow } from '#test/worlds/report-row.ts'
import { expiredRows, removeExpiredRows } from './remove-expired-rows.ts'

const periods = {
  DELIVERY_RETENTION_DAYS: 100,
  LOG_RETENTION_DAYS: 200,
  NOTICE_RETENTION_DAYS: 50,
  SESSION_RETENTION_DAYS: 7,
  VERIFICATION_RETENTION_DAYS: 2,
  SIGN_IN_FAILURE_RETENTION_DAYS: 1,
  IDEMPOTENCY_RETENTION_DAYS: 3,
  AUDIT_RETENTION_DAYS: 400,
}
const now = new Date()
const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * 3_600_000)

let prisma: PrismaClient
let dropDatabase: () => Promise<void>
beforeAll(async () => {
  const database = await createTestDatabase()
  dropDatabase = database.drop
  prisma = createPrisma(database.url)
})
afterAll(async () => {
  await prisma.$disconnect()
  await dropDatabase()
})
beforeEach(async () => {
  await prisma.report.deleteMany()
  await prisma.idempotentRequest.deleteMany()
  await prisma.user.deleteMany()
  await prisma.user.create({ data: { id: 'ines', email: 'ines@ville.test', name: 'Inès' } })
})

const remove = (options: Parameters<typeof removeExpiredRows>[2] = {}) =>
  removeExpiredRows(prisma, periods, { now, ...options })

async function reported(ageDays: number, change: Partial<Prisma.ReportUncheckedCreateInput> = {}) {
  const at = daysAgo(ageDays)
  const [anna, bruno] = ['anna@ville.test', 'bruno@ville.test']
  const log = { phases: [{ phase: 'email' }], recipients: [{ email: anna }, { email: bruno }] }
  const { number } = await prisma.report.create({
    data: reportRow('ines', {
      recipients: [anna, bruno],
      requestedAt: at,
      finishedAt: at,
      archivedLog: { log, run_ids: ['run'] },
      logArchived: true,
      deliveries: {
        create: [anna, bruno].map((email) => ({ email, status: 'sent', response: `250 ${email}` })),
      },
      ...change,
    }),
  })
  return number
}

const seen = (number: number) =>
  prisma.report.findUniqueOrThrow({
    where: { number },
    select: { recipients: true, archivedLog: true, removedDetails: true, deliveries: true },
  })

it('removes recipients, deliveries and addresses in the log after DELIVERY_RETENTION_DAYS, the log later', async () => {
  const [recent, old, older] = [await reported(99), await reported(101), await reported(201)]
  await remove()
  expect(await seen(recent)).toMatchObject({ removedDetails: 0, recipients: [{}, {}], deliveries: [{}, {}] })
  expect(await seen(old)).toEqual({
    removedDetails: 1,
    recipients: [],
    deliveries: [],
    archivedLog: { log: { phases: [{ phase: 'email' }], recipients: [] }, run_ids: ['run'] },
  })
  expect(await seen(older)).toMatchObject({ removedDetails: 2, recipients: [], archivedLog: null })
})

it('leaves what a report in progress, or relaunched lately, needs; a log that was not archived is not again', async () => {
  const running = await reported(300, { status: 'running' })
  const relaunched = await reported(300, { finishedAt: daysAgo(10) })
  const withoutLog = await reported(300, { archivedLog: undefined, logArchived: false })
  await remove()
  for (const number of [running, relaunched]) expect((await seen(number)).recipients).toHaveLength(2)
  const where = { number: withoutLog }
  expect(await prisma.report.findUnique({ where })).toMatchObject({ recipients: [], logArchived: true })
})

it('removes notices, sessions, verifications, answers kept for a key, and counts, each after its period', async () => {
  const user = { userId: 'ines' }
  const notice = { ...user, round: 0, kind: 'owner_gone', details: {} }
  await prisma.notice.createMany({
    data: [
      { ...notice, status: 'sent', createdAt: daysAgo(49) },
      ...['sent', 'failed', 'dropped'].map((status) => ({ ...notice, status, createdAt: daysAgo(51) })),
      { ...notice, status: 'pending', createdAt: daysAgo(51) },
    ],
  })
  for (const [name, days] of [
    ['kept', 6],
    ['gone', 8],
  ] as const) {
    await prisma.session.create({ data: { ...user, id: name, token: name, expiresAt: daysAgo(days) } })
  }
  for (const [name, days] of [
    ['kept', 6],
    ['gone', 8],
  ] as const) {
    await prisma.apikey.create({
      data: { id: name, key: name, referenceId: 'ines', expiresAt: daysAgo(days) },
    })
  }
  for (const [actor, days] of [
    ['kept', 399],
    ['gone', 401],
  ] as const) {
    await prisma.auditEvent.create({ data: { kind: 'signed_in', actor, via: 'none', at: daysAgo(days) } })
  }
  for (const [name, days] of [
    ['kept', 1],
    ['gone', 3],
  ] as const) {
    const row = { id: name, identifier: name, value: name, expiresAt: daysAgo(days) }
    await prisma.verification.create({ data: row })
  }
  for (const [key, days] of [
    ['kept', 2],
    ['gone', 4],
  ] as const) {
    const row = { ...user, key, fingerprint: key, status: 200, body: {}, createdAt: daysAgo(days) }
    await prisma.idempotentRequest.create({ data: row })
  }
  for (const [key, days] of [
    ['kept', 0.5],
    ['gone', 2],
  ] as const) {
    await prisma.signInFailure.create({ data: { key, failures: 1, windowEndsAt: daysAgo(days) } })
  }
  await prisma.recipientQuota.create({ data: { ...user, recipients: 1, windowEndsAt: daysAgo(1) } })
  await remove()
  const left = await prisma.notice.findMany({ select: { status: true }, orderBy: { status: 'asc' } })
  expect(left.map(({ status }) => status)).toEqual(['pending', 'sent'])
  expect((await prisma.session.findMany()).map(({ id }) => id)).toEqual(['kept'])
  expect((await prisma.verification.findMany()).map(({ id }) => id)).toEqual(['kept'])
  expect((await prisma.idempotentRequest.findMany()).map(({ key }) => key)).toEqual(['kept'])
  expect((await prisma.signInFailure.findMany()).map(({ key }) => key)).toEqual(['kept'])
  expect(await prisma.recipientQuota.count()).toBe(0)
  expect((await prisma.apikey.findMany()).map(({ id }) => id)).toEqual(['kept'])
  expect((await prisma.auditEvent.findMany()).map(({ actor }) => actor)).toEqual(['kept'])
  // The permission to delete ended with the statement.
  await expect(prisma.auditEvent.deleteMany()).rejects.toThrow(/never changed/)
})

it('works in batches, of which a sweep does a limited number and a cancellation the last', async () => {
  const row = { userId: 'ines', fingerprint: '', status: 200, body: {}, createdAt: daysAgo(9) }
  const data = Array.from({ length: 25 }, (_, index) => ({ ...row, key: `k${index}` }))
  await prisma.idempotentRequest.createMany({ data })
  const left = () => prisma.idempotentRequest.count()
  let batches = 0
  const cancelled = new Error('cancelled')
  const onProgress = () => {
    batches += 1
    if (batches === 2) throw cancelled
  }
  const idempotency = { only: ['idempotent_request'], rowsPerBatch: 4, maxBatches: 3 }
  await expect(remove({ ...idempotency, onProgress })).rejects.toBe(cancelled)
  expect(await left()).toBe(21)
  expect(await remove(idempotency)).toBe(12)
  expect(await left()).toBe(9)
  await remove(idempotency)
  expect(await left()).toBe(0)
})

it('finds each kind by an index', async () => {
  for (const { table, find } of expiredRows(periods, now)) {
    const plan = await prisma.$transaction(async (transaction) => {
      await transaction.$executeRaw`SET LOCAL enable_seqscan = off`
      return transaction.$queryRaw<Record<string, string>[]>`EXPLAIN ${find}`
    })
    const text = plan.flatMap((line) => Object.values(line)).join('\n')
    expect(text, table).not.toContain('Seq Scan')
    expect(text, table).toMatch(/Index Cond: .*(expires_at|created_at|ends_at|requested_at|\bat\b)/)
  }
})
