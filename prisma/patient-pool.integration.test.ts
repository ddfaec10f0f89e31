import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#test/database.ts'
import { startDyingPostgres } from '#test/dying-postgres.ts'
import { createPrisma, type PrismaClient } from './client.ts'

let database: TestDatabase
let door: Server
/** How many of the next connections the door turns away, and how many came in all. */
let turnedAway: number
let came: number
let prisma: PrismaClient

beforeEach(async () => {
  database = await createTestDatabase()
  const { hostname, port } = new URL(database.url)
  turnedAway = 0
  came = 0
  door = createServer((near) => {
    came += 1
    near.on('error', () => undefined)
    if (turnedAway > 0) {
      turnedAway -= 1
      near.destroy()
      return
    }
    const far = connect(Number(port), hostname)
    far.on('error', () => near.destroy())
    near.pipe(far).pipe(near)
    near.on('close', () => far.destroy())
  }).listen(0, '127.0.0.1')
  await once(door, 'listening')
})

afterEach(async () => {
  await prisma.$disconnect()
  door.close()
  await once(door, 'close')
  await database.drop()
})

function throughTheDoor(change: (url: URL) => void = () => {}): string {
  const url = new URL(database.url)
  url.port = String((door.address() as AddressInfo).port)
  change(url)
  return url.href
}

it('a query waits for a server that cannot be reached yet', async () => {
  prisma = createPrisma(throughTheDoor(), { patienceMs: 30_000 })
  turnedAway = 3
  expect(await prisma.user.count()).toBe(0)
  expect(came).toBe(4)
})

it('so does a transaction', async () => {
  prisma = createPrisma(throughTheDoor(), { patienceMs: 30_000 })
  turnedAway = 2
  const count = (client: Pick<PrismaClient, 'user'>) => client.user.count()
  expect(await prisma.$transaction(count, { maxWait: 30_000 })).toBe(0)
})

it('without patience it fails at once', async () => {
  prisma = createPrisma(throughTheDoor())
  turnedAway = 1
  await expect(prisma.user.count()).rejects.toThrow(/terminated|reach/)
  expect(came).toBe(1)
})

it('a server that says no is not asked again', async () => {
  const wrong = throughTheDoor((url) => (url.password = 'wrong'))
  prisma = createPrisma(wrong, { patienceMs: 30_000 })
  await expect(prisma.user.count()).rejects.toThrow(/[Aa]uthentication/)
  expect(came).toBe(1)
})

it('a server that dies as soon as it is ready fails the query, not the process', async () => {
  const dying = await startDyingPostgres()
  prisma = createPrisma(dying.url)
  await expect(prisma.user.count()).rejects.toThrow(/terminat/)
  await expect(prisma.$transaction((transaction) => transaction.user.count())).rejects.toThrow(/terminat/)
  expect(dying.connections()).toBe(2)
  await dying.close()
})

it('patience has an end', async () => {
  prisma = createPrisma(throughTheDoor(), { patienceMs: 1_000 })
  turnedAway = Infinity
  await expect(prisma.user.count()).rejects.toThrow(/terminated|reach/)
  expect(came).toBeGreaterThan(1)
})
