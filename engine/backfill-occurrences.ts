import { ScheduleNotFoundError, type Client } from '@temporalio/client'
import { runsBetween } from '#domain/timing/next-runs.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import type { Catalogue } from '#reports/catalogue.ts'
import type { BackfilledOccurrence } from './engine.ts'
import { occurrenceSnapshot } from './occurrence-snapshot.ts'
import { applySchedule } from './schedule-sync.ts'
import { occurrenceWorkflowId, startOccurrence } from './start-again.ts'
import { timingOf } from './timing-of.ts'

/** More than this in one request is a mistake, or wants to be asked for in parts. */
export const backfillLimit = 500

/**
 * Gives each occurrence due within [from, to] that has no report its row and N°, then starts it. Rows come first: if
 * the engine goes away halfway, the sweep starts the rest.
 */
export async function backfillOccurrences(
  { prisma, temporal, catalogue }: { prisma: PrismaClient; temporal: Client; catalogue: Catalogue },
  scheduledReportId: string,
  from: Date,
  to: Date,
): Promise<BackfilledOccurrence[]> {
  const definition = await prisma.scheduledReport.findUniqueOrThrow({ where: { id: scheduledReportId } })
  const timing = timingOf(definition)
  const due = timing
    ? Iterator.from(runsBetween(timing, from, to))
        .take(backfillLimit)
        .toArray()
    : []
  const taken = await prisma.report.findMany({
    where: { scheduledReportId, scheduledFor: { in: due } },
    select: { scheduledFor: true },
  })
  const alreadyRun = new Set(taken.map((row) => row.scheduledFor?.getTime()))
  const missing = due.filter((at) => !alreadyRun.has(at.getTime()))
  const snapshot = occurrenceSnapshot(catalogue, definition)
  await prisma.report.createMany({
    data: missing.map((at) => ({
      ...snapshot,
      scheduledReportId,
      scheduledFor: at,
      origin: 'backfill',
      status: 'queued',
      workflowId: occurrenceWorkflowId(scheduledReportId, at),
    })),
    skipDuplicates: true,
  })
  for (const at of missing) await start(at)
  return due.map((at) => ({
    scheduledFor: at,
    action: alreadyRun.has(at.getTime()) ? 'already_run' : 'started',
  }))

  async function start(at: Date): Promise<void> {
    try {
      await startOccurrence(temporal, scheduledReportId, at)
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error
      await applySchedule(prisma, temporal, scheduledReportId)
      await startOccurrence(temporal, scheduledReportId, at)
    }
  }
}
