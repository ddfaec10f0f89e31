import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AuditEntryJson } from '#domain/schemas/audit-schema.ts'
import { recordEvent } from '#services/audit/record-event.ts'
import { demoPassword } from '#demo/accounts.ts'
import { createTestApi, type Caller, type TestApi } from '#test/worlds/test-api.ts'

const definitions = '/v1/admin/scheduled-reports'
const whole = {
  name: 'Tickets du jour',
  type: 'reception_ticket',
  frequency: 'daily',
  recipients: ['quai@exemple.fr'],
  format: 'excel',
}

let api: TestApi
let admin: Caller
let adminId: string
beforeAll(async () => {
  api = await createTestApi()
  adminId = (await api.prisma.user.findUniqueOrThrow({ where: { email: 'admin@rapporteur.test' } })).id
})
afterAll(async () => await api.close())
beforeEach(async () => {
  admin = await api.signIn('admin')
})

async function entries(query = ''): Promise<AuditEntryJson[]> {
  const answer = await admin.get(`/v1/admin/audit?${query}`)
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return (answer.body as { items: AuditEntryJson[] }).items
}
const kindsOf = (list: AuditEntryJson[]) => list.map(({ kind }) => kind)

describe('the audit trail', () => {
  it('tells who signed in, who failed to, and who signed out', async () => {
    await (await api.signIn('leo')).post('/api/auth/sign-out', {})
    await api.anonymous.post('/api/auth/sign-in/email', { email: `leo@rapporteur.test`, password: 'guess' })
    const [refused, out, signedIn] = await entries('q=leo')
    expect(refused).toMatchObject({
      kind: 'sign_in_refused',
      actor: { id: null, name: 'leo@rapporteur.test' },
      description: 'Connexion refusée',
      details: { status: 401 },
    })
    expect(out).toMatchObject({ kind: 'signed_out', actor: { name: 'Léo Bernard <leo@rapporteur.test>' } })
    expect(signedIn).toMatchObject({ kind: 'signed_in' })
  })

  it('tells what changed of a scheduled report, from what to what, by whom', async () => {
    const { id } = (await admin.post(definitions, whole)).body as { id: string }
    await admin.put(`${definitions}/${id}`, {
      ...whole,
      time: '09:30',
      recipients: ['a@exemple.fr', 'b@exemple.fr'],
    })
    await admin.post(`${definitions}/${id}/pause`)
    await admin.post(`${definitions}/${id}/test`)
    await admin.post(`${definitions}/${id}/run`)
    await admin.delete(`${definitions}/${id}`)
    const told = await entries(`subject_type=scheduled_report&subject_id=${id}`)
    expect(kindsOf(told)).toEqual([
      'scheduled_report_deleted',
      'scheduled_report_run',
      'scheduled_report_tested',
      'scheduled_report_changed',
      'scheduled_report_changed',
      'scheduled_report_created',
    ])
    expect(told[4]?.changes).toEqual([
      { field: 'time', from: '08:00', to: '09:30' },
      { field: 'recipients', from: ['quai@exemple.fr'], to: ['a@exemple.fr', 'b@exemple.fr'] },
    ])
    expect(told[3]?.changes).toEqual([{ field: 'enabled', from: true, to: false }])
    expect(
      told.every(
        ({ actor, via, request_id: request }) => actor.id === adminId && via === 'session' && request,
      ),
    ).toBe(true)
    expect(told[0]?.subject?.name).toBe('Tickets du jour')
  })

  it('names owners, also in entries of before that hold ids alone', async () => {
    const leo = await api.prisma.user.findUniqueOrThrow({ where: { email: 'leo@rapporteur.test' } })
    await admin.request('PATCH', `/v1/admin/users/${leo.id}`, { role: 'admin' })
    const { id } = (await admin.post(definitions, whole)).body as { id: string }
    expect((await admin.post(`${definitions}/${id}/owner`, { user_id: leo.id })).status).toBe(200)
    await recordEvent(
      api.prisma,
      { id: null, name: 'x', via: 'command' },
      {
        kind: 'scheduled_report_changed',
        subject: { type: 'scheduled_report', id, name: 'Tickets du jour' },
        changes: [{ field: 'owner_id', from: leo.id, to: 'an account that is gone' }],
      },
    )
    const [ofBefore, given] = await entries(`subject_type=scheduled_report&subject_id=${id}`)
    const leoNamed = 'Léo Bernard <leo@rapporteur.test>'
    expect(given?.changes).toEqual([
      { field: 'owner', from: 'Camille Martin <admin@rapporteur.test>', to: leoNamed },
    ])
    expect(ofBefore?.changes).toEqual([{ field: 'owner', from: leoNamed, to: 'an account that is gone' }])
    await admin.request('PATCH', `/v1/admin/users/${leo.id}`, { role: 'user' })
  })

  it('tells of an API key by its name, and of what it did', async () => {
    const { key, id } = (
      await admin.post('/v1/me/api-keys', { name: 'Entrepôt', scopes: ['reports:write', 'reports:read'] })
    ).body as { key: string; id: string }
    const asked = await api.anonymous.post(
      '/v1/reports',
      { type: 'schools', format: 'csv' },
      { 'x-api-key': key },
    )
    const { number } = asked.body as { number: number }
    await admin.post(`/v1/reports/${number}/cancel`)
    await admin.delete(`/v1/me/api-keys/${id}`)
    const [cancelled, requested] = await entries(`subject_type=report&subject_id=${number}`)
    expect(requested).toMatchObject({
      kind: 'report_requested',
      via: 'key',
      key_name: 'Entrepôt',
      actor: { id: adminId },
    })
    expect(cancelled).toMatchObject({ kind: 'report_cancelled', via: 'session' })
    expect(kindsOf(await entries(`subject_type=api_key&subject_id=${id}`))).toEqual([
      'key_deleted',
      'key_created',
    ])
    expect(JSON.stringify(await entries())).not.toContain(key)
  })

  it('tells of people: invited, changed, deactivated, back', async () => {
    const { id } = (await admin.post('/v1/admin/users', { email: 'zoe@exemple.fr', name: 'Zoé' })).body as {
      id: string
    }
    await admin.post(`/v1/admin/users/${id}/invite`)
    await admin.request('PATCH', `/v1/admin/users/${id}`, {
      role: 'admin',
      attributes: { province: 'Kasaï' },
    })
    await admin.request('PATCH', `/v1/admin/users/${id}`, { role: 'admin' })
    await admin.post(`/v1/admin/users/${id}/deactivate`)
    await admin.post(`/v1/admin/users/${id}/deactivate`)
    await admin.post(`/v1/admin/users/${id}/reactivate`)
    const told = await entries(`subject_type=person&subject_id=${id}`)
    expect(kindsOf(told)).toEqual([
      'person_reactivated',
      'person_deactivated',
      'person_changed',
      'person_invited_again',
      'person_invited',
    ])
    expect(told[2]?.changes).toEqual([
      { field: 'role', from: 'user', to: 'admin' },
      { field: 'attributes', from: {}, to: { province: 'Kasaï' } },
    ])
  })

  it('tells of one’s own account', async () => {
    const awa = await api.signIn('awa')
    await awa.request('PATCH', '/v1/me', { locale: 'en' })
    await awa.request('PATCH', '/v1/me', { locale: 'fr' })
    await awa.post('/v1/me/password', { current_password: demoPassword, new_password: 'une autre phrase' })
    await awa.post('/v1/me/password', { current_password: 'une autre phrase', new_password: demoPassword })
    const { id } = (await awa.get('/v1/me')).body as { id: string }
    expect(kindsOf(await entries(`person=${id}`)).slice(0, 4)).toEqual([
      'password_changed',
      'password_changed',
      'account_changed',
      'account_changed',
    ])
  })

  it('is searched by kind, time and text, page by page', async () => {
    expect(new Set(kindsOf(await entries('kind=signed_in')))).toEqual(new Set(['signed_in']))
    expect(await entries('to=2020-01-01T00:00:00Z')).toEqual([])
    expect((await entries('from=2020-01-01T00:00:00%2B02:00&page_size=2')).length).toBe(2)
    expect(await entries('q=%25nobody%25')).toEqual([])
    expect((await admin.get('/v1/admin/audit?kind=nothing')).status).toBe(422)
    expect((await (await api.signIn('leo')).get('/v1/admin/audit')).status).toBe(403)
  })

  it('keeps what a stranger tried short and on one line', async () => {
    const email = `${'a'.repeat(100)}\n\u0007@exemple.fr`
    await api.anonymous.post('/api/auth/sign-in/email', { email, password: 'guess' })
    const [last] = await entries('kind=sign_in_refused')
    expect(last?.actor.name).toBe(`${'a'.repeat(100)} @exemple.fr`)
  })

  it('is never changed, and not emptied', async () => {
    const { prisma } = api
    await expect(prisma.auditEvent.updateMany({ data: { actor: 'somebody else' } })).rejects.toThrow(
      /never changed/,
    )
    await expect(prisma.auditEvent.deleteMany()).rejects.toThrow(/never changed/)
    await expect(prisma.$executeRawUnsafe('TRUNCATE audit_event')).rejects.toThrow(/never changed/)
  })

  it('has no entry of what was undone', async () => {
    const before = (await entries()).length
    expect((await admin.post('/v1/admin/users', { email: 'awa@rapporteur.test' })).status).toBe(409)
    expect((await admin.put(`${definitions}/00000000-0000-4000-8000-000000000000`, whole)).status).toBe(404)
    expect((await entries()).length).toBe(before)
  })
})
