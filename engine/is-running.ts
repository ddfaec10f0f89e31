import { WorkflowNotFoundError, type Client } from '@temporalio/client'

/** Whether the engine has an open run under this workflow id; false for one it never had or has forgotten. */
export async function isRunning(temporal: Client, workflowId: string): Promise<boolean> {
  try {
    const { status } = await temporal.workflow.getHandle(workflowId).describe()
    return status.name === 'RUNNING'
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false
    throw error
  }
}
