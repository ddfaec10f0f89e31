/**
 * What Temporal Cloud bills, counted in histories and, for heartbeats, by the server: a request, an occurrence and a
 * relaunch with 1, 3 and 100 recipients, and the maintenance that runs by itself.
 */

import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Connection, type Client } from '@temporalio/client'
import { maintenanceSchedules, scheduleIdFor } from '#contract/names.ts'
import { relaunchSignal } from '#contract/report-messages.ts'
import { createPrisma } from '#prisma/client.ts'
import type { PrismaClient, Report } from '#prisma/client/client.ts'
import { createTemporalClient } from '#services/temporal/data-converter.ts'
import { temporalConnectionOptions } from '#services/temporal/temporal-connection.ts'
import { billedActions, serverCounters, totalOf, type BilledActions } from '#test/billed-actions.ts'
import { eventually } from '#test/eventually.ts'
import { describeMachine, type Benchmark, type BenchmarkOptions, type BenchmarkResult } from './benchmark.ts'
import { ApiClient } from './chaos/api-client.ts'
import { startChaosWorld, type ChaosWorld } from './chaos/chaos-world.ts'
import { mailDomain } from './chaos/draw-reports.ts'
import { round } from './file-benchmark.ts'

const recipientCounts = [1, 3, 100] as const
/** A small report to three recipients. */
const maxSmallReport = 14
const withinMs = 5 * 60_000
const common = { type: 'schools', format: 'csv', columns: ['code', 'name'] }

interface Cost {
  name: string
  recipients: number
  actions: BilledActions
  total: number
}

interface Bench {
  world: ChaosWorld
  client: ApiClient
  prisma: PrismaClient
  temporal: Client
}

export const actionsBenchmark: Benchmark = {
  name: 'actions',
  description:
    'what Temporal Cloud bills for a request, an occurrence and a relaunch, by number of recipients',
  run,
}

async function run({ keep, say, signal }: BenchmarkOptions): Promise<BenchmarkResult> {
  const startedAt = Date.now()
  const machine = describeMachine()
  const world = await startChaosWorld({ workers: 1, demoRows: 1_000, keep, say, signal })
  const prisma = createPrisma(world.environment.DATABASE_URL)
  const connection = await Connection.connect(temporalConnectionOptions(world.environment))
  const temporal = createTemporalClient(connection, world.environment)
  const client = new ApiClient(world.apiUrl, signal)
  const bench: Bench = { world, client, prisma, temporal }
  const costs: Cost[] = []
  try {
    await client.signIn('admin@rapporteur.test')
    // Their heartbeats would count for a report.
    costs.push(...(await maintenanceOf(bench)))
    for (const recipients of recipientCounts)
      for (const kind of [request, occurrence, relaunch]) costs.push(await kind(bench, recipients))
    table(costs, say)
    const small = costs.find(({ name, recipients }) => name === 'request' && recipients === 3)?.total ?? 0
    return {
      bench: 'actions',
      machine,
      ours: { seconds: round((Date.now() - startedAt) / 1000), peak_mb: 0, costs },
      peers: {},
      samples: costs,
      goals: [
        {
          name: 'a request with three recipients: actions',
          goal: `<= ${maxSmallReport}`,
          value: small,
          met: small <= maxSmallReport,
        },
      ],
    }
  } finally {
    await prisma.$disconnect()
    await connection.close()
    await world.stop()
  }
}

async function request(bench: Bench, count: number): Promise<Cost> {
  const { body } = await bench.client.ask<{ number: number }>(
    'POST',
    '/v1/reports',
    { ...common, recipients: addresses(count) },
    randomUUID(),
  )
  return costOf(bench, 'request', count, () => settled(bench, body.number, 'completed'))
}

async function occurrence(bench: Bench, count: number): Promise<Cost> {
  const { client, temporal, prisma } = bench
  const definition = { ...common, name: 'Écoles', frequency: 'daily', recipients: addresses(count) }
  const { body } = await client.ask<{ id: string }>(
    'POST',
    '/v1/admin/scheduled-reports',
    definition,
    randomUUID(),
  )
  const schedule = temporal.schedule.getHandle(scheduleIdFor(body.id))
  await eventually(
    () => schedule.trigger().then(() => true),
    (done) => done,
  )
  return costOf(bench, 'occurrence', count, async () => {
    const row = await eventually(
      () => prisma.report.findFirst({ where: { scheduledReportId: body.id } }),
      (found) => found !== null,
      { withinMs },
    )
    return settled(bench, row?.number ?? 0, 'completed')
  })
}

/** Of a report that reached nobody; with the round that failed. */
async function relaunch(bench: Bench, count: number): Promise<Cost> {
  const { client, temporal, world } = bench
  world.mail.inject({ at: 'recipient', does: 'reply', code: 550, text: '5.1.1 No such user' })
  const { body } = await client.ask<{ number: number }>(
    'POST',
    '/v1/reports',
    { ...common, recipients: addresses(count) },
    randomUUID(),
  )
  return costOf(bench, 'failed, relaunched', count, async () => {
    const { workflowId } = await settled(bench, body.number, 'failed')
    const run = temporal.workflow.getHandle(workflowId)
    // As long as people take, which is until the workflow waits.
    await eventually(
      async () => (await run.fetchHistory()).events ?? [],
      (events) => events.some((event) => event.timerStartedEventAttributes),
    )
    world.mail.release()
    await run.signal(relaunchSignal)
    return settled(bench, body.number, 'completed')
  })
}

function addresses(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `lecteur-${index}@${mailDomain}`)
}

function settled({ prisma }: Bench, number: number, status: string): Promise<Report> {
  return eventually(
    () => prisma.report.findUniqueOrThrow({ where: { number } }),
    (row) => row.status === status,
    { withinMs, everyMs: 200 },
  )
}

async function costOf(
  bench: Bench,
  name: string,
  recipients: number,
  work: () => Promise<Report>,
): Promise<Cost> {
  const { temporal, prisma } = bench
  const before = await counters(bench)
  const { workflowId, number } = await work()
  const run = temporal.workflow.getHandle(workflowId)
  await run.result()
  const actions = billedActions((await run.fetchHistory()).events ?? [])
  // A notice to the owner is sent by a workflow of its own, whose heartbeats must not count for the next report.
  await eventually(
    () => prisma.notice.count({ where: { reportNumber: number, status: 'pending' } }),
    (pending) => pending === 0,
    { withinMs },
  )
  const after = await eventually(
    () => counters(bench),
    (now) => now.activities >= before.activities + (actions.activity ?? 0),
  )
  return named(name, recipients, { ...actions, heartbeat: after.heartbeats - before.heartbeats })
}

function counters({ world }: Bench) {
  return serverCounters(world.temporalMetricsUrl, world.environment.TEMPORAL_NAMESPACE)
}

/** One run each; then they rest. */
async function maintenanceOf({ temporal }: Bench): Promise<Cost[]> {
  const costs: Cost[] = []
  for (const [name, scheduleId] of Object.entries(maintenanceSchedules)) {
    const schedule = temporal.schedule.getHandle(scheduleId)
    const { info } = await eventually(
      () => schedule.describe(),
      ({ info: seen }) => seen.recentActions.length > 0,
    )
    const workflowId = info.recentActions[0]?.action.workflow.workflowId ?? ''
    const run = temporal.workflow.getHandle(workflowId)
    await run.result()
    costs.push(named(name, 0, billedActions((await run.fetchHistory()).events ?? [])))
    await schedule.pause('the benchmark counts')
  }
  // One that has just begun ends.
  await delay(5_000)
  return costs
}

function named(name: string, recipients: number, actions: BilledActions): Cost {
  return { name, recipients, actions, total: totalOf(actions) }
}

function table(costs: readonly Cost[], say: (line: string) => void): void {
  const kinds = [...new Set(costs.flatMap(({ actions }) => Object.keys(actions)))]
  const line = (cells: readonly unknown[]) =>
    say(cells.map((cell, index) => String(cell).padEnd(index === 0 ? 22 : 10)).join(''))
  line(['', 'recipients', ...kinds, 'total'])
  for (const { name, recipients, actions, total } of costs)
    line([name, recipients || '', ...kinds.map((kind) => actions[kind] ?? ''), total])
}
