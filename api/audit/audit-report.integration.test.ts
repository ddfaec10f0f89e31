/** The audit trail as a report type, by the API: who may use it, what it shows, and what it costs the database. */

import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createStorage } from '#adapters/storage/storage.ts'
import { installedCatalogue } from '#catalogue/load-catalogue.ts'
import type { KeyScope } from '#domain/schemas/api-key-schema.ts'
import type { ScheduledReportJson } from '#domain/schemas/scheduled-report-schema.ts'
import { scheduledReportRow } from '#test/worlds/scheduled-report-row.ts'
import { createTestApi, type Caller, type TestApi } from '#test/worlds/test-api.ts'

const type = '/v1/report-types/audit'
const definitions = '/v1/admin/scheduled-reports'
const whole = {
  name: 'Journal de la veille',
  type: 'audit',
  frequency: 'daily',
  recipients: ['securite@rapporteur.test'],
  format: 'csv',
  filters_json: { period: { relative: 'yesterday' } },
}

let api: TestApi
let admin: Caller
let leo: Caller
beforeAll(async () => {
  api = await createTestApi()
  leo = await api.signIn('leo')
})
beforeEach(async () => {
  admin = await api.signIn('admin')
})
afterAll(async () => await api.close())

async function idOf(name: string): Promise<string> {
  return (await api.prisma.user.findUniqueOrThrow({ where: { email: `${name}@rapporteur.test` } })).id
}

async function withKey(scopes: readonly KeyScope[]): Promise<Caller> {
  const { key } = (await admin.post('/v1/me/api-keys', { name: 'Entrepôt', scopes })).body as { key: string }
  const headers = { 'x-api-key': key }
  return {
    ...api.anonymous,
    get: (path) => api.anonymous.get(path, headers),
    post: (path, body) => api.anonymous.post(path, body, headers),
    put: (path, body) => api.anonymous.put(path, body, headers),
  }
}

/** A report of the trail whose file is there. */
async function storedReport(ownerId: string): Promise<number> {
  const objectKey = 'reports/1.csv'
  const file = Buffer.from('Date\r\n')
  const storage = createStorage(api.environment)
  await storage.upload(objectKey, Readable.from([file]), { contentType: 'text/csv' })
  storage.close()
  const { number } = await api.prisma.report.create({
    data: {
      origin: 'request',
      ownerId,
      title: 'Journal d’audit',
      type: 'audit',
      format: 'csv',
      columns: ['at'],
      filters: {},
      workflowId: randomUUID(),
      recipients: [],
      locale: 'fr',
      timeZone: 'Europe/Paris',
      status: 'completed',
      objectKey,
      fileName: 'journal.csv',
      sizeBytes: file.length,
      rowCount: 0,
      fileAvailableAt: new Date(),
    },
  })
  return number
}

describe('an administrator', () => {
  it('reads the trail as data, in their language, with what the filters find', async () => {
    const listed = (await admin.get('/v1/report-types')).body as { items: { key: string; title: string }[] }
    expect(listed.items.at(-1)).toMatchObject({ key: 'audit', title: 'Journal d’audit' })
    const adminId = await idOf('admin')
    const filters = encodeURIComponent(JSON.stringify({ kind: ['signed_in'], actor: [adminId] }))
    const page = (await admin.get(`${type}/rows?page_size=1&columns=kind,actor,actor_id&filters=${filters}`))
      .body
    expect(page).toMatchObject({
      items: [
        { kind: 'Connexion', actor: expect.stringContaining('admin@rapporteur.test'), actor_id: adminId },
      ],
    })
    const { total } = page as { total: number }
    expect((await admin.get(`${type}/totals?filters=${filters}`)).body).toEqual({ total, columns: {} })
    expect(total).toBe(await api.prisma.auditEvent.count({ where: { kind: 'signed_in', actorId: adminId } }))
    const options = (await admin.get(`${type}/filters/actor/options?q=bernard`)).body
    expect(options).toMatchObject({ items: [{ value: await idOf('leo') }] })

    await admin.request('PATCH', '/v1/me', { locale: 'en' })
    const english = await admin.get(`${type}/rows?page_size=1&columns=kind&filters=${filters}&sort=kind`)
    expect(english.body).toMatchObject({ items: [{ kind: 'Signed in' }] })
    await admin.request('PATCH', '/v1/me', { locale: 'fr' })
  })

  it('asks for it, schedules it and tries it like any other report', async () => {
    expect((await admin.post('/v1/reports', { type: 'audit', format: 'excel' })).status).toBe(202)
    const made = await admin.post(definitions, whole)
    expect(made).toMatchObject({
      status: 201,
      body: { type: 'audit', columns: expect.arrayContaining(['at']) },
    })
    const { id } = made.body as ScheduledReportJson
    expect((await admin.post(`${definitions}/${id}/test`)).status).toBe(202)
    expect((await admin.post(`${definitions}/${id}/run`)).status).toBe(202)
  })

  it('has it whether the demo’s types are there or not', async () => {
    for (const DEMO_REPORT_TYPES of [true, false]) {
      const catalogue = await installedCatalogue({ DEMO_REPORT_TYPES })
      expect(catalogue.get('audit')?.reads).toBe('product')
      expect(catalogue.get('schools') !== undefined).toBe(DEMO_REPORT_TYPES)
    }
  })
})

describe('a user', () => {
  it('is refused everywhere: to them it does not exist', async () => {
    const listed = (await leo.get('/v1/report-types')).body as { items: { key: string }[] }
    expect(listed.items.map(({ key }) => key)).not.toContain('audit')
    for (const path of ['', '/rows', '/totals', '/filters/actor/options', '/filters/kind/options']) {
      expect(await leo.get(`${type}${path}`), path).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      })
    }
    const unknown = await leo.post('/v1/reports', { type: 'no_such_type', format: 'csv' })
    const asked = await leo.post('/v1/reports', { type: 'audit', format: 'csv' })
    expect(asked.status).toBe(422)
    expect(JSON.stringify(asked.body).replaceAll('audit', 'no_such_type')).toEqual(
      JSON.stringify(unknown.body).replace(
        /"request_id":"[^"]*"/,
        /"request_id":"[^"]*"/.exec(JSON.stringify(asked.body))?.[0] ?? '',
      ),
    )
    expect((await leo.post(definitions, whole)).status).toBe(403)
    expect((await leo.get('/v1/admin/audit')).status).toBe(403)
    expect(
      (await leo.post(`/v1/reports/${await storedReport(await idOf('admin'))}/download-url`)).status,
    ).toBe(404)
  })

  it('who was an administrator keeps neither schedule nor file', async () => {
    const [adminId, leoId] = [await idOf('admin'), await idOf('leo')]
    const become = async (role: string) =>
      expect((await admin.request('PATCH', `/v1/admin/users/${leoId}`, { role })).status).toBe(200)
    await become('admin')
    const { id } = (await leo.post(definitions, whole)).body as ScheduledReportJson
    const number = await storedReport(leoId)
    const claims = { purpose: 'download', number, recipient: 'x@rapporteur.test', expiresAt: null } as const
    const link = `/l/${await api.deps.links.sign(claims)}`
    expect((await api.anonymous.get(link)).status).toBe(302)
    expect((await leo.post(`/v1/reports/${number}/download-url`)).status).toBe(200)

    await become('user')
    const definition = await api.prisma.scheduledReport.findUniqueOrThrow({ where: { id } })
    expect(definition).toMatchObject({ enabled: false, pauseReason: { kind: 'owner_demoted' } })
    for (const action of ['run', 'resume']) {
      const answer = await admin.post(`${definitions}/${id}/${action}`)
      expect(answer.body, action).toMatchObject({ code: 'owner_inactive' })
    }
    expect(await leo.post(`/v1/reports/${number}/download-url`)).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    })
    // A relaunch would mail the file that is there.
    await api.prisma.report.update({ where: { number }, data: { status: 'failed' } })
    expect(await leo.post(`/v1/reports/${number}/relaunch`)).toMatchObject({ status: 403 })
    const ended = await api.anonymous.get(link)
    expect(ended.status).toBe(410)
    expect(ended.body).toContain('n’a plus accès à ces données')
    expect((await leo.get(`${type}/rows`)).status).toBe(404)
    // It goes to somebody who may have it, and to nobody else.
    const give = (userId: string) => admin.post(`${definitions}/${id}/owner`, { user_id: userId })
    expect(await give(leoId)).toMatchObject({ status: 422 })
    expect(await give(adminId)).toMatchObject({ status: 200 })
  })
})

describe('an API key', () => {
  it('needs the scope of the trail itself, beside that of reports', async () => {
    const adminId = await idOf('admin')
    const number = await storedReport(adminId)
    const { id } = await api.prisma.scheduledReport.create({
      data: scheduledReportRow(adminId, { type: 'audit', columns: ['at'] }),
    })
    const narrow = await withKey(['reports:read', 'reports:write', 'scheduled-reports:write'])
    expect(JSON.stringify((await narrow.get('/v1/report-types')).body)).not.toContain('"audit"')
    for (const path of ['', '/rows', '/totals', '/filters/actor/options']) {
      expect((await narrow.get(`${type}${path}`)).status, path).toBe(404)
    }
    const refused = { status: 422, body: { errors: [{ path: 'type' }] } }
    expect(await narrow.post('/v1/reports', { type: 'audit', format: 'csv' })).toMatchObject(refused)
    expect(await narrow.post(definitions, whole)).toMatchObject(refused)
    expect(await narrow.put(`${definitions}/${id}`, whole)).toMatchObject(refused)
    expect(await narrow.post(`${definitions}/${id}/run`)).toMatchObject(refused)
    expect(await narrow.post(`${definitions}/${id}/test`)).toMatchObject(refused)
    expect(await narrow.post(`/v1/reports/${number}/download-url`)).toMatchObject({
      status: 403,
      body: { code: 'scope_missing' },
    })

    const wide = await withKey(['reports:read', 'reports:write', 'scheduled-reports:write', 'people:write'])
    expect((await wide.get(`${type}/rows`)).status).toBe(200)
    expect((await wide.post('/v1/reports', { type: 'audit', format: 'csv' })).status).toBe(202)
    expect((await wide.put(`${definitions}/${id}`, whole)).status).toBe(200)
    expect((await wide.post(`/v1/reports/${number}/download-url`)).status).toBe(200)
  })
})

describe('the product’s database', () => {
  it('is read by two queries of one person at a time, which end with their request', async () => {
    const { rows: original } = api.deps.productSource
    let running = 0
    let most = 0
    const signals: (AbortSignal | undefined)[] = []
    const release = Promise.withResolvers<void>()
    api.deps.productSource.rows = async (query, options) => {
      most = Math.max(most, ++running)
      signals.push(options?.signal)
      await release.promise
      running--
      return original(query, options)
    }
    try {
      const one = new AbortController()
      const options = (signal?: AbortSignal) =>
        api.app.request(`${type}/filters/actor/options`, { headers: admin.identity, signal })
      const first = options(one.signal)
      await expect.poll(() => running).toBe(1)
      const others = [options(), options(), options(), options()]
      await expect.poll(() => running).toBe(2)
      one.abort()
      await expect.poll(() => signals[0]?.aborted).toBe(true)
      release.resolve()
      await Promise.allSettled([first, ...others])
      expect(most).toBe(2)
    } finally {
      api.deps.productSource.rows = original
    }
  })

  it('is read in a transaction that cannot write', async () => {
    await expect(
      api.deps.productSource.rows({ strings: [`DELETE FROM "user" RETURNING id`], values: [] }),
    ).rejects.toMatchObject({ kind: 'rejected', sqlState: '25006' })
  })
})
