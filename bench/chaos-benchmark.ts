/**
 * Real processes, killed and restarted at random while reports are requested, made and mailed. The outcome of every
 * report is counted at the mail server and in PostgreSQL; how to read the result: docs/operations.md.
 */

import { Client, Pool } from 'pg'
import { SeededRandom } from '#demo/data/seeded-random.ts'
import { describeMachine, type Benchmark, type BenchmarkOptions, type BenchmarkResult } from './benchmark.ts'
import { account, type Observations } from './chaos/account.ts'
import { summary } from './chaos/chaos-outcome.ts'
import { startChaosWorld, type ChaosWorld } from './chaos/chaos-world.ts'
import { checkFile, type FileCheck } from './chaos/check-files.ts'
import { drawFaults, planOutages } from './chaos/draw-faults.ts'
import { drawReports } from './chaos/draw-reports.ts'
import { inject } from './chaos/fault-driver.ts'
import { chaosGoals } from './chaos/goals.ts'
import { acceptedMails, refusalsOf } from './chaos/accepted-mails.ts'
import { readRows } from './chaos/read-rows.ts'
import { Requester, type AskedReport } from './chaos/requester.ts'
import { untilNotified, untilSettled, untilTidy } from './chaos/wait-until.ts'
import { watchWork } from './chaos/watch-work.ts'

const workers = 2
const demoRows = 250_000
const filesChecked = 25

export const chaosBenchmark: Benchmark = {
  name: 'chaos',
  description: 'reports while workers, databases, engine, storage and mail server are killed and misbehave',
  run,
}

async function run({
  seed,
  reports,
  faults,
  outageSeconds,
  keep,
  say,
  signal,
}: BenchmarkOptions): Promise<BenchmarkResult> {
  const started = performance.now()
  const machine = describeMachine()
  const plans = drawReports(seed, reports)
  const faultPlan = [...drawFaults(seed, faults), ...planOutages(outageSeconds)]
  const deadAddresses = new Set(plans.flatMap(({ deadRecipients }) => deadRecipients))
  const world = await startChaosWorld({ workers, demoRows, keep, say, signal })
  const database = new Pool({
    connectionString: world.environment.DATABASE_URL,
    connectionTimeoutMillis: 5_000,
  })
  database.on('error', () => undefined)
  const watch = watchWork(world, database)
  try {
    for (const recipient of deadAddresses) {
      world.mail.inject({ at: 'recipient', does: 'reply', code: 550, text: '5.1.1 No such user', recipient })
    }
    const requester = await Requester.open(world.apiUrl, plans, signal)
    const chaosMs = faultPlan.reduce((sum, { gapMs }) => sum + gapMs, outageSeconds * 1000)
    say(
      `${reports} reports and ${faultPlan.length} faults (seed ${seed}) over ${Math.round(chaosMs / 1000)} s`,
    )
    const chaosStarted = performance.now()
    const [asked, done] = await Promise.all([
      requester.askForAll(plans, chaosMs, seed),
      inject({ world, inFlight: watch.inFlight, say, signal }, faultPlan),
    ])
    const chaosSeconds = seconds(chaosStarted)
    const cpuPressurePercent = watch.cpuPressurePercent()
    say(`Chaos is over after ${chaosSeconds} s; everything is up`)
    const due = await requester.pauseScheduledReports()

    const observe = async (): Promise<Observations> => ({
      rows: await readRows(database),
      asked: asked.map(({ number }) => number),
      due,
      mails: acceptedMails(world.mail),
      refusals: refusalsOf(world.mail),
      deadAddresses,
      workerEnds: done.filter(({ kind }) => kind === 'worker_killed').map(({ at }) => at),
    })
    await untilSettled(database, say, signal)
    const settledSeconds = seconds(chaosStarted)
    // Before the relaunch: a notice of a failure that a relaunch has repaired is not sent any more.
    await untilNotified(database, say, signal)
    const settled = await observe()
    const before = account(settled)
    const relaunched = settled.rows.filter(
      ({ status, delivery }) =>
        status === 'failed' ||
        (status === 'completed' && (delivery === 'partial' || delivery === 'uncertain')),
    )
    say(`${before.completed} of ${before.reports} complete; relaunching ${relaunched.length}`)
    for (const { number } of relaunched) await requester.relaunch(number)
    await untilSettled(database, say, signal)
    const noticesPending = await untilNotified(database, say, signal)
    const left = await untilTidy(world, database, say, signal)
    const end = await observe()
    const after = account(end)
    const files = await checkSample(world, asked, end.rows, seed)

    const facts = {
      before,
      after,
      left,
      done,
      files,
      relaunched: relaunched.length,
      noticesPending,
    }
    const ours = {
      seconds: seconds(started),
      peak_mb: watch.peakMb(),
      chaos_seconds: chaosSeconds,
      settled_seconds: settledSeconds,
      ...summary(facts, asked, world),
    }
    return {
      bench: 'chaos',
      machine: {
        ...machine,
        workers,
        seed,
        cpu_pressure_percent: cpuPressurePercent,
      },
      ours,
      peers: {},
      goals: chaosGoals(facts),
      samples: {
        ...facts,
        rowsBeforeRelaunch: settled.rows,
        rows: end.rows,
        due,
        asked,
        mails: end.mails,
        strikes: world.mail.strikes,
        work: watch.samples,
        unasked: world.unasked,
      },
    }
  } finally {
    watch.stop()
    await database.end()
    await world.stop()
  }
}

async function checkSample(
  world: ChaosWorld,
  asked: readonly AskedReport[],
  rows: Observations['rows'],
  seed: number,
): Promise<FileCheck[]> {
  const random = new SeededRandom('chaos files', seed)
  const stored = asked.flatMap(({ number, plan }) => {
    const row = rows.find((one) => one.number === number)
    return row?.objectKey ? [{ row, plan, order: random.next() }] : []
  })
  const source = new Client({ connectionString: world.environment.SOURCE_DATABASE_URL })
  await source.connect()
  try {
    const checks: FileCheck[] = []
    for (const { row, plan } of stored
      .toSorted((left, right) => left.order - right.order)
      .slice(0, filesChecked)) {
      checks.push(await checkFile({ storage: world.storage, source }, row, plan.rows))
    }
    return checks
  } finally {
    await source.end()
  }
}

function seconds(since: number): number {
  return Number(((performance.now() - since) / 1000).toFixed(1))
}
