import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createPrisma, type PrismaClient } from '#prisma/client.ts'
import { createTestDatabase, type TestDatabase } from '#test/servers/database.ts'
import { eventually } from '#test/eventually.ts'
import { createMailPace, type MailPace } from './mail-pace.ts'

let database: TestDatabase
let prisma: PrismaClient
let server: string
/** Two workers. */
let one: MailPace
let other: MailPace

beforeAll(async () => {
  database = await createTestDatabase()
  prisma = createPrisma(database.url)
})
afterAll(async () => {
  await prisma.$disconnect()
  await database.drop()
})
beforeEach(({ task }) => {
  server = `mail.test:${task.id}`
  const options = { server, maxConnections: 8, maxRate: 1_000 }
  one = createMailPace(prisma, options)
  other = createMailPace(prisma, options)
})

const row = () => prisma.mailPace.findUniqueOrThrow({ where: { server } })
/** As if all pauses were over. */
const later = () => prisma.$executeRaw`UPDATE mail_pace SET paused_until = now() WHERE server = ${server}`

async function taken(pace: MailPace, ...lines: string[]): Promise<Date[]> {
  const began: Date[] = []
  for (const line of lines) {
    const at = await eventually(
      () => pace.take(line),
      (when) => when !== null,
    )
    if (at) began.push(at)
  }
  return began
}

describe('createMailPace', () => {
  it('counts the connections of all workers together', async () => {
    await taken(one, 'a1', 'a2', 'a3', 'a4')
    await taken(other, 'b1', 'b2', 'b3', 'b4')
    expect([await one.take('a5'), await other.take('b5')]).toEqual([null, null])
    // A line that holds a connection goes on with it.
    expect(await one.take('a1')).not.toBeNull()
    await one.release('a1')
    expect(await other.take('b5')).not.toBeNull()
  })

  it('of many that ask at the same moment lets through as many as are allowed', async () => {
    await prisma.mailPace.create({ data: { server, connections: 3 } })
    const asked = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? one : other).take(`line-${index}`)),
    )
    expect(asked.filter((at) => at !== null)).toHaveLength(3)
  })

  it('forgets the connections of a worker that was killed', async () => {
    await taken(one, 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8')
    await prisma.$executeRaw`
      UPDATE mail_pace SET held = (SELECT jsonb_object_agg(key, now() - interval '1 second') FROM jsonb_each(held))
      WHERE server = ${server}`
    await one.renew(['a1'])
    expect(await other.take('b1')).not.toBeNull()
    expect(Object.keys((await row()).held as object).toSorted()).toEqual(['a1', 'b1'])
  })

  it('halves the connections once for those that began before, and grows slowly again', async () => {
    const began = await taken(one, 'a1', 'a2', 'a3', 'a4', 'a5', 'a6')
    const last = began.at(-1)!
    expect(await one.refused('connections', last)).toBe(false)
    expect(await other.refused('connections', last)).toBe(false)
    expect(await row()).toMatchObject({ connections: 3, connectionsRefused: 6, rate: null, refusals: 1 })
    // Nobody begins at once.
    expect(await one.take('a1')).toBeNull()

    await one.accepted()
    expect((await row()).connections).toBeCloseTo(3.24)
    for (let mail = 0; mail < 6; mail++) await other.accepted()
    const { connections } = await row()
    // From four fifths of six on by 1 %.
    expect(connections).toBeGreaterThan(4.8)
    await one.accepted()
    expect((await row()).connections).toBeCloseTo((connections ?? 0) * 1.01)
    expect(await one.refused('connections', last)).toBe(true)
    await later()
    for (const line of ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']) await one.release(line)
    expect(await Promise.all(['c1', 'c2', 'c3', 'c4', 'c5'].map((line) => other.take(line)))).not.toContain(
      null,
    )
    expect(await other.take('c6')).toBeNull()
  })

  it('never grows beyond the variables', async () => {
    await prisma.mailPace.create({
      data: { server, connections: 7.95, rate: 995, rateRefused: 10, connectionsRefused: 4 },
    })
    await one.accepted()
    expect(await row()).toMatchObject({ connections: null, rate: null })
  })

  it('halves the mails a second', async () => {
    const slow = createMailPace(prisma, { server, maxConnections: 100, maxRate: 4 })
    const [began] = await taken(slow, 'a1')
    await slow.refused('rate', began!)
    expect(await row()).toMatchObject({ connections: null, rate: 2, rateRefused: 4 })
    await later()
    const startedAt = Date.now()
    await taken(slow, 'b1', 'b2', 'b3')
    expect(Date.now() - startedAt).toBeGreaterThan(900)
  })
})
