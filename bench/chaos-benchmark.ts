/**
 * Real processes, killed and restarted at random while reports are asked for, made and mailed. What became of every
 * report is counted at the mail server and in PostgreSQL; how to read the result: docs/operations.md.
 */

import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Client, Pool } from 'pg'
import { SeededRandom } from '#prisma/demo-data/seeded-random.ts'
import type { MailServer } from '#test/mail-server.ts'
import { describeMachine, type Benchmark, type BenchmarkOptions, type BenchmarkResult } from './benchmark.ts'
import { account, type AcceptedMail, type Account, type Happened, type Refusal } from './chaos/account.ts'
import { startChaosWorld, type ChaosWorld } from './chaos/chaos-world.ts'
import { checkFile, type FileCheck } from './chaos/check-files.ts'
import { drawFaults } from './chaos/draw-faults.ts'
import { drawReports } from './chaos/draw-reports.ts'
import { doFaults, type FaultDone } from './chaos/fault-driver.ts'
import { chaosGoals } from './chaos/goals.ts'
import { readLeftovers, readRows, type Leftovers } from './chaos/read-ledger.ts'
import { RequestDesk, type AskedReport } from './chaos/request-desk.ts'
import { watchWork } from './chaos/watch-work.ts'

const workers = 2
const demoRows = 150_000
/** Retries, a greylisting or two, and a busy machine. */
const settleWithinMs = 10 * 60_000
/** Two sweeps, and a busy machine. */
const tidyWithinMs = 3 * 60_000
const filesChecked = 25

export const chaosBenchmark: Benchmark = {
  name: 'chaos',
  says: 'reports while workers, databases, engine, storage and mail server are killed and misbehave',
  run,
}

async function run({ seed, reports, faults, keep, say, signal }: BenchmarkOptions): Promise<BenchmarkResult> {
  const started = performance.now()
  const machine = describeMachine()
  const plans = drawReports(seed, reports)
  const faultPlan = drawFaults(seed, faults)
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
    const desk = await RequestDesk.open(world.apiUrl, plans, signal)
    const chaosMs = faultPlan.reduce((sum, { gapMs }) => sum + gapMs, 0)
    say(`${reports} reports and ${faults} faults (seed ${seed}) over ${Math.round(chaosMs / 1000)} s`)
    const chaosStarted = performance.now()
    const [asked, done] = await Promise.all([
      desk.askForAll(plans, chaosMs, seed),
      doFaults({ world, inFlight: watch.inFlight, say, signal }, faultPlan),
    ])
    const chaosSeconds = seconds(chaosStarted)
    say(`Chaos is over after ${chaosSeconds} s; everything is up`)
    const due = await desk.pauseScheduledReports()

    const happened = async (): Promise<Happened> => ({
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
    const settled = await happened()
    const before = account(settled)
    const relaunched = settled.rows.filter(
      ({ status, delivery }) => status === 'failed' || (status === 'completed' && delivery === 'partial'),
    )
    say(`${before.completed} of ${before.reports} complete; relaunching ${relaunched.length}`)
    for (const { number } of relaunched) await desk.relaunch(number)
    await untilSettled(database, say, signal)
    const left = await untilTidy(world, say, signal)
    const end = await happened()
    const after = account(end)
    const files = await checkSample(world, asked, end.rows, seed)

    const facts = { before, after, left, done, files, relaunched: relaunched.length }
    const ours = {
      seconds: seconds(started),
      peak_mb: watch.peakMb(),
      chaos_seconds: chaosSeconds,
      settled_seconds: settledSeconds,
      ...summary(facts, asked, world),
    }
    return {
      bench: 'chaos',
      machine: { ...machine, workers, seed },
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

export interface ChaosFacts {
  /** When all had settled by themselves. */
  before: Account
  /** After what had failed was relaunched once. */
  after: Account
  left: Leftovers
  done: readonly FaultDone[]
  files: readonly FileCheck[]
  relaunched: number
}

function summary(
  { before, after, left, done, files, relaunched }: ChaosFacts,
  asked: readonly AskedReport[],
  world: ChaosWorld,
) {
  const faultsByKind: Record<string, number> = {}
  for (const { kind } of done) faultsByKind[kind] = (faultsByKind[kind] ?? 0) + 1
  const atWork = done.map(({ inFlight }) => inFlight ?? 0)
  return {
    reports: before.reports,
    completed: before.completed,
    completed_in_part: before.completed_in_part,
    failed_with_reason: before.failed_with_reason,
    failed_without_reason: before.failed_without_reason,
    reasons: before.reasons,
    skipped: before.skipped,
    lost: after.lost.length,
    recipients: before.recipients,
    recipients_reached: before.recipients_reached,
    attachments_wrong: after.attachments_wrong,
    notices: after.notices,
    without_notice: before.without_notice.length,
    reachable: before.reachable,
    relaunched,
    completed_after_relaunch: after.completed,
    repairable_after_relaunch: after.repairable,
    duplicates_by_message_id: after.duplicates_by_message_id,
    duplicates_by_report_and_recipient: after.duplicates_by_report_and_recipient,
    requested_twice: after.unasked,
    staged_objects_left: left.staged.length,
    unfinished_uploads_left: left.unfinishedUploads.length,
    rows_queued_left: after.still_queued,
    rows_running_left: after.still_running,
    requests_asked_again: asked.filter(({ tries }) => tries > 1).length,
    files_checked: files.length,
    files_wrong: files.filter(({ wrong }) => wrong.length > 0).length,
    faults: done.length,
    faults_by_kind: faultsByKind,
    faults_while_reports_were_in_flight: atWork.filter((count) => count > 0).length,
    mail_faults_struck: world.mail.strikes.length,
    parts_that_ended_by_themselves: world.unasked.length,
  }
}

function acceptedMails(mail: MailServer): AcceptedMail[] {
  return mail.mails.map(({ parsed, to, acceptedAt, heardAt }) => ({
    messageId: parsed.messageId ?? '',
    number: Number(parsed.headers.get('x-rapporteur-report')),
    to: to[0] ?? '',
    acceptedAt,
    heardAt,
    attachment: parsed.attachments[0] ? sha256(parsed.attachments[0].content) : null,
  }))
}

function refusalsOf(mail: MailServer): Refusal[] {
  return mail.strikes
    .filter(({ fault }) => fault.does === 'reply' && (fault.code ?? 0) >= 500)
    .flatMap(({ recipients, at }) => recipients.map((to) => ({ to, at })))
}

/** Waits until nothing is queued or running any more, or it has taken too long. */
async function untilSettled(database: Pool, say: (line: string) => void, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + settleWithinMs
  let quiet = 0
  for (let look = 0; quiet < 3 && Date.now() < deadline; look++) {
    await delay(1_000, undefined, { signal })
    const { rows } = await database.query<{ open: number }>(
      `SELECT count(*)::int AS open FROM report WHERE status IN ('queued', 'running')`,
    )
    const open = rows[0]?.open ?? 0
    quiet = open === 0 ? quiet + 1 : 0
    if (look % 15 === 14) say(`${open} reports are still queued or running`)
  }
}

/** Waits for the sweep to have removed what was left in staging, or for it to have had its time. */
async function untilTidy(
  world: ChaosWorld,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Leftovers> {
  const deadline = Date.now() + tidyWithinMs
  for (let look = 0; ; look++) {
    const left = await readLeftovers(world.environment)
    if (left.staged.length + left.unfinishedUploads.length === 0 || Date.now() > deadline) return left
    if (look % 15 === 14)
      say(`${left.staged.length} staged objects, ${left.unfinishedUploads.length} unfinished uploads`)
    await delay(1_000, undefined, { signal })
  }
}

async function checkSample(
  world: ChaosWorld,
  asked: readonly AskedReport[],
  rows: Happened['rows'],
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

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

function seconds(since: number): number {
  return Number(((performance.now() - since) / 1000).toFixed(1))
}
