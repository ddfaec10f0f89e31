import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { maintenanceSchedules, scheduleIdFor } from '#contract/names.ts'
import { freePort } from '#local/ports.ts'
import { projectFolder } from '#local/settings.ts'
import { createPrisma } from '#prisma/client.ts'
import { startWorkerProcess } from '#test/processes/worker-process.ts'
import { createTestDatabase, type TestDatabase } from '#test/servers/database.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { ForeignNamespaceError, readInstallation } from './installation.ts'
import { restoreMaintenanceSchedules } from './maintenance-schedules.ts'

let world: ReportWorld
let other: TestDatabase
beforeAll(async () => {
  world = await ReportWorld.create()
  other = await createTestDatabase()
  const prisma = createPrisma(other.url)
  await prisma.$executeRaw`UPDATE installation SET id = gen_random_uuid()`
  await prisma.$disconnect()
})
afterAll(async () => {
  await world.close()
  await other.drop()
})

const run = promisify(execFile)

it('a second installation in the namespace ends in words, and leaves the first one’s Schedules', async () => {
  const first = { ...world.variables, PUBLIC_URL: 'https://rapports.ville.test' }
  const second = { ...world.variables, DATABASE_URL: other.url, PUBLIC_URL: 'https://essai.ville.test' }
  const worker = await startWorkerProcess(first)
  try {
    const { id } = await world.define({ name: 'à la ville' })
    await world.engine.applySchedule(id)
    const words = /belongs to another installation, https:\/\/rapports\.ville\.test .*TEMPORAL_NAMESPACE/s

    await expect(startWorkerProcess(second)).rejects.toThrow(words)
    const api = run(process.execPath, [join(projectFolder, 'api/server.ts')], {
      env: { ...process.env, ...second, PORT: String(await freePort()) },
      timeout: 60_000,
    })
    await expect(api).rejects.toMatchObject({ code: 78, stderr: expect.stringMatching(words) as string })

    expect(await world.temporal.schedule.getHandle(scheduleIdFor(id)).describe()).toBeDefined()
    expect(worker.ended()).toBeUndefined()
  } finally {
    await worker.end('SIGKILL')
  }
}, 240_000)

it('a claim that was taken away can be made by another, and the first one then sees it', async () => {
  await world.temporal.schedule.getHandle(maintenanceSchedules.sweep).delete()
  const replaced = { id: '00000000-0000-4000-8000-000000000000', url: 'https://essai.ville.test' }
  expect(await restoreMaintenanceSchedules(world.temporal, replaced)).toBe(true)
  const own = await readInstallation(world.prisma, world.environment)
  await expect(restoreMaintenanceSchedules(world.temporal, own)).rejects.toThrow(ForeignNamespaceError)
})
