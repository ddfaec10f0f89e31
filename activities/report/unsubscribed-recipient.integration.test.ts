import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { hasUnsubscribed, unsubscribe } from '#services/definitions/unsubscriptions.ts'
import { deleteDefinition } from '#services/definitions/delete-definition.ts'
import { removeExpiredRows } from '#services/maintenance/remove-expired-rows.ts'
import { createPrisma } from '#prisma/client.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { createTestDatabase } from '#test/servers/database.ts'
import { reportRow } from '#test/worlds/report-row.ts'
import { scheduledReportRow } from '#test/worlds/scheduled-report-row.ts'

const days = 365
const periods = {
  DELIVERY_RETENTION_DAYS: days,
  LOG_RETENTION_DAYS: days,
  NOTICE_RETENTION_DAYS: days,
  SESSION_RETENTION_DAYS: days,
  VERIFICATION_RETENTION_DAYS: days,
  SIGN_IN_FAILURE_RETENTION_DAYS: days,
  IDEMPOTENCY_RETENTION_DAYS: days,
  AUDIT_RETENTION_DAYS: days,
}
const [anna, bruno] = ['anna@ville.test', 'bruno@ville.test']

let prisma: PrismaClient
let dropDatabase: () => Promise<void>
beforeAll(async () => {
  const database = await createTestDatabase()
  dropDatabase = database.drop
  prisma = createPrisma(database.url)
  await prisma.user.create({ data: { id: 'inès', email: 'ines@ville.test', name: 'Inès' } })
})
afterAll(async () => {
  await prisma.$disconnect()
  await dropDatabase()
})

let id: string
let number: number
beforeEach(async () => {
  await prisma.user.update({ where: { id: 'inès' }, data: { banned: false } })
  const data = scheduledReportRow('inès', { recipients: [anna, bruno] })
  ;({ id } = await prisma.scheduledReport.create({ data }))
  ;({ number } = await prisma.report.create({ data: reportRow('inès', { scheduledReportId: id }) }))
})

const leave = (recipient: string) =>
  unsubscribe(prisma, { number, round: 0, ownerId: 'inès', scheduledReportId: id }, recipient)
const setRecipients = (...recipients: string[]) =>
  prisma.scheduledReport.update({ where: { id }, data: { recipients } })
async function isGone(recipient: string, origin = 'schedule'): Promise<boolean> {
  const include = { owner: true, scheduledReport: true }
  const row = await prisma.report.findUniqueOrThrow({ where: { number }, include })
  return hasUnsubscribed(prisma, { ...row, origin }, recipient)
}

it('returns true for a recipient who unsubscribed, in any case, and false for one whom the owner removed', async () => {
  expect(await isGone(anna)).toBe(false)
  await leave('Anna@ville.test')
  expect([await isGone(anna), await isGone(anna.toUpperCase())]).toEqual([true, true])
  await setRecipients()
  expect(await isGone(bruno)).toBe(false)
})

it('returns false for a test to an address that unsubscribed', async () => {
  await leave(anna)
  expect(await isGone(anna, 'test')).toBe(false)
})

it('returns false for an address added again, until it is removed or unsubscribes again', async () => {
  await leave(anna)
  await setRecipients(anna, bruno)
  expect(await isGone(anna)).toBe(false)
  await setRecipients(bruno)
  expect(await isGone(anna)).toBe(true)
  await setRecipients(anna, bruno)
  await leave(anna)
  expect(await isGone(anna)).toBe(true)
})

it('returns true when the owner is deactivated and gets no notice', async () => {
  await prisma.user.update({ where: { id: 'inès' }, data: { banned: true } })
  await leave(anna)
  expect(await prisma.notice.count({ where: { reportNumber: number } })).toBe(0)
  expect(await isGone(anna)).toBe(true)
})

it('is kept on the reports of a deleted scheduled report, until their recipients are removed', async () => {
  await leave(anna)
  const old = await prisma.report.create({
    data: reportRow('inès', {
      scheduledReportId: id,
      recipients: ['Anna@ville.test', bruno],
      requestedAt: new Date(0),
    }),
  })
  await leave(bruno)
  // Whoever was added again is subscribed.
  await setRecipients(bruno)
  expect(await deleteDefinition(prisma, { id })).toEqual([])
  expect(await prisma.unsubscription.count({ where: { scheduledReportId: id } })).toBe(0)
  number = old.number
  expect(await Promise.all([anna, anna.toUpperCase(), bruno].map((one) => isGone(one)))).toEqual([
    true,
    true,
    false,
  ])
  await removeExpiredRows(prisma, periods, { only: ['report'] })
  expect((await prisma.report.findUniqueOrThrow({ where: { number } })).unsubscribed).toEqual([])
})

it('deletes a definition at its version alone, and once', async () => {
  expect(await deleteDefinition(prisma, { id }, { onlyVersion: 7 })).toBeNull()
  expect(await prisma.scheduledReport.count({ where: { id } })).toBe(1)
  const running = await prisma.report.create({
    data: reportRow('inès', { scheduledReportId: id, status: 'running', round: 2 }),
  })
  const queued = await prisma.report.create({
    data: reportRow('inès', { scheduledReportId: id, status: 'queued', round: 1, startedAt: new Date() }),
  })
  const numbers = [running, queued].map((row) => row.number)
  expect(await deleteDefinition(prisma, { id }, { onlyVersion: 1 })).toEqual(numbers)
  expect(await deleteDefinition(prisma, { id })).toBeNull()
  const rows = await prisma.report.findMany({
    where: { number: { in: numbers } },
    orderBy: { number: 'asc' },
  })
  expect(rows.map(({ endedRound }) => endedRound)).toEqual([2, 2])
})
