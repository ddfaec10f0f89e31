/**
 * Everything a report passes through, real and for one test file alone: database, Temporal namespace, bucket, mail
 * server, workers in this process, and a gate in front of the source database.
 */

import { realpathSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { type Client, Connection } from '@temporalio/client'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { DefaultLogger, NativeConnection, Runtime, type Worker } from '@temporalio/worker'
import { inject } from 'vitest'
import { createContext } from '#activities/create-context.ts'
import type { ActivityContext } from '#activities/activity-context.ts'
import { createWorkers } from '#activities/create-workers.ts'
import { workflowBundle } from '#activities/workflow-bundle.ts'
import { readEnvironment, type Environment } from '#config/environment.ts'
import { createLogger } from '#config/logger.ts'
import { createEngine } from '#services/create-engine.ts'
import { isRunning, openWorkflowIds } from '#services/temporal/workflow-state.ts'
import { createTemporalClient } from '#services/temporal/data-converter.ts'
import { createReportRow, type NewReport } from '#services/reports/create-report-row.ts'
import type { Engine } from '#services/engine.ts'
import { sweepOpenReports, type SweepOptions, type Swept } from '#services/maintenance/sweep-open-reports.ts'
import { isSettled, type ReportStatus } from '#domain/report-status.ts'
import type { DeliveryLog } from '#domain/schemas/report-schema.ts'
import type { Report, ScheduledReport, User } from '#prisma/client/client.ts'
import { projectFolder } from '#local/settings.ts'
import { createTestBucket } from '../servers/bucket.ts'
import { createTestDatabase, demoDatabaseUrl } from '../servers/database.ts'
import { eventually } from '../eventually.ts'
import { startMailServer, type MailServer } from '../servers/mail-server.ts'
import { scheduledReportRow } from './scheduled-report-row.ts'
import { startTcpGate, type TcpGate } from '../servers/tcp-gate.ts'
import { createTestNamespace } from '../servers/temporal-namespace.ts'
import { isDeepStrictEqual } from 'node:util'
import { scheduleIdFor } from '#contract/names.ts'

Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') })

export class ReportWorld {
  /** What `environment` was read from, for a process of its own. */
  readonly variables: Readonly<Record<string, string>>
  readonly environment: Environment
  readonly context: ActivityContext
  readonly engine: Engine
  readonly temporal: Client
  readonly mail: MailServer
  /** In front of the source database. */
  readonly sourceGate: TcpGate
  readonly owner: User
  readonly #closers: (() => Promise<unknown>)[]
  #workers: { worker: Worker; running: Promise<void> }[] = []
  readonly #connection: NativeConnection

  private constructor(parts: {
    variables: Record<string, string>
    environment: Environment
    context: ActivityContext
    engine: Engine
    temporal: Client
    mail: MailServer
    sourceGate: TcpGate
    owner: User
    connection: NativeConnection
    closers: (() => Promise<unknown>)[]
  }) {
    this.variables = parts.variables
    this.environment = parts.environment
    this.context = parts.context
    this.engine = parts.engine
    this.temporal = parts.temporal
    this.mail = parts.mail
    this.sourceGate = parts.sourceGate
    this.owner = parts.owner
    this.#connection = parts.connection
    this.#closers = parts.closers
  }

  /** Another product over the same services, as after a restart with other variables. Closes with its own `close`. */
  restarted(change: Record<string, string>): Promise<ReportWorld> {
    return ReportWorld.create({ ...this.variables, ...change })
  }

  static async create(variables: Record<string, string> = {}): Promise<ReportWorld> {
    const [database, bucket, namespace, mail, demoUrl] = await Promise.all([
      createTestDatabase(),
      createTestBucket(),
      createTestNamespace(),
      startMailServer(),
      demoDatabaseUrl(),
    ])
    const source = new URL(demoUrl)
    const sourceGate = await startTcpGate({ host: source.hostname, port: Number(source.port) })
    source.port = String(sourceGate.port)
    const given = {
      NODE_ENV: 'test',
      DATABASE_URL: database.url,
      SOURCE_DATABASE_URL: source.href,
      SMTP_URL: mail.url,
      // Tests of outages say how long theirs are waited for; the others fail after three attempts.
      OUTAGE_PATIENCE_MINUTES: '0',
      WORKFLOW_BUNDLE: inject('services').workflowBundle,
      ...bucket,
      ...namespace,
      ...variables,
    }
    const environment = readEnvironment(given)
    const connection = await NativeConnection.connect({ address: environment.TEMPORAL_ADDRESS })
    const clientConnection = await Connection.connect({ address: environment.TEMPORAL_ADDRESS })
    const temporal = createTemporalClient(clientConnection, environment)
    const { context, close } = await createContext(environment, temporal)
    // There already in a world over another one's database.
    const email = 'proprietaire@ville.test'
    const owner = await context.prisma.user.upsert({
      where: { email },
      create: { id: randomUUID(), email, name: 'Inès Durand', role: 'admin' },
      update: {},
    })
    const engine = createEngine({
      prisma: context.prisma,
      connection: clientConnection,
      temporal,
      temporalWebUrl: environment.TEMPORAL_WEB_URL,
      catalogue: context.catalogue,
      spreadMinutes: context.spreadMinutes,
      missedAfterMinutes: context.missedAfterMinutes,
      logger: createLogger('test'),
    })
    const closers = [
      close,
      () => clientConnection.close(),
      () => connection.close(),
      () => mail.close(),
      () => sourceGate.close(),
      () => database.drop(),
    ]
    return new ReportWorld({
      variables: given,
      environment,
      context,
      engine,
      temporal,
      mail,
      sourceGate,
      owner,
      connection,
      closers,
    })
  }

  get prisma() {
    return this.context.prisma
  }

  async startWorker(): Promise<void> {
    const workers = await createWorkers({
      connection: this.#connection,
      workflowBundle: await workflowBundle(this.environment),
      context: this.context,
    })
    this.#workers = workers.map((worker) => ({ worker, running: worker.run() }))
  }

  async stopWorker(): Promise<void> {
    for (const { worker } of this.#workers) worker.shutdown()
    await Promise.all(this.#workers.map(({ running }) => running))
    this.#workers = []
  }

  /** A report on schools, unless said otherwise, asked for by the owner. */
  async request(report: Partial<NewReport> = {}): Promise<Report> {
    const row = await this.requestUnstarted(report)
    await this.engine.startReport(row.number)
    return row
  }

  /** One that has its N°, as while Temporal is away. */
  requestUnstarted(report: Partial<NewReport> = {}): Promise<Report> {
    return createReportRow(this.prisma, {
      origin: 'request',
      ownerId: this.owner.id,
      title: 'Écoles',
      type: 'schools',
      format: 'csv',
      columns: ['code', 'name'],
      filters: {},
      recipients: [this.owner.email],
      locale: 'fr',
      timeZone: 'Europe/Paris',
      ...report,
    })
  }

  /** A report whose file is staged, and whose next phase no worker has taken up. */
  async requestUntilStaged(report: Partial<NewReport> = {}): Promise<Report> {
    this.sourceGate.hold()
    const row = await this.request(report)
    await eventually(
      async () => this.sourceGate.waiting(),
      (waiting) => waiting > 0,
      { withinMs: 20_000 },
    )
    // A worker that is stopping finishes what it can within its grace, and begins nothing.
    const stopped = this.stopWorker()
    this.sourceGate.open()
    await stopped
    return row
  }

  /** A daily report on schools, unless said otherwise. Its Schedule is not applied. */
  define(change: Parameters<typeof scheduledReportRow>[1] = {}): Promise<ScheduledReport> {
    return this.prisma.scheduledReport.create({ data: scheduledReportRow(this.owner.id, change) })
  }

  /** Lists are eventually consistent, and show the first calendars: waits for what the reconciler reads. */
  scheduleIsListed(scheduledReportId: string): Promise<boolean> {
    const scheduleId = scheduleIdFor(scheduledReportId)
    return eventually(
      async () => {
        const { state, spec } = await this.temporal.schedule.getHandle(scheduleId).describe()
        for await (const listed of this.temporal.schedule.list()) {
          if (listed.scheduleId !== scheduleId) continue
          const shown = spec.calendars?.slice(0, listed.spec?.calendars?.length)
          return listed.state.paused === state.paused && isDeepStrictEqual(listed.spec?.calendars, shown)
        }
        return false
      },
      (isThere) => isThere,
    )
  }

  row(number: number): Promise<Report> {
    return this.prisma.report.findUniqueOrThrow({ where: { number } })
  }

  rowBecomes(number: number, holds: (row: Report) => boolean, withinMs?: number): Promise<Report> {
    return eventually(() => this.row(number), holds, { withinMs })
  }

  /** The log of a report. Its row ends before its workflow does, so this waits for the workflow. */
  async log(number: number): Promise<DeliveryLog> {
    const { status } = await this.row(number)
    return this.logBecomes(number, (log) => !isSettled(status as ReportStatus) || log.status === status)
  }

  logBecomes(number: number, holds: (log: DeliveryLog) => boolean, withinMs?: number): Promise<DeliveryLog> {
    return eventually(() => this.logNow(number), holds, { withinMs })
  }

  /** The log as pages show it now. */
  async logNow(number: number): Promise<DeliveryLog> {
    const [log] = await this.engine.deliveryLogs([await this.row(number)])
    if (!log) throw new Error(`No log of N° ${number}`)
    return log
  }

  /** Sweeps as if a minute had passed, so that no report is too recent. */
  async sweepLater(options: SweepOptions = {}): Promise<Swept> {
    // Lists of workflows are eventually consistent: waits until they show what has closed.
    const rows = await this.prisma.report.findMany({ where: { status: 'running' } })
    const open = await Promise.all(rows.map(({ workflowId }) => isRunning(this.temporal, workflowId)))
    await eventually(
      () => openWorkflowIds(this.temporal),
      (listed) => rows.every(({ workflowId }, index) => open[index] || !listed.has(workflowId)),
    )
    const source = { temporal: this.temporal, temporalWebUrl: 'http://web' }
    return sweepOpenReports(this.prisma, source, { now: new Date(Date.now() + 60_000), ...options })
  }

  /** Waits until the run of the report's workflow has ended, however it ended. */
  async workflowEnded(number: number): Promise<void> {
    const { workflowId } = await this.row(number)
    await eventually(
      async () => (await this.temporal.workflow.getHandle(workflowId).describe()).status.name,
      (status) => status !== 'RUNNING',
    )
  }

  /** Keeps the history of a behaviour for the replay tests, when recording was asked for. */
  async keepHistory(name: string, workflowId: string, runId?: string): Promise<void> {
    if (!process.env.RECORD_HISTORIES) return
    const history = await this.temporal.workflow.getHandle(workflowId, runId).fetchHistory()
    const file = new URL(`../../workflows/histories/${name}.json`, import.meta.url)
    // Stacks and identities name the machine it was recorded on.
    // The packages may be linked from elsewhere.
    const packages = realpathSync(new URL('../../node_modules', import.meta.url))
    const text = historyToJSON(history)
      .replaceAll(packages, '/app/node_modules')
      .replaceAll(projectFolder, '/app/')
      // With its @, which sealed payloads, in base64, do not have.
      .replaceAll(`@${hostname()}`, '@host')
    await writeFile(file, `${text}\n`)
  }

  async close(): Promise<void> {
    this.mail.release()
    await this.stopWorker()
    for (const closer of this.#closers) await closer()
  }
}
