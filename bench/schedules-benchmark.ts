/** The cost of many scheduled reports: through the API as people use it, and in the reconciler, without workers. */

import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { Connection } from '@temporalio/client'
import { msToTs } from '@temporalio/common/lib/time.js'
import pLimit from 'p-limit'
import { reconcileDefinitions, type Reconciled } from '#services/maintenance/reconcile-definitions.ts'
import type { ServiceContext } from '#services/service-context.ts'
import { createTemporalClient } from '#services/temporal/data-converter.ts'
import { registerSearchAttributes } from '#services/temporal/namespace-attributes.ts'
import { temporalConnectionOptions } from '#services/temporal/temporal-connection.ts'
import { leanNodeEnvironment, leanNodeOptions } from '#config/lean-node.ts'
import { createPrisma } from '#prisma/client.ts'
import { SeededRandom } from '#demo/data/seeded-random.ts'
import { loadCatalogue } from '#catalogue/load-catalogue.ts'
import {
  describeMachine,
  median,
  type Benchmark,
  type BenchmarkOptions,
  type BenchmarkResult,
} from './benchmark.ts'
import { ApiClient } from './chaos/api-client.ts'
import { startChaosWorld, type ChaosWorld } from './chaos/chaos-world.ts'
import { round } from './file-benchmark.ts'
import type { ReconcileMeasurement } from './reconcile/reconcile-once.ts'

const path = '/v1/admin/scheduled-reports'
/** The number of people who act at the same moment. */
const concurrency = 8
const pagesListed = 60
/** More would take minutes, and no longer each. */
const mostByPeople = 500
const pageSize = 15
const pageGoalMs = 100
const reconcileGoalSeconds = 10
const reconcileGoalMegabytes = 150

export const schedulesBenchmark: Benchmark = {
  name: 'schedules',
  description: 'create, edit, list and reconcile scheduled reports (--rows, 5000), at a tenth and in full',
  usualRows: 5_000,
  run,
}

/** The measurements with a number of scheduled reports present. */
interface Size {
  scheduled_reports: number
  create_seconds: number
  /** Null when none was left to create. */
  create_ms_each: number | null
  edit_seconds: number
  edit_ms_each: number
  list_page_ms_median: number
  list_page_ms_p95: number
  reconcile_unchanged_seconds: number
  /** Of a process that does nothing else: before, and the most while it reconciles. */
  reconcile_idle_mb: number
  reconcile_peak_mb: number
  /** With all Schedules created anew. */
  reconcile_empty_engine_seconds: number
}

async function run({ rows, seed, keep, say, signal }: BenchmarkOptions): Promise<BenchmarkResult> {
  const machine = describeMachine()
  const world = await startChaosWorld({ workers: 0, demoRows: 1_000, keep, say, signal })
  const random = new SeededRandom('schedules', seed)
  const client = new ApiClient(world.apiUrl, signal)
  const prisma = createPrisma(world.environment.DATABASE_URL)
  const connection = await Connection.connect(temporalConnectionOptions(world.environment))
  const partsIn = async (namespace: string): Promise<ServiceContext> => ({
    prisma,
    temporal: createTemporalClient(connection, { ...world.environment, TEMPORAL_NAMESPACE: namespace }),
    catalogue: await loadCatalogue({ builtIn: true }),
    spreadMinutes: 0,
    missedAfterMinutes: 15,
  })
  const ids: string[] = []
  try {
    await client.signIn('admin@rapporteur.test')
    const small = await measureAt(Math.max(1, Math.round(rows / 10)))
    const large = await measureAt(rows)
    const { create_ms_each, edit_ms_each, list_page_ms_median } = large
    const { reconcile_unchanged_seconds, reconcile_idle_mb, reconcile_peak_mb } = large
    return {
      bench: 'schedules',
      machine,
      rows,
      ours: {
        seconds: round(large.create_seconds + large.edit_seconds + reconcile_unchanged_seconds),
        peak_mb: await peakMegabytes(world),
        at_a_tenth: small,
        at_full: large,
        growth: {
          create_each:
            create_ms_each === null ? null : round(create_ms_each / (small.create_ms_each ?? create_ms_each)),
          edit_each: round(edit_ms_each / small.edit_ms_each),
          list_page: round(list_page_ms_median / small.list_page_ms_median),
          reconcile_each: round(reconcile_unchanged_seconds / small.reconcile_unchanged_seconds / 10),
        },
      },
      peers: {},
      goals: [
        goal(
          `a page of ${pageSize} with ${rows} present`,
          large.list_page_ms_p95,
          pageGoalMs,
          'ms at the 95th percentile',
        ),
        goal(`reconcile of an unchanged ${rows}`, reconcile_unchanged_seconds, reconcileGoalSeconds, 's'),
        goal(
          `memory that a reconcile of an unchanged ${rows} adds`,
          reconcile_peak_mb - reconcile_idle_mb,
          reconcileGoalMegabytes,
          'MB resident, in a process that does nothing else',
        ),
      ],
      samples: { small, large },
    }
  } finally {
    await prisma.$disconnect()
    await connection.close()
    await world.stop()
  }

  async function measureAt(size: number): Promise<Size> {
    const byPeople = Math.min(size, mostByPeople)
    const toCreate = byPeople - ids.length
    say(`Creating ${toCreate} scheduled reports`)
    const created = await timed(() => forEach(toCreate, createOne))
    say(`Editing ${byPeople}`)
    const edited = await timed(() => forEach(byPeople, (index) => editOne(ids[index] ?? '')))
    await copyRows(size - byPeople)
    const pages = await listPages(size)
    const parts = await partsIn(world.environment.TEMPORAL_NAMESPACE)
    // The list of Schedules is updated with a delay.
    await untilUnchanged(parts)
    say('Reconciling what has not changed')
    const unchanged = await reconcileApart(world.env)
    if (unchanged.reconciled.applied + unchanged.reconciled.failed > 0)
      throw new Error('something had changed')
    say('Reconciling into an empty engine')
    const empty = await timed(async () => reconcileDefinitions(await partsIn(await emptyNamespace())))
    if (empty.result.applied !== size) throw new Error(`${empty.result.applied} of ${size} were applied`)
    await untilUnchanged(parts)
    const measured: Size = {
      scheduled_reports: size,
      create_seconds: created.seconds,
      create_ms_each: toCreate > 0 ? round((created.seconds * 1000) / toCreate) : null,
      edit_seconds: edited.seconds,
      edit_ms_each: round((edited.seconds * 1000) / byPeople),
      list_page_ms_median: round(median(pages)),
      list_page_ms_p95: round(
        pages.toSorted((one, other) => one - other)[Math.floor(pages.length * 0.95)] ?? 0,
      ),
      reconcile_unchanged_seconds: round(unchanged.seconds),
      reconcile_idle_mb: Math.round(unchanged.idleMegabytes),
      reconcile_peak_mb: Math.round(unchanged.peakMegabytes),
      reconcile_empty_engine_seconds: empty.seconds,
    }
    say(JSON.stringify(measured))
    return measured
  }

  /** Those beyond what people make by hand: as a restored database has them, for the reconciler to make Schedules of. */
  async function copyRows(count: number): Promise<void> {
    if (count <= 0) return
    say(`Adding ${count} more in the database`)
    await prisma.$executeRaw`
      WITH made AS (SELECT one, row_number() OVER () - 1 AS place FROM scheduled_report AS one)
      INSERT INTO scheduled_report SELECT (jsonb_populate_record(one, jsonb_build_object(
        'id', gen_random_uuid(), 'applied_at', null, 'applied_version', 0,
        'time', to_char(make_time((n * 7) % 24, (n * 11) % 60, 0), 'HH24:MI')))).*
      FROM generate_series(1, ${count}::int) AS n JOIN made ON place = n % ${mostByPeople}::int`
  }

  async function createOne(): Promise<void> {
    const { body } = await client.ask<{ id: string }>('POST', path, definition(), randomUUID())
    ids.push(body.id)
  }

  async function editOne(id: string): Promise<void> {
    await client.ask('PUT', `${path}/${id}`, definition())
  }

  function definition() {
    const two = (number: number) => String(number).padStart(2, '0')
    return {
      name: `Rapport ${random.whole(1, 1_000_000)}`,
      type: random.pick(['cash_session', 'reception_ticket', 'schools', 'pupils']),
      frequency: random.pick(['daily', 'weekly', 'monthly']),
      // Not due during the measurement.
      time: `${two((new Date().getUTCHours() + random.whole(3, 20)) % 24)}:${two(random.whole(0, 59))}`,
      weekdays: [random.whole(1, 7)],
      time_zone: random.pick(['UTC', 'Europe/Paris', 'Africa/Kinshasa', 'America/Santiago']),
      recipients: [`personne${random.whole(1, 500)}@ville.test`],
      format: random.pick(['csv', 'excel']),
    }
  }

  /** One person who pages and searches. */
  async function listPages(size: number): Promise<number[]> {
    const last = Math.max(1, Math.ceil(size / pageSize))
    const milliseconds: number[] = []
    for (let index = 0; index < pagesListed; index++) {
      const query = index % 4 === 3 ? `q=${random.whole(10, 99)}` : `page=${random.whole(1, last)}`
      const { seconds } = await timed(() => client.ask('GET', `${path}?${query}&page_size=${pageSize}`))
      milliseconds.push(seconds * 1000)
    }
    return milliseconds
  }

  async function forEach(count: number, work: (index: number) => Promise<void>): Promise<void> {
    await pLimit(concurrency).map(
      Array.from({ length: count }, (_, index) => index),
      work,
    )
  }

  async function emptyNamespace(): Promise<string> {
    const namespace = `bench-${randomUUID()}`
    const retention = msToTs('1 day')
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: retention,
    })
    await registerSearchAttributes(
      createTemporalClient(connection, { PAYLOAD_KEYS: [], TEMPORAL_NAMESPACE: namespace }),
      connection,
    )
    return namespace
  }
}

/** In a process of its own, started as a worker is. */
async function reconcileApart(env: NodeJS.ProcessEnv): Promise<ReconcileMeasurement> {
  const child = fork(new URL('reconcile/reconcile-once.ts', import.meta.url), {
    env: { ...env, ...leanNodeEnvironment },
    execArgv: [...leanNodeOptions],
  })
  const ended = once(child, 'exit').then(([code]: unknown[]) => {
    throw new Error(`The reconciler's process ended with ${String(code)}`)
  })
  const [measured] = await Promise.race([once(child, 'message') as Promise<[ReconcileMeasurement]>, ended])
  await ended.catch(() => undefined)
  return measured
}

async function untilUnchanged(parts: ServiceContext): Promise<void> {
  let last: Reconciled | undefined
  for (let pass = 0; pass < 10; pass++) {
    last = await reconcileDefinitions(parts)
    if (last.applied + last.removed + last.failed === 0) return
  }
  throw new Error(`It does not settle: ${JSON.stringify(last)}`)
}

async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  const started = performance.now()
  const result = await work()
  return { seconds: round((performance.now() - started) / 1000), result }
}

function goal(name: string, value: number, limit: number, unit: string) {
  return { name, goal: `under ${limit} ${unit}`, value, met: value < limit }
}

/** Of the API's process; 0 where the system does not say. */
export async function peakMegabytes({ api }: ChaosWorld): Promise<number> {
  const status = await readFile(`/proc/${api.pid}/status`, 'utf8').catch(() => '')
  const kilobytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0)
  return Math.round((kilobytes * 1024) / 1e6)
}
