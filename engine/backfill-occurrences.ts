import type { Client } from '@temporalio/client'
import { scheduleIdFor } from '#domain/names.ts'
import { runsBetween } from '#domain/timing/next-runs.ts'
import type { PrismaClient, ScheduledReport } from '#prisma/client/client.ts'
import type { Catalogue } from '#reports/catalogue.ts'
import type { BackfilledOccurrence } from './engine.ts'
import { occurrenceSnapshot } from './occurrence-snapshot.ts'
import { startReport } from './start-report.ts'
import { timingOf } from './timing-of.ts'

/** More than this in one request is a mistake, or wants to be asked for in parts. */
export const backfillLimit = 500

/**
 * Gives each occurrence due within [from, to] that has no report its row and N°, then starts it under the workflow id
 * the engine would give it. Rows come first: if the engine goes away halfway, the sweep starts the rest.
 *
 * Not by the Schedule's own backfill: of several requests in quick succession it drops some without a word (see
 * docs/decisions/0064).
 */
export async function backfillOccurrences(
  { prisma, temporal, catalogue }: { prisma: PrismaClient; temporal: Client; catalogue: Catalogue },
  scheduledReportId: string,
  from: Date,
  to: Date,
): Promise<BackfilledOccurrence[]> {
  const definition = await prisma.scheduledReport.findUniqueOrThrow({ where: { id: scheduledReportId } })
  const plan = await planBackfill(prisma, definition, from, to)
  const missing = plan.filter(({ action }) => action === 'started').map(({ scheduledFor }) => scheduledFor)
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
  const rows = await prisma.report.findMany({
    where: { scheduledReportId, scheduledFor: { in: missing }, status: 'queued' },
    orderBy: { scheduledFor: 'asc' },
  })
  for (const row of rows) await startReport(temporal, row)
  return plan
}

/** What a backfill of [from, to] would do with each occurrence due then; at most `limit` of them. */
export async function planBackfill(
  prisma: PrismaClient,
  definition: ScheduledReport,
  from: Date,
  to: Date,
  limit = backfillLimit,
): Promise<BackfilledOccurrence[]> {
  const timing = timingOf(definition)
  const due = timing
    ? Iterator.from(runsBetween(timing, from, to))
        .take(limit)
        .toArray()
    : []
  const taken = await prisma.report.findMany({
    where: { scheduledReportId: definition.id, scheduledFor: { in: due } },
    select: { scheduledFor: true },
  })
  const alreadyRun = new Set(taken.map((row) => row.scheduledFor?.getTime()))
  return due.map((at) => ({
    scheduledFor: at,
    action: alreadyRun.has(at.getTime()) ? 'already_run' : 'started',
  }))
}

/** The workflow id the engine itself gives this occurrence: nominal time in UTC, whole seconds. */
function occurrenceWorkflowId(scheduledReportId: string, scheduledFor: Date): string {
  return `${scheduleIdFor(scheduledReportId)}-${scheduledFor.toISOString().replace(/\.\d{3}Z$/, 'Z')}`
}
