import { StorageError } from '#adapters/storage/storage-error.ts'
import type { Storage } from '#adapters/storage/storage.ts'
import { Prisma, type Report } from '#prisma/client/client.ts'
import type { ActivityContext } from '../activity-context.ts'
import { nameReportInLogs } from '../report-in-logs.ts'
import { readResults } from './settle-report.ts'
import type { RecipientResult } from '#contract/report-run.ts'

export interface ResumeRequest {
  number: number
  /** The round that begins. */
  round: number
}

export interface ResumePoint {
  /** Whether the file is at its final key; when retention or a person removed it, it is made again. */
  stored: boolean
  results: RecipientResult[]
}

/** Begins a relaunch: the row says « En cours » again, and the checkpoints say where to continue. */
export function resumeReport({ prisma, storage }: ActivityContext) {
  return async ({ number, round }: ResumeRequest): Promise<ResumePoint> => {
    // An attempt that was suspended, and continues after the round has ended, must change nothing.
    const [resumed] = await prisma.report.updateManyAndReturn({
      where: { number, settledRound: { lt: round } },
      data: {
        status: 'running',
        round,
        failure: Prisma.DbNull,
        skipReason: null,
        finishedAt: null,
        logArchived: false,
      },
    })
    const row = resumed ?? (await prisma.report.findUniqueOrThrow({ where: { number } }))
    nameReportInLogs(row)
    return { stored: await isStored(storage, row), results: await readResults(prisma, number) }
  }
}

/**
 * An unreachable storage must not prevent a relaunch: the file is assumed to exist, and sending it fails with a named
 * failure if it does not.
 */
async function isStored(storage: Storage, row: Report): Promise<boolean> {
  if (row.objectKey === null || row.fileRemovedAt !== null) return false
  try {
    return (await storage.head(row.objectKey)) !== null
  } catch (error) {
    if (error instanceof StorageError) return true
    throw error
  }
}
