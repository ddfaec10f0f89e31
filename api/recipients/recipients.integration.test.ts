import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ReportJson } from '#domain/schemas/report-schema.ts'
import type { ScheduledReportJson } from '#domain/schemas/scheduled-report-schema.ts'
import { createTestApi, type Answer, type Caller, type TestApi } from '#test/worlds/test-api.ts'

const base = '/v1/admin/scheduled-reports'

let api: TestApi
let awa: Caller
let admin: Caller
beforeAll(async () => {
  api = await createTestApi({
    variables: { ORGANISATION_DOMAINS: 'exemple.fr,Exemple.ORG', RECIPIENTS_PER_HOUR: '50' },
  })
  awa = await api.signIn('awa')
  admin = await api.signIn('admin')
})
afterAll(async () => await api.close())
beforeEach(async () => {
  await api.prisma.report.deleteMany()
  await api.prisma.scheduledReport.deleteMany()
  await api.prisma.$executeRaw`DELETE FROM recipient_quota`
  await api.engine.giveBack()
})

const ask = (by: Caller, recipients: string[], headers = {}): Promise<Answer> =>
  by.post('/v1/reports', { type: 'pupils', format: 'csv', recipients }, headers)
const people = (count: number) => Array.from({ length: count }, (_, index) => `p${index}@exemple.fr`)

async function define(recipients: string[]): Promise<ScheduledReportJson> {
  const input = { name: 'Élèves', type: 'pupils', frequency: 'daily', format: 'csv', recipients }
  const answer = await admin.post(base, input)
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return answer.body as ScheduledReportJson
}

describe('recipients outside the organisation', () => {
  it('are refused to role user, each by its place, and nothing is stored', async () => {
    const answer = await ask(awa, ['a@exemple.fr', 'b@ailleurs.test', 'c@sub.exemple.fr'])
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'recipients.1' }, { path: 'recipients.2' }] },
    })
    expect(JSON.stringify(answer.body)).toContain('ailleurs.test')
    expect(await api.prisma.report.count()).toBe(0)
  })

  it('are open to administrators', async () => {
    expect((await ask(admin, ['b@ailleurs.test'])).status).toBe(202)
    await define(['b@ailleurs.test'])
  })

  it('are not those of its domains, of active accounts, and one’s own address', async () => {
    expect((await ask(awa, ['A@EXEMPLE.fr', 'b@exemple.org', 'Leo@rapporteur.test'])).status).toBe(202)
    expect((await ask(awa, ['awa@rapporteur.test'])).status).toBe(202)
    await api.prisma.user.update({ where: { email: 'leo@rapporteur.test' }, data: { banned: true } })
    const answer = await ask(awa, ['leo@rapporteur.test'])
    await api.prisma.user.update({ where: { email: 'leo@rapporteur.test' }, data: { banned: false } })
    expect(answer.status).toBe(422)
  })

  it('stop a run now and a backfill of a definition whose owner may no longer write to them', async () => {
    const { id } = await define(['a@exemple.fr', 'b@ailleurs.test'])
    // The configuration of a later day.
    const { environment } = api
    const allowed = environment.OUTSIDE_RECIPIENT_ROLES
    environment.OUTSIDE_RECIPIENT_ROLES = []
    const period = { from: '2026-11-01T00:00:00Z', to: '2026-11-03T00:00:00Z' }
    for (const answer of [
      await admin.post(`${base}/${id}/run`),
      await admin.post(`${base}/${id}/backfill`, period),
    ]) {
      expect(answer).toMatchObject({ status: 409, body: { code: 'recipients_refused' } })
      expect(JSON.stringify(answer.body)).toContain('b@ailleurs.test')
    }
    environment.OUTSIDE_RECIPIENT_ROLES = allowed
    expect(await api.prisma.report.count()).toBe(0)
  })
})

describe('the quota of recipients', () => {
  const used = async () => {
    const rows = await api.prisma.$queryRaw<{ recipients: number }[]>`SELECT recipients FROM recipient_quota`
    return rows.map(({ recipients }) => recipients)
  }

  it('lets exactly as many through as it has, of twelve requests at once', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(awa, people(10))))
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(5)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(7)
    expect(await api.prisma.report.count()).toBe(5)
    // Another person has a quota of their own.
    expect((await ask(admin, people(50))).status).toBe(202)
  })

  it.each([
    ['fr', /de nouveau à partir de \d\d:\d\d/],
    ['en', /again from \d\d:\d\d/],
  ])('says when it is free again (%s), and is free then', async (locale, when) => {
    await awa.request('PATCH', '/v1/me', { locale })
    await ask(awa, people(50))
    const refused = await ask(awa, people(1))
    await awa.request('PATCH', '/v1/me', { locale: 'fr' })
    expect(refused).toMatchObject({ status: 429, body: { code: 'recipient_quota_exceeded' } })
    expect((refused.body as { detail: string }).detail).toMatch(when)
    const seconds = Number(refused.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(3_500)
    expect(seconds).toBeLessThanOrEqual(3_600)
    await api.prisma.$executeRaw`UPDATE recipient_quota SET window_ends_at = now()`
    expect((await ask(awa, people(50))).status).toBe(202)
  })

  it('counts a request repeated with its Idempotency-Key once, and a refused one not', async () => {
    const key = { 'idempotency-key': 'quota' }
    for (let times = 0; times < 3; times++) expect((await ask(awa, people(30), key)).status).toBe(202)
    expect((await ask(awa, people(30), { 'idempotency-key': 'more' })).status).toBe(429)
    expect(await used()).toEqual([30])
  })

  it('of a request larger than the whole quota says so, since waiting does not help', async () => {
    const answer = await ask(awa, people(51))
    expect(answer).toMatchObject({ status: 422, body: { code: 'too_many_recipients' } })
    expect(answer.headers.get('retry-after')).toBeNull()
    expect(await used()).toEqual([])
  })

  it('counts run now, test and backfill for the person who clicks', async () => {
    const { id } = await define(people(4))
    expect((await admin.post(`${base}/${id}/run`)).status).toBe(202)
    expect((await admin.post(`${base}/${id}/test`)).status).toBe(202)
    expect(await used()).toEqual([5])
    const days = { from: '2026-11-01T00:00:00Z', to: '2026-11-04T00:00:00Z' }
    expect((await admin.post(`${base}/${id}/backfill`, days)).status).toBe(202)
    expect(await used()).toEqual([17])
    const month = { from: '2026-10-01T00:00:00Z', to: '2026-11-01T00:00:00Z' }
    expect((await admin.post(`${base}/${id}/backfill`, month)).status).toBe(422)
    expect(await used()).toEqual([17])
  })

  it('counts a relaunch by the recipients who have not had the mail', async () => {
    const { number } = (await ask(awa, people(10))).body as ReportJson
    const failed = { status: 'completed', delivery: 'partial', startedAt: new Date() }
    await api.prisma.report.update({ where: { number }, data: failed })
    const had = people(7).map((email) => ({ reportNumber: number, email, status: 'sent' }))
    await api.prisma.delivery.createMany({ data: had })
    expect((await awa.post(`/v1/reports/${number}/relaunch`)).status).toBe(202)
    expect(await used()).toEqual([13])
    // The second click relaunches nothing, and is not counted.
    expect((await awa.post(`/v1/reports/${number}/relaunch`)).status).toBe(409)
    expect(await used()).toEqual([13])
    await api.prisma.report.update({ where: { number }, data: failed })
    await api.prisma.$executeRaw`UPDATE recipient_quota SET recipients = 48`
    expect((await awa.post(`/v1/reports/${number}/relaunch`)).status).toBe(429)
    expect((await api.prisma.report.findUniqueOrThrow({ where: { number } })).status).toBe('completed')
  })
})
