import { WorkflowNotFoundError, type Client } from '@temporalio/client'
import { phaseOfActivity, type ReportPhase } from '#domain/report-status.ts'
import type { ReportProgress } from '#domain/schemas/report-schema.ts'
import type { GenerateProgress } from '#contract/report-run.ts'
import { readPayloads } from '../temporal/read-payloads.ts'

/** Phase, attempt and rows of a running report, from its pending activities; null between two of them. */
export async function readProgress(temporal: Client, workflowId: string): Promise<ReportProgress | null> {
  try {
    const { raw } = await temporal.workflow.getHandle(workflowId).describe()
    for (const activity of raw.pendingActivities ?? []) {
      const phase: ReportPhase | undefined = phaseOfActivity[activity.activityType?.name ?? '']
      if (!phase) continue
      const [beat] = await readPayloads(temporal, activity.heartbeatDetails?.payloads)
      const attempt = activity.attempt ?? 1
      return { phase, attempt, rows: rowsIn(beat, attempt) }
    }
    return null
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null
    throw error
  }
}

/** An activity that waits for its next attempt has the new attempt's number, but the last attempt's heartbeat. */
function rowsIn(beat: unknown, attempt: number): number | null {
  const { rows, attempt: from }: Partial<GenerateProgress> =
    typeof beat === 'object' && beat !== null ? beat : {}
  return typeof rows === 'number' && from === attempt ? rows : null
}
