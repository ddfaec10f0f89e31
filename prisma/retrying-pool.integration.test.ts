import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#test/servers/database.ts'
import { startDyingPostgres } from '#test/servers/dying-postgres.ts'
import { createPrisma, type PrismaClient } from './client.ts'

let database: TestDatabase
let proxy: Server
/** How many of the next connections the proxy refuses, and how many it received in all. */
let refusals: number
let received: number
let prisma: PrismaClient

beforeEach(async () => {
  database = await createTestDatabase()
  const { hostname, port } = new URL(database.url)
  refusals = 0
  received = 0
  proxy = createServer((near) => {
    received += 1
    near.on('error', () => undefined)
    if (refusals > 0) {
      refusals -= 1
      near.destroy()
      return
    }
    const far = connect(Number(port), hostname)
    far.on('error', () => near.destroy())
    near.pipe(far).pipe(near)
    near.on('close', () => far.destroy())
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
})

afterEach(async () => {
  await prisma.$disconnect()
  proxy.close()
  await once(proxy, 'close')
  await database.drop()
})

function proxyUrl(change: (url: URL) => void = () => {}): string {
  const url = new URL(database.url)
  url.port = String((proxy.address() as AddressInfo).port)
  // One connection an attempt, to be counted.
  url.searchParams.set('sslmode', 'disable')
  change(url)
  return url.href
}

it('waits with a query until the server can be reached', async () => {
  prisma = createPrisma(proxyUrl(), { connectTimeoutMs: 30_000 })
  refusals = 3
  expect(await prisma.user.count()).toBe(0)
  expect(received).toBe(4)
})

it('waits with a transaction until the server can be reached', async () => {
  prisma = createPrisma(proxyUrl(), { connectTimeoutMs: 30_000 })
  refusals = 2
  const count = (client: Pick<PrismaClient, 'user'>) => client.user.count()
  expect(await prisma.$transaction(count, { maxWait: 30_000 })).toBe(0)
})

it('fails at once when no connect timeout is set', async () => {
  prisma = createPrisma(proxyUrl())
  refusals = 1
  await expect(prisma.user.count()).rejects.toThrow(/terminated|reach/)
  expect(received).toBe(1)
})

it('does not retry when the server refuses the password', async () => {
  const wrong = proxyUrl((url) => (url.password = 'wrong'))
  prisma = createPrisma(wrong, { connectTimeoutMs: 30_000 })
  await expect(prisma.user.count()).rejects.toThrow(/[Aa]uthentication/)
  expect(received).toBe(1)
})

it('fails the query, not the process, when the server dies as soon as it is ready', async () => {
  const dying = await startDyingPostgres()
  prisma = createPrisma(dying.url)
  await expect(prisma.user.count()).rejects.toThrow(/terminat/)
  await expect(prisma.$transaction((transaction) => transaction.user.count())).rejects.toThrow(/terminat/)
  expect(dying.connections()).toBe(2)
  await dying.close()
})

it('fails once the connect timeout is over', async () => {
  prisma = createPrisma(proxyUrl(), { connectTimeoutMs: 1_000 })
  refusals = Infinity
  await expect(prisma.user.count()).rejects.toThrow(/terminated|reach/)
  expect(received).toBeGreaterThan(1)
})
