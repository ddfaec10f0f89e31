import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ReportJson } from '#domain/schemas/report.ts'
import type { ScheduledReportJson } from '#domain/schemas/scheduled-report.ts'
import { createTestApi, type TestApi } from '#test/test-api.ts'
import { createUnsubscriptionNotice } from './notify-unsubscribed.ts'

let api: TestApi
beforeAll(async () => {
  api = await createTestApi()
})
afterAll(async () => await api.close())

test('a notice to the owner is written down, whether or not it can be sent now', async () => {
  const admin = await api.signIn('admin')
  const created = await admin.post('/v1/admin/scheduled-reports', {
    name: 'Tickets du quai',
    type: 'reception_ticket',
    frequency: 'daily',
    recipients: ['bureau@exemple.fr'],
    format: 'csv',
  })
  const { id: scheduledReportId, user_id: userId } = created.body as ScheduledReportJson
  const run = await admin.post(`/v1/admin/scheduled-reports/${scheduledReportId}/run`)
  const { number } = run.body as ReportJson
  const notify = createUnsubscriptionNotice(api)

  await notify({ scheduledReportId, number, recipient: 'quai@exemple.fr' })
  api.engine.up = false
  await notify({ scheduledReportId, number, recipient: 'benne@exemple.fr' })
  const kind = 'recipient_unsubscribed'
  const remaining = ['bureau@exemple.fr']
  expect(await api.prisma.notice.findMany({ orderBy: { createdAt: 'asc' } })).toMatchObject([
    { userId, status: 'pending', kind, details: { kind, recipient: 'quai@exemple.fr', remaining } },
    { userId, status: 'pending', kind, details: { kind, recipient: 'benne@exemple.fr', remaining } },
  ])
  expect(api.engine.noticesSent).toEqual([number])

  // A definition that is gone meanwhile has no owner to tell.
  await admin.delete(`/v1/admin/scheduled-reports/${scheduledReportId}`)
  await notify({ scheduledReportId, number, recipient: 'quai@exemple.fr' })
  expect(await api.prisma.notice.count()).toBe(2)
})
