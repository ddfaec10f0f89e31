import { isSettled, type ReportStatus } from '#domain/report-status.ts'
import type { ReportFailure } from '#domain/schemas/report-schema.ts'
import { artifactRoot, probeRoot, stagingRoot } from '#domain/object-keys.ts'
import { toStorageError } from '#adapters/storage/storage-error.ts'
import type { Storage } from '#adapters/storage/storage.ts'
import type { Report } from '#prisma/client/client.ts'
import type { ActivityContext } from '../activity-context.ts'
import { clearStaging } from '../report/store-report.ts'

export interface Tidied {
  /** Files past their retention. */
  expired: number
  /** Reports whose leftovers in staging were removed. */
  cleared: number
}

/** A report that failed at `store` may use its staged file within its relaunch window; one more day as a margin. */
const keepStagedMs = 8 * 24 * 3_600_000
const dayMs = 24 * 3_600_000
const batch = 500

/** A copy in parts takes minutes: what is older was left by a worker that was killed. */
const abandonedCopyMs = dayMs

/**
 * Removes files past their retention (their rows stay and record it) and staged files that no report will use. What
 * cannot be removed does not keep the rest.
 * @throws the first error, when the rest is done.
 */
export async function tidyStorage(
  context: ActivityContext,
  onProgress: () => void,
  now = new Date(),
): Promise<Tidied> {
  const [expired, cleared] = await Promise.allSettled([
    removeExpired(context, onProgress, now),
    removeLeftovers(context, onProgress, now),
  ])
  if (expired.status === 'rejected') throw expired.reason
  if (cleared.status === 'rejected') throw cleared.reason
  return { expired: expired.value, cleared: cleared.value }
}

async function removeExpired(
  { prisma, storage, environment }: ActivityContext,
  onProgress: () => void,
  now: Date,
): Promise<number> {
  const keptSince = new Date(now.getTime() - environment.RETENTION_DAYS * dayMs)
  const expired = await prisma.report.findMany({
    where: {
      fileAvailableAt: { lt: keptSince },
      fileRemovedAt: null,
      objectKey: { not: null },
      status: { notIn: ['queued', 'running'] },
    },
    select: { number: true, objectKey: true },
    take: batch,
  })
  if (expired.length === 0) return 0
  onProgress()
  // The file first: one that cannot be removed is found again next time.
  const { removed, refusal } = await removeFiles(storage, expired, onProgress)
  await prisma.report.updateMany({
    where: { number: { in: removed } },
    data: { fileRemovedAt: now },
  })
  if (refusal) throw refusal
  return removed.length
}

/** All at once; where one is refused (a lock on it, its own rights), each by itself. */
async function removeFiles(
  storage: Storage,
  files: readonly Pick<Report, 'number' | 'objectKey'>[],
  onProgress: () => void,
): Promise<{ removed: number[]; refusal?: Error }> {
  const numbers = files.map(({ number }) => number)
  try {
    await storage.remove(files.flatMap(({ objectKey }) => objectKey ?? []))
    return { removed: numbers }
  } catch (error) {
    const failure = toStorageError(error, 'remove files')
    if (failure.kind === 'unavailable') return { removed: [], refusal: failure }
  }
  const removed: number[] = []
  let refusal: Error | undefined
  for (const { number, objectKey } of files) {
    onProgress()
    try {
      await storage.remove([objectKey ?? ''])
      removed.push(number)
    } catch (error) {
      refusal ??= toStorageError(error, `remove ${objectKey}`)
    }
  }
  return { removed, refusal }
}

async function removeLeftovers(context: ActivityContext, onProgress: () => void, now: Date): Promise<number> {
  const { storage } = context
  const begunBefore = new Date(now.getTime() - abandonedCopyMs)
  for (const root of [artifactRoot, probeRoot]) await storage.abortUnfinishedUploads(root, { begunBefore })
  // An unfinished upload is not an object yet: a worker that is killed during an upload leaves only the upload.
  const staged = [...(await storage.list(stagingRoot)), ...(await storage.listUnfinishedUploads(stagingRoot))]
  const numbers = [
    ...new Set(staged.map((key) => Number(key.slice(stagingRoot.length).split('/')[0]))),
  ].filter(Number.isSafeInteger)
  let cleared = 0
  for (let start = 0; start < numbers.length; start += batch) {
    const rows = await context.prisma.report.findMany({
      where: { number: { in: numbers.slice(start, start + batch) } },
      select: stateColumns,
    })
    for (const row of rows) {
      if (mayNeedStaged(row, now)) continue
      onProgress()
      if (!(await isUnchanged(context, row))) continue
      await clearStaging(context, row.number)
      cleared += 1
    }
  }
  return cleared
}

const stateColumns = { number: true, status: true, round: true, failure: true, finishedAt: true } as const
type ReportState = Pick<Report, keyof typeof stateColumns>

/** Only a report that failed at `store` has a complete staged file: earlier there is none, later it is final. */
function mayNeedStaged({ status, failure, finishedAt }: ReportState, now: Date): boolean {
  if (!isSettled(status as ReportStatus)) return true
  const { phase, code } = (failure as ReportFailure | null) ?? {}
  const isWhole = phase === 'store' && code !== 'file_missing' && code !== 'file_damaged'
  return status === 'failed' && isWhole && now.getTime() - (finishedAt?.getTime() ?? 0) < keepStagedMs
}

/** A relaunch may have started since the row was read, and may be making the file again. */
async function isUnchanged(
  { prisma }: ActivityContext,
  { number, status, round }: ReportState,
): Promise<boolean> {
  return (await prisma.report.count({ where: { number, status, round } })) === 1
}
