import { WorkflowNotFoundError, type Client } from '@temporalio/client'
import { phaseOfActivity, type ReportPhase } from '#domain/report-status.ts'
import type { ReportProgress } from '#domain/schemas/report.ts'
import { decodeAll } from './run-history.ts'

/** Phase, attempt and rows of a running report, from its pending activities; null between two of them. */
export async function readProgress(temporal: Client, workflowId: string): Promise<ReportProgress | null> {
  try {
    const { raw } = await temporal.workflow.getHandle(workflowId).describe()
    for (const activity of raw.pendingActivities ?? []) {
      const phase: ReportPhase | undefined = phaseOfActivity[activity.activityType?.name ?? '']
      if (!phase) continue
      const [beat] = decodeAll(activity.heartbeatDetails?.payloads)
      return { phase, attempt: activity.attempt ?? 1, rows: rowsIn(beat) }
    }
    return null
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null
    throw error
  }
}

function rowsIn(beat: unknown): number | null {
  if (typeof beat !== 'object' || beat === null || !('rows' in beat)) return null
  return typeof beat.rows === 'number' ? beat.rows : null
}
