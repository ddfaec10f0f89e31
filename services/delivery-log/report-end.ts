import type { DeliveryLog, PhaseLog, ReportFailure } from '#domain/schemas/report-schema.ts'
import type { Report } from '#prisma/client/client.ts'

/** The one line that is logged when a report ends, or a round of it: no names, no addresses. */
export interface ReportEnd {
  number: number
  type: string
  scheduledReportId?: string
  workflowId: string
  origin: string
  round: number
  outcome: string
  delivery: string
  /** A failure's code, or the reason of a skipped report. */
  reason?: string
  /** Of each phase that began, from its first attempt to its end; over all rounds. */
  phases: Partial<Record<PhaseLog['phase'], { ms: number; attempts: number }>>
  /** From its start to its end. */
  ms?: number
  rows?: number
  bytes?: number
  mails: { sent: number; failed: number; uncertain: number }
}

export function reportEnd(row: Report, log: Pick<DeliveryLog, 'phases' | 'recipients'>): ReportEnd {
  const mails = (status: string) => log.recipients.filter((recipient) => recipient.status === status).length
  const failure = row.failure as ReportFailure | null
  return {
    number: row.number,
    type: row.type,
    scheduledReportId: row.scheduledReportId ?? undefined,
    workflowId: row.workflowId,
    origin: row.origin,
    round: row.round,
    outcome: row.status,
    delivery: row.delivery,
    reason: failure?.code ?? row.skipReason ?? undefined,
    phases: Object.fromEntries(
      log.phases.flatMap(({ phase, attempts, started_at: from, finished_at: to }) =>
        from === null || to === null ? [] : [[phase, { ms: Date.parse(to) - Date.parse(from), attempts }]],
      ),
    ),
    ms: row.startedAt && row.finishedAt ? row.finishedAt.getTime() - row.startedAt.getTime() : undefined,
    rows: row.rowCount ?? undefined,
    bytes: row.sizeBytes === null ? undefined : Number(row.sizeBytes),
    mails: { sent: mails('sent'), failed: mails('failed'), uncertain: mails('uncertain') },
  }
}
