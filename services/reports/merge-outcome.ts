import {
  deliveryOutcome,
  type DeliveryState,
  type RecipientStatus,
  type ReportStatus,
} from '#domain/report-status.ts'
import type { ReportFailure } from '#domain/schemas/report-schema.ts'

interface Outcome {
  status: Exclude<ReportStatus, 'queued' | 'running'>
  delivery: DeliveryState
  failure: ReportFailure | null
}

/** Corrects an outcome by the recipients' checkpoints, which may record mails that the workflow does not know of. */
export function mergeOutcome(
  { status, failure }: Pick<Outcome, 'status' | 'failure'>,
  wanted: readonly string[],
  results: readonly { email: string; status: RecipientStatus }[],
): Outcome {
  const known = new Map(results.map((result) => [result.email, result.status]))
  const delivery = deliveryOutcome(wanted.map((email) => known.get(email) ?? 'pending'))
  const isReceived = failure?.phase === 'email' && delivery !== 'none' && delivery !== 'failed'
  if (status === 'failed' && isReceived) return { status: 'completed', delivery, failure: null }
  return { status, delivery, failure }
}
