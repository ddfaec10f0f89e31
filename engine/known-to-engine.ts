import { WorkflowNotFoundError, type Client } from '@temporalio/client'
import { reportStatusKey } from '#contract/search-attributes.ts'

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
