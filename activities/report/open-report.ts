/**
 * `open`: claims the occurrence (or the numbered report), writes the configuration snapshot, and decides whether it
 * may run. Idempotent: a claim recognises its own run.
 */

import { activityInfo, ApplicationFailure } from '@temporalio/activity'
import type { Locale } from '#domain/locale.ts'
import { isSettled, type DeliveryState, type ReportStatus, type SkipReason } from '#domain/report-status.ts'
import type { Report } from '#prisma/client/client.ts'
import type { ActivityContext } from '../activity-context.ts'
import { nameReportInLogs } from '../report-in-logs.ts'
import { missingAttributes } from '#services/temporal/namespace-attributes.ts'
import { databaseNow } from '#services/clock/clocks.ts'
import { reportEnd } from '#services/delivery-log/report-end.ts'
import { countEnded, observeStart } from '#services/monitoring/report-metrics.ts'
import { claimOccurrence } from './claim-occurrence.ts'
import { reasonToSkip } from './reason-to-skip.ts'
import { logReportEnd, readResults } from './settle-report.ts'
import { csvOptionsOfReport, resolveReportFilters } from './report-definition.ts'
import type { NotOpened, OpenedReport, OpenRequest, OpenResult } from '#contract/report-run.ts'

export function openReport(context: ActivityContext) {
  return async ({ input, scheduledFor, workflowStartedAt }: OpenRequest): Promise<OpenResult> => {
    const claimed =
      input.number === undefined
        ? await claimOccurrence(context, input.scheduledReportId, scheduledFor)
        : await claimNumber(context, input.number)
    if (typeof claimed === 'string') return { kind: 'ended', number: null, reason: claimed }
    nameReportInLogs(claimed)
    if (claimed.status === 'skipped') {
      return skipped(context, claimed.number, (claimed.skipReason ?? undefined) as SkipReason | undefined)
    }
    if (endedBefore(claimed)) return { kind: 'opened', report: await describeOpened(context, claimed) }

    const { number, settledRound } = claimed
    // An attempt that was suspended, and continues after another attempt's report has ended, must change nothing.
    const stillOpen = { number, settledRound, status: { in: ['queued', 'running'] } }
    const now = await databaseNow(context.prisma)
    const skipReason = await reasonToSkip(context, claimed, now)
    if (skipReason) {
      const [ended] = await context.prisma.report.updateManyAndReturn({
        where: stillOpen,
        data: { status: 'skipped', skipReason, finishedAt: now },
      })
      if (ended) {
        logReportEnd(reportEnd(ended, { phases: [], recipients: [] }))
        countEnded(claimed, { status: 'skipped', skipReason })
      }
      return skipped(context, number, skipReason)
    }
    const [opened] = await context.prisma.report.updateManyAndReturn({
      where: stillOpen,
      data: {
        status: 'running',
        startedAt: claimed.startedAt ?? now,
        resolvedFilters: resolveReportFilters(context, claimed),
        // From here on it has its own: a relaunch writes the same file, whatever the installation says by then.
        ...(claimed.format === 'csv' ? { csv: { ...csvOptionsOfReport(context, claimed) } } : {}),
      },
    })
    if (opened && claimed.startedAt === null) {
      const workflowAt = workflowStartedAt === undefined ? null : new Date(workflowStartedAt)
      observeStart(opened, { at: now, workflowAt })
    }
    const row = opened ?? (await context.prisma.report.findUniqueOrThrow({ where: { number } }))
    return { kind: 'opened', report: await describeOpened(context, row) }
  }
}

function skipped(
  { temporal }: ActivityContext,
  number: number,
  skipReason: SkipReason | undefined,
): NotOpened {
  return {
    kind: 'ended',
    number,
    reason: 'skipped',
    skipReason,
    missingAttributes: [...missingAttributes(temporal)],
  }
}

/** A numbered report is claimed by its workflow id, of which the engine runs one at a time. */
async function claimNumber(context: ActivityContext, number: number): Promise<Report> {
  const { workflowId, runId } = activityInfo().workflowExecution ?? {}
  const row = await context.prisma.report.findUnique({ where: { number } })
  if (!row || !runId) {
    throw ApplicationFailure.nonRetryable(`There is no report N° ${number}`, 'report_unknown')
  }
  if (row.workflowId !== workflowId) {
    throw ApplicationFailure.nonRetryable(
      `Report N° ${number} belongs to workflow ${row.workflowId}`,
      'report_unknown',
    )
  }
  if (row.runIds.includes(runId)) return row
  return context.prisma.report.update({ where: { number }, data: { runIds: { push: runId } } })
}

async function describeOpened(context: ActivityContext, row: Report): Promise<OpenedReport> {
  return {
    number: row.number,
    title: row.title,
    type: row.type,
    ownerId: row.ownerId,
    locale: row.locale as Locale,
    scheduledFor: row.scheduledFor?.toISOString() ?? null,
    recipients: row.recipients,
    onlyIfRows: row.onlyIfRows,
    round: row.round,
    settled: endedBefore(row),
    stored: row.objectKey !== null && row.fileRemovedAt === null,
    delivered: await readResults(context.prisma, row.number),
    deferredWaits: context.environment.MAIL_DEFERRED_WAITS_SECONDS,
    quotaWaits: context.environment.MAIL_QUOTA_WAITS_SECONDS,
    outagePatienceMinutes: context.environment.OUTAGE_PATIENCE_MINUTES,
    missingAttributes: [...missingAttributes(context.temporal)],
    catalogueVersion: context.catalogue.files.version,
    sealed: context.environment.PAYLOAD_KEYS.length > 0,
  }
}

/** How the report ended before: it is settled, or back in the queue for a relaunch. */
function endedBefore(row: Report): OpenedReport['settled'] {
  const status = row.status as ReportStatus
  const delivery = row.delivery as DeliveryState
  if (isSettled(status)) return { status, delivery }
  return status === 'queued' && row.startedAt ? { status: 'failed', delivery } : null
}
