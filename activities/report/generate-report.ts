import { activityInfo, cancellationSignal, Context } from '@temporalio/activity'
import { heartbeatIntervalMs } from '#contract/limits.ts'
import { matchLocale } from '#domain/locale.ts'
import { extensionFor, stagingKey } from '#domain/object-keys.ts'
import type { FileFormat } from '#domain/report-status.ts'
import { mayRun, viewerFrom } from '#domain/viewer.ts'
import { traceHeaders } from '#adapters/tracing/spans.ts'
import type { Report, User } from '#prisma/client/client.ts'
import type { ActivityContext } from '../activity-context.ts'
import { activityFailure, asFileFailure } from '../activity-failure.ts'
import { tellOfFullStorage } from '../tell-of-full-storage.ts'
import { nameReportInLogs } from '../report-in-logs.ts'
import type { Reads } from '#catalogue/define-report.ts'
import type { FileJob } from '#files/process/file-job.ts'
import { csvOptionsOfReport, findOwner, momentOf } from './report-definition.ts'
import { throwIfOver } from './attempt-interruption.ts'
import { countFile } from '#services/monitoring/report-metrics.ts'
import type { GenerateProgress, StagedFile } from '#contract/report-run.ts'

/** A file that is made sooner needs no heartbeat: nobody would see its rows, and Temporal Cloud bills each. */
const quickMs = 1_000

/**
 * Streams the rows into a staged object, in a separate process, so that a report that crashes its process affects no
 * other report. Heartbeats by timer until that process begins to read (each earlier step has a timeout, and all of
 * them the report's time limit), then only on real progress, so that a hanging stream is noticed.
 */
export function generateReport(context: ActivityContext) {
  return async ({ number }: { number: number }): Promise<StagedFile> => {
    // Kept, because messages of the other process arrive outside this activity's asynchronous context.
    const activity = Context.current()
    const { attempt } = activity.info
    let rows = 0
    let isQuick = true
    const beat = () => activity.heartbeat({ rows, attempt } satisfies GenerateProgress)
    const first = setTimeout(() => {
      isQuick = false
      beat()
    }, quickMs)
    const timer = setInterval(beat, heartbeatIntervalMs)
    try {
      const row = await context.prisma.report.findUniqueOrThrow({ where: { number } })
      nameReportInLogs(row)
      const owner = await findOwner(context.prisma, row.ownerId)
      return await makeFile(context, row, owner, (written) => {
        clearInterval(timer)
        rows = written
        if (!isQuick) beat()
      })
    } finally {
      clearTimeout(first)
      clearInterval(timer)
    }
  }
}

async function makeFile(
  context: ActivityContext,
  row: Report,
  owner: User | null,
  onRows: (rows: number) => void,
): Promise<StagedFile> {
  const { files, environment } = context
  const locale = matchLocale(row.locale)
  if (!owner || !mayRun(owner, row)) throw activityFailure('access_revoked', { locale })
  // A type that is gone is reported by the process that would have made its file.
  const job = jobOf(context, row, owner, context.catalogue.get(row.type)?.reads ?? 'source')
  const limitMinutes = environment.REPORT_TIME_LIMIT_MINUTES
  const timeIsUp = AbortSignal.timeout(limitMinutes * 60_000)
  try {
    const signal = AbortSignal.any([cancellationSignal(), timeIsUp])
    const written = await files.make(job, { signal, onRows })
    countFile(row, written)
    return { key: job.key, ...written, generatedAt: job.generatedAt.toISOString() }
  } catch (error) {
    // First, since an interruption also makes the stream fail with some other error.
    throwIfOver(locale)
    if (timeIsUp.aborted) {
      const cause = new Error(`Not made within REPORT_TIME_LIMIT_MINUTES=${limitMinutes}`)
      throw activityFailure('time_limit_exceeded', { locale, cause })
    }
    await tellOfFullStorage(context, error)
    throw asFileFailure(error, locale)
  }
}

function jobOf(context: ActivityContext, row: Report, owner: User, reads: Reads): FileJob {
  const { workflowExecution, attempt } = activityInfo()
  const format = row.format as FileFormat
  const csv = csvOptionsOfReport(context, row)
  return {
    number: row.number,
    type: row.type,
    reads,
    format,
    columns: row.columns,
    filters: (row.resolvedFilters ?? row.filters) as Record<string, unknown>,
    ...momentOf(row),
    locale: matchLocale(row.locale),
    csv,
    viewer: viewerFrom(owner),
    title: row.title,
    requestedBy: owner.name,
    generatedAt: new Date(),
    trace: traceHeaders(),
    key: stagingKey(row.number, workflowExecution?.runId ?? 'no-run', attempt, extensionFor(format, csv)),
  }
}
