import { setTimeout as delay } from 'node:timers/promises'
import { type Client, Connection } from '@temporalio/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readEnvironment } from '#config/environment.ts'
import { createLogger } from '#config/logger.ts'
import { scheduledReportIdFrom, scheduleIdFor } from '#contract/names.ts'
import { toScheduleSpec } from '#domain/timing/to-schedule-spec.ts'
import { reconcileDefinitions } from '#services/maintenance/reconcile-definitions.ts'
import { timingOf } from '#services/definitions/stored-timing.ts'
import { createPrisma, type PrismaClient } from '#prisma/client.ts'
import { loadCatalogue } from '#catalogue/load-catalogue.ts'
import { startApiProcess, type ApiProcess } from '#test/processes/api-process.ts'
import { createTestBucket } from '#test/servers/bucket.ts'
import { createTestDatabase, demoDatabaseUrl, type TestDatabase } from '#test/servers/database.ts'
import { eventually } from '#test/eventually.ts'
import { SeededRandom } from '#demo/data/seeded-random.ts'
import { cookiesSet } from '#test/cookies-set.ts'
import { createTemporalClient } from '#services/temporal/data-converter.ts'
import { createTestNamespace } from '#test/servers/temporal-namespace.ts'
import { createAuth } from './auth/create-auth.ts'
import { createDemoAccounts, demoPassword } from '#demo/accounts.ts'

const kills = 50
const concurrentRequests = 10
const writes = ['create', 'create', 'edit', 'edit', 'edit', 'pause', 'resume', 'delete'] as const
const seed = Number(process.env.CHAOS_SEED ?? 20_261_122)

let database: TestDatabase
let prisma: PrismaClient
let connection: Connection
let temporal: Client
let variables: Record<string, string>

beforeAll(async () => {
  database = await createTestDatabase()
  variables = {
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
    SOURCE_DATABASE_URL: await demoDatabaseUrl(),
    SMTP_URL: 'smtp://127.0.0.1:1',
    ...(await createTestBucket()),
    ...(await createTestNamespace()),
  }
  const environment = readEnvironment(variables)
  prisma = createPrisma(database.url)
  connection = await Connection.connect({ address: environment.TEMPORAL_ADDRESS })
  temporal = createTemporalClient(connection, environment)
  await createDemoAccounts(prisma, createAuth(prisma, environment, createLogger('test', 'silent')))
})
afterAll(async () => {
  await prisma.$disconnect()
  await connection.close()
  await database.drop()
})

it(
  `leaves definitions and Schedules in agreement after ${kills} kills (seed ${seed})`,
  { timeout: 600_000 },
  async () => {
    const random = new SeededRandom('writes', seed)
    /** What the API has confirmed: these must exist, and the deleted ones must not. */
    const created = new Set<string>()
    const deleting = new Set<string>()
    const deleted = new Set<string>()
    let answered = 0
    let next = startApiProcess(variables)
    const cookie = await signIn(await next)

    for (let kill = 1; kill <= kills; kill++) {
      const api = await next
      // The next process starts while this one works.
      if (kill < kills) next = startApiProcess(variables)
      let isUp = true
      let answeredHere = 0
      const writers = Promise.all(
        Array.from({ length: concurrentRequests }, async () => {
          while (isUp) if (await writeSomething(api)) answeredHere += 1
        }),
      )
      // Kills fall on the very first requests of a process as well as on later ones.
      const enough = random.whole(0, 12)
      const warm = eventually(
        async () => answeredHere,
        (count) => count >= enough,
        { everyMs: 1 },
      )
      await Promise.race([warm, writers])
      await delay(random.whole(0, 30))
      isUp = false
      await api.kill()
      await writers
    }
    // Some requests were cut off between the two writes, some were answered: the kills fell where they should.
    const cutOff = await prisma.$queryRaw<
      unknown[]
    >`SELECT 1 FROM scheduled_report WHERE version <> applied_version`
    expect(cutOff.length).toBeGreaterThan(0)
    expect(answered).toBeGreaterThan(kills)

    const catalogue = await loadCatalogue({ builtIn: true })
    const parts = { prisma, temporal, catalogue, spreadMinutes: 0, missedAfterMinutes: 15 }
    await eventually(
      () => reconcileDefinitions(parts),
      ({ applied, removed, failed }) => applied + removed + failed === 0,
      { withinMs: 60_000, everyMs: 500 },
    )
    await expectAgreement()
    const there = new Set(
      (await prisma.scheduledReport.findMany({ select: { id: true } })).map(({ id }) => id),
    )
    expect([...created].filter((id) => !there.has(id) && !deleting.has(id))).toEqual([])
    expect([...deleted].filter((id) => there.has(id))).toEqual([])

    /** @returns whether it was answered; a request that is cut off is what this test wants. */
    async function writeSomething(api: ApiProcess): Promise<boolean> {
      const known = [...created].filter((id) => !deleting.has(id))
      const what = known.length < 5 ? 'create' : random.pick(writes)
      const base = `${api.url}/v1/admin/scheduled-reports`
      const target = known.length > 0 ? random.pick(known) : ''
      const body = JSON.stringify({
        name: `Rapport ${random.whole(0, 999_999)}`,
        type: 'schools',
        frequency: 'daily',
        time: `${String(random.whole(0, 23)).padStart(2, '0')}:${String(random.whole(0, 59)).padStart(2, '0')}`,
        time_zone: random.pick(['UTC', 'Europe/Paris', 'America/Santiago']),
        enabled: random.chance(0.75),
        recipients: ['a@ville.test'],
        format: 'csv',
      })
      const headers = { cookie, 'content-type': 'application/json' }
      if (what === 'delete') deleting.add(target)
      const asked = {
        create: () => fetch(base, { method: 'POST', headers, body }),
        edit: () => fetch(`${base}/${target}`, { method: 'PUT', headers, body }),
        pause: () => fetch(`${base}/${target}/pause`, { method: 'POST', headers }),
        resume: () => fetch(`${base}/${target}/resume`, { method: 'POST', headers }),
        delete: () => fetch(`${base}/${target}`, { method: 'DELETE', headers }),
      }
      try {
        const answer = await asked[what]()
        // Another writer deleted it meanwhile.
        if (answer.status === 404 && deleting.has(target)) return true
        if (!answer.ok) throw new Error(`${what} answered ${answer.status}: ${await answer.text()}`)
        if (what === 'create') created.add(((await answer.json()) as { id: string }).id)
        if (what === 'delete') deleted.add(target)
        answered += 1
        return true
      } catch (error) {
        // Node's fetch: the connection ended with the process.
        if (!(error instanceof TypeError)) throw error
        return false
      }
    }
  },
)

async function signIn({ url }: ApiProcess): Promise<string> {
  const answer = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'admin@rapporteur.test', password: demoPassword }),
  })
  expect(answer.status).toBe(200)
  return cookiesSet(answer.headers)
}

/** Compares anew, not by the reconciler's own code: each Schedule runs when its definition says. */
async function expectAgreement(): Promise<void> {
  const definitions = await prisma.scheduledReport.findMany()
  for (const definition of definitions) {
    const seen = await temporal.schedule.getHandle(scheduleIdFor(definition.id)).describe()
    const timing = timingOf(definition)
    expect(timing).not.toBeNull()
    expect(definition).toMatchObject({
      appliedVersion: definition.version,
      appliedEnabled: definition.enabled,
    })
    expect(seen.state.paused).toBe(!definition.enabled)
    expect(seen.action.args).toEqual([
      { scheduledReportId: definition.id, definitionVersion: definition.version },
    ])
    if (timing) expect(seen.spec.calendars).toEqual(toScheduleSpec(timing, new Date()).calendars)
  }
  const schedules = new Set<string | null>()
  for await (const { scheduleId } of temporal.schedule.list())
    schedules.add(scheduledReportIdFrom(scheduleId))
  expect(schedules).toEqual(new Set(definitions.map(({ id }) => id)))
}
