import { setTimeout as delay } from 'node:timers/promises'
import { onTestFinished, expect, it } from 'vitest'
import { eventually } from '#test/eventually.ts'
import { startGateBefore } from '#test/servers/tcp-gate.ts'
import { createTestNamespace } from '#test/servers/temporal-namespace.ts'
import { lazyTemporalConnection } from './temporal-connection.ts'

/** Long enough for gRPC's own waits to grow to ten seconds. */
const outageMs = 18_000

it('reconnects within seconds when the engine comes back after a long outage', async () => {
  const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE } = await createTestNamespace()
  const gate = await startGateBefore(TEMPORAL_ADDRESS)
  onTestFinished(() => gate.close())
  const connection = lazyTemporalConnection({ address: gate.address })
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
