import { Prisma } from '#prisma/client/client.ts'
import type { ActivityContext } from './activity-context.ts'
import { readResults } from './read-results.ts'
import type { RecipientResult } from './settle-report.ts'

export interface ResumeRequest {
  number: number
  /** The round that begins. */
  round: number
}

export interface ResumePoint {
  /** Whether the file is in its final place; when retention or a person removed it, it is made again. */
  stored: boolean
  results: RecipientResult[]
}

/** Takes up a relaunch: the row says « En cours » again, and the checkpoints say where to go on. */
export function resumeReport({ prisma, storage }: ActivityContext) {
  return async ({ number, round }: ResumeRequest): Promise<ResumePoint> => {
    const row = await prisma.report.update({
      where: { number },
      data: { status: 'running', round, failure: Prisma.DbNull, skipReason: null, finishedAt: null },
    })
    const stored = row.objectKey !== null && (await storage.head(row.objectKey)) !== null
    return { stored, results: await readResults(prisma, number) }
  }
}
