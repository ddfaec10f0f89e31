import { randomBytes } from 'node:crypto'
// oxlint-disable-next-line no-restricted-imports -- registers attributes, and sends no payload
import { Client, Connection } from '@temporalio/client'
import { msToTs } from '@temporalio/common/lib/time.js'
import { inject } from 'vitest'
import { registerSearchAttributes } from '#services/temporal/namespace-attributes.ts'

/** The Temporal variables of the environment, as `readEnvironment` gives them. */
export interface TestNamespace {
  TEMPORAL_ADDRESS: string
  TEMPORAL_NAMESPACE: string
}

const retention = msToTs('1 day')

/**
 * A namespace for one test file, with the product's search attributes: task queues, schedules and workflow ids of
 * other files are not seen in it. It costs less than a tenth of a second; its first schedule fires after a second
 * or two, when the server has noticed the namespace.
 */
export async function createTestNamespace({ hasAttributes = true } = {}): Promise<TestNamespace> {
  const { temporalAddress } = inject('services')
  const namespace = `test-${randomBytes(6).toString('hex')}`
  const connection = await Connection.connect({ address: temporalAddress })
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: retention,
    })
    if (hasAttributes) await registerSearchAttributes(new Client({ connection, namespace }), connection)
  } finally {
    await connection.close()
  }
  return { TEMPORAL_ADDRESS: temporalAddress, TEMPORAL_NAMESPACE: namespace }
}
