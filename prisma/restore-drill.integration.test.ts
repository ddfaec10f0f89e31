/** The drill of docs/backup.md: the database is restored from a backup, Temporal and the storage are lost. */

import { afterAll, beforeAll, expect, it } from 'vitest'
import { scheduleIdFor } from '#contract/names.ts'
import { reconcileDefinitions } from '#services/maintenance/reconcile-definitions.ts'
import { createPrisma } from './client.ts'
import { leaveNumbersAfterRestore } from './leave-numbers-after-restore.ts'
import { migrate } from './migrate.ts'
import type { TestDatabase } from '#test/servers/database.ts'
import { backUp, restore } from '#test/servers/restored-database.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

let before: ReportWorld
let database: TestDatabase
let after: ReportWorld
const anna = 'anna@ville.test'
const isCompleted = ({ status }: { status: string }) => status === 'completed'

beforeAll(async () => {
  before = await ReportWorld.create()
  await before.startWorker()
})
afterAll(async () => {
  await after?.close()
  await before.close()
  await database?.drop()
})

async function sent(world: ReportWorld): Promise<number> {
  const { number } = await world.request({ recipients: [anna] })
  await world.rowBecomes(number, isCompleted)
  return number
}

it('nothing of the product is lost, and no N° is given twice', { timeout: 180_000 }, async () => {
  const { id } = await before.define({ name: 'Chaque lundi' })
  await before.engine.applySchedule(id)
  const known = await sent(before)
  const backup = await backUp(before.environment.DATABASE_URL)
  // In people's mailboxes, and in no database any more.
  const lost = [await sent(before), await sent(before)]

  database = await restore(backup)
  const lines: string[] = []
  await migrate(database.url, (line) => void lines.push(line))
  expect(lines.join('\n')).toContain(
    `the last N° it knows is ${known}, the next one follows ${known + 2000 - (known % 1000)}`,
  )

  // Another bucket, and another namespace: neither has anything of before.
  after = await ReportWorld.create({ DATABASE_URL: database.url })
  await after.startWorker()
  const next = await sent(after)
  expect(next).toBeGreaterThan(Math.max(...lost))
  expect(after.mail.mailsFor(anna)).toHaveLength(1)

  await reconcileDefinitions(after.context)
  expect(await after.temporal.schedule.getHandle(scheduleIdFor(id)).describe()).toMatchObject({
    state: { paused: false },
  })
  // Its row knows the file that was lost with the storage: who follows its link reads so, in words.
  const { objectKey } = await after.row(known)
  expect(await after.context.storage.head(objectKey ?? '')).toBeNull()
})

it('a mark that was not copied says that nothing was restored, whoever asks, however often', async () => {
  const { prisma } = before
  expect(await Promise.all([1, 2, 3].map(() => leaveNumbersAfterRestore(prisma)))).toEqual([null, null, null])
  await prisma.$executeRaw`VACUUM FREEZE database_mark`
  expect(await leaveNumbersAfterRestore(prisma)).toBeNull()
})

it('several processes that start on a restored database leave numbers out once', async () => {
  const copy = await restore(await backUp(before.environment.DATABASE_URL))
  const clients = [1, 2, 3].map(() => createPrisma(copy.url))
  try {
    const left = await Promise.all(clients.map((client) => leaveNumbersAfterRestore(client)))
    expect(left.filter((one) => one !== null)).toHaveLength(1)
  } finally {
    await Promise.all(clients.map((client) => client.$disconnect()))
    await copy.drop()
  }
})

it('a server that goes on from another point in time leaves numbers out', async () => {
  const copy = await restore(await backUp(before.environment.DATABASE_URL))
  const prisma = createPrisma(copy.url)
  try {
    await leaveNumbersAfterRestore(prisma)
    expect(await leaveNumbersAfterRestore(prisma)).toBeNull()
    // Written by nothing else: the row stays the one that this database wrote.
    await prisma.$executeRaw`
      UPDATE database_mark SET timeline = timeline - 1, written_by = pg_current_xact_id()::text::bigint`
    expect(await leaveNumbersAfterRestore(prisma)).toMatchObject({
      resumesAfter: expect.any(Number) as number,
    })
    expect(await leaveNumbersAfterRestore(prisma)).toBeNull()
  } finally {
    await prisma.$disconnect()
    await copy.drop()
  }
})
