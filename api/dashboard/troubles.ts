/** What an administrator should look at: failed reports, and mails that were not delivered. */

import { incompleteDeliveries } from '#domain/report-status.ts'
import { reportFailureSchema, stuckSchema } from '#domain/schemas/report-schema.ts'
import type { Dashboard } from '#domain/schemas/dashboard-schema.ts'
import { stuckNow } from '#services/maintenance/stuck-reports.ts'
import type { PrismaClient } from '#prisma/client/client.ts'

const maxItems = 20

interface View {
  prisma: PrismaClient
  /** Older reports are left out. */
  since: Date
}

export async function troubles({ prisma, since }: View): Promise<Dashboard['failures']> {
  const [stuck, stuckTotal, failed, failedTotal, partial, partialTotal, inARow] = await Promise.all([
    stuckReports(prisma),
    prisma.report.count({ where: stuckNow }),
    failedReports(prisma, since),
    prisma.report.count({ where: failedSince(since) }),
    partlyDelivered(prisma, since),
    prisma.report.count({ where: partialSince(since) }),
    failingInARow(prisma),
  ])
  return {
    stuck: { items: stuck, total: stuckTotal },
    failed: { items: failed, total: failedTotal },
    in_a_row: { items: inARow.slice(0, maxItems), total: inARow.length },
    partly_delivered: { items: partial, total: partialTotal },
  }
}

// A relaunched report is running or completed again, so it is not listed.
const failedSince = (since: Date) => ({ status: 'failed', requestedAt: { gte: since } })
const partialSince = (since: Date) => ({
  status: 'completed',
  delivery: { in: [...incompleteDeliveries] },
  requestedAt: { gte: since },
})
const named = {
  number: true,
  title: true,
  scheduledReportId: true,
  requestedAt: true,
  owner: { select: { name: true } },
  scheduledReport: { select: { name: true } },
} as const

async function stuckReports(prisma: PrismaClient) {
  const rows = await prisma.report.findMany({
    where: stuckNow,
    orderBy: { number: 'asc' },
    take: maxItems,
    select: { ...named, stuck: true },
  })
  return rows.map((row) => ({ ...naming(row), stuck: stuckSchema.parse(row.stuck) }))
}

async function failedReports(prisma: PrismaClient, since: Date) {
  const rows = await prisma.report.findMany({
    where: failedSince(since),
    orderBy: { number: 'desc' },
    take: maxItems,
    select: { ...named, failure: true, failedInARow: true },
  })
  return rows.map((row) => ({
    ...naming(row),
    failure: failureOf(row.failure),
    failed_in_a_row: row.failedInARow,
  }))
}

async function partlyDelivered(prisma: PrismaClient, since: Date) {
  const rows = await prisma.report.findMany({
    where: partialSince(since),
    orderBy: { number: 'desc' },
    take: maxItems,
    select: {
      ...named,
      recipients: true,
      deliveries: { where: { status: { not: 'sent' } }, select: { email: true }, orderBy: { email: 'asc' } },
    },
  })
  return rows.map((row) => ({
    ...naming(row),
    undelivered: row.deliveries.map(({ email }) => email),
    recipient_count: row.recipients.length,
  }))
}

interface FailingRow {
  id: string
  name: string
  owner: string
  number: number
  failedInARow: number
  failure: unknown
  failedAt: Date
}

/** Definitions with several failures in a row (services/definitions/failure-streak.ts counts), and the last of them. */
async function failingInARow(prisma: PrismaClient) {
  const rows = await prisma.$queryRaw<FailingRow[]>`
    SELECT definition.id::text, definition.name, person.name AS owner, last.number,
      definition.failed_in_a_row AS "failedInARow", last.failure,
      coalesce(last.finished_at, last.updated_at) AS "failedAt"
    FROM scheduled_report definition
    JOIN "user" person ON person.id = definition.owner_id
    CROSS JOIN LATERAL (
      SELECT report.number, report.failure, report.finished_at, report.updated_at
      FROM report
      WHERE report.scheduled_report_id = definition.id AND report.status = 'failed'
      ORDER BY report.finished_at DESC NULLS LAST, report.number DESC
      LIMIT 1
    ) last
    WHERE definition.failed_in_a_row >= 2
    ORDER BY definition.failed_in_a_row DESC, last.number DESC`
  return rows.map((row) => ({
    scheduled_report_id: row.id,
    name: row.name,
    owner_name: row.owner,
    number: row.number,
    failed_in_a_row: row.failedInARow,
    failed_at: row.failedAt.toISOString(),
    failure: failureOf(row.failure),
  }))
}

function naming(row: {
  number: number
  title: string
  scheduledReportId: string | null
  requestedAt: Date
  owner: { name: string }
  scheduledReport: { name: string } | null
}) {
  return {
    number: row.number,
    title: row.title,
    name: row.scheduledReport?.name ?? null,
    scheduled_report_id: row.scheduledReportId,
    owner_name: row.owner.name,
    requested_at: row.requestedAt.toISOString(),
  }
}

function failureOf(value: unknown) {
  return reportFailureSchema.safeParse(value).data ?? null
}
