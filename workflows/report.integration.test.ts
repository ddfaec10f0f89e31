import { Client as PostgresClient } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { relaunchesPerRun } from '#workflows/policies.ts'
import { cancelSignal, relaunchSignal } from '#contract/report-messages.ts'
import { readRun } from '#services/delivery-log/run-history.ts'
import { stagingPrefix } from '#domain/object-keys.ts'
import { resumeReport } from '#activities/report/resume-report.ts'
import { holdLease } from '#activities/report/recipient-lease.ts'
import { eventually } from '#test/eventually.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

let world: ReportWorld

beforeAll(async () => {
  world = await ReportWorld.create()
  await world.startWorker()
})
beforeEach(() => {
  world.mail.release()
  world.sourceGate.open()
})
afterAll(async () => {
  await world.close()
})

const [anna, bruno] = ['anna@ville.test', 'bruno@ville.test']
const isCompleted = (row: { status: string }) => row.status === 'completed'
const isFailed = (row: { status: string }) => row.status === 'failed'

function mailsAbout(number: number, recipient: string) {
  return world.mail.mailsFor(recipient).filter((mail) => mail.parsed.subject?.includes(`N° ${number} `))
}

describe('a report that succeeds', () => {
  it('is generated, stored and mailed once to each recipient', async () => {
    const { number, workflowId } = await world.request({ recipients: [anna, bruno], format: 'excel' })
    const row = await world.rowBecomes(number, isCompleted)
    expect(row).toMatchObject({ delivery: 'sent', failure: null, failedInARow: 0 })
    expect(row.rowCount).toBeGreaterThan(0)
    for (const recipient of [anna, bruno]) {
      const [mail, ...more] = mailsAbout(number, recipient)
      expect(more).toEqual([])
      expect(mail?.parsed.attachments.map((file) => file.filename)).toEqual([row.fileName])
      expect(mail?.parsed.attachments[0]?.size).toBe(Number(row.sizeBytes))
    }
    await world.workflowEnded(number)
    const log = await world.log(number)
    expect(log.phases.map(({ phase, status, attempts }) => [phase, status, attempts])).toEqual([
      ['generate', 'completed', 1],
      ['store', 'completed', 1],
      ['email', 'completed', 1],
    ])
    expect(log.recipients).toMatchObject([
      { email: anna, status: 'sent', attempts: 1, response: expect.stringMatching(/^250/) },
      { email: bruno, status: 'sent', attempts: 1, response: expect.stringMatching(/^250/) },
    ])
    expect(await world.context.storage.list(stagingPrefix(number))).toEqual([])
    await world.keepHistory('completed', workflowId)
  })

  it('keeps its log after the engine deleted the run', async () => {
    const { number, workflowId } = await world.request()
    await world.rowBecomes(number, (row) => row.archivedLog !== null)
    await world.workflowEnded(number)
    const before = await world.log(number)
    await world.temporal.workflowService.deleteWorkflowExecution({
      namespace: world.environment.TEMPORAL_NAMESPACE,
      workflowExecution: { workflowId },
    })
    await expect
      .poll(
        () =>
          world.temporal.workflow
            .getHandle(workflowId)
            .describe()
            .then(
              () => 'there',
              () => 'gone',
            ),
        { timeout: 90_000 },
      )
      .toBe('gone')
    // Not through the API, which answers from the row when the engine cannot be reached.
    expect(await readRun(world.temporal, workflowId, (await world.row(number)).runIds[0] ?? '')).toBeNull()
    const after = await world.log(number)
    expect(after).toEqual({ ...before, temporal_url: after.temporal_url })
  }, 120_000)
})

describe('the log of an open report', () => {
  it('comes from the engine, not from the row', async () => {
    world.mail.inject({ at: 'recipient', does: 'hold', recipient: anna })
    const { number } = await world.request({ recipients: [anna] })
    const before = await world.logBecomes(number, (log) => log.phases[2]?.status === 'running')
    expect(before).toMatchObject({ status: 'running', delivery: 'none' })

    await world.prisma.report.update({
      where: { number },
      data: {
        status: 'failed',
        delivery: 'failed',
        failure: { phase: 'generate', code: 'x', message: 'invented' },
        recipients: [anna, bruno],
        scheduledFor: new Date(0),
      },
    })
    expect(await world.logNow(number)).toEqual(before)
    world.mail.release()
    await world.rowBecomes(number, isCompleted)
  })

  it('shows the current attempt and why the previous one failed', async () => {
    world.sourceGate.shut()
    const { number, workflowId } = await world.request()
    const log = await world.logBecomes(number, (seen) => (seen.phases[0]?.attempts ?? 0) >= 2)
    expect(log.phases[0]).toMatchObject({ status: 'running', finished_at: null })
    expect(log.phases[0]?.error).toContain('La base de données des rapports ne répond pas')
    world.sourceGate.open()
    await world.rowBecomes(number, isCompleted)
    await world.workflowEnded(number)
    const ended = await world.log(number)
    expect(ended.phases[0]).toMatchObject({ status: 'completed', error: null })
    expect(ended.phases[0]?.attempts).toBeGreaterThanOrEqual(2)
    await world.keepHistory('retried-then-completed', workflowId)
  })
})

describe('a report that fails', () => {
  it('notifies its owner, waits, and resumes once at the failed step when relaunched', async () => {
    world.mail.inject({
      at: 'recipient',
      does: 'reply',
      code: 550,
      text: '5.1.1 No such user',
      recipient: anna,
    })
    const { number, workflowId } = await world.request({ recipients: [anna] })
    const failed = await world.rowBecomes(number, isFailed)
    expect(failed).toMatchObject({
      delivery: 'failed',
      failedInARow: 1,
      failure: { phase: 'email', code: 'nobody_reached' },
    })
    expect(failed.objectKey).not.toBeNull()
    await expect.poll(() => mailsAbout(number, world.owner.email).length, { timeout: 20_000 }).toBe(1)
    expect(await world.log(number)).toMatchObject({
      status: 'failed',
      recipients: [{ email: anna, status: 'failed', attempts: 1, response: '550 5.1.1 No such user' }],
    })

    world.mail.release()
    const [first, second] = await Promise.all([
      world.engine.relaunchReport(number),
      world.engine.relaunchReport(number),
    ])
    expect([first, second].filter((outcome) => outcome.ok)).toHaveLength(1)
    expect([first, second].find((outcome) => !outcome.ok)).toMatchObject({ code: 'already_running' })

    const completed = await world.rowBecomes(number, isCompleted)
    expect(completed).toMatchObject({
      delivery: 'sent',
      round: 1,
      failure: null,
      objectKey: failed.objectKey,
    })
    expect(completed.fileAvailableAt).toEqual(failed.fileAvailableAt)
    expect(mailsAbout(number, anna)).toHaveLength(1)
    await world.workflowEnded(number)
    expect((await world.log(number)).recipients[0]).toMatchObject({ status: 'sent', attempts: 2 })
    await world.keepHistory('failed-then-relaunched', workflowId)
  })

  it('has three more attempts when relaunched after three', async () => {
    world.sourceGate.shut()
    const { number, workflowId } = await world.request({ recipients: [anna] })
    const failed = await world.rowBecomes(number, isFailed, 60_000)
    expect(failed.failure).toMatchObject({ phase: 'generate', code: 'source_unavailable' })
    expect((await world.log(number)).phases[0]).toMatchObject({ status: 'failed', attempts: 3 })

    expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    await world.logBecomes(number, (log) => (log.phases[0]?.attempts ?? 0) >= 4)
    world.sourceGate.open()
    expect(await world.rowBecomes(number, isCompleted)).toMatchObject({ round: 1, delivery: 'sent' })
    expect(mailsAbout(number, anna)).toHaveLength(1)
    await world.workflowEnded(number)
    expect((await world.row(number)).runIds).toHaveLength(1)
    await world.keepHistory('exhausted-then-relaunched', workflowId)
  }, 120_000)

  it('is relaunched in a new run when its workflow has closed', async () => {
    world.sourceGate.shut()
    const { number, workflowId } = await world.request({ recipients: [anna] })
    await world.rowBecomes(number, isFailed, 60_000)
    await world.temporal.workflow.getHandle(workflowId).terminate('the window is over')
    world.sourceGate.open()
    expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    const completed = await world.rowBecomes(number, isCompleted)
    expect(completed.runIds).toHaveLength(2)
    await world.workflowEnded(number)
    expect((await world.log(number)).phases[0]).toMatchObject({ status: 'completed', attempts: 4 })
    expect(mailsAbout(number, anna)).toHaveLength(1)
    await world.keepHistory('relaunched-by-a-new-run', workflowId, completed.runIds[1])
  }, 120_000)

  it('can be relaunched without limit: after relaunchesPerRun relaunches a new run starts', async () => {
    world.mail.inject({ at: 'recipient', does: 'reply', code: 550, text: '5.1.1 No', recipient: anna })
    const { number } = await world.request({ recipients: [anna] })
    await world.rowBecomes(number, isFailed)
    const wanted = relaunchesPerRun + 1
    for (let round = 1; round <= wanted; round++) {
      if (round === wanted) {
        await world.workflowEnded(number)
        world.mail.release()
      }
      expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
      await world.rowBecomes(number, (row) => row.settledRound === round && row.status !== 'running')
    }
    expect(await world.row(number)).toMatchObject({ status: 'completed', delivery: 'sent' })
    expect((await world.row(number)).runIds).toHaveLength(2)
    await world.workflowEnded(number)
    expect((await world.log(number)).recipients).toMatchObject([{ status: 'sent', attempts: wanted + 1 }])
    expect(mailsAbout(number, anna)).toHaveLength(1)
  }, 120_000)

  it('ignores a relaunch signalled during an attempt', async () => {
    world.mail.inject({ at: 'recipient', does: 'hold', recipient: anna })
    const { number, workflowId } = await world.request({ recipients: [anna] })
    await world.logBecomes(number, (log) => log.phases[2]?.status === 'running')
    await world.temporal.workflow.getHandle(workflowId).signal(relaunchSignal)
    world.mail.release()
    await world.workflowEnded(number)
    expect(await world.row(number)).toMatchObject({ status: 'completed', round: 0 })
    expect(mailsAbout(number, anna)).toHaveLength(1)
  })
})

describe('a report that some recipients cannot receive', () => {
  it('is completed with partial delivery, and its relaunch writes only to the others', async () => {
    world.mail.inject({
      at: 'recipient',
      does: 'reply',
      code: 550,
      text: '5.1.1 No such user',
      recipient: bruno,
    })
    const { number, workflowId } = await world.request({ recipients: [anna, bruno] })
    await world.rowBecomes(number, isCompleted)
    expect(await world.row(number)).toMatchObject({ delivery: 'partial', failure: null })
    await world.workflowEnded(number)
    await world.keepHistory('delivered-in-part', workflowId)
    await expect.poll(() => mailsAbout(number, world.owner.email).length, { timeout: 20_000 }).toBe(1)

    world.mail.release()
    expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    await world.rowBecomes(number, (row) => row.delivery === 'sent' && row.status === 'completed')
    expect([anna, bruno].map((recipient) => mailsAbout(number, recipient).length)).toEqual([1, 1])
  })
})

describe('cancel', () => {
  it('stops before the mail, removes staged files, and sends no mail', async () => {
    world.sourceGate.shut()
    const { number, workflowId } = await world.request({ recipients: [anna] })
    await world.logBecomes(number, (log) => (log.phases[0]?.attempts ?? 0) >= 1)
    expect(await world.engine.cancelReport(number)).toEqual({ ok: true })
    await world.rowBecomes(number, (row) => row.status === 'cancelled')
    await world.workflowEnded(number)
    expect(await world.context.storage.list(stagingPrefix(number))).toEqual([])
    expect(mailsAbout(number, anna)).toEqual([])
    await world.keepHistory('cancelled', workflowId)
  })

  it('has the same effect when requested in Temporal', async () => {
    world.sourceGate.shut()
    const { number, workflowId } = await world.request({ recipients: [anna] })
    await world.logBecomes(number, (log) => (log.phases[0]?.attempts ?? 0) >= 1)
    await world.temporal.workflow.getHandle(workflowId).cancel()
    await world.rowBecomes(number, (row) => row.status === 'cancelled')
    await world.workflowEnded(number)
    const { status } = await world.temporal.workflow.getHandle(workflowId).describe()
    expect(status.name).toBe('CANCELLED')
  })

  it('ends a failed report that waits for a relaunch', async () => {
    world.mail.inject({ at: 'recipient', does: 'reply', code: 550, text: '5.1.1 No', recipient: anna })
    const { number, workflowId } = await world.request({ recipients: [anna] })
    await world.rowBecomes(number, isFailed)
    await world.temporal.workflow.getHandle(workflowId).signal(cancelSignal)
    await world.rowBecomes(number, (row) => row.status === 'cancelled')
    await world.workflowEnded(number)
  })
})

/** Waits until an attempt holds the recipient's lease: its SMTP session has begun. */
function isBeingWrittenTo(reportNumber: number, email: string) {
  return eventually(
    () => world.prisma.delivery.findFirst({ where: { reportNumber, email } }),
    (delivery) => delivery?.leaseHolder != null,
  )
}

describe('concurrent operations', () => {
  it('a cancel after a relaunch answers both', async () => {
    world.mail.inject({ at: 'recipient', does: 'reply', code: 550, text: '5.1.1 No', recipient: anna })
    const { number } = await world.request({ recipients: [anna] })
    await world.rowBecomes(number, isFailed)
    await expect.poll(() => mailsAbout(number, world.owner.email).length, { timeout: 20_000 }).toBe(1)
    world.mail.release()
    // Both signals reach the workflow together.
    await world.stopWorker()
    expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    expect(await world.engine.cancelReport(number)).toEqual({ ok: true })
    await world.startWorker()
    await world.workflowEnded(number)
    expect(await world.row(number)).toMatchObject({ status: 'cancelled', round: 0 })
    await world.sweepLater()
    expect(await world.row(number)).toMatchObject({ status: 'cancelled', round: 0 })
    expect(mailsAbout(number, anna)).toEqual([])
  })

  it('a cancel after a relaunch while a report is being closed: no mail is sent', async () => {
    const { number, closing } = await relaunchedWhileClosing()
    expect(await world.engine.cancelReport(number)).toEqual({ ok: true })
    await closing.goOn()
    await world.rowBecomes(number, (row) => row.status === 'cancelled')
    await world.workflowEnded(number)
    expect(mailsAbout(number, anna)).toEqual([])
  })

  it('a relaunch while a report is being closed continues in the same run', async () => {
    const { number, closing } = await relaunchedWhileClosing()
    await closing.goOn()
    const row = await world.rowBecomes(number, (seen) => seen.delivery === 'sent')
    expect(row).toMatchObject({ status: 'completed', round: 1 })
    expect(row.runIds).toHaveLength(1)
    expect([anna, bruno].map((recipient) => mailsAbout(number, recipient).length)).toEqual([1, 1])
  })

  it('a resume attempt that continues after its round is over changes nothing', async () => {
    const { number } = await world.request({ recipients: [anna] })
    const row = await world.rowBecomes(number, isCompleted)
    await resumeReport(world.context)({ number, round: row.round })
    expect(await world.row(number)).toMatchObject({ status: 'completed', finishedAt: row.finishedAt })
  })

  /** Sent to bruno, then relaunched for anna, whom the server now accepts, before the workflow could end. */
  async function relaunchedWhileClosing() {
    world.mail.inject({ at: 'recipient', does: 'reply', code: 550, text: '5.1.1 No', recipient: anna })
    const closing = await holdClosing()
    const { number } = await world.request({ recipients: [anna, bruno] })
    await world.rowBecomes(number, (row) => row.delivery === 'partial')
    await closing.isHeld()
    world.mail.release()
    expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    return { number, closing }
  }

  /** Holds archiving the log, and so the end of each workflow, until `goOn`; it waits before it locks the row. */
  async function holdClosing() {
    const held = 4711
    await world.prisma.$executeRaw`
      CREATE OR REPLACE FUNCTION wait_for_test() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN NULL; END $$`
    await world.prisma.$executeRaw`
      CREATE OR REPLACE TRIGGER before_closing BEFORE UPDATE OF archived_log ON report
      FOR EACH STATEMENT EXECUTE FUNCTION wait_for_test()`
    const holder = new PostgresClient({ connectionString: world.environment.DATABASE_URL })
    await holder.connect()
    await holder.query('SELECT pg_advisory_lock($1)', [held])
    return {
      isHeld: () =>
        eventually(
          async () =>
            (
              await holder.query(
                "SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted",
                [held],
              )
            ).rowCount,
          (waiting) => waiting !== 0,
        ),
      goOn: async () => {
        await holder.end()
        await world.prisma.$executeRaw`DROP TRIGGER before_closing ON report`
      },
    }
  }

  it('a second attempt for one recipient waits for the first', async () => {
    world.mail.inject({ at: 'answer', does: 'hold' })
    const { number } = await world.request({ recipients: [anna] })
    expect(await isBeingWrittenTo(number, anna)).toMatchObject({
      status: 'pending',
      leaseHolder: expect.stringMatching(/\/1$/),
    })
    expect(await holdLease(world.prisma, { number, email: anna }, 'another attempt')).toBe(false)
    world.mail.release()
    await world.rowBecomes(number, isCompleted)
    expect(await holdLease(world.prisma, { number, email: anna }, 'another attempt')).toBe(false)
    expect(mailsAbout(number, anna)).toHaveLength(1)
  })

  it('a checkpoint that says sent stays when the workflow did not learn of it', async () => {
    world.mail.inject({ at: 'sender', does: 'hold' })
    const { number } = await world.request({ recipients: [anna, bruno] })
    await isBeingWrittenTo(number, anna)
    // The state after an attempt whose mail was accepted and whose result was lost.
    await world.prisma.delivery.update({
      where: { reportNumber_email: { reportNumber: number, email: anna } },
      data: { status: 'sent', messageId: '<kept@x>', response: '250 kept', sentAt: new Date() },
    })
    world.mail.release()
    world.mail.inject({ at: 'recipient', does: 'reply', code: 550, text: '5.1.1 No', recipient: anna })
    expect(await world.rowBecomes(number, isCompleted)).toMatchObject({ delivery: 'sent', failure: null })
    const kept = await world.prisma.delivery.findFirst({ where: { reportNumber: number, email: anna } })
    expect(kept).toMatchObject({ status: 'sent', messageId: '<kept@x>', response: '250 kept' })
    await world.workflowEnded(number)
    expect(await world.log(number)).toMatchObject({
      delivery: 'sent',
      recipients: [{ status: 'sent' }, { status: 'sent' }],
    })
  })
})

describe('a catalogue that changed', () => {
  it('fails the report with a named failure instead of keeping it open', async () => {
    const { number } = await world.request({ filters: { no_such_filter: 'x' }, recipients: [anna] })
    const row = await world.rowBecomes(number, isFailed)
    expect(row.failure).toMatchObject({ phase: 'generate', code: 'report_type_unknown' })
  })
})

describe('only if there are rows', () => {
  it('skips with its reason and sends no mail', async () => {
    const { number, workflowId } = await world.request({
      recipients: [anna],
      onlyIfRows: true,
      filters: { name: 'aucune école ne s’appelle ainsi' },
    })
    const row = await world.rowBecomes(number, (seen) => seen.status === 'skipped')
    expect(row.skipReason).toBe('no_rows')
    await world.workflowEnded(number)
    expect(await world.log(number)).toMatchObject({ status: 'skipped', skip_reason: 'no_rows' })
    expect(mailsAbout(number, anna)).toEqual([])
    await world.keepHistory('skipped', workflowId)
  })
})

describe('access', () => {
  it('is checked again when the report is made', async () => {
    const { number } = await world.request({
      type: 'cash_session',
      columns: ['number'],
      ownerId: (await deactivated()).id,
    })
    const row = await world.rowBecomes(number, isFailed)
    expect(row.failure).toMatchObject({ phase: 'generate', code: 'access_revoked' })
  })

  async function deactivated() {
    return world.prisma.user.create({
      data: { id: 'gone', email: 'parti@ville.test', name: 'Parti', role: 'admin', banned: true },
    })
  }
})
