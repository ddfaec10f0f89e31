import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '#local/ports.ts'
import { projectFolder } from '#local/settings.ts'
import { activityFailures } from '#test/activity-failures.ts'
import { eventually } from '#test/eventually.ts'
import { leftovers, nothingLeft } from '#test/leftovers.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { startGateBefore, type TcpGate } from '#test/servers/tcp-gate.ts'
import { startWorkerProcess, type WorkerProcess } from '#test/processes/worker-process.ts'

const [anna, bruno, chloe, dana] = [
  'anna@ville.test',
  'bruno@ville.test',
  'chloe@ville.test',
  'dana@ville.test',
]
const isCompleted = (row: { status: string }) => row.status === 'completed'

describe('a worker told to stop', () => {
  let world: ReportWorld
  const workers: WorkerProcess[] = []
  const gates: TcpGate[] = []

  beforeAll(async () => {
    world = await ReportWorld.create({ REPORTS_DIR: join(projectFolder, 'test/report-types') })
    workers.push(await startWorkerProcess(world.variables))
  }, 180_000)
  afterAll(async () => {
    for (const worker of workers) await worker.end('SIGKILL')
    for (const gate of gates) await gate.close()
    await world.close()
  })

  it('takes no new task, waits, hands over unfinished work at once, and exits with 0', async () => {
    // The second worker starts behind a gate, so that the first one takes every task.
    const gate = await startGateBefore(world.environment.TEMPORAL_ADDRESS)
    gates.push(gate)
    gate.hold()
    const starting = startWorkerProcess({ ...world.variables, TEMPORAL_ADDRESS: gate.address })
    const [stopped] = workers
    // During a file, a mail not sent completely yet, and a mail sent completely but not answered.
    const file = await world.request({ type: 'slow_numbers', columns: ['text'], recipients: [anna] })
    await eventually(
      () => world.engine.progressOf(file.number),
      (progress) => (progress?.rows ?? 0) > 0,
    )
    world.mail.inject({ at: 'recipient', does: 'hold', recipient: bruno, times: 1 })
    world.mail.inject({ at: 'answer', does: 'hold', recipient: chloe, times: 1 })
    const handedOver = await world.request({ recipients: [bruno] })
    const waitedFor = await world.request({ recipients: [chloe] })
    await world.mail.struck(2, 30_000)

    const end = stopped?.end('SIGTERM')
    gate.open()
    workers.push(await starting)
    const next = await world.request({ recipients: [dana] })
    await world.rowBecomes(next.number, isCompleted)
    expect(stopped?.ended()).toBeUndefined()

    // After the grace time another worker continues the file at once, not after a heartbeat timeout.
    const [told] = await eventually(
      () => activityFailures(world.temporal, file.workflowId),
      (failures) => failures.length === 1,
    )
    const toldAt = Date.now()
    expect(told).toMatchObject({ activity: 'generateReport', attempt: 1, type: 'worker_stopping' })
    await eventually(
      () => world.engine.progressOf(file.number),
      (progress) => progress?.attempt === 2 && (progress.rows ?? 0) > 0,
    )
    expect(Date.now() - toldAt).toBeLessThan(15_000)
    await world.rowBecomes(handedOver.number, isCompleted)

    expect(stopped?.ended()).toBeUndefined()
    world.mail.release()
    expect(await end).toBe(0)
    await world.rowBecomes(waitedFor.number, isCompleted)
    await world.rowBecomes(file.number, isCompleted, 90_000)

    const attempts = async (number: number) => (await world.log(number)).phases.map((phase) => phase.attempts)
    expect(await attempts(file.number)).toEqual([2, 1, 1])
    expect(await attempts(handedOver.number)).toEqual([1, 1, 2])
    expect(await attempts(waitedFor.number)).toEqual([1, 1, 1])
    for (const recipient of [anna, bruno, chloe, dana]) expect(world.mail.mailsFor(recipient)).toHaveLength(1)
    expect(await leftovers(world)).toEqual(nothingLeft)
  }, 240_000)
})

describe('a worker that starts while the storage is away', () => {
  it('takes work all the same, and finds what the storage can when it is back; its health port says when', async () => {
    const world = await ReportWorld.create()
    const gate = await startGateBefore(world.environment.S3_ENDPOINT ?? '')
    gate.shut()
    const port = await freePort()
    const probe = async (path: string) => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => null)
      return answer && { code: answer.status, ...((await answer.json().catch(() => ({}))) as object) }
    }
    const variables = { ...world.variables, S3_ENDPOINT: gate.address, WORKER_HEALTH_PORT: String(port) }
    const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000)
    const sweptAt = async () => (await world.prisma.installation.findFirstOrThrow()).sweptAt.getTime()
    const [sweptBefore, isPolled] = [await sweptAt(), await world.engine.isPolledSince(minutesAgo(2))]
    expect(isPolled).toBe(false)
    const starting = startWorkerProcess(variables)
    await eventually(
      () => probe('/livez'),
      (answer) => answer !== null,
    )
    expect(await probe('/readyz')).toEqual({ code: 503, status: 'down', reason: 'starting' })
    const worker = await starting
    expect(await probe('/readyz')).toEqual({ code: 200, status: 'ok' })
    expect(await probe('/elsewhere')).toMatchObject({ code: 404 })
    // A second one on the same port ends in words, once.
    await expect(startWorkerProcess(variables)).rejects.toThrow(
      new RegExp(`ended with 78 [^]*:\\nWORKER_HEALTH_PORT: ${port} is in use by another program`),
    )
    try {
      expect(worker.output()).toContain('the storage is not answering yet')
      gate.open()
      await expect.poll(() => worker.output(), { timeout: 30_000 }).toContain('the storage can all')
      const { number } = await world.request({ recipients: [anna] })
      await world.rowBecomes(number, isCompleted)
      // What the watchdog of the API goes by.
      expect(await world.engine.isPolledSince(minutesAgo(2))).toBe(true)
      await eventually(sweptAt, (at) => at > sweptBefore)
      expect(await worker.end('SIGTERM')).toBe(0)
    } finally {
      await worker.end('SIGKILL')
      await gate.close()
      await world.close()
    }
  }, 240_000)
})

describe('a fleet replaced worker by worker', () => {
  it('uses up no attempt of a report that runs on each of them', async () => {
    const world = await ReportWorld.create()
    try {
      world.mail.inject({ at: 'recipient', does: 'hold', recipient: anna })
      const { number, workflowId } = await world.request({ recipients: [anna] })
      for (let stops = 1; stops <= 4; stops++) {
        await world.startWorker()
        await world.mail.struck(stops, 60_000)
        await world.stopWorker()
      }
      expect(world.mail.mails).toEqual([])
      world.mail.release()
      await world.startWorker()
      expect(await world.rowBecomes(number, isCompleted)).toMatchObject({ delivery: 'sent', failure: null })
      expect(world.mail.mailsFor(anna)).toHaveLength(1)
      await world.workflowEnded(number)
      await world.keepHistory('handed-over', workflowId)
    } finally {
      await world.close()
    }
  }, 240_000)
})
