import { randomUUID } from 'node:crypto'
import { Client, Connection } from '@temporalio/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { maintenanceSchedules } from '#contract/names.ts'
import { eventually } from '#test/eventually.ts'
import { createTestNamespace } from '#test/servers/temporal-namespace.ts'
import { ensureMaintenanceSchedules } from './maintenance-schedules.ts'

let connection: Connection
let temporal: Client
beforeAll(async () => {
  const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE: namespace } = await createTestNamespace()
  connection = await Connection.connect({ address: TEMPORAL_ADDRESS })
  temporal = new Client({ connection, namespace })
})
afterAll(() => connection.close())

const own = { id: randomUUID(), url: 'https://reports.example.org' }
const second = () => Math.floor(Date.now() / 1000)

it('does not run two sweeps in parallel when workers start one after the other', async () => {
  const info = async () => (await temporal.schedule.getHandle(maintenanceSchedules.sweep).describe()).raw.info
  await ensureMaintenanceSchedules(temporal, own)
  // No worker of this namespace runs: the sweep stays open.
  await eventually(info, (now) => now?.runningWorkflows?.length === 1)
  for (let workers = 2; workers <= 3; workers++) {
    const before = second()
    // Two triggers within a second are one anyway: their workflow id has a precision of one second.
    await eventually(
      () => Promise.resolve(second()),
      (now) => now > before,
    )
    await ensureMaintenanceSchedules(temporal, own)
  }
  await eventually(info, (now) => Number(now?.bufferSize) === 1)
  expect((await info())?.runningWorkflows).toHaveLength(1)
})
