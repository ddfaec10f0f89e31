import { afterAll, beforeAll, expect, it } from 'vitest'
import { fairnessKeyOf, maintenanceSchedules, scheduleIdFor } from '#contract/names.ts'
import { eventually } from '#test/eventually.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { readInstallation } from '../maintenance/installation.ts'
import { ensureMaintenanceSchedules } from '../maintenance/maintenance-schedules.ts'
import { reconcileDefinitions } from '../maintenance/reconcile-definitions.ts'

let world: ReportWorld
beforeAll(async () => {
  world = await ReportWorld.create()
})
afterAll(() => world.close())

const describeRun = async (workflowId: string) =>
  (await world.temporal.workflow.getHandle(workflowId).describe()).raw
const handle = (id: string) => world.temporal.schedule.getHandle(scheduleIdFor(id))

it('the sweep comes first, then what a person asked for, then what is scheduled, shared by owner', async () => {
  const definition = await world.define({ recipients: ['planifie@ville.test'] })
  const fairnessKey = fairnessKeyOf(definition.ownerId)
  await world.engine.applySchedule(definition.id)
  await handle(definition.id).trigger()
  const runs = await eventually(
    async () => (await handle(definition.id).describe()).info.recentActions,
    (actions) => actions.length === 1,
  )
  const scheduled = await describeRun(runs[0]?.action.workflow.workflowId ?? '')
  expect(scheduled.workflowExecutionInfo?.priority).toMatchObject({ priorityKey: 3, fairnessKey })

  await ensureMaintenanceSchedules(world.temporal, await readInstallation(world.prisma, world.environment))
  const { action } = await world.temporal.schedule.getHandle(maintenanceSchedules.sweep).describe()
  expect(action.priority).toMatchObject({ priorityKey: 1 })
  for (const id of Object.values(maintenanceSchedules)) await world.temporal.schedule.getHandle(id).delete()

  // Its activities are in the queues at the same rank.
  world.mail.inject({ at: 'recipient', does: 'hold', recipient: 'clic@ville.test' })
  const { workflowId } = await world.request({ recipients: ['clic@ville.test'] })
  expect((await describeRun(workflowId)).workflowExecutionInfo?.priority?.priorityKey).toBe(2)
  await world.startWorker()
  await world.mail.struck(1, 60_000)
  const { pendingActivities } = await describeRun(workflowId)
  expect(pendingActivities?.[0]?.priority).toMatchObject({ priorityKey: 2, fairnessKey })
  world.mail.release()
  await world.stopWorker()
}, 120_000)

it('a Schedule of a release that gave it no priority gets one', async () => {
  const { id } = await world.define()
  await world.engine.applySchedule(id)
  await handle(id).update(({ action, ...present }) => {
    const { priority: _, ...rest } = action
    return { ...present, action: rest }
  })
  await eventually(
    async () => (await handle(id).describe()).action.priority,
    (priority) => priority?.fairnessKey === undefined,
  )
  await reconcileDefinitions(world.context)
  await eventually(
    async () => (await handle(id).describe()).action.priority,
    (priority) => priority?.priorityKey === 3,
  )
})
