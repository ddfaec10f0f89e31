import type { Client } from '@temporalio/client'

/**
 * All that can be read in the engine without a key, of every workflow and every Schedule of a namespace: histories,
 * pending activities, memos, search attributes, notes. Bytes are read as text.
 */
export async function readableText(client: Client): Promise<string> {
  const found: string[] = []
  for await (const { workflowId, runId, raw } of client.workflow.list()) {
    const handle = client.workflow.getHandle(workflowId, runId)
    const [history, description] = await Promise.all([
      handle.fetchHistory(),
      client.workflowService.describeWorkflowExecution({
        namespace: client.options.namespace,
        execution: { workflowId, runId },
      }),
    ])
    collect([raw, history, description], found)
  }
  for await (const { scheduleId } of client.schedule.list()) {
    const description = await client.workflowService.describeSchedule({
      namespace: client.options.namespace,
      scheduleId,
    })
    collect(description, found)
  }
  return found.join('\n')
}

function collect(value: unknown, found: string[]): void {
  if (typeof value === 'string') found.push(value)
  else if (value instanceof Uint8Array) found.push(Buffer.from(value).toString('utf8'))
  else if (typeof value === 'object' && value !== null)
    for (const [key, part] of Object.entries(value)) {
      found.push(key)
      collect(part, found)
    }
}
