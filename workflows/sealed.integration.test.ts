/** With PAYLOAD_KEYS set: what the engine keeps cannot be read, and everything that reads it reads on. */

import { join } from 'node:path'
import type { WorkflowHandle } from '@temporalio/client'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { workflowIdForNotice } from '#contract/names.ts'
import type { DeliveryLog } from '#domain/schemas/report-schema.ts'
import { projectFolder } from '#local/settings.ts'
import { readRun } from '#services/delivery-log/run-history.ts'
import { readFailureMessage, readPayloads } from '#services/temporal/read-payloads.ts'
import { eventually } from '#test/eventually.ts'
import { newKey, oldKey } from '#test/test-payload-keys.ts'
import { readableText } from '#test/readable-text.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

const reportTypes = { REPORTS_DIR: join(projectFolder, 'test/report-types') }
const [anna, bruno] = ['anna@ville.test', 'bruno@ville.test']
const title = 'Écoles du quartier Matonge'
const reply = 'aucune boîte de ce nom'

const isCompleted = (row: { status: string }) => row.status === 'completed'
const isFailed = (row: { status: string }) => row.status === 'failed'

/** One report that is partly delivered, one that nobody gets, one whose query is refused. */
async function runThree(world: ReportWorld) {
  const refusal = { at: 'recipient', does: 'reply', code: 550, text: reply, recipient: anna } as const
  world.mail.inject(refusal)
  const partly = await world.request({ title, recipients: [anna, bruno] })
  const row = await world.rowBecomes(partly.number, isCompleted)
  const unreached = await world.request({ title, recipients: [anna] })
  await world.rowBecomes(unreached.number, isFailed)
  const refused = await world.request({ title, type: 'refused', columns: ['name'], recipients: [anna] })
  await world.rowBecomes(refused.number, isFailed)
  world.mail.release()
  const logs = await Promise.all([partly, unreached, refused].map(({ number }) => world.log(number)))
  return { row, partly, unreached, refused, logs }
}

/** Without what differs from one run to the next. */
function lasting({ phases, recipients, ...log }: DeliveryLog) {
  return {
    status: log.status,
    delivery: log.delivery,
    phases: phases.map(({ phase, status, attempts, error }) => ({ phase, status, attempts, error })),
    recipients: recipients.map((recipient) => ({ ...recipient, message_id: null, sent_at: null })),
  }
}

describe('reports whose payloads are sealed,', () => {
  let world: ReportWorld
  let plain: ReportWorld
  beforeAll(async () => {
    world = await ReportWorld.create({
      ...reportTypes,
      PAYLOAD_KEYS: oldKey,
      MAIL_DEFERRED_WAITS_SECONDS: '1',
    })
    await world.startWorker()
    plain = await ReportWorld.create(reportTypes)
    await plain.startWorker()
  })
  beforeEach(() => {
    world.mail.release()
    world.sourceGate.open()
  })
  afterAll(async () => {
    await world.close()
    await plain.close()
  })

  it('leave no address, title, file name, SQL, reply or sentence in the engine, and the same delivery log', async () => {
    const sealed = await runThree(world)
    const { id } = await world.define({ name: title, recipients: [anna] })
    await world.engine.applySchedule(id)
    const text = await readableText(world.temporal)
    // It did read: ids are there.
    expect(text).toContain(sealed.partly.workflowId)
    const secrets = [
      anna,
      bruno,
      world.owner.email,
      title,
      'staging/',
      'no_such_table',
      reply,
      'Le serveur de messagerie',
    ]
    expect([...secrets, sealed.row.fileName ?? ''].filter((secret) => text.includes(secret))).toEqual([])

    // Without keys each of them is found.
    const open = await runThree(plain)
    const openText = await readableText(plain.temporal)
    expect(secrets.filter((secret) => !openText.includes(secret))).toEqual([])
    expect(sealed.logs.map(lasting)).toEqual(open.logs.map(lasting))
    expect(sealed.logs[1]?.recipients[0]).toMatchObject({ response: `550 ${reply}` })
    expect(sealed.logs[2]?.phases[0]?.error).toContain('La base de données a refusé la requête')
  })

  it('seal the failure that the workflow itself ends with', async () => {
    const handle = await world.temporal.workflow.start('report', {
      workflowId: 'report:999',
      taskQueue: 'reports',
      args: [{ number: 999 }],
    })
    await expect(handle.result()).rejects.toMatchObject({
      cause: { message: 'Activity task failed', cause: { message: 'There is no report N° 999' } },
    })
    const { events } = await handle.fetchHistory()
    const failure = events?.at(-1)?.workflowExecutionFailedEventAttributes?.failure
    expect(failure).toMatchObject({ message: 'Encoded failure', stackTrace: '' })
    expect(failure?.cause).toMatchObject({ message: 'Encoded failure', stackTrace: '' })
  })

  it('call recipients by their place in summaries and details', async () => {
    world.mail.inject({
      at: 'recipient',
      does: 'reply',
      code: 451,
      text: '4.7.1 Later',
      recipient: anna,
      times: 1,
    })
    world.mail.inject({
      at: 'recipient',
      does: 'reply',
      code: 550,
      text: '5.1.1 No',
      recipient: anna,
      times: 1,
    })
    const { number, workflowId } = await world.request({ title, recipients: [anna] })
    await world.rowBecomes(number, isFailed)
    const handle = world.temporal.workflow.getHandle(workflowId)
    const notice = await world.prisma.notice.findFirstOrThrow({ where: { reportNumber: number } })
    const about = world.temporal.workflow.getHandle(workflowIdForNotice(notice.id))
    // Started after the row has failed.
    const noticed = await eventually(
      () => about.describe().catch(() => null),
      (seen) => seen !== null,
    )
    const summaries = await Promise.all([
      ...(await summariesIn(world, handle)),
      (await handle.describe()).staticSummary(),
      noticed?.staticSummary(),
    ])
    expect(summaries).toEqual([
      `N° ${number}`,
      title,
      title,
      'Recipient 1 of 1',
      'Recipient 1 of 1: asked to come back later',
      'Recipient 1 of 1',
      'failed, delivery: failed',
      `N° ${number} · ${title}`,
      `N° ${number} · ${notice.kind}`,
    ])
    const details = JSON.stringify(await handle.query('__temporal_workflow_metadata'))
    expect(details).toContain('Not reached: 1 of 1 recipients')
    expect(details).not.toContain('@')

    expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    await world.rowBecomes(number, isCompleted)
    await world.workflowEnded(number)
    await world.keepHistory('sealed', workflowId)
  })

  it('show the rows of an attempt while it runs, and why the last one failed', async () => {
    world.sourceGate.shut()
    const { number } = await world.request({ title, type: 'slow_numbers', columns: ['text'] })
    const log = await world.logBecomes(number, (seen) => (seen.phases[0]?.attempts ?? 0) >= 2)
    expect(log.phases[0]?.error).toContain('La base de données des rapports ne répond pas')
    world.sourceGate.open()
    const progress = await eventually(
      () => world.engine.progressOf(number),
      (seen) => (seen?.rows ?? 0) > 0,
      { withinMs: 40_000 },
    )
    expect(progress).toMatchObject({ phase: 'generate' })
    expect(await world.engine.cancelReport(number)).toEqual({ ok: true })
    await world.rowBecomes(number, ({ status }) => status === 'cancelled')
  })

  it('go on when the keys are rotated between two activities', async () => {
    const { number, workflowId } = await world.requestUntilStaged({ title, recipients: [anna] })
    const rotated = await world.restarted({ PAYLOAD_KEYS: `${newKey},${oldKey}` })
    try {
      await rotated.startWorker()
      await rotated.rowBecomes(number, isCompleted)
      await rotated.workflowEnded(number)
      expect(
        world.mail.mailsFor(anna).filter(({ parsed }) => parsed.subject?.includes(`N° ${number} `)),
      ).toHaveLength(1)
      const { phases } = await rotated.log(number)
      expect(phases.map(({ attempts, status }) => [attempts, status])).toEqual(
        Array.from({ length: 3 }, () => [1, 'completed']),
      )
      const history = JSON.stringify(await world.temporal.workflow.getHandle(workflowId).fetchHistory())
      const keyIds = ['test-old', 'test-new'].map((id) => Buffer.from(id).toString('base64'))
      expect(keyIds.filter((id) => history.includes(id))).toEqual(keyIds)
    } finally {
      await rotated.close()
      await world.startWorker()
    }
  })

  it('wait for a key that is missing, which the error names', async () => {
    const { number, workflowId } = await world.requestUntilStaged({ title, recipients: [anna] })
    const lacking = await world.restarted({ PAYLOAD_KEYS: newKey })
    const named = /sealed with the key "test-old", which PAYLOAD_KEYS does not have/
    try {
      await lacking.startWorker()
      const handle = lacking.temporal.workflow.getHandle(workflowId)
      const failed = await eventually(
        async () =>
          (await handle.fetchHistory()).events?.find((event) => event.workflowTaskFailedEventAttributes),
        (event) => event !== undefined,
      )
      const failure = failed?.workflowTaskFailedEventAttributes?.failure ?? {}
      expect(await readFailureMessage(lacking.temporal, failure)).toMatch(named)
      const [runId = ''] = (await world.row(number)).runIds
      await expect(readRun(lacking.temporal, workflowId, runId)).rejects.toThrow(named)
      // Pages show what the row has.
      expect(await lacking.logNow(number)).toMatchObject({ status: 'running', recipients: [{ email: anna }] })
    } finally {
      await lacking.close()
    }
    await world.startWorker()
    expect(await world.rowBecomes(number, isCompleted)).toMatchObject({ delivery: 'sent' })
    expect((await world.log(number)).phases.map(({ attempts }) => attempts)).toEqual([1, 1, 1])
  })
})

/** The summaries of a run's activities and timers, opened. */
async function summariesIn({ temporal }: ReportWorld, handle: WorkflowHandle): Promise<Promise<unknown>[]> {
  const { events } = await handle.fetchHistory()
  return (events ?? []).flatMap(({ userMetadata, workflowExecutionStartedEventAttributes: started }) =>
    userMetadata?.summary && !started
      ? [readPayloads(temporal, [userMetadata.summary]).then(([summary]) => summary)]
      : [],
  )
}
