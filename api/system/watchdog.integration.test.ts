/** What the API finds by itself, with no worker alive, and whom it tells. */

import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { json } from 'node:stream/consumers'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { lateSweep, signOfLife } from '#services/maintenance/late-sweep.ts'
import { createInstallationMailer } from '#services/notices/installation-mailer.ts'
import { eventually } from '#test/eventually.ts'
import { startApiProcess } from '#test/processes/api-process.ts'
import { startMailServer, type MailServer } from '#test/servers/mail-server.ts'
import { createTestApi, type TestApi } from '#test/worlds/test-api.ts'
import { InstallationWatch } from './installation-watch.ts'

const admin = 'admin@rapporteur.test'
const secret = 'whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cw=='
const variables = { PUBLIC_URL: 'https://rapports.ville.test', WATCHDOG_WEBHOOK_SECRET: secret }

interface Call {
  headers: IncomingHttpHeaders
  body: { type: string; timestamp: string; data: Record<string, unknown>; text: string }
}

let api: TestApi
let mail: MailServer
/** Mails of earlier tests. */
let before = 0
const calls: Call[] = []
let webhookStatus = 200
const webhook = createServer((request, response) => {
  void json(request).then((body) => {
    calls.push({ headers: request.headers, body: body as Call['body'] })
    response.writeHead(webhookStatus).end()
  })
})

beforeAll(async () => {
  webhook.listen(0, '127.0.0.1')
  await once(webhook, 'listening')
  mail = await startMailServer()
  const { port } = webhook.address() as AddressInfo
  const WATCHDOG_WEBHOOK_URL = `http://127.0.0.1:${port}/hook`
  api = await createTestApi({ variables: { ...variables, SMTP_URL: mail.url, WATCHDOG_WEBHOOK_URL } })
  await api.prisma.user.update({ where: { email: admin }, data: { locale: 'en' } })
  // The row is as old as the template of the test databases.
  await sweptMinutesAgo(0)
})
afterAll(async () => {
  webhook.close()
  await api?.close()
  await mail?.close()
})
beforeEach(() => {
  calls.length = 0
  before = mail.mails.length
  webhookStatus = 200
})

/** A process of the API that has watched for longer than sweeps may be away. */
function watch(): InstallationWatch {
  const { environment, prisma } = api
  const mailer = createInstallationMailer(environment, prisma)
  return new InstallationWatch({ ...api.deps, mailer }, performance.now() - 10 * 60_000)
}
const sweptMinutesAgo = (minutes: number) =>
  api.prisma
    .$executeRaw`UPDATE installation SET swept_at = clock_timestamp() - make_interval(mins => ${minutes}::int)`
const subjects = () => mail.mails.slice(before).map(({ parsed }) => parsed.subject)
const readiness = async () => {
  const { status, body } = await api.anonymous.get('/readyz')
  return {
    code: status,
    ...(body as { warnings: string[]; dependencies: Record<string, { status: string }> }),
  }
}

it('finds that no worker works and that the mail server is away: ready with warnings, and on the dashboard', async () => {
  const own = watch()
  await own.look()
  // A restart of a worker is no news.
  expect((await readiness()).warnings).toEqual([])
  const away = 'smtp://127.0.0.1:1'
  const mailer = createInstallationMailer({ ...api.environment, SMTP_URL: away }, api.prisma)
  const without = new InstallationWatch({ ...api.deps, mailer }, performance.now() - 10 * 60_000)
  await own.look()
  await without.look()
  await without.look()
  expect(await readiness()).toMatchObject({
    code: 200,
    status: 'ok',
    warnings: ['workers', 'mail_connection'],
  })
  const { body } = await (await api.signIn('admin')).get('/v1/admin/dashboard')
  expect(body).toMatchObject({
    installation: [
      { part: 'workers', detail: 'No worker has asked Temporal for work in the last two minutes' },
      { part: 'mail_connection', detail: expect.stringContaining('127.0.0.1:1: ') },
    ],
  })
  // What nobody sees any more is over, as when the process that saw it has ended.
  await api.prisma
    .$executeRaw`UPDATE installation_fault SET last_seen_at = clock_timestamp() - interval '121 seconds'`
  expect((await readiness()).warnings).toEqual([])
})

it('is not ready on a database that lacks a migration', async () => {
  const name = '20261129064307_late_sweeps'
  const { count } = await countRemoved(name)
  expect(count).toBe(1)
  expect(await readiness()).toMatchObject({
    code: 503,
    status: 'down',
    dependencies: { database: { status: 'ok' }, migrations: { status: 'down' }, temporal: { status: 'ok' } },
  })
  await api.prisma.$executeRaw`
    UPDATE _prisma_migrations SET finished_at = started_at WHERE migration_name = ${name}`
  expect(await readiness()).toMatchObject({ code: 200, dependencies: { migrations: { status: 'ok' } } })
})

async function countRemoved(name: string): Promise<{ count: number }> {
  const count = await api.prisma.$executeRaw`
    UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = ${name}`
  return { count }
}

it('tells of stopped sweeps once, whatever the number of processes, and once that they go on', async () => {
  const watches = [watch(), watch(), watch()]
  const look = () => Promise.all(watches.map((one) => one.look()))
  await sweptMinutesAgo(4)
  await look()
  expect(subjects()).toEqual([])
  await sweptMinutesAgo(6)
  await look()
  await look()
  expect(subjects()).toEqual(['Rapporteur has stopped working'])
  const late = mail.mailsFor(admin).at(-1)
  expect(late?.parsed.text).toContain('No worker takes any work')
  expect(late?.parsed.text).toContain('https://rapports.ville.test/tableau-de-bord')
  expect((await readiness()).warnings).toContain('sweep')

  expect(calls).toHaveLength(1)
  const [{ headers, body } = { headers: {} as IncomingHttpHeaders, body: undefined }] = calls
  expect(body).toMatchObject({
    type: 'sweep.late',
    data: {
      installation: 'https://rapports.ville.test',
      last_sweep_at: expect.stringMatching(/Z$/),
      faults: [{ part: 'workers', detail: expect.any(String) }],
    },
    text: expect.stringContaining('Rapporteur has stopped working'),
  })
  const signed = `${headers['webhook-id'] as string}.${headers['webhook-timestamp'] as string}.${JSON.stringify(body)}`
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`)

  await sweptMinutesAgo(0)
  await look()
  await look()
  expect(subjects().slice(1)).toEqual(['Rapporteur works again'])
  expect(calls.map((call) => call.body.type)).toEqual(['sweep.late', 'sweep.again'])
  expect((await readiness()).warnings).not.toContain('sweep')
})

it('tells again, after two minutes, what reached nobody', async () => {
  const own = watch()
  webhookStatus = 500
  mail.inject({ at: 'recipient', does: 'reply', code: 451, text: '4.3.0 later', times: 1 })
  await sweptMinutesAgo(6)
  await own.look()
  await own.look()
  expect(calls).toHaveLength(1)
  expect(subjects()).toEqual([])
  await api.prisma.$executeRaw`
    UPDATE installation SET late_sweep_claimed_at = clock_timestamp() - interval '3 minutes'`
  await own.look()
  expect(subjects()).toEqual(['Rapporteur has stopped working'])
  await sweptMinutesAgo(0)
  webhookStatus = 200
  await own.look()
  expect(subjects()).toHaveLength(2)
})

it('says nothing of sweeps that stopped while nobody watched', async () => {
  await sweptMinutesAgo(600)
  const { environment, prisma } = api
  const mailer = createInstallationMailer(environment, prisma)
  await api.prisma.installationFault.deleteMany()
  const young = new InstallationWatch({ ...api.deps, mailer })
  await young.look()
  await young.look()
  expect(subjects()).toEqual([])
  expect((await readiness()).warnings).toEqual(['workers'])
})

it('takes a long sweep for one', async () => {
  await sweptMinutesAgo(6)
  const isAlive = signOfLife(api.prisma, 0)
  isAlive()
  await eventually(
    () => lateSweep(api.prisma, 5),
    (late) => late === null,
  )
})

it('is done by a process of the API, without a worker', async () => {
  await sweptMinutesAgo(600)
  const { DATABASE_URL, SOURCE_DATABASE_URL, TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE } = api.environment
  const { S3_ENDPOINT = '', S3_BUCKET, S3_ACCESS_KEY_ID = '', S3_SECRET_ACCESS_KEY = '' } = api.environment
  const started = await startApiProcess({
    DATABASE_URL,
    SOURCE_DATABASE_URL,
    TEMPORAL_ADDRESS,
    TEMPORAL_NAMESPACE,
    S3_ENDPOINT,
    S3_BUCKET,
    S3_ACCESS_KEY_ID,
    S3_SECRET_ACCESS_KEY,
    NODE_ENV: 'test',
    SMTP_URL: mail.url,
    WATCHDOG_AFTER_MINUTES: '0.1',
  })
  try {
    await eventually(
      async () => subjects(),
      (all) => all.length === 1,
    )
    const warnings = async () => {
      const answer = await fetch(`${started.url}/readyz`)
      return ((await answer.json()) as { warnings: string[] }).warnings
    }
    expect(await eventually(warnings, (found) => found.includes('workers'))).not.toContain('mail_connection')
  } finally {
    await started.kill()
  }
})
