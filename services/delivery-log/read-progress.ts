import { WorkflowNotFoundError, type Client } from '@temporalio/client'
import { phaseOfActivity, type ReportPhase } from '#domain/report-status.ts'
import type { ReportProgress } from '#domain/schemas/report-schema.ts'
import { waitingMemo } from '#contract/names.ts'
import type { GenerateProgress, WaitingMemo } from '#contract/report-run.ts'
import { readPayloads } from '../temporal/read-payloads.ts'

/**
 * Phase, attempt and rows of a running report, from its pending activities, and what it waits for, from its memo; null
 * between two activities that it does not wait in.
 */
export async function readProgress(temporal: Client, workflowId: string): Promise<ReportProgress | null> {
  try {
    const { raw, memo } = await temporal.workflow.getHandle(workflowId).describe()
    const waits = memo?.[waitingMemo] as WaitingMemo | undefined
    const waiting = waits ? { part: waits.part, since: waits.since } : null
    for (const activity of raw.pendingActivities ?? []) {
      const phase: ReportPhase | undefined = phaseOfActivity[activity.activityType?.name ?? '']
      if (!phase) continue
      const [beat] = await readPayloads(temporal, activity.heartbeatDetails?.payloads)
      const attempt = activity.attempt ?? 1
      const rows = rowsIn(beat, attempt)
      // Its attempt is one of those that ask whether the part is back, unless it has got further.
      return waits && !rows
        ? { phase, attempt: waits.attempt, rows: null, waiting }
        : { phase, attempt, rows, waiting: null }
    }
    return waits ? { phase: waits.phase, attempt: waits.attempt, rows: null, waiting } : null
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
