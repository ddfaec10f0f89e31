import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { workflowBundle } from '#activities/workflow-bundle.ts'
import { createAuth } from '#api/auth/create-auth.ts'
import { createLogger } from '#config/logger.ts'
import { scheduleIdFor } from '#contract/names.ts'
import { createDemoAccounts, demoPassword } from '#demo/accounts.ts'
import { cookiesSet } from '#test/cookies-set.ts'
import { eventually } from '#test/eventually.ts'
import { startApiProcess, type ApiProcess } from '#test/processes/api-process.ts'
import { startWorkerProcess, type WorkerProcess } from '#test/processes/worker-process.ts'
import { startTraceReceiver, type ReceivedSpan, type TraceReceiver } from '#test/servers/trace-receiver.ts'
import { newKey } from '#test/test-payload-keys.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { dataConverterFor } from '../temporal/data-converter.ts'

let world: ReportWorld
let receiver: TraceReceiver
let api: ApiProcess
let worker: WorkerProcess

beforeAll(async () => {
  ;[world, receiver] = await Promise.all([ReportWorld.create({ PAYLOAD_KEYS: newKey }), startTraceReceiver()])
  const variables = {
    ...world.variables,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_BSP_SCHEDULE_DELAY: '200',
  }
  ;[api, worker] = await Promise.all([
    startApiProcess(variables),
    startWorkerProcess(variables),
    createDemoAccounts(world.prisma, createAuth(world.prisma, world.environment, createLogger('test'))),
  ])
})
afterAll(async () => {
  await api?.kill()
  await worker?.end('SIGKILL')
  await receiver?.close()
  await world?.close()
})

/** One trace, once the run of its workflow has ended and it is whole. */
async function traceWith(first: string): Promise<ReceivedSpan[]> {
  const traceOf = () => {
    const root = receiver.spans.find(({ name, parentId }) => name === first && parentId === '')
    return receiver.spans.filter(({ traceId }) => traceId === root?.traceId)
  }
  return eventually(
    async () => traceOf(),
    (spans) =>
      spans.some(({ name }) => name === 'RunWorkflow:report') &&
      spans.every(({ parentId }) => parentId === '' || spans.some(({ spanId }) => spanId === parentId)),
    { withinMs: 60_000, everyMs: 200 },
  )
}

/** What every report does, from its workflow on. */
const layers = [
  'RunWorkflow:report',
  'StartActivity:openReport',
  'RunActivity:openReport',
  'RunActivity:generateReport',
  'make file',
  'sql COPY',
  's3 PutObject',
  'RunActivity:storeReport',
  's3 CopyObject',
  'RunActivity:emailReport',
  'smtp send',
  'RunActivity:settleReport',
  'sql INSERT',
  'sql COMMIT',
]

it('one trace leads from a click to SQL, S3 and SMTP, and names nobody and nothing secret', async () => {
  world.mail.inject({
    at: 'recipient',
    does: 'reply',
    code: 550,
    text: '5.1.1 parti@ville.test is not known here',
    recipient: 'parti@ville.test',
  })
  const cookie = cookiesSet(
    (await post('/api/auth/sign-in/email', { email: 'admin@rapporteur.test', password: demoPassword }))
      .headers,
  )
  const asked = await post(
    '/v1/reports',
    {
      type: 'schools',
      format: 'csv',
      columns: ['code', 'name'],
      filters: { name: 'valeur-du-filtre' },
      recipients: ['admin@rapporteur.test', 'parti@ville.test'],
    },
    cookie,
  )
  expect(asked.status).toBe(202)
  const { number, workflow_id: workflowId } = (await asked.json()) as { number: number; workflow_id: string }
  await world.rowBecomes(number, ({ delivery }) => delivery === 'partial', 60_000)

  const trace = await traceWith('POST /v1/reports')
  const names = trace.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['StartWorkflow:report', ...layers]))
  expect(new Set(trace.map(({ service }) => service))).toEqual(
    new Set(['rapporteur-api', 'rapporteur-worker']),
  )
  // The refused mail, by its error's name alone.
  expect(trace.filter(({ name, status }) => name === 'smtp send' && status === 2)).toHaveLength(1)

  const raw = receiver.raw()
  const { owner, environment } = world
  for (const secret of [
    'ville.test',
    'rapporteur.test',
    'valeur-du-filtre',
    'not known here',
    owner.name,
    environment.S3_SECRET_ACCESS_KEY ?? 'no key',
    newKey,
    'SELECT ',
  ])
    expect(raw.includes(secret), secret).toBe(false)

  // Its history is whole for workers with traces and without, and what it holds is sealed but for the trace.
  const history = await world.temporal.workflow.getHandle(workflowId).fetchHistory()
  expect(JSON.stringify(history)).not.toContain('valeur-du-filtre')
  const settings = {
    dataConverter: dataConverterFor(world.environment),
    sinks: { exporter: { export: { fn: () => {} } } },
  }
  for (const OTEL_EXPORTER_OTLP_ENDPOINT of [undefined, receiver.url])
    await Worker.runReplayHistory(
      {
        ...settings,
        workflowBundle: await workflowBundle({ ...world.environment, OTEL_EXPORTER_OTLP_ENDPOINT }),
      },
      history,
    )
}, 120_000)

it('a run of a Schedule is a trace of its own', async () => {
  const { id } = await world.define()
  await world.engine.applySchedule(id)
  await world.temporal.schedule.getHandle(scheduleIdFor(id)).trigger()
  const names = (await traceWith('RunWorkflow:report')).map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(layers))
}, 120_000)

function post(path: string, body: object, cookie = ''): Promise<Response> {
  return fetch(`${api.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify(body),
  })
}
