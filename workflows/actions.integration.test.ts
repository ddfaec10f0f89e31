/**
 * What Temporal Cloud bills for a report; `npm run bench -- actions` prints it for more of them. What operators see of it
 * is as ever.
 */

import { afterAll, beforeAll, beforeEach, expect, inject, it, onTestFinished } from 'vitest'
import { scheduleIdFor, taskQueues, workflowTypes } from '#contract/names.ts'
import { reportNumberKey, reportOwnerKey, reportStatusKey } from '#contract/search-attributes.ts'
import { billedActions, serverCounters, totalOf } from '#test/billed-actions.ts'
import { eventually } from '#test/eventually.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

const recipients = ['anna@ville.test', 'bruno@ville.test', 'chloe@ville.test']
const isCompleted = ({ status }: { status: string }) => status === 'completed'
let world: ReportWorld

beforeAll(async () => {
  world = await ReportWorld.create()
  await world.startWorker()
})
beforeEach(() => world.mail.release())
afterAll(() => world.close())

async function actionsOf(workflowId: string) {
  const { events } = await world.temporal.workflow.getHandle(workflowId).fetchHistory()
  return billedActions(events ?? [])
}

/** How many the server has recorded in a world, once it has counted as many activities there. */
async function heartbeatsAfter(activities: number, { environment } = world): Promise<number> {
  const { heartbeats } = await eventually(
    () => serverCounters(inject('services').temporalMetricsUrl, environment.TEMPORAL_NAMESPACE),
    (counted) => counted.activities >= activities,
  )
  return heartbeats
}

async function attributesBecome(workflowId: string, status: string) {
  const { typedSearchAttributes } = await eventually(
    () => world.temporal.workflow.getHandle(workflowId).describe(),
    (run) => run.typedSearchAttributes.get(reportStatusKey) === status,
  )
  return [typedSearchAttributes.get(reportNumberKey), typedSearchAttributes.get(reportOwnerKey)]
}

it('a small report to three recipients costs twelve actions, and heartbeats only where something is slow', async () => {
  const { number, workflowId } = await world.request({ recipients })
  await world.rowBecomes(number, isCompleted)
  await world.workflowEnded(number)
  const actions = await actionsOf(workflowId)
  expect(actions).toEqual({ start: 1, activity: 8, upsert: 2, markers: 1 })
  expect(totalOf(actions)).toBe(12)
  const heartbeats = await heartbeatsAfter(actions.activity ?? 0)
  // None on a quiet machine; it was one for the file and two for each mail.
  expect(heartbeats).toBeLessThanOrEqual(2 * recipients.length)
  expect(await attributesBecome(workflowId, 'completed')).toEqual([number, world.owner.id])
  await world.keepHistory('few-actions', workflowId)
})

it('an occurrence costs two more, for its Schedule', async () => {
  const { id } = await world.define({ recipients })
  await world.engine.applySchedule(id)
  await world.temporal.schedule.getHandle(scheduleIdFor(id)).trigger()
  const row = await eventually(
    () => world.prisma.report.findFirst({ where: { scheduledReportId: id } }),
    (seen) => seen !== null && isCompleted(seen),
  )
  const { number, workflowId } = await world.row(row?.number ?? 0)
  await world.workflowEnded(number)
  expect(await actionsOf(workflowId)).toMatchObject({ start: 1, schedule: 2, activity: 8, upsert: 2 })
  await world.keepHistory('few-actions-scheduled', workflowId)
})

it('a relaunched report is found as failed, as running, then as completed', async () => {
  const [recipient = ''] = recipients
  const { release } = world.mail
  world.mail.inject({ at: 'recipient', does: 'reply', code: 550, text: '5.1.1 No', recipient, times: 1 })
  const { number, workflowId } = await world.request({ recipients: [recipient] })
  await world.rowBecomes(number, ({ status }) => status === 'failed')
  await attributesBecome(workflowId, 'failed')
  world.mail.inject({ at: 'recipient', does: 'hold', recipient })
  expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
  await attributesBecome(workflowId, 'running')
  release()
  expect(await attributesBecome(workflowId, 'completed')).toEqual([number, world.owner.id])
  await world.workflowEnded(number)
  expect(await actionsOf(workflowId)).toMatchObject({ signal: 1, upsert: 4, markers: 1 })
  await world.keepHistory('few-actions-relaunched', workflowId)
})

it('the sweep and the reconciler send no heartbeat unless they take ten seconds', async () => {
  const own = await ReportWorld.create()
  onTestFinished(() => own.close())
  await own.startWorker()
  const startedAt = Date.now()
  for (const workflowType of [workflowTypes.sweep, workflowTypes.reconcile])
    await own.temporal.workflow.execute(workflowType, {
      taskQueue: taskQueues.reports,
      workflowId: workflowType,
    })
  const tookMs = Date.now() - startedAt
  expect(await heartbeatsAfter(2, own)).toBeLessThanOrEqual(tookMs / 10_000)
})
