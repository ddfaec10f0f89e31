/** A failed report that waits for a relaunch: its log is kept, the sweep leaves it alone, and its runs stay short. */

import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { workflowBundle } from '#activities/workflow-bundle.ts'
import { taskQueues, workflowTypes } from '#contract/names.ts'
import { cancelSignal, relaunchSignal } from '#contract/report-messages.ts'
import { reportNumberKey } from '#contract/search-attributes.ts'
import { logWithoutEngine } from '#services/delivery-log/read-delivery-log.ts'
import { eventually } from '#test/eventually.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

let world: ReportWorld

beforeAll(async () => {
  world = await ReportWorld.create()
  await world.startWorker()
})
beforeEach(() => {
  world.mail.release()
  world.sourceGate.open()
})
afterAll(async () => {
  await world.close()
})

const isFailed = ({ status }: { status: string }) => status === 'failed'

async function logOfRow(number: number) {
  const row = await world.prisma.report.findUniqueOrThrow({
    where: { number },
    include: { deliveries: true },
  })
  return logWithoutEngine({ temporal: world.temporal, temporalWebUrl: 'http://web' }, row)
}

it('has its log on its row, with attempts and causes, and after a relaunch the log of all rounds', async () => {
  world.sourceGate.shut()
  const { number, workflowId } = await world.request()
  await world.rowBecomes(number, (row) => isFailed(row) && row.logArchived, 60_000)
  expect((await world.temporal.workflow.getHandle(workflowId).describe()).status.name).toBe('RUNNING')
  const known = await world.log(number)
  expect((await logOfRow(number)).phases).toEqual(known.phases)
  expect(known.phases[0]).toMatchObject({ attempts: 3, cause: expect.any(String) })
  world.sourceGate.open()

  const recipient = 'a@ville.test'
  await world.prisma.report.update({ where: { number }, data: { recipients: [recipient] } })
  world.mail.inject({
    at: 'recipient',
    does: 'reply',
    code: 550,
    text: '5.1.1 No',
    recipient: world.owner.email,
  })
  expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
  const again = (round: number) =>
    world.rowBecomes(number, (row) => row.settledRound === round && isFailed(row) && row.logArchived)
  await again(1)
  expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
  await again(2)
  expect((await logOfRow(number)).phases).toMatchObject([
    { status: 'completed', attempts: 4 },
    { status: 'completed', attempts: 1 },
    { status: 'failed', attempts: 2 },
  ])
  await world.keepHistory('archived-before-waiting', workflowId)
}, 120_000)

it('costs the sweep no question to the engine', async () => {
  const recipient = 'b@ville.test'
  world.mail.inject({ at: 'recipient', does: 'reply', code: 550, text: '5.1.1 No', recipient })
  const reports = await Promise.all(
    Array.from({ length: 4 }, () => world.request({ recipients: [recipient] })),
  )
  for (const { number } of reports) await world.rowBecomes(number, (row) => isFailed(row) && row.logArchived)
  // Their notices read the log, through the same client.
  await eventually(
    () => world.prisma.notice.count({ where: { status: 'pending' } }),
    (pending) => pending === 0,
  )
  // Of one whose log could not be archived then, the sweep archives it once.
  const number = reports[0]?.number ?? 0
  await world.prisma.report.update({ where: { number }, data: { logArchived: false, archivedLog: {} } })
  expect(await world.sweepLater()).toMatchObject({ archived: 1, failed: 0 })
  expect((await logOfRow(number)).recipients).toMatchObject([{ email: recipient, attempts: 1 }])

  const { workflowService } = world.temporal
  const describe = vi.spyOn(workflowService, 'describeWorkflowExecution')
  const history = vi.spyOn(workflowService, 'getWorkflowExecutionHistory')
  expect(await world.sweepLater()).toMatchObject({ archived: 0, failed: 0 })
  expect([describe, history].map((spy) => spy.mock.calls.length)).toEqual([0, 0])
  vi.restoreAllMocks()
  const cancelled = new Error('cancelled')
  const onProgress = () => {
    throw cancelled
  }
  await expect(world.sweepLater({ onProgress })).rejects.toBe(cancelled)
})

it('is cancelled in the run that goes on, as in the first', async () => {
  const recipient = 'c@ville.test'
  world.mail.inject({ at: 'recipient', does: 'reply', code: 550, text: '5.1.1 No', recipient })
  const row = await world.request({ recipients: [recipient] })
  const { number, workflowId } = row
  const { failure } = await world.rowBecomes(number, isFailed)
  await world.temporal.workflow.getHandle(workflowId).terminate('its history got long')
  const outcome = { status: 'failed', delivery: 'failed', failure, recipients: [], hasNews: false } as const
  const run = await world.temporal.workflow.start(workflowTypes.report, {
    taskQueue: taskQueues.reports,
    workflowId,
    args: [{ number, carried: { outcome, staged: null, relaunch: null } }],
  })
  await world.rowBecomes(number, ({ runIds }) => runIds.length === 2)
  await run.signal(cancelSignal)
  expect(await run.result()).toMatchObject({ number, status: 'cancelled' })
  expect(await world.row(number)).toMatchObject({ status: 'cancelled', round: 0, logArchived: true })
})

it('goes on in a new run when its history got long: each recipient is written to once, and the log is whole', async () => {
  const count = 24
  world.environment.MAIL_DEFERRED_WAITS_SECONDS = Array.from({ length: 39 }, () => 0.1)
  const recipients = Array.from({ length: count }, (_, index) => `long${index}@ville.test`)
  for (const recipient of recipients)
    world.mail.inject({ at: 'recipient', does: 'reply', code: 451, text: '4.7.1 Come back', recipient })
  const { number, workflowId } = await world.request({ recipients })
  const { runIds } = await world.rowBecomes(number, (row) => row.runIds.length === 2, 300_000)
  const [first = '', second = ''] = runIds
  const longRun = await world.temporal.workflow.getHandle(workflowId, first).fetchHistory()
  await Worker.runReplayHistory(
    { workflowBundle: await workflowBundle(world.environment) },
    longRun,
    workflowId,
  )
  expect(await world.row(number)).toMatchObject({ status: 'failed', round: 0, logArchived: true })
  const ofFirst = await world.log(number)
  expect(ofFirst.recipients.map(({ attempts }) => attempts)).toEqual(recipients.map(() => 40))
  const run = await world.temporal.workflow.getHandle(workflowId).describe()
  expect(run.typedSearchAttributes.get(reportNumberKey)).toBe(number)

  world.mail.release()
  // As an operator sends it: only a run that is open takes it.
  await world.temporal.workflow.getHandle(workflowId).signal(relaunchSignal)
  await world.rowBecomes(number, ({ status }) => status === 'completed')
  await world.workflowEnded(number)
  const log = await world.log(number)
  expect(log).toMatchObject({ status: 'completed', delivery: 'sent' })
  expect(log.recipients.map(({ attempts }) => attempts)).toEqual(recipients.map(() => 41))
  expect(recipients.map((email) => world.mail.mailsFor(email).length)).toEqual(recipients.map(() => 1))
  expect((await logOfRow(number)).recipients).toEqual(log.recipients)
  await world.keepHistory('went-on-in-a-new-run', workflowId, second)
}, 420_000)
