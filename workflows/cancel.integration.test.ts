/** A report cancelled at each phase: nothing stays behind, and nobody is written to afterwards. */

import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { createReportRow } from '#services/reports/create-report-row.ts'
import { startReport } from '#services/reports/start-report.ts'
import { projectFolder } from '#local/settings.ts'
import { cancelSignal } from '#contract/report-messages.ts'
import { eventually } from '#test/eventually.ts'
import { leftovers, nothingLeft } from '#test/leftovers.ts'
import { ReportWorld } from '#test/report-world.ts'
import { startGateBefore, type TcpGate } from '#test/tcp-gate.ts'
import { recipientsAtOnce } from './policies.ts'

const anna = 'anna@ville.test'
let world: ReportWorld
let storage: TcpGate

beforeAll(async () => {
  const gate = await startGateBefore(inject('services').storage.endpoint)
  storage = gate
  world = await ReportWorld.create({
    S3_ENDPOINT: gate.address,
    REPORTS_DIR: join(projectFolder, 'test/report-types'),
  })
  await world.startWorker()
})
beforeEach(() => {
  world.mail.release()
  world.sourceGate.open()
  storage.open()
})
afterAll(async () => {
  storage.open()
  await world.close()
  await storage.close()
})

/** Cancelled by its owner, unless said otherwise; then looked at when its workflow has ended. */
async function cancelled(number: number, ask = () => world.engine.cancelReport(number)) {
  const mailsBefore = world.mail.mails.length
  const answer = await ask()
  return {
    answer,
    async isOver() {
      const row = await world.rowBecomes(number, ({ status }) => status === 'cancelled')
      const mailsAtEnd = world.mail.mails.length
      await world.workflowEnded(number)
      expect(row.failure).toBeNull()
      expect(await leftovers(world, number)).toEqual(nothingLeft)
      // None after « Annulé »: not to a recipient, nor a notice to the owner.
      expect(world.mail.mails).toHaveLength(mailsAtEnd)
      return { row, mails: mailsAtEnd - mailsBefore }
    },
  }
}

async function staged(): Promise<number> {
  const { number } = await world.requestUntilStaged({ recipients: [anna] })
  expect((await leftovers(world, number)).staged).toHaveLength(1)
  return number
}

describe('cancel', () => {
  it('before a workflow has taken the report', async () => {
    const { number } = await createReportRow(world.prisma, {
      origin: 'request',
      ownerId: world.owner.id,
      title: 'Écoles',
      type: 'schools',
      format: 'csv',
      columns: ['code', 'name'],
      filters: {},
      recipients: [anna],
      locale: 'fr',
      timeZone: 'Europe/Paris',
    })
    expect(await world.engine.cancelReport(number)).toEqual({ ok: true })
    expect(await world.row(number)).toMatchObject({ status: 'cancelled' })
    // As the sweep would, had it looked a moment earlier.
    await startReport(world.temporal, await world.row(number))
    await world.workflowEnded(number)
    expect(await world.row(number)).toMatchObject({ status: 'cancelled', objectKey: null })
    expect(world.mail.mailsFor(anna)).toEqual([])
  })

  it('while it is queued, with no worker there', async () => {
    await world.stopWorker()
    const { number } = await world.request({ recipients: [anna] })
    const { answer, isOver } = await cancelled(number)
    expect(answer).toEqual({ ok: true })
    await world.startWorker()
    const { row, mails } = await isOver()
    expect([row.objectKey, mails]).toEqual([null, 0])
  })

  it('while a large file is being written', async () => {
    const { number } = await world.request({
      type: 'halting_numbers',
      columns: ['digest'],
      recipients: [anna],
    })
    await eventually(
      () => leftovers(world, number),
      ({ uploads }) => uploads.length === 1,
    )
    expect(await world.engine.progressOf(number)).toMatchObject({ phase: 'generate' })
    const { isOver } = await cancelled(number)
    const { row, mails } = await isOver()
    expect([row.objectKey, mails]).toEqual([null, 0])
    expect((await world.log(number)).phases[0]).toMatchObject({ status: 'cancelled' })
  })

  it('between two phases', async () => {
    const number = await staged()
    const { isOver } = await cancelled(number)
    await world.startWorker()
    const { row, mails } = await isOver()
    expect([row.objectKey, mails]).toEqual([null, 0])
  })

  it('while the file is put in its place', async () => {
    const number = await staged()
    storage.hold()
    await world.startWorker()
    await expect.poll(() => storage.waiting(), { timeout: 20_000 }).toBeGreaterThan(0)
    const { isOver } = await cancelled(number)
    await cancelRequested(number, 1)
    storage.open()
    const { mails } = await isOver()
    expect(mails).toBe(0)
  })

  it('while mails are on their way: those arrive, and no other is begun', async () => {
    const recipients = Array.from({ length: recipientsAtOnce + 3 }, (_, index) => `r${index}@ville.test`)
    world.mail.inject({ at: 'answer', does: 'hold' })
    const { number } = await world.request({ recipients })
    await world.mail.struck(recipientsAtOnce, 40_000)
    const { isOver } = await cancelled(number)
    await cancelRequested(number, recipientsAtOnce)
    world.mail.release()
    const { row, mails } = await isOver()
    expect(mails).toBe(recipientsAtOnce)
    expect(row.delivery).toBe('partial')
    const { recipients: log } = await world.log(number)
    expect(log.filter(({ status }) => status === 'sent')).toHaveLength(recipientsAtOnce)
  })

  it('while it waits for another attempt, without waiting for it', async () => {
    world.sourceGate.shut()
    const { number, workflowId } = await world.request({ recipients: [anna] })
    await eventually(
      async () => (await world.temporal.workflow.getHandle(workflowId).describe()).raw.pendingActivities,
      (pending) => pending?.[0]?.lastFailure != null && pending[0].lastWorkerIdentity !== '',
    )
    const { isOver } = await cancelled(number)
    const { mails } = await isOver()
    expect(mails).toBe(0)
    expect((await world.log(number)).phases[0]).toMatchObject({ status: 'cancelled' })
  })

  it('when it has failed and kept its staged file for a relaunch', async () => {
    const number = await staged()
    storage.shut()
    await world.startWorker()
    const { workflowId, failure } = await world.rowBecomes(
      number,
      ({ status }) => status === 'failed',
      90_000,
    )
    expect(failure).toMatchObject({ phase: 'store', code: 'storage_unavailable' })
    storage.open()
    expect((await leftovers(world, number)).staged).toHaveLength(1)
    // The owner's notice about the failure is no mail of this cancellation.
    await expect
      .poll(() => world.mail.mailsFor(world.owner.email).length, { timeout: 20_000 })
      .toBeGreaterThan(0)
    const signal = () => world.temporal.workflow.getHandle(workflowId).signal(cancelSignal)
    const { isOver } = await cancelled(number, async () => (await signal(), { ok: true }))
    const { mails } = await isOver()
    expect(mails).toBe(0)
  }, 150_000)
})

/** Waits until the workflow has asked that many activities to stop. */
async function cancelRequested(number: number, count: number): Promise<void> {
  const { workflowId } = await world.row(number)
  await eventually(
    async () => (await world.temporal.workflow.getHandle(workflowId).fetchHistory()).events ?? [],
    (events) =>
      events.filter((event) => event.activityTaskCancelRequestedEventAttributes != null).length === count,
  )
}
