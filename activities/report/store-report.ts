import { cancellationSignal, heartbeat, log } from '@temporalio/activity'
import { heartbeatIntervalMs } from '#contract/limits.ts'
import { matchLocale, type Locale } from '#domain/locale.ts'
import { artifactKey, contentTypeOf, extensionOf, slugify, stagingPrefix } from '#domain/object-keys.ts'
import type { Report } from '#prisma/client/client.ts'
import type { ActivityContext } from '../activity-context.ts'
import { activityFailure, asFileFailure } from '../activity-failure.ts'
import { tellOfFullStorage } from '../tell-of-full-storage.ts'
import { nameReportInLogs } from '../report-in-logs.ts'
import type { StagedFile, StoreRequest } from '#contract/report-run.ts'
import { throwIfOver, interruptionSignal } from './attempt-interruption.ts'

/**
 * Verifies the staged file, puts it in its final place by server-side copy, checks it off on the row, and removes what
 * attempts left in staging. Idempotent: a repeated attempt finds the work done.
 */
export function storeReport(context: ActivityContext) {
  return async (request: StoreRequest): Promise<{ objectKey: string }> => {
    // By timer, since a server-side copy reports no progress; timeouts of storage and database bound each step.
    const beat = setInterval(() => heartbeat(), heartbeatIntervalMs)
    try {
      const row = await context.prisma.report.findUniqueOrThrow({ where: { number: request.number } })
      nameReportInLogs(row)
      return await putInPlace(context, row, request)
    } finally {
      clearInterval(beat)
    }
  }
}

async function putInPlace(
  context: ActivityContext,
  row: Report,
  { number, staged }: StoreRequest,
): Promise<{ objectKey: string }> {
  const locale = matchLocale(row.locale)
  const extension = extensionOf(staged.key)
  const slug = slugify(row.title)
  const fileName = `${slug}-${number}.${extension}`
  const objectKey = artifactKey(number, row.requestedAt, `${slug}.${extension}`)
  const stop = interruptionSignal(cancellationSignal())
  try {
    await promote(context, staged, objectKey, { locale, stop })
    await context.prisma.report.update({
      where: { number },
      data: {
        objectKey,
        fileName,
        sizeBytes: staged.sizeBytes,
        rowCount: staged.rowCount,
        misfits: [...(staged.misfits ?? [])],
        checksum: staged.checksum,
        fileAvailableAt: new Date(),
        fileRemovedAt: null,
      },
    })
    // The file is at its final key: the sweep removes what is left in staging.
    await clearStaging(context, number).catch((error: unknown) =>
      log.warn('staging not cleared', { number, err: error }),
    )
    return { objectKey }
  } catch (error) {
    if (stop.aborted) throwIfOver(locale)
    await tellOfFullStorage(context, error)
    throw asFileFailure(error, locale)
  }
}

async function promote(
  { storage }: ActivityContext,
  staged: StagedFile,
  objectKey: string,
  { locale, stop }: { locale: Locale; stop: AbortSignal },
): Promise<void> {
  const there = await storage.head(staged.key)
  if (!there) {
    // An earlier attempt of this step may have promoted and cleared it already.
    const final = await storage.head(objectKey)
    if (final?.metadata.sha256 === staged.checksum && final.sizeBytes === staged.sizeBytes) return
    throw activityFailure('file_missing', { locale, cause: new Error(`No staged object ${staged.key}`) })
  }
  if (there.sizeBytes !== staged.sizeBytes || there.etag !== staged.etag) {
    const cause = new Error(
      `Staged ${staged.sizeBytes} bytes (${staged.etag}), found ${there.sizeBytes} (${there.etag})`,
    )
    throw activityFailure('file_damaged', { locale, cause })
  }
  await storage.copy(staged.key, objectKey, {
    contentType: contentTypeOf(objectKey),
    metadata: { sha256: staged.checksum, rows: String(staged.rowCount) },
    sizeBytes: staged.sizeBytes,
    signal: stop,
  })
}

/** Removes what attempts left in staging: objects and unfinished multipart uploads. */
export async function clearStaging(
  { storage }: Pick<ActivityContext, 'storage'>,
  number: number,
): Promise<void> {
  const prefix = stagingPrefix(number)
  await storage.remove(await storage.list(prefix))
  await storage.abortUnfinishedUploads(prefix)
}

/** Removes what a cancelled or skipped report left in staging. */
export function discardStaged(context: ActivityContext) {
  return ({ number }: { number: number }): Promise<void> => clearStaging(context, number)
}
