/**
 * Every occurrence that is due ends as one report, run or skipped. The engine starts most of them; those it could not
 * start (an outage longer than its catch-up window, an emptied engine, a change during an outage) are found here and
 * get their row as the definition's `missed_runs` says.
 *
 * A race with the engine is safe: both use the same workflow id, and only one claim succeeds.
 */

import { workflowIdForOccurrence } from '#contract/names.ts'
import type { SkipReason } from '#domain/report-status.ts'
import { runsBetween } from '#domain/timing/next-runs.ts'
import type { Prisma, ScheduledReport } from '#prisma/client/client.ts'
import { databaseNow } from '../clock/clocks.ts'
import { knownToEngine, type KnownToEngine } from '../temporal/workflow-state.ts'
import { missedTheirTurn } from '../definitions/missed-runs.ts'
import { occurrenceSnapshot } from '../definitions/occurrence-snapshot.ts'
import type { ServiceContext } from '../service-context.ts'
import { countEnded } from '../monitoring/report-metrics.ts'
import { startReport } from '../reports/start-report.ts'
import { timingOf } from '../definitions/stored-timing.ts'

export interface Accounted {
  started: number
  skipped: number
}

/** How many occurrences of one definition are read together. */
const batch = 1_000

/**
 * Gives each occurrence of a definition due until an instant its row, and starts those that are to run.
 * @param ask asks the engine about an occurrence without a row; when it throws, the rest is left for later.
 */
export async function accountForOccurrences(
  context: ServiceContext,
  definition: ScheduledReport,
  until: Date,
  ask = (workflowId: string): Promise<KnownToEngine> => knownToEngine(context.temporal, workflowId),
): Promise<Accounted> {
  const accounted: Accounted = { started: 0, skipped: 0 }
  const timing = definition.enabled ? timingOf(definition) : null
  let after = definition.accountedUntil
  while (timing && after < until) {
    const due = Iterator.from(runsBetween(timing, new Date(after.getTime() + 1), until))
      .take(batch)
      .toArray()
    const missing = await withoutReport(context, definition, due)
    const waiting = await giveRows(context, definition, missing, { ask, accounted })
    // An occurrence that waits for a worker is checked again later: its run may be terminated before it begins.
    if (waiting) {
      await advance(context, [definition], new Date(waiting.getTime() - 1))
      return accounted
    }
    after = (due.length === batch && due.at(-1)) || until
    await advance(context, [definition], after)
  }
  return accounted
}

/**
 * Records that every occurrence until an instant has its row. Never moves back nor beyond the present, and does not
 * change `updatedAt`.
 */
export async function advance(
  { prisma }: ServiceContext,
  definitions: readonly ScheduledReport[],
  until: Date,
): Promise<void> {
  await prisma.$executeRaw`
    UPDATE scheduled_report SET accounted_until = least(${until}, clock_timestamp())
    FROM unnest(
      ${definitions.map(({ id }) => id)}::uuid[], ${definitions.map(({ version }) => version)}::int[]
    ) AS seen (id, version)
    WHERE scheduled_report.id = seen.id AND scheduled_report.version = seen.version
      AND accounted_until < least(${until}, clock_timestamp())`
}

async function withoutReport(
  { prisma }: ServiceContext,
  definition: ScheduledReport,
  due: readonly Date[],
): Promise<Date[]> {
  if (due.length === 0) return []
  const known = await prisma.report.findMany({
    where: { scheduledReportId: definition.id, repetition: 0, scheduledFor: { in: [...due] } },
    select: { scheduledFor: true },
  })
  const has = new Set(known.map((report) => report.scheduledFor?.getTime()))
  return due.filter((at) => !has.has(at.getTime()))
}

/** @returns the first one that waits for a worker, whose run will insert its row. */
async function giveRows(
  context: ServiceContext,
  definition: ScheduledReport,
  missing: readonly Date[],
  { ask, accounted }: { ask: (workflowId: string) => Promise<KnownToEngine>; accounted: Accounted },
): Promise<Date | null> {
  if (missing.length === 0) return null
  const snapshot = occurrenceSnapshot(context.catalogue, definition)
  const now = await databaseNow(context.prisma)
  const rows: Prisma.ReportCreateManyInput[] = []
  let waiting: Date | null = null
  for (const scheduledFor of missing) {
    const workflowId = workflowIdForOccurrence(definition.id, scheduledFor)
    const known = await ask(workflowId)
    if (known?.state === 'waiting') {
      waiting ??= scheduledFor
      continue
    }
    const skipReason: SkipReason | null = known
      ? 'already_run'
      : missedTheirTurn(definition, scheduledFor, now, context)
    rows.push({
      ...snapshot,
      scheduledReportId: definition.id,
      scheduledFor,
      origin: 'schedule',
      workflowId,
      runIds: known ? [known.runId] : [],
      ...(skipReason ? { status: 'skipped', skipReason, finishedAt: now } : { status: 'queued' }),
    })
  }
  if (rows.length > 0) await insertAndStart(context, rows, accounted)
  return waiting
}

async function insertAndStart(
  { prisma, temporal }: ServiceContext,
  rows: Prisma.ReportCreateManyInput[],
  accounted: Accounted,
): Promise<void> {
  const inserted = await prisma.report.createManyAndReturn({ data: rows, skipDuplicates: true })
  for (const row of inserted.toSorted((one, other) => one.number - other.number)) {
    accounted[row.status === 'skipped' ? 'skipped' : 'started'] += 1
    if (row.status === 'skipped') countEnded(row, { status: 'skipped', skipReason: row.skipReason })
    // When it cannot be started now, the sweep starts it from the queue.
    if (row.status === 'queued') await startReport(temporal, row).catch(() => undefined)
  }
}
