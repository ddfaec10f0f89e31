import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Dashboard } from '#domain/schemas/dashboard-schema.ts'
import type { Prisma } from '#prisma/client/client.ts'
import { clearFault, noteFault } from '#services/maintenance/installation-faults.ts'
import { reportRow } from '#test/worlds/report-row.ts'
import { scheduledReportRow } from '#test/worlds/scheduled-report-row.ts'
import { createTestApi, type Caller, type TestApi } from '#test/worlds/test-api.ts'

/** A Saturday morning; clocks in Paris go back the night after. */
const now = new Date('2026-10-24T08:30:00Z')
let clock = now
let api: TestApi
let admin: Caller
let adminId: string
let awaId: string

beforeAll(async () => {
  api = await createTestApi({ now: () => clock })
  admin = await api.signIn('admin')
  const people = await api.prisma.user.findMany({ select: { id: true, email: true } })
  adminId = people.find(({ email }) => email.startsWith('admin'))?.id ?? ''
  awaId = people.find(({ email }) => email.startsWith('awa'))?.id ?? ''
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.prisma.report.deleteMany()
  await api.prisma.scheduledReport.deleteMany()
  // Later than any cached figure is used.
  clock = new Date(clock.getTime() + 3_600_000)
})

async function dashboard(): Promise<Dashboard> {
  const answer = await admin.get('/v1/admin/dashboard')
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body as Dashboard
}

const definition = (part: Partial<Prisma.ScheduledReportUncheckedCreateInput> = {}) =>
  scheduledReportRow(adminId, {
    name: 'Caisse du matin',
    type: 'cash_session',
    columns: ['number'],
    recipients: ['a@exemple.fr', 'b@exemple.fr'],
    ...part,
  })

const report = (part: Partial<Prisma.ReportUncheckedCreateInput> = {}) =>
  reportRow(awaId, {
    origin: 'request',
    recipients: ['a@exemple.fr', 'b@exemple.fr', 'c@exemple.fr'],
    delivery: 'sent',
    requestedAt: clock,
    ...part,
  })
const failure = { phase: 'generate', message: 'La base de données n’a pas répondu.', code: 'source_timeout' }
const hours = (count: number) => new Date(clock.getTime() - count * 3_600_000)

describe('who may see it', () => {
  it('returns 403 to role user and 401 without a session', async () => {
    const awa = await api.signIn('awa')
    expect(await awa.get('/v1/admin/dashboard')).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect((await api.anonymous.get('/v1/admin/dashboard')).status).toBe(401)
  })

  it('without definitions and reports has no totals and no rate', async () => {
    const { due, failures, last_30_days: month, paused } = await dashboard()
    expect(due.next_24_hours).toMatchObject({ total: 0, items: [] })
    expect(due.next_7_days.total).toBe(0)
    expect([failures.failed.total, failures.in_a_row.total, failures.partly_delivered.total]).toEqual([
      0, 0, 0,
    ])
    expect(month).toMatchObject({ success_rate: null, median_ms: null, p95_ms: null, completed: 0 })
    expect(paused).toEqual({ items: [], total: 0 })
  })
})

describe('the installation', () => {
  it('shows what is wrong with it, and /readyz names it without a word more', async () => {
    expect((await dashboard()).installation).toEqual([])
    const told = { code: 'storage_refused', detail: 'AccessDenied' } as const
    await noteFault(api.prisma, 'storage_tidying', told)
    const [fault] = (await dashboard()).installation
    expect(fault).toMatchObject({ part: 'storage_tidying', detail: 'AccessDenied' })
    expect(await api.anonymous.get('/readyz')).toMatchObject({
      status: 200,
      body: { status: 'ok', warnings: ['storage_tidying'] },
    })
    await clearFault(api.prisma, 'storage_tidying')
    expect(await api.anonymous.get('/readyz')).toMatchObject({ body: { warnings: [] } })
  })
})

describe('reports whose runs cannot go on', () => {
  it('are shown with their reason while they are open, and to their owner', async () => {
    const stuck = {
      reason: 'activity',
      step: 'settleReport',
      message: 'secret words',
      since: clock.toISOString(),
    }
    const { number } = await api.prisma.report.create({ data: report({ status: 'running', stuck }) })
    const { message: _engines, ...shown } = stuck
    expect((await dashboard()).failures.stuck).toMatchObject({ total: 1, items: [{ number, stuck: shown }] })
    const admin = await api.signIn('admin')
    const read = async () => (await admin.get(`/v1/reports/${number}`)).body
    expect(await read()).toMatchObject({ stuck: shown })
    expect(JSON.stringify(await read())).not.toContain('secret')
    await api.prisma.report.update({ where: { number }, data: { status: 'cancelled' } })
    expect((await dashboard()).failures.stuck.total).toBe(0)
    expect(await read()).toMatchObject({ stuck: null })
  })
})

describe('what is due', () => {
  it('is counted by hour and by day, on each definition’s wall clock, across a clock change', async () => {
    clock = now
    const { prisma } = api
    const morning = await prisma.scheduledReport.create({ data: definition() })
    const hourly = definition({
      name: 'Toutes les heures',
      frequency: 'custom',
      cronExpression: '15 * * * *',
    })
    await prisma.scheduledReport.create({ data: hourly })
    await prisma.scheduledReport.create({ data: definition({ enabled: false, name: 'En pause' }) })
    const sunday = definition({ name: 'Dimanche à Kinshasa', frequency: 'weekly', weekdays: [7] })
    await prisma.scheduledReport.create({ data: { ...sunday, timeZone: 'Africa/Kinshasa', ownerId: awaId } })

    const { due, time_zone: timeZone } = await dashboard()
    expect(timeZone).toBe('Europe/Paris')
    // 24 hours of the hourly one, the next morning, and Sunday 07:00Z in Kinshasa.
    expect(due.next_24_hours.total).toBe(26)
    expect(due.next_24_hours.items.map(({ at }) => at)).toEqual(
      due.next_24_hours.items.map(({ at }) => at).sort(),
    )
    expect(due.next_24_hours.items[0]).toMatchObject({
      name: 'Toutes les heures',
      at: '2026-10-24T09:15:00.000Z',
    })
    expect(due.next_24_hours.items.find(({ name }) => name === 'Caisse du matin')).toEqual({
      scheduled_report_id: morning.id,
      name: 'Caisse du matin',
      owner_name: expect.any(String),
      // 08:00 in Paris is 07:00Z from that Sunday on.
      at: '2026-10-25T07:00:00.000Z',
      type_title: 'Sessions de caisse',
      format: 'csv',
      recipient_count: 2,
    })
    expect(due.next_24_hours.hours).toHaveLength(25)
    expect(due.next_24_hours.hours[0]).toEqual({ from: '2026-10-24T08:00:00.000Z', count: 0 })
    expect(due.next_24_hours.hours[23]).toEqual({ from: '2026-10-25T07:00:00.000Z', count: 3 })
    expect(due.next_24_hours.hours.reduce((sum, { count }) => sum + count, 0)).toBe(26)

    const { days, total } = due.next_7_days
    expect(days.map(({ date }) => date)).toEqual(
      ['24', '25', '26', '27', '28', '29', '30', '31'].map((day) => `2026-10-${day}`),
    )
    // Saturday from 10:30; Sunday has 25 hours; the last day ends at 09:30, as a week is seven times 24 hours.
    expect(days.map(({ count }) => count)).toEqual([13, 27, 25, 25, 25, 25, 25, 11])
    expect(total).toBe(days.reduce((sum, { count }) => sum + count, 0))
  })

  it('names the first sixty of five thousand definitions', async () => {
    clock = new Date('2026-11-17T08:30:00Z')
    await api.prisma.scheduledReport.createMany({
      data: Array.from({ length: 5_000 }, (_, index) =>
        definition({
          time: `${String(index % 24).padStart(2, '0')}:${String((index * 7) % 60).padStart(2, '0')}`,
        }),
      ),
    })
    const { due } = await dashboard()
    expect(due.next_24_hours).toMatchObject({ total: 5_000 })
    expect(due.next_24_hours.items).toHaveLength(60)
    expect(due.next_7_days.total).toBe(35_000)
  })
})

describe('failures', () => {
  it('lists failed reports, newest first, without those relaunched since', async () => {
    const { prisma } = api
    await prisma.report.create({ data: report({ status: 'failed', failure, requestedAt: hours(5) }) })
    const { number } = await prisma.report.create({
      data: report({ status: 'failed', failure, failedInARow: 1, requestedAt: hours(4), title: 'Élèves' }),
    })
    await prisma.report.create({ data: report({ status: 'running', failure }) })
    await prisma.report.create({ data: report({ status: 'failed', requestedAt: hours(24 * 31) }) })
    const { failed } = (await dashboard()).failures
    expect(failed.total).toBe(2)
    expect(failed.items[0]).toEqual({
      number,
      title: 'Élèves',
      name: null,
      scheduled_report_id: null,
      owner_name: expect.stringContaining('Awa'),
      requested_at: hours(4).toISOString(),
      failure,
      failed_in_a_row: 1,
    })
  })

  it('lists definitions that failed several times in a row, until one succeeds', async () => {
    const { prisma } = api
    const [bad, mended, once] = await Promise.all(
      ['Toujours', 'Réparé', 'Une fois'].map((name) =>
        prisma.scheduledReport.create({ data: definition({ name }) }),
      ),
    )
    const run = (of: { id: string } | undefined, part: Partial<Prisma.ReportUncheckedCreateInput>) =>
      prisma.report.create({ data: report({ scheduledReportId: of?.id, origin: 'run_now', ...part }) })
    for (const failedInARow of [1, 2, 3]) await run(bad, { status: 'failed', failure, failedInARow })
    // Skipped says nothing about whether it works.
    await run(bad, { status: 'skipped', skipReason: 'missed' })
    for (const failedInARow of [1, 2]) await run(mended, { status: 'failed', failure, failedInARow })
    await run(mended, { status: 'completed' })
    await run(once, { status: 'failed', failure, failedInARow: 1 })
    // Counted as they end (services/definitions/failure-streak.ts).
    for (const [of, failedInARow] of [
      [bad, 3],
      [mended, 0],
      [once, 1],
    ] as const) {
      await prisma.scheduledReport.update({ where: { id: of?.id }, data: { failedInARow } })
    }
    const { in_a_row: inARow } = (await dashboard()).failures
    expect(inARow.total).toBe(1)
    expect(inARow.items[0]).toMatchObject({ name: 'Toujours', failed_in_a_row: 3, failure })
  })

  it('lists partly delivered reports with the recipients who did not get them', async () => {
    const { prisma } = api
    const { number } = await prisma.report.create({ data: report({ delivery: 'partial' }) })
    await prisma.report.create({ data: report({ delivery: 'sent' }) })
    await prisma.delivery.createMany({
      data: [
        { reportNumber: number, email: 'a@exemple.fr', status: 'sent' },
        { reportNumber: number, email: 'b@exemple.fr', status: 'failed' },
      ],
    })
    const { partly_delivered: partly } = (await dashboard()).failures
    expect(partly).toMatchObject({
      total: 1,
      items: [{ number, undelivered: ['b@exemple.fr'], recipient_count: 3 }],
    })
  })
})

describe('the last 30 days', () => {
  it('have rate, results and durations by day in the person’s zone', async () => {
    clock = new Date('2026-11-20T12:00:00Z')
    const { prisma } = api
    const took = (seconds: number, requestedAt: Date) => ({
      requestedAt,
      startedAt: requestedAt,
      finishedAt: new Date(requestedAt.getTime() + seconds * 1_000),
    })
    // 23:30Z is half past midnight in Paris: the day after.
    const night = new Date('2026-11-10T23:30:00Z')
    for (const seconds of [1, 2, 30]) await prisma.report.create({ data: report(took(seconds, night)) })
    await prisma.report.create({ data: report({ ...took(9_999, night), round: 1, delivery: 'partial' }) })
    await prisma.report.create({ data: report({ ...took(5, clock), status: 'failed' }) })
    await prisma.report.create({ data: report({ status: 'skipped' }) })
    await prisma.report.create({ data: report({ status: 'cancelled' }) })
    await prisma.report.create({ data: report({ requestedAt: new Date('2026-10-21T12:00:00Z') }) })

    const month = (await dashboard()).last_30_days
    expect(month).toMatchObject({
      success_rate: 0.8,
      completed: 4,
      partly_delivered: 1,
      failed: 1,
      cancelled: 1,
      skipped: 1,
      median_ms: 2_000,
      p95_ms: 30_000,
    })
    expect(month.days).toHaveLength(30)
    expect(month.days[0]?.date).toBe('2026-10-22')
    expect(month.days.at(-1)).toMatchObject({ date: '2026-11-20', failed: 1, completed: 0, median_ms: null })
    expect(month.days.find(({ date }) => date === '2026-11-11')).toMatchObject({
      completed: 4,
      partly_delivered: 1,
      median_ms: 2_000,
    })
  })
})

describe('what is paused', () => {
  it('says why, when it was not a person’s own click', async () => {
    const pauseReason = { kind: 'unsubscribed' }
    await api.prisma.scheduledReport.create({ data: definition({ enabled: false, pauseReason }) })
    await api.prisma.scheduledReport.create({ data: definition() })
    expect((await dashboard()).paused).toMatchObject({
      total: 1,
      items: [
        {
          name: 'Caisse du matin',
          pause_note: 'Mis en pause\u00A0: le dernier destinataire s’est désabonné.',
          type_title: 'Sessions de caisse',
        },
      ],
    })
  })
})
