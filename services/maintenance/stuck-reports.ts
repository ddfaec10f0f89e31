/**
 * Open reports whose run cannot go on: its workflow task, or a step that is repeated without end, fails again and again.
 * Noted on the row, told once to the administrators, and cleared when it goes on.
 */

import type { Client } from '@temporalio/client'
import type { temporal as proto } from '@temporalio/proto'
import pLimit from 'p-limit'
import type { Stuck } from '#domain/stuck-report.ts'
import type { FailureCode } from '#domain/failures.ts'
import { toStorableJson } from '#domain/text/storable-text.ts'
import { Prisma, type PrismaClient, type Report } from '#prisma/client/client.ts'
import { workflowTypes } from '#contract/names.ts'
import { reportNumberKey, reportStatusKey, scheduledReportIdKey } from '#contract/search-attributes.ts'
import { tellAdministrators, type NoticeDetails } from '../notices/write-notices.ts'
import { startNotices } from '../notices/start-notices.ts'
import { readFailureMessage } from '../temporal/read-payloads.ts'
import { clearFault, noteFault } from './installation-faults.ts'

/** A report whose row changed later than this is not asked about. */
const unchangedMs = 3 * 60_000
/** Fewer attempts may be a bad minute; every other activity has three. */
const minAttempts = 5
/** Reports asked about in a sweep, of those known to be stuck and of the others: a bad update may stop thousands. */
const maxAsked = 50
const concurrency = 8
/** Reports that the notice and the dashboard's line name. */
const maxNamed = 10
const maxMessageLength = 500

interface Options {
  now: Date
  onProgress: () => void
  onFailed: (number: number, error: unknown) => void
}

/** @returns how many reports are stuck. */
export async function noteStuckReports(
  prisma: PrismaClient,
  temporal: Client,
  { now, onProgress, onFailed }: Options,
): Promise<number> {
  const known = await prisma.report.findMany({ where: stuckNow, orderBy: { number: 'asc' }, take: maxAsked })
  const asked = [...known, ...(await othersInTurn(prisma, now))]
  await pLimit(concurrency).map(asked, async (row) => {
    onProgress()
    try {
      await note(prisma, row, await stuckAt(temporal, row.workflowId, now))
    } catch (error) {
      onProgress()
      onFailed(row.number, error)
    }
  })
  const unopened = await stuckUnopened(prisma, temporal, now, onProgress)
  const total = (await prisma.report.count({ where: stuckNow })) + unopened.length
  if (total === 0) await clearFault(prisma, 'stuck_reports')
  else if (await tell(prisma, unopened, total, now)) await startNotices(prisma, temporal, null)
  return total
}

type Named = Extract<NoticeDetails, { kind: 'reports_stuck' }>['reports'][number]

/** An occurrence that no step has opened has neither row nor N°: its definition's occurrences wait for it. */
async function stuckUnopened(
  prisma: PrismaClient,
  temporal: Client,
  now: Date,
  onProgress: () => void,
): Promise<Named[]> {
  const before = new Date(now.getTime() - unchangedMs).toISOString()
  const query = `WorkflowType = '${workflowTypes.report}' AND ExecutionStatus = 'Running' AND ${reportStatusKey.name} IS NULL AND ${reportNumberKey.name} IS NULL AND StartTime < '${before}'`
  const found: Named[] = []
  let asked = 0
  for await (const { workflowId, typedSearchAttributes } of temporal.workflow.list({
    query,
    pageSize: maxAsked,
  })) {
    onProgress()
    const stuck = await stuckAt(temporal, workflowId, now)
    if (stuck) {
      const id = typedSearchAttributes.get(scheduledReportIdKey)
      const definition = id && (await prisma.scheduledReport.findUnique({ where: { id } }))
      found.push({ number: null, title: definition ? definition.name : workflowId, ...wordsOf(stuck) })
    }
    if (++asked === maxAsked) break
  }
  return found
}

function wordsOf({ reason, step, message }: Stuck): Pick<Named, 'reason' | 'message'> {
  return { reason, message: (step ? `${step}: ${message}` : message).slice(0, maxMessageLength) }
}

const open = { status: { in: ['queued', 'running'] } }
export const stuckNow = { ...open, stuck: { not: Prisma.DbNull } } satisfies Prisma.ReportWhereInput

/** Of more than fit into a sweep, each sweep asks about the next ones. */
async function othersInTurn(prisma: PrismaClient, now: Date): Promise<Report[]> {
  const where = {
    ...open,
    stuck: { equals: Prisma.DbNull },
    updatedAt: { lt: new Date(now.getTime() - unchangedMs) },
  }
  const turns = Math.max(1, Math.ceil((await prisma.report.count({ where })) / maxAsked))
  const skip = (Math.floor(now.getTime() / 60_000) % turns) * maxAsked
  return prisma.report.findMany({ where, orderBy: { number: 'asc' }, skip, take: maxAsked })
}

async function stuckAt(temporal: Client, workflowId: string, now: Date): Promise<Stuck | null> {
  const handle = temporal.workflow.getHandle(workflowId)
  const { raw, runId } = await handle.describe()
  const since = now.toISOString()
  const { pendingWorkflowTask, pendingActivities } = raw
  if ((pendingWorkflowTask?.attempt ?? 0) >= minAttempts) {
    const message = await lastTaskFailure(temporal, workflowId, runId)
    // A worker that is away has attempts too, without a failure.
    if (message !== null) return { reason: 'workflow_task', step: null, message, since }
  }
  for (const { attempt, lastFailure, activityType } of pendingActivities ?? []) {
    const isAway =
      lastFailure?.applicationFailureInfo?.type === ('database_unavailable' satisfies FailureCode)
    if ((attempt ?? 0) < minAttempts || !lastFailure || isAway) continue
    const message = await readFailureMessage(temporal, lastFailure)
    return { reason: 'activity', step: activityType?.name ?? null, message, since }
  }
  return null
}

/** The history has the first of a row of failed workflow tasks alone, as its last event but a few. */
async function lastTaskFailure(temporal: Client, workflowId: string, runId: string): Promise<string | null> {
  const { history } = await temporal.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: temporal.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 20,
  })
  const failed = (event: proto.api.history.v1.IHistoryEvent) =>
    event.workflowTaskFailedEventAttributes?.failure
  const failure = history?.events?.map(failed).find(Boolean)
  return failure ? readFailureMessage(temporal, failure) : null
}

/** Only if the row is unchanged: it may have gone on since it was asked about. */
async function note(prisma: PrismaClient, row: Report, found: Stuck | null): Promise<void> {
  const before = row.stuck as Stuck | null
  if (before?.reason === found?.reason && before?.step === found?.step) return
  const stuck = found ? { ...found, message: found.message.slice(0, maxMessageLength) } : null
  await prisma.report.updateMany({
    where: { number: row.number, status: row.status, round: row.round },
    data: { stuck: stuck ? (toStorableJson(stuck) as Prisma.InputJsonObject) : Prisma.DbNull },
  })
}

/** @returns whether the administrators are to be told: once, until no report is stuck. */
function tell(prisma: PrismaClient, unopened: readonly Named[], total: number, now: Date): Promise<boolean> {
  return prisma.$transaction(async (transaction) => {
    const rows = await transaction.report.findMany({
      where: stuckNow,
      orderBy: { number: 'asc' },
      take: maxNamed,
      select: { number: true, title: true, stuck: true },
    })
    const ofRows = rows.map(({ number, title, stuck }) => ({
      number,
      title,
      ...wordsOf(stuck as unknown as Stuck),
    }))
    const reports = [...ofRows, ...unopened].slice(0, maxNamed)
    const isTold = await transaction.installationFault.findUnique({ where: { part: 'stuck_reports' } })
    const detail = reports.map(
      ({ number, title, message }) => `${number === null ? title : `N° ${number}`}: ${message}`,
    )
    await noteFault(transaction, 'stuck_reports', { code: 'report_stuck', detail: detail.join('\n') })
    if (isTold) return false
    const details = { kind: 'reports_stuck', total, reports } as const
    await tellAdministrators(transaction, details, now)
    return true
  })
}
