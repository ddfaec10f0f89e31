/**
 * The real engine on a Temporal namespace of its own, in which no worker runs: what the API asks of it is done, and
 * what it starts stays open. It records what it did, and can be made unreachable.
 */

import { type Client, Connection } from '@temporalio/client'
import type { Environment } from '#config/environment.ts'
import type { Logger } from '#config/logger.ts'
import type { DeliveryLog, ReportProgress } from '#domain/schemas/report-schema.ts'
import { createTemporalClient } from '#services/temporal/data-converter.ts'
import { createEngine } from '#services/create-engine.ts'
import type {
  Alongside,
  BackfillOutcome,
  BackfillPeriod,
  CancelOutcome,
  Engine,
  RelaunchOptions,
  RelaunchOutcome,
} from '#services/engine.ts'
import type { Prisma, PrismaClient, Report, ScheduledReport } from '#prisma/client/client.ts'
import type { Catalogue } from '#catalogue/load-catalogue.ts'
import { eventually } from '../eventually.ts'
import { startGateBefore, type TcpGate } from '../servers/tcp-gate.ts'

interface TestEngineParts {
  prisma: PrismaClient
  catalogue: Catalogue
  environment: Environment
  logger: Logger
}

export class TestEngine implements Engine {
  /** Ids of definitions and N° of reports, in the order Temporal took them; what it did not take is in none. */
  readonly applied: string[] = []
  readonly removed: string[] = []
  readonly started: number[] = []
  readonly relaunched: number[] = []
  readonly cancelled: number[] = []
  /** Reports whose notices it was asked to send. */
  readonly noticesSent: number[] = []
  /** Owners whose definitions were accounted for. */
  readonly accountedFor: string[] = []
  /** The progress that a worker would report, by N°. */
  readonly progress = new Map<number, ReportProgress>()
  readonly temporal: Client
  readonly #engine: Engine
  readonly #gate: TcpGate

  private constructor(engine: Engine, temporal: Client, gate: TcpGate) {
    this.#engine = engine
    this.temporal = temporal
    this.#gate = gate
  }

  static async create({ prisma, catalogue, environment, logger }: TestEngineParts): Promise<TestEngine> {
    const gate = await startGateBefore(environment.TEMPORAL_ADDRESS)
    const connection = Connection.lazy({
      address: gate.address,
      // Fails at once while it is away: outages.integration.test.ts tests how long the product tries.
      interceptors: [],
      channelArgs: { 'grpc.initial_reconnect_backoff_ms': 50, 'grpc.max_reconnect_backoff_ms': 100 },
    })
    const temporal = createTemporalClient(connection, environment)
    const engine = createEngine({
      prisma,
      connection,
      temporal,
      temporalWebUrl: environment.TEMPORAL_WEB_URL,
      catalogue,
      spreadMinutes: environment.SCHEDULE_SPREAD_MINUTES,
      missedAfterMinutes: environment.MISSED_AFTER_MINUTES,
      logger,
    })
    return new TestEngine(engine, temporal, gate)
  }

  /** From now on Temporal cannot be reached. */
  takeAway(): void {
    this.#gate.shut()
  }

  /** Resolves when Temporal answers again. */
  async giveBack(): Promise<void> {
    this.#gate.open()
    await eventually(
      () => this.ping(),
      (answers) => answers,
    )
  }

  async applySchedule(id: string): Promise<boolean> {
    return noted(await this.#engine.applySchedule(id), this.applied, id)
  }

  changeDefinition(
    definition: ScheduledReport,
    data: Prisma.ScheduledReportUncheckedUpdateManyInput,
    onlyVersion?: number,
    alongside?: Alongside,
  ): Promise<boolean> {
    return this.#engine.changeDefinition(definition, data, onlyVersion, alongside)
  }

  async accountForOwner(ownerId: string): Promise<void> {
    await this.#engine.accountForOwner(ownerId)
    this.accountedFor.push(ownerId)
  }

  async removeSchedule(id: string): Promise<boolean> {
    return noted(await this.#engine.removeSchedule(id), this.removed, id)
  }

  async startReport(number: number): Promise<boolean> {
    return noted(await this.#engine.startReport(number), this.started, number)
  }

  async relaunchReport(number: number, options?: RelaunchOptions): Promise<RelaunchOutcome> {
    const outcome = await this.#engine.relaunchReport(number, options)
    noted(outcome.ok, this.relaunched, number)
    return outcome
  }

  async cancelReport(number: number): Promise<CancelOutcome> {
    const outcome = await this.#engine.cancelReport(number)
    noted(outcome.ok, this.cancelled, number)
    return outcome
  }

  async progressOf(number: number): Promise<ReportProgress | null> {
    return this.progress.get(number) ?? (await this.#engine.progressOf(number))
  }

  deliveryLogs(reports: readonly Report[]): Promise<DeliveryLog[]> {
    return this.#engine.deliveryLogs(reports)
  }

  backfill(id: string, period: BackfillPeriod): Promise<BackfillOutcome> {
    return this.#engine.backfill(id, period)
  }

  async sendNotices(number: number | null): Promise<boolean> {
    const isSent = await this.#engine.sendNotices(number)
    return number === null ? isSent : noted(isSent, this.noticesSent, number)
  }

  isPolledSince(since: Date): Promise<boolean> {
    return this.#engine.isPolledSince(since)
  }

  ping(): Promise<boolean> {
    return this.#engine.ping()
  }

  async close(): Promise<void> {
    await this.#engine.close()
    await this.#gate.close()
  }
}

/** Records what was done. @returns `done`. */
function noted<T>(done: boolean, list: T[], what: T): boolean {
  if (done) list.push(what)
  return done
}
