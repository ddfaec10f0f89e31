import { activityInfo, cancellationSignal, heartbeat } from '@temporalio/activity'
import { matchLocale } from '#domain/locale.ts'
import { stagingKey } from '#domain/names.ts'
import type { FileFormat } from '#domain/report-status.ts'
import { resolveFilters } from '#reports/resolve-filters.ts'
import { activityFailure } from './activity-failure.ts'
import type { ActivityContext } from './activity-context.ts'
import { asFileFailure } from './classify-failure.ts'
import { writeReportFile } from './files/write-report-file.ts'
import {
  definitionOf,
  filtersInWords,
  findOwner,
  mayStillSee,
  momentOf,
  viewerOf,
} from './report-definition.ts'

/** The file as `generate` left it in staging, to be verified and put in place by `store`. */
export interface StagedFile {
  key: string
  rowCount: number
  sizeBytes: number
  /** SHA-256 of the bytes, hexadecimal. */
  checksum: string
  etag: string
  generatedAt: string
}

/** Heartbeat details of `generate`: what a person sees while it runs. */
export interface GenerateProgress {
  rows: number
}

/** How often the wait for the first row is told; well inside the heartbeat timeout. */
const waitingBeatMs = 5_000

/**
 * Streams the rows into a staged object. Heartbeats by timer only until the first row (the source's statement
 * timeout bounds that wait), then only on real progress: a stream that hangs is noticed.
 */
export function generateReport(context: ActivityContext) {
  return async ({ number }: { number: number }): Promise<StagedFile> => {
    const row = await context.prisma.report.findUniqueOrThrow({ where: { number } })
    const locale = matchLocale(row.locale)
    const owner = await findOwner(context.prisma, row.ownerId)
    if (!owner || !(await mayStillSee(context, row))) throw activityFailure('access_revoked', { locale })
    const definition = definitionOf(context, row)
    const { workflowExecution, attempt } = activityInfo()
    const key = stagingKey(number, workflowExecution?.runId ?? 'no-run', attempt, row.format as FileFormat)
    const generatedAt = new Date()

    // At once too: what the attempt before had written is not this one's progress.
    heartbeat({ rows: 0 } satisfies GenerateProgress)
    const waiting = setInterval(() => heartbeat({ rows: 0 } satisfies GenerateProgress), waitingBeatMs)
    try {
      // Resolving again changes nothing, and refuses what the catalogue no longer knows.
      const given = (row.resolvedFilters ?? row.filters) as Record<string, unknown>
      const filters = resolveFilters(definition, given, momentOf(row))
      const written = await writeReportFile({
        definition,
        format: row.format as FileFormat,
        columns: row.columns,
        filters,
        viewer: viewerOf(owner),
        timeZone: row.timeZone,
        locale,
        about: {
          number,
          title: row.title,
          requestedBy: owner.name,
          generatedAt,
          filters: await filtersInWords(context, { ...row, owner }),
        },
        source: context.source,
        storage: context.storage,
        key,
        signal: cancellationSignal(),
        onRows: (rows) => {
          clearInterval(waiting)
          heartbeat({ rows } satisfies GenerateProgress)
        },
      })
      return { key, ...written, generatedAt: generatedAt.toISOString() }
    } catch (error) {
      // Whatever the torn stream said first: it was cancelled, or the worker is shutting down.
      cancellationSignal().throwIfAborted()
      throw asFileFailure(error, locale)
    } finally {
      clearInterval(waiting)
    }
  }
}
