import { type Client, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client'
import type { Report } from '#prisma/client/client.ts'
import { reportStatusKey } from '#contract/search-attributes.ts'

/** Whether the engine has an open run under this workflow id; false for one it never had or has forgotten. */
export async function isRunning(temporal: Client, workflowId: string): Promise<boolean> {
  return (await describeOpen(temporal, workflowId)) !== null
}

/**
 * Whether a report's run is at work. One that has its file, and now only waits until a mail server wants to be asked
 * again, is not: that may take an hour.
 */
export async function isProducing(
  temporal: Client,
  { workflowId, objectKey }: Pick<Report, 'workflowId' | 'objectKey'>,
): Promise<boolean> {
  const run = await describeOpen(temporal, workflowId)
  return run !== null && (objectKey === null || (run.raw.pendingActivities ?? []).length > 0)
}

async function describeOpen(
  temporal: Client,
  workflowId: string,
): Promise<WorkflowExecutionDescription | null> {
  try {
    const run = await temporal.workflow.getHandle(workflowId).describe()
    return run.status.name === 'RUNNING' ? run : null
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null
    throw error
  }
}

/**
 * What the engine knows of an occurrence: `opened`, a run took it up (its row, if it is not there, was lost);
 * `waiting`, a run will take it up as soon as a worker is there; null, none did and none will.
 */
export type KnownToEngine = { state: 'opened'; runId: string } | { state: 'waiting' } | null

export async function knownToEngine(temporal: Client, workflowId: string): Promise<KnownToEngine> {
  try {
    const run = await temporal.workflow.getHandle(workflowId).describe()
    if (run.typedSearchAttributes.get(reportStatusKey) !== undefined)
      return { state: 'opened', runId: run.runId }
    return run.status.name === 'RUNNING' ? { state: 'waiting' } : null
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null
    throw error
  }
}
