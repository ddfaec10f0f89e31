import { workflowIdForNumber, workflowIdForOccurrence } from '#domain/names.ts'
import { canRelaunch, type DeliveryState, type ReportStatus } from '#domain/report-status.ts'
import type { BackfillAction } from '#domain/schemas/scheduled-report.ts'
import { runsBetween } from '#domain/timing/next-runs.ts'
import type { PrismaClient, Report, ScheduledReport } from '#prisma/client/client.ts'
import { nextReportNumbers } from './create-report.ts'
import type { BackfilledOccurrence, BackfillPeriod } from './engine.ts'
import { occurrenceSnapshot } from './occurrence-snapshot.ts'
import { relaunchReport } from './relaunch-report.ts'
import type { ScheduleParts } from './schedule-parts.ts'
import { startReport } from './start-report.ts'
import { timingOf } from './timing-of.ts'

/** More than this in one request is a mistake, or wants to be asked for in parts. */
export const backfillLimit = 500
/** The engine answers one start within milliseconds: past this it is away. */
const oneAnswerMs = 5_000
/** A person waits for all of it. */
const allAnswersMs = 60_000

type KnownReport = Pick<
  Report,
  'number' | 'scheduledFor' | 'repetition' | 'status' | 'delivery' | 'settledRound'
>
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
  parts: ScheduleParts,
  scheduledReportId: string,
  period: BackfillPeriod,
): Promise<BackfilledOccurrence[]> {
  const { prisma, temporal, catalogue } = parts
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

/** What a backfill would do with each occurrence due within a period; at most `limit` of them. */
export async function planBackfill(
  prisma: PrismaClient,
  definition: ScheduledReport,
  { from, to, again = false }: BackfillPeriod,
  limit = backfillLimit,
): Promise<PlannedOccurrence[]> {
  const timing = timingOf(definition)
  const due = timing
    ? Iterator.from(runsBetween(timing, from, to))
        .take(limit)
        .toArray()
    : []
  const known = await prisma.report.findMany({
    where: { scheduledReportId: definition.id, scheduledFor: { in: due } },
    select: {
      number: true,
      scheduledFor: true,
      repetition: true,
      status: true,
      delivery: true,
      settledRound: true,
    },
    orderBy: { repetition: 'asc' },
  })
  const newest = new Map(known.map((report) => [report.scheduledFor?.getTime(), report]))
  return due.map((scheduledFor) => {
    const report = newest.get(scheduledFor.getTime()) ?? null
    return { scheduledFor, report, action: actionFor(report, again) }
  })
}

function actionFor(report: KnownReport | null, again: boolean): BackfillAction {
  if (!report || report.status === 'skipped') return 'started'
  if (report.status === 'completed') return again ? 'repeated' : 'already_run'
  const isRelaunchable = canRelaunch(report.status as ReportStatus, report.delivery as DeliveryState)
  return isRelaunchable ? 'relaunched' : 'already_run'
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
