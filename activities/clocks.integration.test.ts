/** Workers whose machine has a wrong clock: real processes, whose Date is shifted. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { describe, expect, it, type TestContext } from 'vitest'
import { maintenanceSchedules } from '#contract/names.ts'
import { projectFolder } from '#local/settings.ts'
import { readFaults } from '#services/maintenance/installation-faults.ts'
import { freePort } from '#local/ports.ts'
import { eventually } from '#test/eventually.ts'
import { startWorkerProcess } from '#test/processes/worker-process.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

const minuteMs = 60_000
const preload = pathToFileURL(join(projectFolder, 'test/processes/shifted-clock.ts')).href

/** A product whose worker's clock is ahead by what `shift` says. */
async function shiftedWorld(aheadMs: number, { onTestFinished }: Pick<TestContext, 'onTestFinished'>) {
  const world = await ReportWorld.create()
  const folder = await mkdtemp(join(tmpdir(), 'rapporteur-clock-'))
  const file = join(folder, 'shift')
  await writeFile(file, String(aheadMs))
  const healthPort = await freePort()
  const worker = startWorkerProcess({
    ...world.variables,
    NODE_OPTIONS: `--import=${preload}`,
    TEST_CLOCK_FILE: file,
    WORKER_HEALTH_PORT: String(healthPort),
  })
  onTestFinished(async () => {
    await writeFile(file, '0')
    await (await worker.catch(() => null))?.end('SIGTERM')
    await world.close()
    await rm(folder, { recursive: true })
  }, 60_000)
  const readiness = async () => {
    const answer = await fetch(`http://127.0.0.1:${healthPort}/readyz`)
    return { code: answer.status, ...((await answer.json()) as object) }
  }
  return { world, worker, readiness, shift: (ms: number) => writeFile(file, String(ms)) }
}

const clockFault = async ({ prisma }: ReportWorld) =>
  (await readFaults(prisma)).find(({ part }) => part === 'clock')

describe.concurrent('a worker whose clock', { timeout: 240_000 }, () => {
  it('jumps forty minutes ahead claims nothing to come, skips nothing, stops, and works again when it is right', async (test) => {
    const { world, worker: started, readiness, shift } = await shiftedWorld(0, test)
    const { id } = await world.define({
      frequency: 'custom',
      cronExpression: '* * * * *',
      missedRuns: 'none',
      recipients: ['avance@ville.test'],
    })
    await world.engine.applySchedule(id)
    const worker = await started
    const said = (words: string) => worker.output().split(words).length - 1
    const rows = () =>
      world.prisma.report.findMany({
        where: { scheduledReportId: id },
        orderBy: { scheduledFor: 'asc' },
      })
    const reconciled = async () => {
      let count = 0
      for await (const { status } of world.temporal.workflow.list({ query: 'WorkflowType = "reconcile"' }))
        if (status.name === 'COMPLETED') count += 1
      return count
    }
    await eventually(rows, (seen) => seen.some(({ status }) => status === 'completed'), {
      withinMs: 90_000,
    })
    // It looks at its clock every ten seconds; until then it works with the wrong one.
    const before = await reconciled()
    await delay(minuteMs - (Date.now() % minuteMs) - 5_000 + (Date.now() % minuteMs > 50_000 ? minuteMs : 0))
    const due = new Date(Math.ceil(Date.now() / minuteMs) * minuteMs)
    await shift(40 * minuteMs)
    await world.temporal.schedule.getHandle(maintenanceSchedules.reconcile).trigger()
    await eventually(
      async () => said('worker not ready') > 0 || (await reconciled()) > before,
      (is) => is,
    )
    await delay(Math.max(0, due.getTime() + 4_000 - Date.now()))
    expect((await rows()).filter(({ scheduledFor }) => (scheduledFor?.getTime() ?? 0) > Date.now())).toEqual(
      [],
    )

    await eventually(
      async () => said('worker not ready'),
      (times) => times === 1,
    )
    expect(await readiness()).toEqual({ code: 503, status: 'down', reason: 'clock_off' })
    expect(await clockFault(world)).toMatchObject({
      code: 'clock_off',
      detail: expect.stringMatching(
        /2[34]\d\d\.\d s ahead of the database's, and 2[34]\d\d\.\d s ahead of Temporal's/,
      ) as string,
    })
    await shift(0)
    const seen = await eventually(rows, (all) =>
      all.some(
        ({ scheduledFor, finishedAt }) => scheduledFor?.getTime() === due.getTime() && finishedAt !== null,
      ),
    )
    await eventually(
      async () => said('"worker ready"'),
      (times) => times === 2,
    )
    expect(await readiness()).toEqual({ code: 200, status: 'ok' })
    expect(seen.filter(({ status }) => status === 'skipped')).toEqual([])
    await eventually(
      () => clockFault(world),
      (fault) => fault === undefined,
    )
  })

  it('is three minutes slow takes no work; twenty seconds are told, and work goes on', async (test) => {
    const { world, worker: starting, shift } = await shiftedWorld(-3 * minuteMs, test)
    const { number } = await world.request()
    const { detail } = (await eventually(
      () => clockFault(world),
      (fault) => fault !== undefined,
    )) ?? { detail: '' }
    expect(detail).toMatch(/^this worker's clock is 1[78]\d\.\d s behind the database's/)
    await delay(5_000)
    expect((await world.row(number)).status).toBe('queued')

    await shift(20_000)
    const worker = await starting
    await eventually(
      () => world.row(number),
      ({ status }) => status === 'completed',
    )
    await eventually(
      () => clockFault(world),
      (fault) => fault?.detail.startsWith("this worker's clock is 20.0 s ahead") === true,
    )
    await delay(12_000)
    expect(worker.output()).not.toContain('worker not ready')
  })
})
