/** What a worker process writes, line by line, as log collectors get it. */

import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { projectFolder } from '#local/settings.ts'
import { eventually } from '#test/eventually.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { startWorkerProcess, type WorkerProcess } from '#test/processes/worker-process.ts'

type Line = Record<string, unknown> & { msg: string; level: string; err?: Record<string, unknown> }

const bruno = 'bruno.mercier@ville.test'
let world: ReportWorld
let worker: WorkerProcess
const lines = () =>
  worker
    .output()
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as Line)
const lineWith = (about: Record<string, unknown>) =>
  eventually(
    async () => lines().find((line) => Object.entries(about).every(([key, value]) => line[key] === value)),
    (line) => line !== undefined,
  )

beforeAll(async () => {
  world = await ReportWorld.create({ REPORTS_DIR: join(projectFolder, 'test/report-types') })
  worker = await startWorkerProcess(world.variables)
}, 180_000)
afterAll(async () => {
  await worker?.end('SIGKILL')
  await world?.close()
})

it('tells a report’s end in one line: outcome, phases, rows, bytes, mails', async () => {
  world.mail.inject({
    at: 'recipient',
    does: 'reply',
    code: 550,
    text: `5.1.1 <${bruno}>: no such user`,
    recipient: bruno,
  })
  const { number, workflowId } = await world.request({ recipients: ['anna@ville.test', bruno] })
  const row = await world.rowBecomes(number, ({ logArchived }) => logArchived)
  expect(await lineWith({ msg: 'report ended', number })).toEqual(
    expect.objectContaining({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      name: 'worker',
      type: 'schools',
      workflowId,
      outcome: 'completed',
      delivery: 'partial',
      phases: {
        generate: { ms: expect.any(Number), attempts: 1 },
        store: { ms: expect.any(Number), attempts: 1 },
        email: { ms: expect.any(Number), attempts: 1 },
      },
      ms: expect.any(Number),
      rows: row.rowCount,
      bytes: Number(row.sizeBytes),
      mails: { sent: 1, failed: 1, uncertain: 0 },
    }),
  )
  expect(lines().filter(({ msg }) => msg === 'report ended')).toHaveLength(1)
  // The mail server's own words, for the report that they concern.
  const refused = await lineWith({ msg: 'Activity failed', activityType: 'emailReport', number })
  expect(refused).toMatchObject({ level: 'warn', type: 'schools', workflowId, runId: expect.any(String) })
  expect(refused?.err?.message).toContain('550 5.1.1 <b***@ville.test>: no such user')
  expect(refused?.err).toMatchObject({ code: 'mail_refused' })
})

it('names N°, type and scheduled report, and has PostgreSQL’s own words', async () => {
  const { id } = await world.define({ type: 'refused', columns: ['name'] })
  const { number } = await world.request({
    type: 'refused',
    columns: ['name'],
    scheduledReport: { id },
    origin: 'run_now',
  })
  const about = { number, type: 'refused', scheduledReportId: id }
  const failed = await lineWith({ msg: 'Activity failed', ...about })
  expect(failed?.err).toMatchObject({
    code: 'source_query_failed',
    message: expect.stringContaining('42P01: relation "no_such_table" does not exist'),
  })
  expect(await lineWith({ msg: 'report failed', sdkComponent: 'workflow', ...about })).toMatchObject({
    level: 'warn',
  })
  expect(await lineWith({ msg: 'report ended', ...about })).toMatchObject({
    outcome: 'failed',
    reason: 'source_query_failed',
    mails: { sent: 0, failed: 0 },
  })
})

it('logs what an organisation’s own code writes', async () => {
  const { number } = await world.request({ type: 'talkative', columns: ['value'] })
  await world.rowBecomes(number, ({ status }) => status === 'completed')
  expect(await lineWith({ name: 'file', level: 'warn', number })).toMatchObject({
    type: 'talkative',
    msg: expect.stringContaining('ask e***@ville.test') as string,
  })
  expect(await lineWith({ name: 'file', level: 'info', number })).toMatchObject({
    msg: expect.stringContaining('a scope is asked for') as string,
  })
})

it('writes nothing else, no task token and no address', async () => {
  expect(await worker.end('SIGTERM')).toBe(0)
  for (const line of lines()) {
    expect(['info', 'warn', 'error'], JSON.stringify(line)).toContain(line.level)
    expect(line).not.toHaveProperty('taskToken')
  }
  expect(worker.output()).not.toMatch(/(?:bruno|anna|elise|proprietaire)[\w.]*@/)
  // Base64 of a protobuf that begins with the namespace's id.
  expect(worker.output()).not.toContain('"CiQ')
})
