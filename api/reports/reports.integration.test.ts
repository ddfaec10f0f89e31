import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createStorage } from '#adapters/storage/storage.ts'
import type { ReportJson } from '#domain/schemas/report-schema.ts'
import type { Prisma, Report } from '#prisma/client/client.ts'
import { createTestApi, type Answer, type Caller, type TestApi } from '#test/worlds/test-api.ts'

let api: TestApi
let awa: Caller
let leo: Caller
let admin: Caller
beforeAll(async () => {
  api = await createTestApi({ variables: { RECIPIENT_DOMAINS: 'exemple.fr' } })
  awa = await api.signIn('awa')
  leo = await api.signIn('leo')
  admin = await api.signIn('admin')
})
afterAll(async () => await api.close())
beforeEach(async () => {
  await api.prisma.report.deleteMany()
  await api.engine.giveBack()
  api.engine.progress.clear()
  for (const calls of [api.engine.started, api.engine.relaunched, api.engine.cancelled]) calls.length = 0
})

async function asked(change: object = {}, by = awa): Promise<ReportJson> {
  const answer = await by.post('/v1/reports', { type: 'pupils', format: 'csv', ...change })
  expect(answer.status, JSON.stringify(answer.body)).toBe(202)
  return answer.body as ReportJson
}

function row(number: number): Promise<Report> {
  return api.prisma.report.findUniqueOrThrow({ where: { number } })
}
const change = (number: number, data: Prisma.ReportUncheckedUpdateInput) =>
  api.prisma.report.update({ where: { number }, data })

function page(answer: Answer) {
  expect(answer.status).toBe(200)
  return answer.body as { items: ReportJson[]; total: number; page: number; page_size: number }
}

describe('asking for a report', () => {
  it('gives it a number, starts it, and sends it to its owner', async () => {
    const answer = await awa.post('/v1/reports', {
      type: 'pupils',
      format: 'excel',
      filters: { period: { relative: 'this_month' } },
    })
    const report = answer.body as ReportJson
    expect(answer.headers.get('location')).toBe(`/v1/reports/${report.number}`)
    expect(report).toMatchObject({
      status: 'queued',
      type: 'pupils',
      title: 'Élèves',
      delivery: 'none',
      progress: null,
    })
    expect(api.engine.started).toEqual([report.number])
    expect(await row(report.number)).toMatchObject({
      origin: 'request',
      // The person's own address, whatever domains are allowed.
      recipients: ['awa@rapporteur.test'],
      filters: { period: { relative: 'this_month' } },
      locale: 'fr',
      timeZone: 'Europe/Paris',
      workflowId: `report:${report.number}`,
    })
  })

  it('stores the columns in the order asked, and the rest of the request', async () => {
    const { number, column_count } = await asked({
      columns: ['last_name', 'first_name'],
      recipients: ['a@exemple.fr', 'A@exemple.fr'],
      locale: 'en',
      time_zone: 'Africa/Kinshasa',
      message: 'Voici.',
    })
    expect(column_count).toBe(2)
    expect(await row(number)).toMatchObject({
      columns: ['last_name', 'first_name'],
      recipients: ['a@exemple.fr'],
      title: 'Pupils',
      timeZone: 'Africa/Kinshasa',
      message: 'Voici.',
    })
  })

  it('stores how its CSV file is written, and refuses what is no such option by its name', async () => {
    const csv = { preset: 'rfc4180', separator: 'tab', gzip: true }
    const { number, csv: answered } = await asked({ csv })
    expect(answered).toEqual(csv)
    expect(await row(number)).toMatchObject({ csv })
    // Of an Excel file it says nothing.
    expect((await asked({ csv, format: 'excel' })).csv).toBeNull()
    const wrong = { separator: '\t', quoting: 'never', bom: 'yes', quote: "'" }
    const answer = await awa.post('/v1/reports', { type: 'pupils', format: 'csv', csv: wrong })
    const { errors } = answer.body as { errors: { path: string; message: string }[] }
    expect(answer.status).toBe(422)
    expect(errors.map(({ path }) => path)).toEqual(['csv.separator', 'csv.quoting', 'csv.bom', 'csv.quote'])
    expect(errors[1]?.message).toBe('Doit être l’un de : needed, always.')
  })

  it('for another address outside the allowed domains returns 422', async () => {
    const answer = await awa.post('/v1/reports', {
      type: 'pupils',
      format: 'csv',
      recipients: ['a@ailleurs.fr'],
    })
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'recipients.0' }] } })
  })

  it('of a type without access returns 422, as an unknown type does', async () => {
    const types = (await awa.get('/v1/report-types')).body as { items: { key: string }[] }
    const refused = api.deps.catalogue.all().find(({ key }) => !types.items.some((type) => type.key === key))
    if (!refused) return expect(types.items).toHaveLength(api.deps.catalogue.all().length)
    const answer = await awa.post('/v1/reports', { type: refused.key, format: 'csv' })
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'type' }] } })
  })

  it('five at once with one Idempotency-Key make one report a person', async () => {
    const ask = () => awa.post('/v1/reports', { type: 'pupils', format: 'csv' }, { 'idempotency-key': 'one' })
    const answers = await Promise.all([ask(), ask(), ask(), ask(), ask()])
    expect(new Set(answers.map(({ body }) => (body as ReportJson).number)).size).toBe(1)
    // The same key sent by another person is another key.
    const other = await leo.post(
      '/v1/reports',
      { type: 'pupils', format: 'csv' },
      { 'idempotency-key': 'one' },
    )
    const taken = answers.map(({ body }) => (body as ReportJson).number)
    expect(taken).not.toContain((other.body as ReportJson).number)
  })
})

describe('my reports', () => {
  it('lists the caller’s own, newest first, fifteen a page', async () => {
    for (let count = 0; count < 17; count++) await asked()
    await asked({}, leo)
    const first = page(await awa.get('/v1/reports'))
    expect(first).toMatchObject({ total: 17, page: 1, page_size: 15 })
    expect(first.items).toHaveLength(15)
    const second = page(await awa.get('/v1/reports?page=2'))
    const numbers = [...first.items, ...second.items].map(({ number }) => number)
    expect(numbers).toEqual([...numbers].sort((left, right) => right - left))
    expect(new Set(numbers).size).toBe(17)
    expect(page(await leo.get('/v1/reports')).total).toBe(1)
  })

  it('are filtered by status and type; skipped ones only when asked for', async () => {
    const [pupils, schools, skipped] = [await asked(), await asked({ type: 'schools' }), await asked()]
    await api.prisma.report.update({ where: { number: schools.number }, data: { status: 'failed' } })
    const skip = { status: 'skipped', skipReason: 'missed' }
    await api.prisma.report.update({ where: { number: skipped.number }, data: skip })
    const numbers = async (query: string) =>
      page(await awa.get(`/v1/reports?${query}`)).items.map((one) => one.number)
    expect(await numbers('')).toEqual([schools.number, pupils.number])
    expect(await numbers('status=failed')).toEqual([schools.number])
    expect(await numbers('status=failed,queued')).toEqual([schools.number, pupils.number])
    expect(await numbers('status=skipped')).toEqual([skipped.number])
    expect(await numbers('type=pupils')).toEqual([pupils.number])
  })

  it('are those of another person, or of all, for administrators alone', async () => {
    const [hers, theirs] = [await asked(), await asked()]
    const { id: other } = (await admin.get('/v1/me')).body as { id: string }
    await change(theirs.number, { ownerId: other })
    const numbers = async (query: string) =>
      page(await admin.get(`/v1/reports?${query}`)).items.map((one) => one.number)
    expect(await numbers('')).toEqual([theirs.number])
    expect(await numbers('owner=all')).toEqual([theirs.number, hers.number])
    const { id } = (await awa.get('/v1/me')).body as { id: string }
    expect(await numbers(`owner=${id}`)).toEqual([hers.number])
    expect(page(await awa.get(`/v1/reports?owner=${id}`)).total).toBe(1)
    for (const owner of ['all', other]) {
      expect((await awa.get(`/v1/reports?owner=${owner}`)).status).toBe(403)
    }
  })

  it('are sorted as asked, newer first among equals', async () => {
    const [pupils, schools, guardians] = [
      await asked(),
      await asked({ type: 'schools' }),
      await asked({ type: 'guardians' }),
    ].map(({ number }) => number) as [number, number, number]
    await change(pupils, { status: 'failed', fileAvailableAt: new Date('2026-03-02T08:00:00Z') })
    await change(schools, { status: 'completed', fileAvailableAt: new Date('2026-03-01T08:00:00Z') })
    await change(guardians, { status: 'failed', requestedAt: new Date('2026-01-01T08:00:00Z') })
    const numbers = async (sort: string) =>
      page(await awa.get(`/v1/reports?sort=${sort}`)).items.map((one) => one.number)
    expect(await numbers('number')).toEqual([pupils, schools, guardians])
    expect(await numbers('-number')).toEqual([guardians, schools, pupils])
    expect(await numbers('status')).toEqual([schools, guardians, pupils])
    expect(await numbers('-status')).toEqual([guardians, pupils, schools])
    expect(await numbers('requested_at')).toEqual([guardians, pupils, schools])
    // Reports without a file come last.
    expect(await numbers('file_available_at')).toEqual([schools, pupils, guardians])
    expect(await numbers('-file_available_at')).toEqual([pupils, schools, guardians])
    // As French orders words: Écoles, Élèves, Responsables.
    expect(await numbers('title')).toEqual([schools, pupils, guardians])
    const another = (await asked({ type: 'schools' })).number
    expect(await numbers('title')).toEqual([another, schools, pupils, guardians])
    expect(await numbers('-title&page_size=2')).toEqual([guardians, pupils])
    expect(await numbers('-title&page_size=2&page=2')).toEqual([another, schools])
    expect(await numbers('title&page_size=3&status=failed,queued&page=1')).toEqual([
      another,
      pupils,
      guardians,
    ])
    expect(await awa.get('/v1/reports?sort=owner_id')).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'sort' }] },
    })
  })
})

describe('one report', () => {
  it('is read by its owner and administrators; others get 404', async () => {
    const { number } = await asked()
    expect((await awa.get(`/v1/reports/${number}`)).status).toBe(200)
    expect((await admin.get(`/v1/reports/${number}`)).status).toBe(200)
    for (const [method, path] of [
      ['GET', `/v1/reports/${number}`],
      ['GET', `/v1/reports/${number}/log`],
      ['POST', `/v1/reports/${number}/relaunch`],
      ['POST', `/v1/reports/${number}/cancel`],
      ['POST', `/v1/reports/${number}/download-url`],
    ] as const) {
      expect(await leo.request(method, path)).toMatchObject({ status: 404, body: { code: 'not_found' } })
    }
    expect(api.engine.relaunched).toEqual([])
    expect(api.engine.cancelled).toEqual([])
  })

  it('has the engine’s progress while it runs', async () => {
    const { number } = await asked()
    const progress = { phase: 'generate', attempt: 2, rows: 120_000, waiting: null } as const
    api.engine.progress.set(number, progress)
    expect((await awa.get(`/v1/reports/${number}`)).body).toMatchObject({ status: 'queued', progress: null })
    await api.prisma.report.update({ where: { number }, data: { status: 'running' } })
    expect((await awa.get(`/v1/reports/${number}`)).body).toMatchObject({ status: 'running', progress })
  })

  it('answers without progress within three seconds when the engine does not', async () => {
    const { number } = await asked()
    await api.prisma.report.update({ where: { number }, data: { status: 'running' } })
    const original = api.engine.progressOf.bind(api.engine)
    api.engine.progressOf = () => new Promise(() => {})
    const startedAt = performance.now()
    expect((await awa.get(`/v1/reports/${number}`)).body).toMatchObject({ status: 'running', progress: null })
    expect(performance.now() - startedAt).toBeLessThan(3_000)
    api.engine.progressOf = original
  })

  it('has a log with its outcome, and for administrators the link to Temporal Web', async () => {
    const { number } = await asked()
    const { workflowId } = await row(number)
    // No worker runs here: the run is terminated, and the row says how it ended.
    const run = api.engine.temporal.workflow.getHandle(workflowId)
    const { runId } = await run.describe()
    await run.terminate()
    await change(number, { status: 'completed', runIds: [runId] })
    const log = { number, status: 'completed', workflow_id: workflowId }
    const path = `/v1/reports/${number}/log`
    expect((await awa.get(path)).body).toMatchObject({ ...log, temporal_url: null })
    expect((await admin.get(path)).body).toMatchObject({
      ...log,
      temporal_url: expect.stringContaining(encodeURIComponent(`report:${number}`)) as string,
    })
  })

  it('has file_removed_at and no file_available_at after retention removed its file', async () => {
    const { number } = await asked()
    const [fileAvailableAt, fileRemovedAt] = [
      new Date('2026-01-01T08:00:00Z'),
      new Date('2026-02-01T08:00:00Z'),
    ]
    await api.prisma.report.update({ where: { number }, data: { fileAvailableAt, fileRemovedAt } })
    expect((await awa.get(`/v1/reports/${number}`)).body).toMatchObject({
      file_available_at: null,
      file_removed_at: fileRemovedAt.toISOString(),
    })
  })

  it('has its failure and how many failed in a row', async () => {
    const { number } = await asked()
    const failure = {
      phase: 'email',
      message: 'Aucun destinataire n’a pu être joint.',
      code: 'nobody_reached',
    }
    await api.prisma.report.update({
      where: { number },
      data: { status: 'failed', failure, failedInARow: 3 },
    })
    expect((await awa.get(`/v1/reports/${number}`)).body).toMatchObject({ failure, failed_in_a_row: 3 })
  })
})

describe.each(['relaunch', 'cancel'] as const)('%s', (action) => {
  it('is passed on to the engine', async () => {
    const { number } = await asked()
    if (action === 'relaunch') await change(number, { status: 'failed' })
    expect((await awa.post(`/v1/reports/${number}/${action}`)).status).toBe(202)
    expect(action === 'relaunch' ? api.engine.relaunched : api.engine.cancelled).toEqual([number])
  })

  it('returns 503 while Temporal is away', async () => {
    const { number } = await asked()
    if (action === 'relaunch') await change(number, { status: 'failed' })
    api.engine.takeAway()
    const answer = await awa.post(`/v1/reports/${number}/${action}`)
    expect(answer).toMatchObject({ status: 503, body: { code: 'engine_unavailable' } })
  })
})

it.each([
  ['relaunch', 'not_relaunchable', { status: 'completed', delivery: 'sent' }],
  ['relaunch', 'already_running', { status: 'running' }],
  ['cancel', 'not_cancellable', { status: 'completed' }],
] as const)('%s in a state that does not allow it returns 409 %s', async (action, code, state) => {
  const { number } = await asked()
  await change(number, state)
  expect(await awa.post(`/v1/reports/${number}/${action}`)).toMatchObject({ status: 409, body: { code } })
})

it('refuses an administrator the relaunch of a report whose owner was deactivated, and returns the quota', async () => {
  const { number } = await asked()
  await change(number, { status: 'failed' })
  const { ownerId } = await row(number)
  await api.prisma.user.update({ where: { id: ownerId }, data: { banned: true } })
  const answer = await admin.post(`/v1/reports/${number}/relaunch`)
  await api.prisma.user.update({ where: { id: ownerId }, data: { banned: false } })
  expect(answer).toMatchObject({ status: 409, body: { code: 'report_owner_inactive' } })
  expect(api.engine.relaunched).toEqual([])
  expect((await row(number)).status).toBe('failed')
  const quotas = await api.prisma.recipientQuota.findMany({ where: { recipients: { gt: 0 } } })
  expect(quotas.map(({ userId }) => userId)).not.toContain(
    (await api.prisma.user.findFirstOrThrow({ where: { email: 'admin@rapporteur.test' } })).id,
  )
})

describe('downloading', () => {
  const content = 'nom;ville\r\nÉlodie;Kananga\r\n'
  const generatedAt = new Date('2026-11-20T06:00:00Z')

  async function withFile(): Promise<number> {
    const { number } = await asked()
    const objectKey = `reports/2026/11/${number}/eleves.csv`
    const storage = createStorage(api.environment)
    await storage.upload(objectKey, Readable.from([Buffer.from(content)]), { contentType: 'text/csv' })
    storage.close()
    await api.prisma.report.update({
      where: { number },
      data: {
        status: 'completed',
        objectKey,
        fileName: 'élèves.csv',
        sizeBytes: Buffer.byteLength(content),
        rowCount: 1,
        fileAvailableAt: generatedAt,
      },
    })
    return number
  }

  it('gives a URL that is valid for five minutes without a session', async () => {
    const number = await withFile()
    const answer = await awa.post(`/v1/reports/${number}/download-url`)
    const body = answer.body as { url: string; expires_at: string }
    expect(answer).toMatchObject({
      status: 200,
      body: {
        size_bytes: Buffer.byteLength(content),
        generated_at: generatedAt.toISOString(),
        file_name: 'élèves.csv',
      },
    })
    const minutes = (new Date(body.expires_at).getTime() - Date.now()) / 60_000
    expect(minutes).toBeGreaterThan(4)
    expect(minutes).toBeLessThanOrEqual(5)
    const file = await fetch(body.url)
    expect(file.status).toBe(200)
    expect(await file.text()).toBe(content)
    expect(file.headers.get('content-disposition')).toContain('attachment')
    expect((await fetch(body.url.replace('eleves', 'autres'))).status).toBe(403)
  })

  it('works for a failed report whose file exists', async () => {
    const number = await withFile()
    await api.prisma.report.update({ where: { number }, data: { status: 'failed' } })
    expect((await awa.post(`/v1/reports/${number}/download-url`)).status).toBe(200)
  })

  it('returns 410 when the storage has lost the file, and 503 when it is away', async () => {
    const number = await withFile()
    const { storage } = api.deps
    const emptied = createStorage(api.environment)
    await emptied.remove([`reports/2026/11/${number}/eleves.csv`])
    emptied.close()
    const lost = await awa.post(`/v1/reports/${number}/download-url`)
    expect(lost).toMatchObject({ status: 410, body: { code: 'file_missing' } })
    const unreachable = createStorage({ ...api.environment, S3_ENDPOINT: 'http://127.0.0.1:1' })
    api.deps.storage = unreachable
    const away = await awa.post(`/v1/reports/${number}/download-url`)
    api.deps.storage = storage
    unreachable.close()
    expect(away).toMatchObject({ status: 503, body: { code: 'storage_unavailable' } })
  })

  it('returns 409 before there is a file, and 410 after it was removed', async () => {
    const { number: early } = await asked()
    const answer = await awa.post(`/v1/reports/${early}/download-url`)
    expect(answer).toMatchObject({ status: 409, body: { code: 'file_not_ready' } })
    const number = await withFile()
    await api.prisma.report.update({ where: { number }, data: { fileRemovedAt: new Date() } })
    const late = await awa.post(`/v1/reports/${number}/download-url`)
    expect(late).toMatchObject({ status: 410, body: { code: 'file_removed' } })
    expect((await awa.get(`/v1/reports/${number}`)).body).toMatchObject({
      file_available_at: null,
      row_count: 1,
    })
  })
})
