import { afterAll, beforeAll, expect, it } from 'vitest'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { startWorkerProcess, type WorkerProcess } from '#test/processes/worker-process.ts'

const ratePerSecond = 10
let world: ReportWorld
const workers: WorkerProcess[] = []

beforeAll(async () => {
  world = await ReportWorld.create({ MAIL_RATE_PER_SECOND: String(ratePerSecond) })
  for (let index = 0; index < 2; index++) workers.push(await startWorkerProcess(world.variables))
}, 180_000)
afterAll(async () => {
  for (const worker of workers) await worker.end('SIGKILL')
  await world.close()
})

it('keeps MAIL_RATE_PER_SECOND for all workers together', async () => {
  const reports = 10
  const recipientsEach = 10
  const mails = reports * recipientsEach
  for (let index = 0; index < reports; index++) {
    await world.request({
      recipients: Array.from({ length: recipientsEach }, (_, who) => `lectrice-${index}-${who}@ville.test`),
    })
  }
  await world.mail.received(mails, 60_000)

  const times = world.mail.mails.map((mail) => mail.acceptedAt.getTime())
  const seconds = (Math.max(...times) - Math.min(...times)) / 1000
  // A queue that was idle releases the tasks of its first two or three seconds at once.
  expect(seconds).toBeGreaterThan((mails / ratePerSecond) * 0.4)
  // Not slower either: partitions of the queue without mails must not hold back their share of the rate.
  expect(seconds).toBeLessThan((mails / ratePerSecond) * 2)
})
