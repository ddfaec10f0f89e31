import { type Client, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client'
import type { Report } from '#prisma/client/client.ts'
import { workflowTypes } from '#contract/names.ts'
import { reportStatusKey } from '#contract/search-attributes.ts'
import { missingAttributes } from './namespace-attributes.ts'

/** Whether the engine has an open run under this workflow id; false when it never had one or deleted it. */
export async function isRunning(temporal: Client, workflowId: string): Promise<boolean> {
  return (await describeOpen(temporal, workflowId)) !== null
}

/**
 * Workflow ids of the reports at work, by few calls however many there are: not of failed ones, which may wait for a
 * relaunch in thousands. Eventually consistent.
 */
export async function openWorkflowIds(
  temporal: Client,
  onProgress: () => void = () => {},
): Promise<Set<string>> {
  const { name } = reportStatusKey
  const atWork = `(${name} IS NULL OR ${name} = 'running')`
  const query = `WorkflowType = '${workflowTypes.report}' AND ExecutionStatus = 'Running' AND ${atWork}`
  const ids = new Set<string>()
  for await (const { workflowId } of temporal.workflow.list({ query, pageSize })) {
    if (ids.size % pageSize === 0) onProgress()
    ids.add(workflowId)
  }
  return ids
}

const pageSize = 1_000

/**
 * Whether a report's run is at work. False for a run that has its file and only waits for a mail server that deferred
 * the mail: that may take an hour.
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
 * What the engine knows of an occurrence: `opened`, a run opened it (a missing row was lost); `waiting`, a run will
 * open it once a worker is available; null, no run did or will.
 */
export type KnownToEngine = { state: 'opened'; runId: string } | { state: 'waiting' } | null

export async function knownToEngine(temporal: Client, workflowId: string): Promise<KnownToEngine> {
  try {
    const run = await temporal.workflow.getHandle(workflowId).describe()
    const isOpen = run.status.name === 'RUNNING'
    // Where nothing says whether a run that has ended had opened it, to write to people twice is the worse mistake.
    const isUnknown = !isOpen && missingAttributes(temporal).has(reportStatusKey.name)
    if (isUnknown || run.typedSearchAttributes.get(reportStatusKey) !== undefined)
      return { state: 'opened', runId: run.runId }
    return isOpen ? { state: 'waiting' } : null
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null
    throw error
  }
}
