import { workflowIdForNumber, workflowIdForOccurrence } from '#contract/names.ts'
import { canRelaunch, type DeliveryState, type ReportStatus, type SkipReason } from '#domain/report-status.ts'
import type { BackfillAction } from '#domain/schemas/scheduled-report-schema.ts'
import { runsBetween } from '#domain/timing/next-runs.ts'
import type { Prisma, PrismaClient, ScheduledReport } from '#prisma/client/client.ts'
import { nextReportNumbers } from '../reports/create-report-row.ts'
import type { BackfilledOccurrence, BackfillPeriod } from '../engine.ts'
import { occurrenceSnapshot } from '../definitions/occurrence-snapshot.ts'
import { relaunchReport } from '../reports/relaunch-report.ts'
import type { ServiceContext } from '../service-context.ts'
import { startReport } from '../reports/start-report.ts'
import { timingOf } from '../definitions/stored-timing.ts'

/** More than this in one request is a mistake, or wants to be asked for in context. */
export const backfillLimit = 500
/** The engine answers one start within milliseconds: past this it is away. */
const oneAnswerMs = 5_000
/** A person waits for all of it. */
const allAnswersMs = 60_000

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
} as const satisfies Prisma.ReportSelect
type KnownReport = Prisma.ReportGetPayload<{ select: typeof knownColumns }>
interface PlannedOccurrence extends BackfilledOccurrence {
  /** The newest report of the occurrence; null when it has none. */
  report: KnownReport | null
}

/**
 * Runs each occurrence due within a period that was not run yet, with its own N° and its own dates. Rows come first:
 * with an engine that is away they wait in the queue, and the sweep starts them. Asked twice, it does nothing twice.
 *
 * Not by the Schedule's own backfill: of several requests in quick succession it drops some without a word (see
 * docs/decisions/0064).
 * @throws when failed reports were to be relaunched and the engine does not answer: that only it can do.
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
    if (action === 'started' && report) queued.push(...(await takeUpSkipped(prisma, report, snapshot)))
  }
  const rows = await prisma.report.findMany({
    where: { number: { in: queued }, status: 'queued' },
    orderBy: { scheduledFor: 'asc' },
  })
  const until = Date.now() + allAnswersMs
  const soon = <T>(work: () => Promise<T>) =>
    temporal.withDeadline(Math.min(until, Date.now() + oneAnswerMs), work)
  try {
    for (const row of rows) await soon(() => startReport(temporal, row))
  } catch {
    // The engine is away: the sweep starts the rest.
  }
  for (const { action, report } of plan) {
    if (action !== 'relaunched' || !report) continue
    const outcome = await soon(() => relaunchReport(prisma, temporal, report.number))
    if (!outcome.ok && outcome.code === 'engine_unavailable') throw new Error('Temporal does not answer')
  }
  return plan.map(({ scheduledFor, action }) => ({ scheduledFor, action }))
}

/**
 * What a backfill would do with each occurrence of a period, at most `limit` of them: those due by the timing as it is,
 * and those of an earlier timing that are to be made up for.
 */
export async function planBackfill(
  prisma: PrismaClient,
  definition: ScheduledReport,
  period: BackfillPeriod,
  limit = backfillLimit,
): Promise<PlannedOccurrence[]> {
  const timing = timingOf(definition)
  const due = timing
    ? Iterator.from(runsBetween(timing, period.from, period.to))
        .take(limit)
        .toArray()
    : []
  // Past the last one that still counts, nothing does.
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
 * Occurrences that had their report before the timing was changed, and with which `actionFor` would do something.
 * What is no whole minute was started by hand in Temporal Web, and is no occurrence.
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
  const isRelaunchable = canRelaunch(report.status as ReportStatus, report.delivery as DeliveryState)
  return isRelaunchable ? 'relaunched' : 'already_run'
}

/** One skipped because Temporal remembers its run was sent too: only its row was lost, with a restored database. */
function isDone({ status, skipReason }: KnownReport): boolean {
  return status === 'completed' || skipReason === ('already_run' satisfies SkipReason)
}

type Snapshot = ReturnType<typeof occurrenceSnapshot>

/**
 * Rows for what has none, and for what is run again.
 * @returns their N°, but for those that somebody else inserted meanwhile.
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

/** What was skipped keeps its N°: the occurrence is run after all, as the definition says now. */
async function takeUpSkipped(
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
    },
  })
  return count === 1 ? [report.number] : []
}
