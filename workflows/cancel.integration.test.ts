/** A report is cancelled at each phase: no file stays behind, and no mail is sent afterwards. */

import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { createReportRow } from '#services/reports/create-report-row.ts'
import { startReport } from '#services/reports/start-report.ts'
import { projectFolder } from '#local/settings.ts'
import { cancelSignal } from '#contract/report-messages.ts'
import { eventually } from '#test/eventually.ts'
import { leftovers, nothingLeft } from '#test/leftovers.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { startGateBefore, type TcpGate } from '#test/servers/tcp-gate.ts'
import { maxConcurrentRecipients } from './policies.ts'

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

/** Cancels a report, by default as its owner does; `isOver` checks it once its workflow has ended. */
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
      // No mail after « Annulé », neither to a recipient nor to the owner.
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

describe('a report leaves no file and sends no further mail when it is cancelled', () => {
  it('before its workflow has started', async () => {
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
    // Like a sweep that read the row just before the cancel.
    await startReport(world.temporal, await world.row(number))
    await world.workflowEnded(number)
    expect(await world.row(number)).toMatchObject({ status: 'cancelled', objectKey: null })
    expect(world.mail.mailsFor(anna)).toEqual([])
  })

  it('while it is queued and no worker runs', async () => {
    await world.stopWorker()
    const { number } = await world.request({ recipients: [anna] })
    const { answer, isOver } = await cancelled(number)
    expect(answer).toEqual({ ok: true })
    await world.startWorker()
    const { row, mails } = await isOver()
    expect([row.objectKey, mails]).toEqual([null, 0])
  })

  it('while its large file is being written', async () => {
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

  it('while its file is copied to its final key', async () => {
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

  it('while mails are being sent: those arrive, and no other begins', async () => {
    const recipients = Array.from(
      { length: maxConcurrentRecipients + 3 },
      (_, index) => `r${index}@ville.test`,
    )
    world.mail.inject({ at: 'answer', does: 'hold' })
    const { number } = await world.request({ recipients })
    await world.mail.struck(maxConcurrentRecipients, 40_000)
    const { isOver } = await cancelled(number)
    await cancelRequested(number, maxConcurrentRecipients)
    world.mail.release()
    const { row, mails } = await isOver()
    expect(mails).toBe(maxConcurrentRecipients)
    expect(row.delivery).toBe('partial')
    const { recipients: log } = await world.log(number)
    expect(log.filter(({ status }) => status === 'sent')).toHaveLength(maxConcurrentRecipients)
  })

  it('while it waits for its next attempt, which does not begin', async () => {
    world.sourceGate.shut()
    const { number } = await world.request({ recipients: [anna] })
    await eventually(
      () => world.engine.progressOf(number),
      (progress) => progress?.waiting != null,
    )
    const { isOver } = await cancelled(number)
    const { mails } = await isOver()
    expect(mails).toBe(0)
    expect((await world.log(number)).phases[0]).toMatchObject({ status: 'cancelled' })
  })

  it('after it failed and kept its staged file for a relaunch', async () => {
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
    // The notice to the owner about the failure comes before the cancellation.
    await expect
      .poll(() => world.mail.mailsFor(world.owner.email).length, { timeout: 20_000 })
      .toBeGreaterThan(0)
    const signal = () => world.temporal.workflow.getHandle(workflowId).signal(cancelSignal)
    const { isOver } = await cancelled(number, async () => (await signal(), { ok: true }))
    const { mails } = await isOver()
    expect(mails).toBe(0)
  }, 150_000)
})

/** Waits until the workflow has requested the cancellation of that many activities. */
async function cancelRequested(number: number, count: number): Promise<void> {
  const { workflowId } = await world.row(number)
  await eventually(
    async () => (await world.temporal.workflow.getHandle(workflowId).fetchHistory()).events ?? [],
    (events) =>
      events.filter((event) => event.activityTaskCancelRequestedEventAttributes != null).length === count,
  )
}
