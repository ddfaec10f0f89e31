import { setTimeout as delay } from 'node:timers/promises'
import { onTestFinished, expect, it } from 'vitest'
import { eventually } from '#test/eventually.ts'
import { startGateBefore } from '#test/tcp-gate.ts'
import { createTestNamespace } from '#test/temporal-namespace.ts'
import { lazyTemporalConnection } from './temporal-connection.ts'

/** gRPC's own waits would have grown to ten seconds. */
const outageMs = 18_000

it('an engine that comes back is found again at once, however long it was away', async () => {
  const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE } = await createTestNamespace()
  const gate = await startGateBefore(TEMPORAL_ADDRESS)
  onTestFinished(() => gate.close())
  const connection = lazyTemporalConnection({ TEMPORAL_ADDRESS: gate.address, TEMPORAL_TLS: false })
  onTestFinished(() => connection.close())
  const answers = async () => {
    try {
      await connection.withDeadline(Date.now() + 1_000, () =>
        connection.workflowService.describeNamespace({ namespace: TEMPORAL_NAMESPACE }),
      )
      return true
    } catch {
      return false
    }
  }
  expect(await answers()).toBe(true)

  gate.shut()
  for (const back = Date.now() + outageMs; Date.now() < back; await delay(100))
    expect(await answers()).toBe(false)
  gate.open()
  await eventually(answers, (there) => there, { withinMs: 3_000 })
})
