import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#test/servers/database.ts'
import { startTcpGate, type TcpGate } from '#test/servers/tcp-gate.ts'
import { createPrisma, type PrismaClient } from './client.ts'
import { isDatabaseAway } from './database-away.ts'

let database: TestDatabase
let gate: TcpGate
let prisma: PrismaClient

beforeEach(async () => {
  database = await createTestDatabase()
  const url = new URL(database.url)
  gate = await startTcpGate({ host: url.hostname, port: Number(url.port) })
  url.port = String(gate.port)
  prisma = createPrisma(url.href)
  await prisma.user.count()
})

afterEach(async () => {
  await prisma.$disconnect()
  await gate.close()
  await database.drop()
})

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  )
}

describe('isDatabaseAway', () => {
  it('is true when the database cannot be reached', async () => {
    gate.shut()
    const errors = [
      await errorOf(prisma.report.findUniqueOrThrow({ where: { number: 1 } })),
      await errorOf(prisma.$queryRaw`SELECT 1`),
    ]
    expect(errors.map(isDatabaseAway)).toEqual([true, true])
  })

  it('is true when the connection is refused', async () => {
    await gate.close()
    const error = await errorOf(prisma.report.count())
    expect(isDatabaseAway(error)).toBe(true)
  })

  it('is true when the connection is lost during a statement', async () => {
    const cut = prisma.$transaction(async (transaction) => {
      await transaction.report.count()
      gate.shut()
      await transaction.report.count()
    })
    expect(isDatabaseAway(await errorOf(cut))).toBe(true)
  })

  it('is true when the database accepts a connection and sends nothing', async () => {
    // No connection is left open from an earlier test.
    gate.shut()
    gate.hold()
    expect(isDatabaseAway(await errorOf(prisma.report.count()))).toBe(true)
  })

  it('is true when an operator ended the sessions', async () => {
    const ended = prisma.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`
    expect(isDatabaseAway(await errorOf(ended))).toBe(true)
  })
})

it('isDatabaseAway is false when the database answers with an error', async () => {
  const errors = [
    await errorOf(prisma.report.findUniqueOrThrow({ where: { number: 1 } })),
    await errorOf(prisma.$queryRaw`SELECT nonsense`),
    await errorOf(prisma.delivery.create({ data: { reportNumber: 1, email: 'a', status: 'sent' } })),
    new Error('something else'),
  ]
  expect(errors.map(isDatabaseAway)).toEqual([false, false, false, false])
})
