import { Client, Connection } from '@temporalio/client'
import { expect, it } from 'vitest'
import { searchAttributeKeys } from '#contract/search-attributes.ts'
import { createTestNamespace } from './temporal-namespace.ts'

it('gives a namespace that takes workflows with every search attribute of the product', async () => {
  const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE } = await createTestNamespace()
  const connection = await Connection.connect({ address: TEMPORAL_ADDRESS })
  const { customAttributes } = await connection.operatorService.listSearchAttributes({
    namespace: TEMPORAL_NAMESPACE,
  })
  expect(Object.keys(customAttributes ?? {})).toEqual(
    expect.arrayContaining(searchAttributeKeys.map(({ name }) => name)),
  )

  const client = new Client({ connection, namespace: TEMPORAL_NAMESPACE })
  const handle = await client.workflow.start('any', {
    taskQueue: 'nobody',
    workflowId: 'one',
    searchAttributes: { ReportNumber: [1], ReportStatus: ['queued'] },
  })
  expect((await handle.describe()).searchAttributes).toMatchObject({
    ReportNumber: [1],
    ReportStatus: ['queued'],
  })
  await handle.terminate()
  await connection.close()
})
