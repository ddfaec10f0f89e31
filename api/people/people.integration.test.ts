import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ScheduledReportJson } from '#domain/schemas/scheduled-report-schema.ts'
import type { UserJson } from '#domain/schemas/user-schema.ts'
import { pauseOwnerless } from '#services/maintenance/ownerless-definitions.ts'
import { createAccount, setPassword } from '../auth/create-account.ts'
import { demoPassword } from '#demo/accounts.ts'
import { createTestApi, type Caller, type TestApi } from '#test/worlds/test-api.ts'
import { deactivatePerson } from './deactivate-person.ts'

const people = '/v1/admin/users'
const definitions = '/v1/admin/scheduled-reports'
const whole = {
  name: 'Tickets du jour',
  type: 'reception_ticket',
  frequency: 'daily',
  recipients: ['quai@exemple.fr'],
  format: 'excel',
}
const note = 'Mis en pause\u00A0: le compte de Inès Durand est désactivé.'

let api: TestApi
let admin: Caller
let adminId: string
/** A second administrator. */
let ines: Caller
let inesId: string
beforeAll(async () => {
  api = await createTestApi()
  inesId = await createAccount(api.prisma, {
    email: 'ines@rapporteur.test',
    name: 'Inès Durand',
    role: 'admin',
  })
  await setPassword(api.prisma, api.deps.auth, inesId, demoPassword)
  adminId = (await api.prisma.user.findUniqueOrThrow({ where: { email: 'admin@rapporteur.test' } })).id
})
afterAll(async () => await api.close())
beforeEach(async () => {
  await api.prisma.report.deleteMany()
  await api.prisma.scheduledReport.deleteMany()
  await api.prisma.user.updateMany({ data: { banned: false } })
  await api.prisma.user.updateMany({
    where: { email: { in: ['admin@rapporteur.test', 'ines@rapporteur.test'] } },
    data: { role: 'admin' },
  })
  await api.engine.giveBack()
  api.engine.applied.length = 0
  admin = await api.signIn('admin')
  ines = await api.signIn('ines')
})

async function created(by: Caller, change: object = {}): Promise<ScheduledReportJson> {
  const answer = await by.post(definitions, { ...whole, ...change })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return answer.body as ScheduledReportJson
}
async function definition(id: string): Promise<ScheduledReportJson> {
  return (await admin.get(`${definitions}/${id}`)).body as ScheduledReportJson
}
async function found(query: string): Promise<string[]> {
  const answer = await admin.get(`${people}?${query}`)
  expect(answer.status).toBe(200)
  return (answer.body as { items: UserJson[] }).items.map(({ name }) => name)
}

describe('people', () => {
  it('are listed by name, each with how many scheduled reports are theirs', async () => {
    await created(ines)
    await created(ines, { enabled: false })
    expect(await admin.get(`${people}?page_size=2&page=1`)).toMatchObject({
      status: 200,
      body: { total: 4, page: 1, page_size: 2, items: [{ name: 'Awa Diallo' }, { name: 'Camille Martin' }] },
    })
    const answer = await admin.get(`${people}?page_size=2&page=2`)
    expect(answer.body).toMatchObject({
      total: 4,
      items: [
        {
          id: inesId,
          name: 'Inès Durand',
          email: 'ines@rapporteur.test',
          role: 'admin',
          active: true,
          scheduled_reports: 2,
          enabled_scheduled_reports: 1,
        },
        { name: 'Léo Bernard', role: 'user', scheduled_reports: 0 },
      ],
    })
  })

  it('are found by name and address, ignoring accents, by role and by state', async () => {
    expect(await found('q=INES')).toEqual(['Inès Durand'])
    expect(await found('q=leo%40rapporteur')).toEqual(['Léo Bernard'])
    expect(await found('q=%25')).toEqual([])
    expect(await found('role=admin')).toEqual(['Camille Martin', 'Inès Durand'])
    await api.prisma.user.update({ where: { id: inesId }, data: { banned: true } })
    expect(await found('role=admin&active=true')).toEqual(['Camille Martin'])
    expect(await found('active=false')).toEqual(['Inès Durand'])
    expect((await admin.get(`${people}?active=perhaps`)).status).toBe(422)
  })

  it('return 403 to role user', async () => {
    const awa = await api.signIn('awa')
    expect((await awa.get(people)).status).toBe(403)
    expect((await awa.post(`${people}/${inesId}/deactivate`)).status).toBe(403)
  })
})

describe('deactivating', () => {
  it('ends sessions and pauses what is enabled, with a note in the reader’s language', async () => {
    const french = await created(ines)
    const english = await created(ines, { locale: 'en' })
    const paused = await created(ines, { enabled: false })
    const others = await created(admin)
    api.engine.applied.length = 0
    const answer = await admin.post(`${people}/${inesId}/deactivate`)
    expect(answer).toMatchObject({
      status: 200,
      body: { id: inesId, active: false, scheduled_reports: 3, enabled_scheduled_reports: 0 },
    })
    expect(await definition(french.id)).toMatchObject({
      enabled: false,
      pause_note: note,
      owner_active: false,
      next_run: null,
      sync: 'applied',
    })
    expect(await definition(english.id)).toMatchObject({ pause_note: note })
    await admin.request('PATCH', '/v1/me', { locale: 'en' })
    for (const { id } of [french, english]) {
      const { pause_note } = await definition(id)
      expect(pause_note).toBe('Paused: the account of Inès Durand is deactivated.')
    }
    await admin.request('PATCH', '/v1/me', { locale: 'fr' })
    // What was paused before keeps its own reason, here none.
    expect(await definition(paused.id)).toMatchObject({ pause_note: null, owner_active: false })
    expect(await definition(others.id)).toMatchObject({ enabled: true, owner_active: true })
    expect(api.engine.applied.sort()).toEqual([french.id, english.id].sort())
    expect(api.engine.accountedFor).toContain(inesId)
    expect((await admin.get(`${definitions}/${french.id}`)).headers.get('etag')).toBe('"2"')
    expect((await ines.get('/v1/me')).status).toBe(401)
  })

  it('a second time changes nothing; reactivating allows sign-in again and resumes no definition', async () => {
    const { id } = await created(ines)
    await admin.post(`${people}/${inesId}/deactivate`)
    expect((await admin.post(`${people}/${inesId}/deactivate`)).status).toBe(200)
    expect((await admin.get(`${definitions}/${id}`)).headers.get('etag')).toBe('"2"')
    expect(await admin.post(`${people}/${inesId}/reactivate`)).toMatchObject({
      status: 200,
      body: { active: true },
    })
    expect(await definition(id)).toMatchObject({ enabled: false, pause_note: note, owner_active: true })
    // The old session is gone for good.
    expect((await ines.get('/v1/me')).status).toBe(401)
    expect((await (await api.signIn('ines')).get('/v1/me')).status).toBe(200)
  })

  it('with Temporal away, the pause is stored and pending', async () => {
    const { id } = await created(ines)
    api.engine.takeAway()
    expect((await admin.post(`${people}/${inesId}/deactivate`)).status).toBe(200)
    expect(await definition(id)).toMatchObject({ enabled: false, sync: 'pending' })
  })

  it('returns 409 for the caller’s own account; of two administrators at once one stays', async () => {
    expect(await admin.post(`${people}/${adminId}/deactivate`)).toMatchObject({
      status: 409,
      body: { code: 'own_account' },
    })
    // Each deactivates the other: one of them remains.
    const answers = await Promise.all([
      admin.post(`${people}/${inesId}/deactivate`),
      ines.post(`${people}/${adminId}/deactivate`),
    ])
    expect(answers.map(({ status }) => status).sort()).not.toEqual([200, 200])
    expect(await api.prisma.user.count({ where: { role: 'admin', banned: false } })).toBe(1)
  })

  it('is refused for the last administrator’s account, also after the request was let in', async () => {
    // Deactivated after the request was let in, as in the race above.
    await api.prisma.user.update({ where: { id: adminId }, data: { banned: true } })
    await expect(
      deactivatePerson(api.prisma, inesId, { id: adminId, name: 'Camille Martin', via: 'session' }),
    ).rejects.toMatchObject({
      code: 'last_administrator',
    })
    expect(await api.prisma.user.findUnique({ where: { id: inesId } })).toMatchObject({ banned: false })
  })

  it('returns 404 for an unknown id', async () => {
    expect((await admin.post(`${people}/nobody/deactivate`)).status).toBe(404)
    expect((await admin.post(`${people}/nobody/reactivate`)).status).toBe(404)
  })

  it('reactivating an anonymised one returns 409', async () => {
    const gone = { id: 'parti', email: 'parti@anonymised.invalid', name: 'Personne anonymisée', banned: true }
    await api.prisma.user.create({ data: { ...gone, anonymisedAt: new Date() } })
    const answer = await admin.post(`${people}/parti/reactivate`)
    await api.prisma.user.delete({ where: { id: 'parti' } })
    expect(answer).toMatchObject({ status: 409, body: { code: 'person_anonymised' } })
  })

  it('finds an account that was deactivated elsewhere, and pauses its definitions once', async () => {
    const { id } = await created(ines)
    await api.prisma.user.update({ where: { id: inesId }, data: { banned: true } })
    expect(await pauseOwnerless(api.prisma)).toEqual({ ids: [id] })
    expect(await definition(id)).toMatchObject({ enabled: false, pause_note: note })
    expect(await pauseOwnerless(api.prisma)).toEqual({ ids: [] })
  })
})

describe('what belongs to a deactivated account', () => {
  it('is listed as such and can be edited, but not enabled, run or backfilled', async () => {
    const { id } = await created(ines)
    await created(admin)
    await admin.post(`${people}/${inesId}/deactivate`)
    const url = `${definitions}/${id}`
    const list = await admin.get(`${definitions}?owner=all&status=owner_inactive`)
    expect(list.body).toMatchObject({ total: 1, items: [{ id, owner_active: false }] })
    expect((await admin.put(url, { ...whole, name: 'Autre', enabled: false })).body).toMatchObject({
      name: 'Autre',
      pause_note: note,
    })
    const days = { from: '2026-10-01T00:00:00Z', to: '2026-10-03T00:00:00Z' }
    for (const answer of [
      await admin.put(url, whole),
      await admin.post(`${url}/resume`),
      await admin.post(`${url}/run`),
      await admin.post(`${url}/backfill`, days),
    ]) {
      expect(answer).toMatchObject({ status: 409, body: { code: 'owner_inactive' } })
    }
    expect((await admin.post(`${url}/backfill/preview`, days)).status).toBe(200)
    expect(await definition(id)).toMatchObject({ enabled: false })
  })
})

describe('changing the owner', () => {
  it('gives it to another administrator, who may resume it at once', async () => {
    const { id } = await created(ines)
    await admin.post(`${people}/${inesId}/deactivate`)
    await api.prisma.scheduledReport.update({ where: { id }, data: { ownerGoneToldAt: new Date() } })
    api.engine.applied.length = 0
    const answer = await admin.post(`${definitions}/${id}/owner`, { user_id: adminId, enabled: true })
    expect(answer).toMatchObject({
      status: 200,
      body: {
        user_id: adminId,
        user_name: 'Camille Martin',
        owner_active: true,
        enabled: true,
        pause_note: null,
        sync: 'applied',
      },
    })
    expect(answer.headers.get('etag')).toBe('"3"')
    expect(api.engine.applied).toEqual([id])
    expect(await api.prisma.scheduledReport.findUnique({ where: { id } })).toMatchObject({
      ownerGoneToldAt: null,
    })
  })

  it('leaves it paused or enabled unless `enabled` is given', async () => {
    const paused = await created(admin, { enabled: false })
    const enabled = await created(admin)
    for (const { id, enabled: before } of [paused, enabled]) {
      const answer = await admin.post(`${definitions}/${id}/owner`, { user_id: inesId })
      expect(answer.body).toMatchObject({ user_id: inesId, enabled: before, pause_note: null })
    }
    const off = await admin.post(`${definitions}/${enabled.id}/owner`, { user_id: adminId, enabled: false })
    expect(off.body).toMatchObject({ enabled: false })
  })

  it.each([
    ['nobody', async () => 'nobody', /pas de compte/],
    ['a deactivated account', async () => inesId, /Inès Durand est désactivé/],
    ['a user', async () => await idOf('leo'), /Léo Bernard n’en est pas un/],
  ])('to %s is refused', async (_whom, userId, message) => {
    const { id } = await created(admin)
    await api.prisma.user.update({ where: { id: inesId }, data: { banned: true } })
    const answer = await admin.post(`${definitions}/${id}/owner`, { user_id: await userId() })
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'user_id', message: expect.stringMatching(message) as string }] },
    })
    expect(await definition(id)).toMatchObject({ user_id: adminId })
  })

  it('returns 422 when the type is gone from the catalogue', async () => {
    const { id } = await created(admin)
    await api.prisma.scheduledReport.update({ where: { id }, data: { type: 'gone' } })
    expect(await admin.post(`${definitions}/${id}/owner`, { user_id: inesId })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'user_id', message: expect.stringMatching(/« gone »/) as string }] },
    })
  })

  async function idOf(name: string) {
    return (await api.prisma.user.findUniqueOrThrow({ where: { email: `${name}@rapporteur.test` } })).id
  }
})

it.each([
  ['owner', () => ({ user_id: inesId })],
  ['pause', () => undefined],
  ['resume', () => undefined],
])('%s with a stale If-Match returns 412, even with nothing to change', async (action, body) => {
  const { id } = await created(admin)
  const url = `${definitions}/${id}`
  await admin.put(url, { ...whole, name: 'Autre' })
  const before = await definition(id)
  const stale = await admin.post(`${url}/${action}`, body(), { 'if-match': '"1"' })
  expect(stale).toMatchObject({ status: 412, body: { code: 'stale_version' } })
  expect(await definition(id)).toEqual(before)
  expect((await admin.post(`${url}/${action}`, body(), { 'if-match': '"2"' })).status).toBe(200)
})

describe('changing a person', () => {
  it('a role: what an administrator owned pauses, and administrators are told', async () => {
    const { id } = await created(ines)
    const paused = await created(ines, { enabled: false })
    api.engine.applied.length = 0
    expect(await admin.request('PATCH', `${people}/${inesId}`, { role: 'user' })).toMatchObject({
      status: 200,
      body: { role: 'user', active: true, enabled_scheduled_reports: 0 },
    })
    expect(await definition(id)).toMatchObject({
      enabled: false,
      owner_active: false,
      pause_note: 'Mis en pause\u00A0: Inès Durand n’est plus administrateur.',
    })
    expect(await definition(paused.id)).toMatchObject({ enabled: false, pause_note: null })
    expect(api.engine.applied).toEqual([id])
    expect(api.engine.accountedFor).toContain(inesId)
    // Her session goes on, with the new role's rights.
    expect((await ines.get(definitions)).status).toBe(403)
    expect((await ines.get('/v1/me')).body).toMatchObject({ role: 'user' })
    expect((await admin.post(`${definitions}/${id}/resume`)).body).toMatchObject({ code: 'owner_inactive' })
    expect((await admin.post(`${definitions}/${id}/run`)).body).toMatchObject({ code: 'owner_inactive' })
  })

  it('one’s own role is not changed, and of two administrators at once one stays', async () => {
    expect((await admin.request('PATCH', `${people}/${adminId}`, { role: 'user' })).body).toMatchObject({
      code: 'own_account',
    })
    const answers = await Promise.all([
      admin.request('PATCH', `${people}/${inesId}`, { role: 'user' }),
      ines.request('PATCH', `${people}/${adminId}`, { role: 'user' }),
    ])
    expect(await api.prisma.user.count({ where: { role: 'admin' } })).toBe(1)
    const statuses = answers.map(({ status }) => status).sort()
    expect([403, 409]).toContain(statuses[1])
    expect(statuses[0]).toBe(200)
  })

  it('attributes and name; bad ones are refused, the rest stays', async () => {
    const leo = await api.prisma.user.findUniqueOrThrow({ where: { email: 'leo@rapporteur.test' } })
    const patch = (body: object) => admin.request('PATCH', `${people}/${leo.id}`, body)
    expect((await patch({ attributes: { province: 'Kasaï', centre: 'Nord' } })).body).toMatchObject({
      name: leo.name,
      attributes: { province: 'Kasaï', centre: 'Nord' },
    })
    for (const attributes of [
      { 'Not A Name': 'x' },
      { province: 3 },
      { province: '' },
      { province: 'x'.repeat(201) },
      { province: 'a\nb' },
      Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`a${index}`, 'x'])),
    ]) {
      expect((await patch({ attributes })).status).toBe(422)
    }
    expect((await patch({ name: 'admin@rapporteur.test' })).status).toBe(422)
    expect((await patch({ email: 'other@exemple.fr' })).status).toBe(422)
    expect((await patch({ attributes: {} })).body).toMatchObject({ attributes: {} })
    expect((await admin.request('PATCH', `${people}/nobody`, { name: 'X' })).status).toBe(404)
    expect((await admin.request('PATCH', `${people}/${leo.id}`)).status).toBe(400)
  })

  it('hands over all scheduled reports, and resumes those that wanted an owner', async () => {
    const enabled = await created(ines)
    const paused = await created(ines, { enabled: false })
    await admin.post(`${people}/${inesId}/deactivate`)
    const leo = await api.prisma.user.findUniqueOrThrow({ where: { email: 'leo@rapporteur.test' } })
    const handOver = (body: object) => admin.post(`${people}/${inesId}/hand-over`, body)
    expect((await handOver({ user_id: leo.id })).status).toBe(422)
    // Also of somebody who owns nothing.
    const nothing = await admin.post(`${people}/${leo.id}/hand-over`, { user_id: 'nobody' })
    expect(nothing).toMatchObject({ status: 422, body: { errors: [{ path: 'user_id' }] } })
    expect(await definition(enabled.id)).toMatchObject({ owner_active: false })
    expect(await handOver({ user_id: adminId, resume: true })).toMatchObject({
      status: 200,
      body: { scheduled_reports: 0 },
    })
    expect(await definition(enabled.id)).toMatchObject({
      enabled: true,
      owner_active: true,
      pause_note: null,
    })
    expect(await definition(paused.id)).toMatchObject({ enabled: false, owner_active: true })
  })
})
