/** An engine that remembers what it was asked, for tests of HTTP alone; test/*.e2e.test.ts use the real one. */

import type { DeliveryLog, ReportProgress } from '#domain/schemas/report.ts'
import type { BackfillOutcome, CancelOutcome, Engine, RelaunchOutcome } from '#services/engine.ts'
import type { Prisma, PrismaClient, Report, ScheduledReport } from '#prisma/client/client.ts'

export class FakeEngine implements Engine {
  /** False: as if Temporal could not be reached. */
  up = true
  readonly applied: string[] = []
  readonly removed: string[] = []
  readonly started: number[] = []
  readonly relaunched: number[] = []
  readonly cancelled: number[] = []
  /** Reports whose notices it was asked to send. */
  readonly noticesSent: number[] = []
  relaunchOutcome: RelaunchOutcome = { ok: true }
  cancelOutcome: CancelOutcome = { ok: true }
  backfillOutcome: BackfillOutcome = { ok: true, occurrences: [] }
  readonly progress = new Map<number, ReportProgress>()
  readonly #prisma: PrismaClient

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma
  }

  async applySchedule(id: string): Promise<boolean> {
    if (!this.up) return false
    this.applied.push(id)
    await this.#prisma
      .$executeRaw`UPDATE scheduled_report SET applied_version = version WHERE id = ${id}::uuid`
    return true
  }

  async changeDefinition(
    { id }: ScheduledReport,
    data: Prisma.ScheduledReportUncheckedUpdateManyInput,
    onlyVersion?: number,
  ): Promise<boolean> {
    const { count } = await this.#prisma.scheduledReport.updateMany({
      where: { id, version: onlyVersion },
      data: { ...data, version: { increment: 1 } },
    })
    return count === 1
  }

  readonly accountedFor: string[] = []

  async accountForOwner(ownerId: string): Promise<void> {
    this.accountedFor.push(ownerId)
  }

  async removeSchedule(id: string): Promise<boolean> {
    if (this.up) this.removed.push(id)
    return this.up
  }

  async startReport(number: number): Promise<boolean> {
    if (this.up) this.started.push(number)
    return this.up
  }

  async relaunchReport(number: number): Promise<RelaunchOutcome> {
    if (!this.up) return { ok: false, code: 'engine_unavailable' }
    if (this.relaunchOutcome.ok) this.relaunched.push(number)
    return this.relaunchOutcome
  }

  async cancelReport(number: number): Promise<CancelOutcome> {
    if (!this.up) return { ok: false, code: 'engine_unavailable' }
    if (this.cancelOutcome.ok) this.cancelled.push(number)
    return this.cancelOutcome
  }

  async progressOf(number: number): Promise<ReportProgress | null> {
    return this.progress.get(number) ?? null
  }

  async deliveryLogs(reports: readonly Report[]): Promise<DeliveryLog[]> {
    return reports.map((report) => ({
      number: report.number,
      scheduled_for: null,
      started_at: null,
      finished_at: null,
      status: 'completed',
      delivery: 'sent',
      skip_reason: null,
      phases: [],
      recipients: [],
      workflow_id: report.workflowId,
      temporal_url: `http://temporal.test/workflows/${encodeURIComponent(report.workflowId)}`,
    }))
  }

  async backfill(): Promise<BackfillOutcome> {
    return this.up ? this.backfillOutcome : { ok: false, code: 'engine_unavailable' }
  }

  async sendNotices(number: number): Promise<boolean> {
    if (this.up) this.noticesSent.push(number)
    return this.up
  }

  async ping(): Promise<boolean> {
    return this.up
  }

  async close(): Promise<void> {}
}
