import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMailer } from '#adapters/mailer.ts'
import type { ReportJson } from '#domain/schemas/report.ts'
import type { ScheduledReportJson } from '#domain/schemas/scheduled-report.ts'
import { startMailServer, type MailServer } from '#test/mail-server.ts'
import { createTestApi, type TestApi } from '#test/test-api.ts'
import { createUnsubscriptionNotice } from './notify-unsubscribed.ts'

let api: TestApi
let server: MailServer
beforeAll(async () => {
  api = await createTestApi()
  server = await startMailServer()
})
afterAll(async () => {
  await server.close()
  await api.close()
})

test('the owner reads who left, and who still receives it', async () => {
  const admin = await api.signIn('admin')
  const created = await admin.post('/v1/admin/scheduled-reports', {
    name: 'Tickets du quai',
    type: 'reception_ticket',
    frequency: 'daily',
    recipients: ['bureau@exemple.fr'],
    format: 'csv',
  })
  const { id: scheduledReportId } = created.body as ScheduledReportJson
  const run = await admin.post(`/v1/admin/scheduled-reports/${scheduledReportId}/run`)
  const { number } = run.body as ReportJson
  const mailer = createMailer({ url: server.url, from: 'Rapporteur <rapporteur@exemple.fr>' })
  const notify = createUnsubscriptionNotice({ prisma: api.prisma, mailer, environment: api.environment })

  await notify({ scheduledReportId, number, recipient: 'quai@exemple.fr' })

  const [mail] = await server.received(1)
  expect(mail?.to).toEqual(['admin@rapporteur.test'])
  expect(mail?.parsed.subject).toContain('quai@exemple.fr')
  expect(mail?.parsed.subject).toContain('Tickets du quai')
  expect(mail?.parsed.text).toContain('bureau@exemple.fr')
  expect(mail?.parsed.text).toContain(String(number))

  // A definition that is gone meanwhile has no owner to tell.
  await admin.delete(`/v1/admin/scheduled-reports/${scheduledReportId}`)
  await notify({ scheduledReportId, number, recipient: 'quai@exemple.fr' })
  expect(server.mails).toHaveLength(1)
  await mailer.close()
})
