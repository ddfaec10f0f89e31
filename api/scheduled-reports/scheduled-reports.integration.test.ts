import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { BackfillPreview, ScheduledReportJson } from '#domain/schemas/scheduled-report-schema.ts'
import type { ReportJson } from '#domain/schemas/report-schema.ts'
import type { Prisma } from '#prisma/client/client.ts'
import { reportRow } from '#test/worlds/report-row.ts'
import { createTestApi, type Answer, type Caller, type TestApi } from '#test/worlds/test-api.ts'

const base = '/v1/admin/scheduled-reports'
const whole = {
  name: 'Tickets du jour',
  type: 'reception_ticket',
  frequency: 'daily',
  recipients: ['quai@exemple.fr'],
  format: 'excel',
}
const monday = new Date('2026-11-23T10:00:00Z')

let api: TestApi
let admin: Caller
let awa: Caller
beforeAll(async () => {
  api = await createTestApi({
    variables: { ORGANISATION_DOMAINS: 'exemple.fr', RECIPIENTS_PER_HOUR: '100000' },
  })
  admin = await api.signIn('admin')
  awa = await api.signIn('awa')
})
afterAll(async () => await api.close())
beforeEach(async () => {
  await api.prisma.report.deleteMany()
  await api.prisma.scheduledReport.deleteMany()
  await api.engine.giveBack()
  for (const calls of [api.engine.applied, api.engine.removed, api.engine.started]) calls.length = 0
})

async function created(change: object = {}): Promise<ScheduledReportJson> {
  const answer = await admin.post(base, { ...whole, ...change })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return answer.body as ScheduledReportJson
}

/** A report of a definition, as its workflow leaves it on the row. */
async function reported(
  scheduledReportId: string,
  change: Partial<Prisma.ReportUncheckedCreateInput>,
): Promise<void> {
  const owner = await api.prisma.user.findUniqueOrThrow({ where: { email: 'admin@rapporteur.test' } })
  await api.prisma.report.create({
    data: reportRow(owner.id, {
      scheduledReportId,
      type: 'reception_ticket',
      columns: ['number'],
      ...change,
    }),
  })
}

function page(answer: Answer) {
  expect(answer.status).toBe(200)
  return answer.body as { items: ScheduledReportJson[]; total: number; page: number; page_size: number }
}

describe('creating', () => {
  it('fills in the defaults and answers with Location and ETag', async () => {
    const answer = await admin.post(base, whole)
    const body = answer.body as ScheduledReportJson
    expect(answer.status).toBe(201)
    expect(answer.headers.get('location')).toBe(`${base}/${body.id}`)
    expect(answer.headers.get('etag')).toBe('"1"')
    const owner = await api.prisma.user.findUniqueOrThrow({ where: { email: 'admin@rapporteur.test' } })
    expect(body).toMatchObject({
      user_id: owner.id,
      user_name: owner.name,
      name: 'Tickets du jour',
      type: 'reception_ticket',
      type_title: 'Tickets de réception',
      type_gone: false,
      frequency: 'daily',
      time: '08:00',
      weekdays: [1],
      month_day: 1,
      cron_expression: null,
      time_zone: 'Europe/Paris',
      filters_json: {},
      locale: 'fr',
      enabled: true,
      missed_runs: 'latest',
      only_if_rows: false,
      subject: null,
      message: null,
      last_run: null,
      last_status: null,
      sync: 'applied',
      csv: null,
    })
    const definition = api.deps.catalogue.get('reception_ticket')
    expect(body.columns).toEqual(definition?.columns.filter((column) => column.default).map(({ key }) => key))
    expect(api.engine.applied).toEqual([body.id])
    expect(new Date(body.next_run ?? 0).getTime()).toBeGreaterThan(Date.now())
  })

  it('stores what was sent, with addresses trimmed and without repetitions', async () => {
    const asked = {
      frequency: 'monthly',
      time: '09:05',
      month_day: 'last',
      time_zone: 'europe/london',
      recipients: [' Quai@exemple.fr ', 'quai@EXEMPLE.fr', 'bureau@exemple.fr'],
      format: 'csv',
      columns: ['number', 'weight_kg'],
      filters_json: { period: { relative: 'previous_month' } },
      locale: 'en',
      enabled: false,
      missed_runs: 'all',
      only_if_rows: true,
      subject: ' Réceptions ',
      message: 'Bonjour,\nvoici.',
      csv: { preset: 'excel_fr', date_form: 'dd/mm/yyyy' },
    }
    expect(await created(asked)).toMatchObject({
      ...asked,
      time_zone: 'Europe/London',
      recipients: ['Quai@exemple.fr', 'bureau@exemple.fr'],
      subject: 'Réceptions',
      next_run: null,
    })
  })

  it.each([
    ['LAST', 'last'],
    [' last ', 'last'],
    [' 15 ', 15],
  ])('accepts the month day %j and stores its canonical form', async (month_day, kept) => {
    const { id } = await created({ frequency: 'monthly', month_day })
    expect((await admin.get(`${base}/${id}`)).body).toMatchObject({ month_day: kept })
    const row = await api.prisma.scheduledReport.findUniqueOrThrow({ where: { id } })
    expect(row.monthDay).toBe(String(kept))
  })

  it('accepts a body as the API answered it, and ignores the fields that the API decides', async () => {
    const { id, ...rest } = await created()
    const again = await admin.post(base, {
      id,
      ...rest,
      name: 'Copie',
      user_id: 'someone',
      last_run: 'nonsense',
    })
    expect(again.status).toBe(201)
    expect(again.body).toMatchObject({ name: 'Copie', user_id: rest.user_id, last_run: null })
    expect((again.body as ScheduledReportJson).id).not.toBe(id)
  })

  it('while Temporal is away stores it, pending until it is applied', async () => {
    api.engine.takeAway()
    const report = await created()
    expect(report.sync).toBe('pending')
    await api.engine.giveBack()
    await api.engine.applySchedule(report.id)
    expect((await admin.get(`${base}/${report.id}`)).body).toMatchObject({ sync: 'applied' })
  })
})

describe('an Idempotency-Key', () => {
  const key = { 'idempotency-key': 'b5c1a1c2' }
  beforeEach(async () => void (await api.prisma.idempotentRequest.deleteMany()))

  it('a repeated request gets the same answer and creates nothing', async () => {
    const first = await admin.post(base, whole, key)
    const second = await admin.post(base, Object.fromEntries(Object.entries(whole).reverse()), key)
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('location')).toBe(first.headers.get('location'))
    expect(await api.prisma.scheduledReport.count()).toBe(1)
  })

  it('ten requests at once make one definition', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => admin.post(base, whole, key)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    expect(new Set(answers.map(({ body }) => (body as ScheduledReportJson).id)).size).toBe(1)
    expect(await api.prisma.scheduledReport.count()).toBe(1)
  })

  it('returns 422 for a different request with it', async () => {
    await admin.post(base, whole, key)
    const other = await admin.post(base, { ...whole, name: 'Autre' }, key)
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
    expect(await api.prisma.scheduledReport.count()).toBe(1)
  })

  it('is not used up by a refused request', async () => {
    expect((await admin.post(base, { ...whole, recipients: [] }, key)).status).toBe(422)
    expect((await admin.post(base, whole, key)).status).toBe(201)
  })

  it('after a crash before the answer, the repeated request answers for the same report', async () => {
    const { id } = await created()
    const row = await api.prisma.idempotentRequest.findMany()
    expect(row).toEqual([])
    const first = await admin.post(base, whole, key)
    await api.prisma.idempotentRequest.updateMany({
      data: { status: 0, body: { id: (first.body as ScheduledReportJson).id } },
    })
    const second = await admin.post(base, whole, key)
    expect((second.body as ScheduledReportJson).id).toBe((first.body as ScheduledReportJson).id)
    expect((second.body as ScheduledReportJson).id).not.toBe(id)
  })

  it('run now, twice with one key, starts one report', async () => {
    const { id } = await created()
    const answers = await Promise.all([1, 2, 3].map(() => admin.post(`${base}/${id}/run`, undefined, key)))
    expect(new Set(answers.map(({ body }) => (body as ReportJson).number)).size).toBe(1)
    expect(await api.prisma.report.count()).toBe(1)
  })
})

describe('replacing', () => {
  it('gives what is left out its default', async () => {
    const report = await created({ frequency: 'weekly', weekdays: [2, 5], subject: 'Ancien', enabled: false })
    const answer = await admin.put(`${base}/${report.id}`, { ...whole, name: 'Nouveau' })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('etag')).toBe('"2"')
    expect(answer.body).toMatchObject({
      id: report.id,
      name: 'Nouveau',
      frequency: 'daily',
      weekdays: [1],
      subject: null,
      enabled: true,
      sync: 'applied',
    })
    expect(api.engine.applied).toEqual([report.id, report.id])
  })

  it('with a stale If-Match returns 412 and changes nothing', async () => {
    const { id } = await created()
    const url = `${base}/${id}`
    expect((await admin.put(url, { ...whole, name: 'Un' }, { 'if-match': '"1"' })).status).toBe(200)
    const stale = await admin.put(url, { ...whole, name: 'Deux' }, { 'if-match': '"1"' })
    expect(stale).toMatchObject({ status: 412, body: { code: 'stale_version' } })
    expect((await admin.delete(url, { 'if-match': '"1"' })).status).toBe(412)
    expect((await admin.get(url)).body).toMatchObject({ name: 'Un' })
    expect((await admin.put(url, { ...whole, name: 'Trois' }, { 'if-match': 'W/"2", "9"' })).status).toBe(200)
  })

  it('of four with the same If-Match one succeeds, the others get 412', async () => {
    const { id } = await created()
    const put = (name: string) => admin.put(`${base}/${id}`, { ...whole, name }, { 'if-match': '"1"' })
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map(put))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412])
  })
})

it('pause and resume', async () => {
  const { id } = await created()
  await api.prisma.scheduledReport.update({
    where: { id },
    data: { pauseReason: { kind: 'operator', note: 'par un opérateur' } },
  })
  const paused = await admin.post(`${base}/${id}/pause`)
  expect(paused).toMatchObject({ status: 200, body: { enabled: false, next_run: null, pause_note: null } })
  const again = await admin.post(`${base}/${id}/pause`)
  expect(again.headers.get('etag')).toBe(paused.headers.get('etag'))
  const resumed = await admin.post(`${base}/${id}/resume`)
  expect(resumed).toMatchObject({ status: 200, body: { enabled: true, sync: 'applied' } })
  expect((resumed.body as ScheduledReportJson).next_run).not.toBeNull()
})

it('keeps its reports when a definition is deleted, and cancels those under way', async () => {
  const { id } = await created()
  const run = (await admin.post(`${base}/${id}/run`)).body as ReportJson
  expect((await admin.delete(`${base}/${id}`)).status).toBe(204)
  expect(api.engine.removed).toEqual([id])
  expect(api.engine.cancelled).toEqual([run.number])
  expect((await admin.get(`${base}/${id}`)).status).toBe(404)
  expect((await admin.get(`/v1/reports/${run.number}`)).body).toMatchObject({ scheduled_report_id: null })
})

describe('listing', () => {
  it('returns the person’s own, newest first, in pages with totals', async () => {
    for (const name of ['a', 'b', 'c']) await created({ name })
    const second = page(await admin.get(`${base}?page=2&page_size=2`))
    expect(second).toMatchObject({ total: 3, page: 2, page_size: 2 })
    expect(second.items.map(({ name }) => name)).toEqual(['a'])
  })

  it('finds by name, type title and recipient, in any case; % is a character', async () => {
    await created({ name: '100 % des tickets' })
    await created({ name: 'Caisses', type: 'cash_session', recipients: ['Direction@exemple.fr'] })
    const names = async (q: string) => {
      return page(await admin.get(`${base}?q=${encodeURIComponent(q)}`)).items.map(({ name }) => name)
    }
    expect(await names('0 %')).toEqual(['100 % des tickets'])
    expect(await names('%')).toEqual(['100 % des tickets'])
    expect(await names('DIRECTION@')).toEqual(['Caisses'])
    expect(await names('sessions de caisse')).toEqual(['Caisses'])
    expect(await names('rien')).toEqual([])
  })

  it('filters by state, that of the last report included', async () => {
    const [on, off, failing] = [await created(), await created({ enabled: false }), await created()]
    await admin.post(`${base}/${failing.id}/run`)
    await api.prisma.report.updateMany({ data: { status: 'failed', startedAt: monday } })
    const ids = async (status: string) =>
      page(await admin.get(`${base}?status=${status}`)).items.map(({ id }) => id)
    expect(await ids('enabled')).toEqual([failing.id, on.id])
    expect(await ids('disabled')).toEqual([off.id])
    expect(await ids('failed')).toEqual([failing.id])
    const [row] = page(await admin.get(`${base}?status=failed`)).items
    expect(row).toMatchObject({ last_status: 'failed', last_run: monday.toISOString() })
  })

  it('the caller’s own, everyone’s, or one owner’s', async () => {
    const leo = await api.prisma.user.update({
      where: { email: 'leo@rapporteur.test' },
      data: { role: 'admin' },
    })
    const mine = await created()
    const { owner: _, ...data } = await api.prisma.scheduledReport.findUniqueOrThrow({
      where: { id: mine.id },
      include: { owner: true },
    })
    const json = { filters: {}, csv: undefined, pauseReason: undefined }
    const theirs = await api.prisma.scheduledReport.create({
      data: { ...data, id: undefined, ...json, ownerId: leo.id },
    })
    expect(page(await admin.get(base)).items.map(({ id }) => id)).toEqual([mine.id])
    expect(page(await admin.get(`${base}?owner=all`)).total).toBe(2)
    expect(page(await admin.get(`${base}?owner=${leo.id}`)).items.map(({ id }) => id)).toEqual([theirs.id])
    expect((await admin.get(`${base}/${theirs.id}`)).body).toMatchObject({ user_name: leo.name })
    const edited = await admin.put(`${base}/${theirs.id}`, { ...whole, name: 'Par un administrateur' })
    expect(edited.body).toMatchObject({ user_id: leo.id, name: 'Par un administrateur' })
    expect((await admin.post(`${base}/${theirs.id}/run`)).status).toBe(202)
    expect(await api.prisma.report.findFirst()).toMatchObject({
      ownerId: leo.id,
      scheduledReportId: theirs.id,
    })
    await api.prisma.user.update({ where: { id: leo.id }, data: { role: 'user' } })
  })
})

describe('running', () => {
  it('queues a report of the definition as it is, and starts it', async () => {
    const filters_json = { period: { relative: 'yesterday' } }
    const content = { filters_json, columns: ['number'], format: 'csv', csv: { gzip: true } }
    const { id } = await created({ ...content, subject: 'Objet', only_if_rows: true })
    const answer = await admin.post(`${base}/${id}/run`)
    const report = answer.body as ReportJson
    expect(answer.status).toBe(202)
    expect(answer.headers.get('location')).toBe(`/v1/reports/${report.number}`)
    expect(report).toMatchObject({
      type: 'reception_ticket',
      title: 'Tickets de réception',
      status: 'queued',
      column_count: 1,
      scheduled_report_id: id,
      workflow_id: `report:${report.number}`,
    })
    expect(api.engine.started).toEqual([report.number])
    expect(await api.prisma.report.findUniqueOrThrow({ where: { number: report.number } })).toMatchObject({
      origin: 'run_now',
      filters: filters_json,
      columns: ['number'],
      recipients: ['quai@exemple.fr'],
      subject: 'Objet',
      onlyIfRows: true,
      csv: { gzip: true },
    })
    expect((await admin.get(`${base}/${id}/logs`)).body).toMatchObject({
      total: 1,
      items: [{ number: report.number }],
    })
  })

  it('while Temporal is away the report stays queued for the sweep', async () => {
    const { id } = await created()
    api.engine.takeAway()
    expect(await admin.post(`${base}/${id}/run`)).toMatchObject({ status: 202, body: { status: 'queued' } })
    expect(api.engine.started).toEqual([])
  })

  it('a test is sent to the caller alone, and is no run of the definition', async () => {
    const { id } = await created({ recipients: ['quai@exemple.fr', 'bureau@exemple.fr'], only_if_rows: true })
    const { number } = (await admin.post(`${base}/${id}/test`)).body as ReportJson
    expect(await api.prisma.report.findUniqueOrThrow({ where: { number } })).toMatchObject({
      origin: 'test',
      recipients: ['admin@rapporteur.test'],
      scheduledReportId: null,
      onlyIfRows: false,
    })
    expect((await admin.get(`${base}/${id}`)).body).toMatchObject({ last_run: null, last_status: null })
  })

  it('of a type that the catalogue no longer has returns 422', async () => {
    const { id } = await created()
    await api.prisma.scheduledReport.update({ where: { id }, data: { type: 'gone' } })
    expect(await admin.post(`${base}/${id}/run`)).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'type' }] },
    })
    expect((await admin.get(`${base}/${id}`)).body).toMatchObject({
      type: 'gone',
      type_title: 'gone',
      type_gone: true,
    })
    expect(await api.prisma.report.count()).toBe(0)
  })
})

describe('backfill', () => {
  const from = '2026-10-01T00:00:00Z'
  const to = '2026-10-31T00:00:00+02:00'

  it('returns what it did with each occurrence', async () => {
    const { id } = await created()
    const days = { from: '2026-10-01T12:00:00Z', to: '2026-10-02T12:00:00Z' }
    const answer = await admin.post(`${base}/${id}/backfill`, days)
    expect(answer).toMatchObject({
      status: 202,
      body: { occurrences: [{ scheduled_for: '2026-10-02T06:00:00.000Z', action: 'started' }] },
    })
  })

  it.each([
    [{ from: to, to: from }, 'to'],
    [{ from, to: '2999-01-01T00:00:00Z' }, 'to'],
    [{ from: '2020-01-01T00:00:00Z', to: from }, 'from'],
    [{ from: '2026-10-01', to }, 'from'],
    [{ from }, 'to'],
  ])('%j returns 422', async (body, path) => {
    const { id } = await created()
    expect(await admin.post(`${base}/${id}/backfill`, body)).toMatchObject({
      status: 422,
      body: { errors: [{ path }] },
    })
  })

  it('returns 503 while Temporal is away and a failed report is to be relaunched', async () => {
    const { id } = await created()
    await reported(id, { scheduledFor: new Date('2026-10-02T06:00:00Z'), status: 'failed' })
    api.engine.takeAway()
    const answer = await admin.post(`${base}/${id}/backfill`, { from, to })
    expect(answer).toMatchObject({ status: 503, body: { code: 'engine_unavailable' } })
  })

  it('previews what it would do with each occurrence, for which days, and starts nothing', async () => {
    const filters = { period: { relative: 'yesterday' } }
    const { id } = await created({ filters_json: filters })
    const at = (day: number) => new Date(`2026-10-0${day}T06:00:00Z`)
    await reported(id, { scheduledFor: at(2), status: 'failed', filters })
    await reported(id, { scheduledFor: at(4), status: 'completed' })
    await reported(id, { scheduledFor: at(5), status: 'running' })
    await reported(id, { scheduledFor: at(6), status: 'skipped' })
    const days = { from: '2026-10-01T22:00:00Z', to: '2026-10-06T21:59:59Z' }
    const preview = async (again: boolean) => {
      const answer = await admin.post(`${base}/${id}/backfill/preview`, { ...days, again })
      expect(answer.status).toBe(200)
      return (answer.body as BackfillPreview).occurrences
    }
    const occurrences = await preview(false)
    expect(occurrences.map(({ action, status }) => [action, status])).toEqual([
      ['relaunched', 'failed'],
      ['started', null],
      ['already_run', 'completed'],
      ['already_run', 'running'],
      ['started', 'skipped'],
    ])
    const { number } = await api.prisma.report.findFirstOrThrow({ where: { status: 'failed' } })
    expect(occurrences[0]).toEqual({
      scheduled_for: '2026-10-02T06:00:00.000Z',
      action: 'relaunched',
      number,
      status: 'failed',
      period: { from: '2026-10-01', to: '2026-10-01' },
    })
    expect(occurrences[1]).toMatchObject({ number: null, period: { from: '2026-10-02', to: '2026-10-02' } })
    expect((await preview(true)).map(({ action }) => action)).toEqual([
      'relaunched',
      'started',
      'repeated',
      'already_run',
      'started',
    ])
    expect(await api.prisma.report.count()).toBe(4)
    expect(api.engine.started).toEqual([])
  })

  it('previews a relaunch with the days of its report, whatever the definition says now', async () => {
    const { id } = await created({ filters_json: { period: { relative: 'yesterday' } } })
    const at = (day: number) => new Date(`2026-10-0${day}T06:00:00Z`)
    const failed = { status: 'failed', filters: { period: { relative: 'today' } } }
    const opened = { period: { from: '2026-09-20', to: '2026-09-21' } }
    await reported(id, { ...failed, scheduledFor: at(2), resolvedFilters: opened })
    await reported(id, { ...failed, scheduledFor: at(3) })
    // Created without its type in the catalogue: nothing was resolved.
    await reported(id, { ...failed, scheduledFor: at(4), resolvedFilters: failed.filters })
    await reported(id, { ...failed, scheduledFor: at(5), status: 'skipped' })
    const days = { from: '2026-10-01T22:00:00Z', to: '2026-10-05T21:59:59Z' }
    const answer = await admin.post(`${base}/${id}/backfill/preview`, days)
    const { occurrences } = answer.body as BackfillPreview
    expect(occurrences.map(({ action, period }) => [action, period])).toEqual([
      ['relaunched', opened.period],
      ['relaunched', { from: '2026-10-03', to: '2026-10-03' }],
      ['relaunched', { from: '2026-10-04', to: '2026-10-04' }],
      ['started', { from: '2026-10-04', to: '2026-10-04' }],
    ])
  })

  it('shows no period when every occurrence covers the same days', async () => {
    const filters_json = { period: { from: '2026-01-01', to: '2026-01-31' } }
    const { id } = await created({ filters_json })
    const days = { from: '2026-10-01T22:00:00Z', to: '2026-10-02T21:59:59Z' }
    const answer = await admin.post(`${base}/${id}/backfill/preview`, days)
    expect(answer.body).toMatchObject({ occurrences: [{ action: 'started', period: null }] })
  })

  it.each(['backfill', 'backfill/preview'])(
    '%s refuses more occurrences than it would start',
    async (action) => {
      const { id } = await created({ frequency: 'custom', cron_expression: '0 * * * *' })
      const days = { from: '2026-10-01T00:00:00Z', to: '2026-10-21T20:00:00Z' }
      const refused = await admin.post(`${base}/${id}/${action}`, days)
      expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: 'to' }] } })
      const fewer = await admin.post(`${base}/${id}/${action}`, { ...days, to: '2026-10-21T19:30:00Z' })
      expect(fewer.status).toBeLessThan(300)
    },
  )
})

describe('what a definition made', () => {
  it('lists its last ten reports, newest first, and all of them as occurrences', async () => {
    const { id } = await created()
    const other = await created({ name: 'Autre' })
    for (let day = 1; day <= 12; day++) {
      await reported(id, {
        scheduledFor: new Date(Date.UTC(2026, 9, day, 6)),
        status: day === 12 ? 'failed' : 'completed',
        delivery: day === 11 ? 'partial' : 'sent',
        startedAt: new Date(Date.UTC(2026, 9, day, 6, 0, 1)),
        finishedAt: new Date(Date.UTC(2026, 9, day, 6, 0, 5)),
        rowCount: day,
      })
    }
    await reported(other.id, { origin: 'run_now', status: 'skipped', delivery: 'none' })

    const { items } = page(await admin.get(base))
    const recent = items.find((item) => item.id === id)?.recent ?? []
    expect(recent).toHaveLength(10)
    expect(recent.slice(0, 2)).toMatchObject([
      { status: 'failed', delivery: 'sent', scheduled_for: '2026-10-12T06:00:00.000Z' },
      { status: 'completed', delivery: 'partial', scheduled_for: '2026-10-11T06:00:00.000Z' },
    ])
    expect(recent.map(({ number }) => number)).toEqual(
      recent.map(({ number }) => number).sort((a, b) => b - a),
    )
    expect(items.find((item) => item.id === other.id)?.recent).toMatchObject([
      { status: 'skipped', delivery: 'none', scheduled_for: null },
    ])

    const answer = await admin.get(`${base}/${id}/occurrences?limit=11`)
    const occurrences = (answer.body as { items: object[] }).items
    expect(occurrences).toHaveLength(11)
    expect(occurrences[0]).toMatchObject({
      status: 'failed',
      origin: 'schedule',
      started_at: '2026-10-12T06:00:01.000Z',
      finished_at: '2026-10-12T06:00:05.000Z',
      row_count: 12,
    })
    expect(await admin.get(`${base}/${id}/occurrences?limit=0`)).toMatchObject({ status: 422 })
    expect(await admin.get(`${base}/${crypto.randomUUID()}/occurrences`)).toMatchObject({ status: 404 })

    const logs = (await admin.get(`${base}/${id}/logs?page_size=1`)).body as { items: object[] }
    expect(logs.items).toMatchObject([{ origin: 'schedule', row_count: 12, file_available_at: null }])
  })
})

describe('preview', () => {
  it('says the rule in the language asked, with five runs', async () => {
    const answer = await admin.post(`${base}/preview`, {
      frequency: 'weekly',
      weekdays: [1],
      time: '07:30',
      time_zone: 'Europe/Paris',
      locale: 'en',
    })
    const body = answer.body as { description: string; next_runs: string[]; warnings: string[] }
    expect(answer.status).toBe(200)
    expect(body.description).toContain('Monday')
    expect(body.next_runs).toHaveLength(5)
    for (const run of body.next_runs) expect(new Date(run).getUTCDay()).toBe(1)
  })

  it('says the minutes of the spread: its own, else the installation’s, none for 0', async () => {
    const ask = async (spread_minutes?: number | null) =>
      (await admin.post(`${base}/preview`, { frequency: 'daily', locale: 'fr', spread_minutes })).body
    expect(api.environment.SCHEDULE_SPREAD_MINUTES).toBe(0)
    expect(await ask()).toMatchObject({ spread_minutes: 0, warnings: [] })
    expect(await ask(15)).toMatchObject({
      spread_minutes: 15,
      warnings: ['Le départ est réparti sur 15 minutes après l’heure prévue.'],
    })
    api.environment.SCHEDULE_SPREAD_MINUTES = 5
    try {
      expect(await ask(null)).toMatchObject({ spread_minutes: 5, warnings: [expect.stringContaining('5')] })
      expect(await ask(0)).toMatchObject({ spread_minutes: 0, warnings: [] })
    } finally {
      api.environment.SCHEDULE_SPREAD_MINUTES = 0
    }
  })

  it('agrees with the definition’s next_run', async () => {
    const timing = { frequency: 'custom', cron_expression: '0 6 1 1 *', time_zone: 'Africa/Dakar' }
    const preview = (await admin.post(`${base}/preview`, timing)).body as { next_runs: string[] }
    expect((await created(timing)).next_run).toBe(preview.next_runs[0])
  })

  it('returns 422 for a cron expression that the engine would refuse', async () => {
    const answer = await admin.post(`${base}/preview`, {
      frequency: 'custom',
      cron_expression: '0 0 8 * * *',
    })
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'cron_expression' }] } })
  })
})

describe('a user', () => {
  it('gets 403 from every route', async () => {
    const { id } = await created()
    for (const [method, path] of [
      ['GET', base],
      ['POST', base],
      ['GET', `${base}/${id}`],
      ['PUT', `${base}/${id}`],
      ['DELETE', `${base}/${id}`],
      ['POST', `${base}/${id}/run`],
      ['POST', `${base}/preview`],
      ['GET', `${base}/${id}/logs`],
      ['GET', '/v1/admin/nothing'],
    ] as const) {
      const answer = await awa.request(method, path, ['POST', 'PUT'].includes(method) ? whole : undefined)
      expect(answer, `${method} ${path}`).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    }
    expect(await api.prisma.scheduledReport.count()).toBe(1)
  })
})
