import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSource, type Source } from '#adapters/source/source.ts'
import { createPrisma, type PrismaClient } from '#prisma/client.ts'
import { createTestDatabase, demoDatabaseUrl, type TestDatabase } from '#test/servers/database.ts'
import { timeZoneWarnings } from './time-zone-warnings.ts'

let database: TestDatabase
let prisma: PrismaClient
let source: Source
const now = new Date('2026-11-28T12:00:00Z')
const version = '2026b'

beforeAll(async () => {
  database = await createTestDatabase()
  prisma = createPrisma(database.url)
  source = createSource({ connectionString: await demoDatabaseUrl(), statementTimeoutMs: 20_000 })
})
afterAll(async () => {
  await prisma.$disconnect()
  await source.close()
  await database.drop()
})

const inUse = (timeZone: string) =>
  prisma.user.create({ data: { id: timeZone, email: `${timeZone}@ville.test`, name: 'x', timeZone } })

it('says nothing where both have the same rules, of this year', async () => {
  for (const zone of ['Europe/Paris', 'Asia/Kathmandu', 'UTC', 'America/New_York']) await inUse(zone)
  expect(await timeZoneWarnings({ source, prisma, now, version })).toEqual([])
})

it('names rules that are older than a year', async () => {
  expect(await timeZoneWarnings({ source, prisma, now, version: '2024a' })).toEqual([
    expect.stringMatching(/of 2024a, older than a year\. docs\/operations\.md, "Rules of time zones"/),
  ])
})

it('names a zone in use that the source does not know, or whose clocks it changes on other days', async () => {
  await inUse('America/Nowhere')
  expect(await timeZoneWarnings({ source, prisma, now, version })).toEqual([
    expect.stringMatching(/^America\/Nowhere: the source’s PostgreSQL does not know/),
  ])
  await prisma.user.delete({ where: { id: 'America/Nowhere' } })
  // As a source would answer that keeps summer time all year.
  const { rows } = source
  const behind: Pick<Source, 'rows'> = {
    async rows(query, options) {
      const page = await rows.call(source, query, options)
      return {
        ...page,
        rows: page.rows.map(([zone = null, known = null, at = null, seconds = null]) =>
          zone === 'Europe/Paris' ? [zone, known, at, '7200'] : [zone, known, at, seconds],
        ),
      }
    },
  }
  expect(await timeZoneWarnings({ source: behind, prisma, now, version })).toEqual([
    expect.stringMatching(
      /^Europe\/Paris: on 2026-11-28 the clocks are 1 h from UTC here, 2 h in the source/,
    ),
  ])
})
