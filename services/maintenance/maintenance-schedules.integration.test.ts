import { Client, Connection } from '@temporalio/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { maintenanceSchedules } from '#contract/names.ts'
import { eventually } from '#test/eventually.ts'
import { createTestNamespace } from '#test/temporal-namespace.ts'
import { ensureMaintenanceSchedules } from './maintenance-schedules.ts'

let connection: Connection
let temporal: Client
beforeAll(async () => {
  const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE: namespace } = await createTestNamespace()
  connection = await Connection.connect({ address: TEMPORAL_ADDRESS })
  temporal = new Client({ connection, namespace })
})
afterAll(() => connection.close())

const second = () => Math.floor(Date.now() / 1000)

it('workers that start one after the other do not sweep side by side', async () => {
  const info = async () => (await temporal.schedule.getHandle(maintenanceSchedules.sweep).describe()).raw.info
  await ensureMaintenanceSchedules(temporal)
  // No worker of this namespace runs: the sweep stays open.
  await eventually(info, (now) => now?.runningWorkflows?.length === 1)
  for (let workers = 2; workers <= 3; workers++) {
    const before = second()
    // Two triggers within a second are one anyway: their workflow id has no more precision.
    await eventually(
      () => Promise.resolve(second()),
      (now) => now > before,
    )
    await ensureMaintenanceSchedules(temporal)
  }
  await eventually(info, (now) => Number(now?.bufferSize) === 1)
  expect((await info())?.runningWorkflows).toHaveLength(1)
})
