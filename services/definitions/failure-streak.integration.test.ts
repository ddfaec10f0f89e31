import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ReportOrigin } from '#domain/report-status.ts'
import { createPrisma } from '#prisma/client.ts'
import type { PrismaClient, Report, ScheduledReport } from '#prisma/client/client.ts'
import { createTestDatabase } from '#test/servers/database.ts'
import { reportRow } from '#test/worlds/report-row.ts'
import { scheduledReportRow } from '#test/worlds/scheduled-report-row.ts'
import { advanceStreak, lockDefinitionOf, type StreakChange } from './failure-streak.ts'

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

function define(data: Partial<Pick<ScheduledReport, 'pauseAfterFailures'>> = {}) {
  return prisma.scheduledReport.create({ data: scheduledReportRow('inès', data) })
}

function report(scheduledReportId: string | null, origin: ReportOrigin = 'schedule'): Promise<Report> {
  return prisma.report.create({
    data: reportRow('inès', { scheduledReportId, origin, status: 'running' }),
  })
}

/** As settling a report does; the row keeps its count. */
function ends(row: Report, status: 'failed' | 'completed' | 'cancelled' | 'skipped'): Promise<StreakChange> {
  return prisma.$transaction(async (transaction) => {
    const definition = await lockDefinitionOf(transaction, row.number)
    const known = await transaction.report.findUniqueOrThrow({ where: { number: row.number } })
    const now = new Date()
    const change = await advanceStreak(transaction, known, definition, { status, alertAfter: 3, now })
    const { failedInARow } = change
    await transaction.report.update({ where: { number: row.number }, data: { status, failedInARow } })
    return change
  })
}

const definitionOf = (id: string) => prisma.scheduledReport.findUniqueOrThrow({ where: { id } })

it('counts failures in the order reports ended, not of their N°, and each failed relaunch', async () => {
  const { id } = await define()
  const [first, second, third] = [await report(id), await report(id), await report(id, 'run_now')]
  expect(await ends(second, 'failed')).toMatchObject({ failedInARow: 1, isAlert: false })
  expect(await ends(first, 'failed')).toMatchObject({ failedInARow: 2, isAlert: false })
  expect(await ends(second, 'failed')).toMatchObject({ failedInARow: 3, isAlert: true })
  expect(await ends(third, 'failed')).toMatchObject({ failedInARow: 4, isAlert: false })
  // A relaunch that succeeds proves that it works again.
  expect(await ends(first, 'completed')).toMatchObject({
    failedInARow: 0,
    recovered: { failedInARow: 4, isPaused: false },
  })
  expect(await ends(first, 'completed')).toMatchObject({ recovered: null })
  expect(await ends(second, 'failed')).toMatchObject({ failedInARow: 1, isAlert: false })
})

it('changes nothing but the count of the definition', async () => {
  const { id } = await define()
  const before = await definitionOf(id)
  await ends(await report(id), 'failed')
  const { failedInARow, ...rest } = await definitionOf(id)
  expect(failedInARow).toBe(1)
  expect({ ...rest, failedInARow: 0 }).toEqual(before)
})

it('ignores skipped, cancelled, backfilled and test reports', async () => {
  const { id } = await define()
  await ends(await report(id), 'failed')
  const failedThenCancelled = await report(id)
  await ends(failedThenCancelled, 'failed')
  for (const status of ['skipped', 'cancelled'] as const) await ends(await report(id), status)
  await ends(failedThenCancelled, 'cancelled')
  for (const status of ['failed', 'completed', 'failed'] as const)
    await ends(await report(id, 'backfill'), status)
  await ends(await report(null, 'test'), 'completed')
  expect((await definitionOf(id)).failedInARow).toBe(2)
  // A backfilled report counts its own rounds.
  const backfilled = await report(id, 'backfill')
  expect(await ends(backfilled, 'failed')).toMatchObject({ failedInARow: 1 })
  expect(await ends(backfilled, 'failed')).toMatchObject({ failedInARow: 2, isAlert: false })
  expect(await ends(await report(id), 'failed')).toMatchObject({ failedInARow: 3, isAlert: true })
})

it('crosses a threshold once when many reports end together', async () => {
  const { id } = await define({ pauseAfterFailures: 5 })
  const rows = await Promise.all(Array.from({ length: 8 }, () => report(id)))
  const changes = await Promise.all(rows.map((row) => ends(row, 'failed')))
  expect(changes.map((change) => change.failedInARow).toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(
    changes
      .filter(({ isAlert }) => isAlert)
      .map((change) => change.failedInARow)
      .toSorted(),
  ).toEqual([3, 5])
  expect(changes.filter(({ isPaused }) => isPaused).map((change) => change.failedInARow)).toEqual([5])
})

it('pauses a definition that asks for it, and says which failure it was', async () => {
  const { id, version } = await define({ pauseAfterFailures: 2 })
  expect(await ends(await report(id), 'failed')).toMatchObject({ isPaused: false, isAlert: false })
  const last = await report(id)
  // A pause is news for the administrators, before as many failures as they asked to be told of.
  expect(await ends(last, 'failed')).toMatchObject({ isPaused: true, isAlert: true })
  expect(await definitionOf(id)).toMatchObject({
    enabled: false,
    version: version + 1,
    pauseReason: { kind: 'failures', times: 2, number: last.number },
  })
  expect(await ends(await report(id, 'run_now'), 'failed')).toMatchObject({ isPaused: false, isAlert: false })
  // Resumed by a person, and still failing.
  await prisma.scheduledReport.update({ where: { id }, data: { enabled: true } })
  expect(await ends(await report(id), 'failed')).toMatchObject({
    failedInARow: 4,
    isPaused: true,
    isAlert: true,
  })
  expect(await ends(await report(id, 'run_now'), 'completed')).toMatchObject({
    recovered: { failedInARow: 4, isPaused: true },
  })
})

it('counts the rounds of a report without a definition', async () => {
  const row = await report(null, 'request')
  for (const failedInARow of [1, 2, 3, 4]) {
    expect(await ends(row, 'failed')).toMatchObject({ failedInARow, isAlert: false, isPaused: false })
  }
  expect(await ends(row, 'completed')).toMatchObject({ failedInARow: 0, recovered: null })
})
