import { workflowIdForNumber, workflowIdForOccurrence } from '#contract/names.ts'
import { canRelaunch, type DeliveryState, type ReportStatus, type SkipReason } from '#domain/report-status.ts'
import type { BackfillAction } from '#domain/schemas/scheduled-report-schema.ts'
import { runsBetween } from '#domain/timing/next-runs.ts'
import type { Prisma, PrismaClient, ScheduledReport } from '#prisma/client/client.ts'
import { databaseNow } from '../clock/clocks.ts'
import { nextReportNumbers } from '../reports/create-report-row.ts'
import type { BackfilledOccurrence, BackfillPeriod } from '../engine.ts'
import { occurrenceSnapshot } from '../definitions/occurrence-snapshot.ts'
import { relaunchReport } from '../reports/relaunch-report.ts'
import type { ServiceContext } from '../service-context.ts'
import { startReport } from '../reports/start-report.ts'
import { timingOf } from '../definitions/stored-timing.ts'

/** More than this in one request is probably a mistake, and is refused. */
export const backfillLimit = 500
/** The engine answers a start within milliseconds; after this time it counts as unreachable. */
const answerTimeoutMs = 5_000
/** Timeout of the whole backfill, since a person waits for it. */
const totalTimeoutMs = 60_000

const knownColumns = {
  number: true,
  scheduledFor: true,
  repetition: true,
  status: true,
  skipReason: true,
  delivery: true,
  settledRound: true,
  type: true,
  filters: true,
  resolvedFilters: true,
  timeZone: true,
  removedDetails: true,
} as const satisfies Prisma.ReportSelect
type KnownReport = Prisma.ReportGetPayload<{ select: typeof knownColumns }>
interface PlannedOccurrence extends BackfilledOccurrence {
  /** The newest report of the occurrence; null when it has none. */
  report: KnownReport | null
}

/**
 * Runs each occurrence due within a period that was not run yet, with its own N° and its own dates. Rows come first:
 * without an engine they stay queued, and the sweep starts them. Idempotent, except with `again`.
 *
 * The Schedule's own backfill is not used: of several requests in quick succession it drops some silently (see
 * docs/decisions/0064).
 * @throws when failed reports must be relaunched and the engine does not answer: only the engine can do that.
 */
export async function backfillOccurrences(
  context: ServiceContext,
  scheduledReportId: string,
  period: BackfillPeriod,
): Promise<BackfilledOccurrence[]> {
  const { prisma, temporal, catalogue } = context
  const definition = await prisma.scheduledReport.findUniqueOrThrow({ where: { id: scheduledReportId } })
  const plan = await planBackfill(prisma, definition, period)
  const snapshot = occurrenceSnapshot(catalogue, definition)
  const queued = await insertOccurrences(prisma, definition, snapshot, plan)
  for (const { action, report } of plan) {
    if (action === 'started' && report) queued.push(...(await requeueSkipped(prisma, report, snapshot)))
  }
  const rows = await prisma.report.findMany({
    where: { number: { in: queued }, status: 'queued' },
    orderBy: { scheduledFor: 'asc' },
  })
  const until = Date.now() + totalTimeoutMs
  const withEngineDeadline = <T>(work: () => Promise<T>) =>
    temporal.withDeadline(Math.min(until, Date.now() + answerTimeoutMs), work)
  try {
    for (const row of rows) await withEngineDeadline(() => startReport(temporal, row))
  } catch {
    // The engine is unreachable: the sweep starts the rest.
  }
  for (const { action, report } of plan) {
    if (action !== 'relaunched' || !report) continue
    const outcome = await withEngineDeadline(() => relaunchReport(prisma, temporal, report.number))
    if (!outcome.ok && outcome.code === 'engine_unavailable') throw new Error('Temporal does not answer')
  }
  return plan.map(({ scheduledFor, action }) => ({ scheduledFor, action }))
}

/**
 * What a backfill would do with each occurrence of a period, at most `limit` of them: those due by the present timing,
 * and those of an earlier timing that need another run.
 */
export async function planBackfill(
  prisma: PrismaClient,
  definition: ScheduledReport,
  period: BackfillPeriod,
  limit = backfillLimit,
): Promise<PlannedOccurrence[]> {
  const timing = timingOf(definition)
  const now = await databaseNow(prisma)
  const due = timing
    ? Iterator.from(runsBetween(timing, period.from, period.to < now ? period.to : now))
        .take(limit)
        .toArray()
    : []
  // With the limit reached, the period ends at the last occurrence.
  const to = (due.length === limit && due.at(-1)) || period.to
  const earlier = await ofEarlierTimings(prisma, definition, { ...period, to }, due, limit)
  const reports = await prisma.report.findMany({
    where: { scheduledReportId: definition.id, scheduledFor: { in: [...due, ...earlier] } },
    select: knownColumns,
    orderBy: { repetition: 'asc' },
  })
  const newest = new Map(reports.map((report) => [report.scheduledFor?.getTime(), report]))
  return [...due, ...earlier]
    .sort((one, other) => one.getTime() - other.getTime())
    .slice(0, limit)
    .map((scheduledFor) => {
      const report = newest.get(scheduledFor.getTime()) ?? null
      return { scheduledFor, report, action: actionFor(report, period.again ?? false) }
    })
}

/**
 * Occurrences that got their report before the timing was changed, and for which `actionFor` has an action. A time
 * that is no whole minute was a start by hand in Temporal Web, not an occurrence.
 */
async function ofEarlierTimings(
  prisma: PrismaClient,
  { id }: ScheduledReport,
  { from, to, again = false }: BackfillPeriod,
  due: readonly Date[],
  limit: number,
): Promise<Date[]> {
  const rows = await prisma.$queryRaw<{ at: Date }[]>`
    SELECT newest.at FROM (
      SELECT DISTINCT ON (scheduled_for) scheduled_for AS at, status, skip_reason FROM report
      WHERE scheduled_report_id = ${id}::uuid AND scheduled_for BETWEEN ${from} AND ${to}
        AND origin IN ('schedule', 'backfill') AND extract(second FROM scheduled_for) = 0
        AND scheduled_for <> ALL (${[...due]}::timestamptz[])
      ORDER BY scheduled_for, repetition DESC
    ) AS newest
    WHERE CASE
      WHEN status = 'completed' OR skip_reason = 'already_run' THEN ${again}
      ELSE status IN ('skipped', 'failed', 'cancelled')
    END
    ORDER BY newest.at LIMIT ${limit}`
  return rows.map(({ at }) => at)
}

function actionFor(report: KnownReport | null, again: boolean): BackfillAction {
  if (!report) return 'started'
  if (isDone(report)) return again ? 'repeated' : 'already_run'
  if (report.status === 'skipped') return 'started'
  const isRelaunchable =
    report.removedDetails === 0 &&
    canRelaunch(report.status as ReportStatus, report.delivery as DeliveryState)
  return isRelaunchable ? 'relaunched' : 'already_run'
}

/** `already_run` counts as done: Temporal remembers its run, only its row was lost when the database was restored. */
function isDone({ status, skipReason }: KnownReport): boolean {
  return status === 'completed' || skipReason === ('already_run' satisfies SkipReason)
}

type Snapshot = ReturnType<typeof occurrenceSnapshot>

/**
 * Inserts rows for occurrences without one, and for those run again.
 * @returns their N°s, without those that another process inserted meanwhile.
 */
async function insertOccurrences(
  prisma: PrismaClient,
  { id }: ScheduledReport,
  snapshot: Snapshot,
  plan: readonly PlannedOccurrence[],
): Promise<number[]> {
  const missing = plan.filter(
    ({ action, report }) => action === 'repeated' || (action === 'started' && !report),
  )
  const numbers = await nextReportNumbers(prisma, missing.length)
  const inserted = await prisma.report.createManyAndReturn({
    data: missing.flatMap(({ report, scheduledFor }, index) => {
      const number = numbers[index]
      if (number === undefined) return []
      return {
        ...snapshot,
        number,
        scheduledReportId: id,
        scheduledFor,
        repetition: report ? report.repetition + 1 : 0,
        origin: 'backfill',
        status: 'queued',
        workflowId: report ? workflowIdForNumber(number) : workflowIdForOccurrence(id, scheduledFor),
      }
    }),
    skipDuplicates: true,
    select: { number: true },
  })
  return inserted.map(({ number }) => number)
}

/** Queues a skipped occurrence: it keeps its N° and runs with the present definition. */
async function requeueSkipped(
  prisma: PrismaClient,
  report: KnownReport,
  snapshot: Snapshot,
): Promise<number[]> {
  const { count } = await prisma.report.updateMany({
    where: { number: report.number, status: 'skipped' },
    data: {
      ...snapshot,
      origin: 'backfill',
      status: 'queued',
      round: report.settledRound + 1,
      skipReason: null,
      startedAt: null,
      finishedAt: null,
      logArchived: false,
      removedDetails: 0,
    },
  })
  return count === 1 ? [report.number] : []
}
