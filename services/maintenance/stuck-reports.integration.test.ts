/** Runs that cannot go on, as the engine really says it. */

import { NativeConnection, Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { workflowBundle } from '#activities/workflow-bundle.ts'
import { taskQueues, workflowIdForOccurrence, workflowTypes } from '#contract/names.ts'
import { nominalTimeKey, scheduledReportIdKey } from '#contract/search-attributes.ts'
import { eventually } from '#test/eventually.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

let world: ReportWorld

beforeAll(async () => {
  world = await ReportWorld.create()
  await world.startWorker()
})
afterAll(async () => {
  await world.close()
})

/** Sweeps as if the report had not changed for a while. */
const sweepMuchLater = () => world.sweepLater({ now: new Date(Date.now() + 10 * 60_000) })
const toldOf = () => world.prisma.notice.findMany({ where: { kind: 'reports_stuck' } })
const fault = () => world.prisma.installationFault.findUnique({ where: { part: 'stuck_reports' } })

async function becomesStuck(number: number) {
  return eventually(
    async () => {
      await sweepMuchLater()
      return world.row(number)
    },
    ({ stuck }) => stuck !== null,
    { withinMs: 90_000 },
  )
}

it('names a run whose bookkeeping fails for good, tells the administrators once, and clears it when it goes on', async () => {
  await world.prisma.$executeRawUnsafe(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no such place'; END $$`)
  await world.prisma.$executeRawUnsafe(`
    CREATE TRIGGER refuse BEFORE UPDATE ON report
    FOR EACH ROW WHEN (NEW.status = 'completed') EXECUTE FUNCTION refuse()`)
  const { number } = await world.request({ recipients: ['a@ville.test'] })
  const waiting = await world.request({ recipients: ['b@ville.test'] })
  expect((await becomesStuck(number)).stuck).toMatchObject({
    reason: 'activity',
    step: 'settleReport',
    message: expect.stringContaining('no such place'),
  })
  await becomesStuck(waiting.number)
  expect(await toldOf()).toMatchObject([{ userId: world.owner.id, reportNumber: null }])
  expect(await fault()).toMatchObject({ detail: expect.stringContaining(`N° ${number}: settleReport: `) })
  await eventually(
    async () =>
      world.mail.mailsFor(world.owner.email).filter(({ parsed }) => parsed.subject?.includes('continuer')),
    (mails) => mails.length === 1,
  )

  await world.prisma.$executeRawUnsafe('DROP TRIGGER refuse ON report')
  for (const report of [number, waiting.number]) {
    const { stuck } = await world.rowBecomes(report, ({ status }) => status === 'completed', 60_000)
    expect(stuck).toBeNull()
  }
  expect(await sweepMuchLater()).toMatchObject({ stuck: 0 })
  expect(await fault()).toBeNull()
}, 240_000)

it('names an occurrence that nobody can open by its scheduled report', async () => {
  await world.prisma.$executeRawUnsafe(`
    CREATE TRIGGER refuse BEFORE INSERT ON report FOR EACH ROW EXECUTE FUNCTION refuse()`)
  const { id } = await world.define({ name: 'Cantines du matin', recipients: ['d@ville.test'] })
  const scheduledFor = new Date(Math.floor(Date.now() / 1000) * 1000)
  const run = await world.temporal.workflow.start(workflowTypes.report, {
    taskQueue: taskQueues.reports,
    workflowId: workflowIdForOccurrence(id, scheduledFor),
    args: [{ scheduledReportId: id }],
    typedSearchAttributes: [
      { key: scheduledReportIdKey, value: id },
      { key: nominalTimeKey, value: scheduledFor },
    ],
  })
  const told = await eventually(
    async () => {
      await sweepMuchLater()
      return fault()
    },
    (present) => present !== null,
    { withinMs: 90_000 },
  )
  expect(told?.detail).toMatch(/^Cantines du matin: openReport: .*no such place/s)
  await world.prisma.$executeRawUnsafe('DROP TRIGGER refuse ON report')
  expect(await run.result()).toMatchObject({ status: 'completed' })
  await eventually(sweepMuchLater, ({ stuck }) => stuck === 0)
  expect(await fault()).toBeNull()
}, 240_000)

it('names a run that the present workflows cannot replay, until the right ones are back', async () => {
  const recipient = 'c@ville.test'
  world.mail.inject({ at: 'recipient', does: 'hold', recipient })
  const { number, workflowId } = await world.request({ recipients: [recipient] })
  await world.logBecomes(number, (log) => log.phases[2]?.status === 'running')
  expect(await sweepMuchLater()).toMatchObject({ stuck: 0 })
  world.mail.release()
  const stopped = world.stopWorker()
  const connection = await NativeConnection.connect({ address: world.environment.TEMPORAL_ADDRESS })
  const bundle = await workflowBundle(world.environment)
  if (!('code' in bundle)) throw new Error('The bundle is not code')
  const broken = await Worker.create({
    connection,
    namespace: world.environment.TEMPORAL_NAMESPACE,
    taskQueue: taskQueues.reports,
    workflowBundle: { code: bundle.code.replaceAll('.openReport(', '.openAnotherReport(') },
  })
  const running = broken.run()
  await stopped
  await world.temporal.workflow.getHandle(workflowId).signal('nothing')
  expect((await becomesStuck(number)).stuck).toMatchObject({ reason: 'workflow_task', step: null })
  expect((await world.row(number)).stuck).toMatchObject({ message: expect.stringMatching(/nondeterminism/i) })
  expect(await toldOf()).toHaveLength(3)

  broken.shutdown()
  await running
  await connection.close()
  await world.startWorker()
  await world.rowBecomes(number, ({ status }) => status === 'completed', 120_000)
  expect(await sweepMuchLater()).toMatchObject({ stuck: 0 })
  expect(await fault()).toBeNull()
}, 300_000)
