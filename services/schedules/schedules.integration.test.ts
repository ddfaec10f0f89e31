import { randomUUID } from 'node:crypto'
import type { ScheduleDescription } from '@temporalio/client'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MailError } from '#adapters/mail/classify-mail-error.ts'
import { Prisma } from '#prisma/client/client.ts'
import { maintenanceSchedules, scheduleIdFor, workflowIdForOccurrence } from '#contract/names.ts'
import { reportNumberKey, reportStatusKey } from '#contract/search-attributes.ts'
import { backfillOccurrences } from '../occurrences/backfill-occurrences.ts'
import { applySchedule } from './apply-schedule.ts'
import { reconcileDefinitions } from '../maintenance/reconcile-definitions.ts'
import { readInstallation } from '../maintenance/installation.ts'
import { restoreMaintenanceSchedules } from '../maintenance/maintenance-schedules.ts'
import { occurrenceSnapshot } from '../definitions/occurrence-snapshot.ts'
import { createReportRow } from '../reports/create-report-row.ts'
import { eventually } from '#test/eventually.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { losingAnswers, unreachableEngine } from '#test/servers/unreachable-engine.ts'

let world: ReportWorld

beforeAll(async () => {
  world = await ReportWorld.create()
  await world.startWorker()
})
beforeEach(async () => {
  world.mail.release()
  const { count } = await world.prisma.scheduledReport.deleteMany()
  if (count > 0) await reconcileDefinitions(world.context)
})
afterAll(async () => {
  await world.close()
})

const handle = (id: string) => world.temporal.schedule.getHandle(scheduleIdFor(id))
const exists = (id: string) =>
  handle(id)
    .describe()
    .then(
      () => true,
      () => false,
    )
const definitionOf = (id: string) => world.prisma.scheduledReport.findUniqueOrThrow({ where: { id } })
const reportsOf = (id: string) =>
  world.prisma.report.findMany({ where: { scheduledReportId: id }, orderBy: { number: 'asc' } })

/** The scheduler applies updates asynchronously. */
function becomesPaused(id: string, paused: boolean) {
  return eventually(
    () => handle(id).describe(),
    ({ state }) => state.paused === paused,
  )
}

/** The scheduler applies updates asynchronously: waits for the local time of its next run, `HH:MM:SS`. */
function becomesDueAt(id: string, time: string) {
  return eventually(
    async () => (await handle(id).describe()).info.nextActionTimes[0],
    (next) => next?.toLocaleTimeString('fr-FR', { timeZone: 'Europe/Paris' }) === time,
  )
}

const fingerprint = ({ spec, policies, action, state }: ScheduleDescription) =>
  JSON.stringify({ spec, policies, action, state })

describe('a definition and its Schedule', () => {
  it('are created, edited, paused and removed together', async () => {
    const { id } = await world.define({ recipients: ['a@ville.test'] })
    expect(await world.engine.applySchedule(id)).toBe(true)
    const created = await handle(id).describe()
    expect(created.action).toMatchObject({
      workflowType: 'report',
      args: [{ scheduledReportId: id, definitionVersion: 1 }],
    })
    expect(created.policies).toMatchObject({ overlap: 'ALLOW_ALL', catchupWindow: 600_000 })
    expect(await definitionOf(id)).toMatchObject({ appliedVersion: 1, appliedEnabled: true })

    await world.prisma.scheduledReport.update({
      where: { id },
      data: { time: '09:30', enabled: false, version: 2 },
    })
    expect(await world.engine.applySchedule(id)).toBe(true)
    await becomesPaused(id, true)
    await becomesDueAt(id, '09:30:00')

    expect(await world.engine.removeSchedule(id)).toBe(true)
    await eventually(
      () => exists(id),
      (there) => !there,
    )
    expect(await world.engine.removeSchedule(id)).toBe(true)
  })

  it('adopts a pause made in Temporal Web, with its note, and its end', async () => {
    const { id } = await world.define()
    await world.engine.applySchedule(id)
    await handle(id).pause('maintenance de la base')
    await becomesPaused(id, true)
    await world.engine.applySchedule(id)
    expect(await definitionOf(id)).toMatchObject({
      enabled: false,
      pauseReason: { kind: 'operator', note: 'maintenance de la base' },
    })
    expect((await handle(id).describe()).state.paused).toBe(true)
    await handle(id).unpause()
    await becomesPaused(id, false)
    await world.engine.applySchedule(id)
    expect(await definitionOf(id)).toMatchObject({ enabled: true, pauseReason: null })
  })

  it('adopts a pause without a note of its own, and gives no reason', async () => {
    const { id } = await world.define({ name: 'sans motif' })
    await world.engine.applySchedule(id)
    await handle(id).update((present) => ({ ...present, state: { ...present.state, paused: true } }))
    expect((await becomesPaused(id, true)).state.note).toBe('sans motif')
    await world.prisma.scheduledReport.update({ where: { id }, data: { name: 'renommé', version: 2 } })
    await world.engine.applySchedule(id)
    expect(await definitionOf(id)).toMatchObject({ enabled: false, pauseReason: null })
  })

  it('is not taken for an operator’s, when the answer to our own was lost and a person resumed it', async () => {
    const { id } = await world.define({ recipients: ['reprise@ville.test'] })
    await world.engine.applySchedule(id)
    const change = (data: Prisma.ScheduledReportUncheckedUpdateManyInput) => async () =>
      world.engine.changeDefinition(await definitionOf(id), data)
    await change({ enabled: false, pauseReason: { kind: 'failures', times: 3, number: 12 } })()
    const deaf = { ...world.context, temporal: losingAnswers(world.temporal) }
    await expect(applySchedule(deaf, id)).rejects.toThrow('14 UNAVAILABLE')
    await becomesPaused(id, true)
    expect(await definitionOf(id)).toMatchObject({ version: 2, appliedVersion: 1, appliedEnabled: true })

    await change({ enabled: true, pauseReason: Prisma.DbNull })()
    await world.scheduleIsListed(id)
    expect(await reconcileDefinitions(world.context)).toMatchObject({ applied: 1, failed: 0 })
    await becomesPaused(id, false)
    const resumed = { enabled: true, version: 3, appliedVersion: 3, appliedEnabled: true, pauseReason: null }
    expect(await definitionOf(id)).toMatchObject(resumed)
    // The next one is an operator's again.
    await handle(id).pause('maintenance')
    await becomesPaused(id, true)
    await world.engine.applySchedule(id)
    expect(await definitionOf(id)).toMatchObject({ enabled: false, version: 4, appliedVersion: 4 })
    expect((await handle(id).describe()).action).toMatchObject({ args: [{ definitionVersion: 4 }] })
  })

  it('adopts a pause and its end on a Schedule of an earlier release, which names no version', async () => {
    const { id } = await world.define({ name: 'ancien' })
    await world.engine.applySchedule(id)
    await handle(id).update((present) => ({
      ...present,
      action: { ...present.action, args: [{ scheduledReportId: id }] },
      state: { paused: true, note: 'avant la mise à jour' },
    }))
    await becomesPaused(id, true)
    await world.engine.applySchedule(id)
    expect(await definitionOf(id)).toMatchObject({
      enabled: false,
      pauseReason: { kind: 'operator', note: 'avant la mise à jour' },
    })
  })

  it('keeps the person’s change when Temporal Web changed the same thing', async () => {
    const { id } = await world.define()
    await world.engine.applySchedule(id)
    await world.prisma.scheduledReport.update({ where: { id }, data: { enabled: false, version: 2 } })
    await world.engine.applySchedule(id)
    await becomesPaused(id, true)
    await world.prisma.scheduledReport.update({ where: { id }, data: { enabled: true, version: 3 } })
    await world.engine.applySchedule(id)
    await becomesPaused(id, false)
    expect(await definitionOf(id)).toMatchObject({ enabled: true })
  })
})

describe('the reconciler', () => {
  it('creates missing Schedules, applies edits, removes orphans and leaves the rest unchanged', async () => {
    const missing = await world.define({ name: 'manquant' })
    const edited = await world.define({ name: 'modifié' })
    await world.engine.applySchedule(edited.id)
    await world.prisma.scheduledReport.update({
      where: { id: edited.id },
      data: { version: 2, time: '11:00' },
    })
    const orphan = await world.define({ name: 'orphelin' })
    await world.engine.applySchedule(orphan.id)
    await world.scheduleIsListed(edited.id)
    await world.scheduleIsListed(orphan.id)
    await world.prisma.scheduledReport.delete({ where: { id: orphan.id } })

    const first = await reconcileDefinitions(world.context)
    expect(first).toMatchObject({ definitions: 2, applied: 2, failed: 0 })
    expect(first.removed).toBeGreaterThanOrEqual(1)
    expect(await exists(missing.id)).toBe(true)
    await eventually(
      () => exists(orphan.id),
      (there) => !there,
    )
    await world.scheduleIsListed(missing.id)
    await becomesDueAt(edited.id, '11:00:00')
    await world.scheduleIsListed(edited.id)
    expect(await reconcileDefinitions(world.context)).toMatchObject({
      definitions: 2,
      applied: 0,
    })
  })

  it('goes on where an attempt that was interrupted had come to, and keeps what that one saw', async () => {
    const made = await Promise.all([1, 2, 3].map(() => world.define()))
    const [first = '', second = '', third = ''] = made.map(({ id }) => id).toSorted()
    await world.engine.applySchedule(first)
    await world.scheduleIsListed(first)
    await world.prisma.scheduledReport.update({
      where: { id: first },
      data: { version: 2, time: '11:00' },
    })
    const from = { done: 1, after: first }
    const seen: unknown[] = []
    const onProgress = (progress: unknown) => void seen.push(progress)
    expect(await reconcileDefinitions(world.context, { from, onProgress })).toMatchObject({
      definitions: 2,
      applied: 2,
      failed: 0,
    })
    expect([await exists(second), await exists(third)]).toEqual([true, true])
    expect(await definitionOf(first)).toMatchObject({ appliedVersion: 1 })
    expect(await exists(first)).toBe(true)
    expect([seen[0], seen.at(-1)]).toEqual([from, { done: 3, after: third }])
  })

  it('reports a definition that fails, with its error, and continues with the others', async () => {
    // Longer than the engine takes.
    const { id: refused } = await world.define({
      enabled: false,
      pauseReason: { kind: 'operator', note: 'x'.repeat(3_000_000) },
    })
    const { id: other } = await world.define()
    const failures: [string, unknown][] = []
    const onFailed = (...failure: [string, unknown]) => void failures.push(failure)
    expect(await reconcileDefinitions(world.context, { onFailed })).toMatchObject({ failed: 1, applied: 1 })
    expect(failures).toEqual([[refused, expect.any(Error)]])
    expect(await exists(other)).toBe(true)
  })

  it.each<[string, (present: ScheduleDescription) => Partial<ScheduleDescription>]>([
    ['the timing', (present) => ({ spec: { ...present.spec, calendars: present.spec.calendars?.slice(1) } })],
    ['the spread', (present) => ({ spec: { ...present.spec, jitter: 60_000 } })],
    ['the overlap policy', ({ policies }) => ({ policies: { ...policies, overlap: 'SKIP' } })],
    ['the catch-up window', ({ policies }) => ({ policies: { ...policies, catchupWindow: 3_600_000 } })],
    [
      'the catch-up window of an earlier release',
      ({ policies }) => ({ policies: { ...policies, catchupWindow: 86_400_000 } }),
    ],
    ['what is started', ({ action }) => ({ action: { ...action, args: [{ scheduledReportId: 'x' }] } })],
    ['the task queue', ({ action }) => ({ action: { ...action, taskQueue: 'elsewhere' } })],
    ['how often it may act', ({ state }) => ({ state: { ...state, remainingActions: 3 } })],
    ['its time zone', ({ spec }) => ({ spec: { ...spec, timezone: 'America/New_York' } })],
    ['what a failed run does', ({ action }) => ({ action: { ...action, retry: { maximumAttempts: 2 } } })],
  ])('repairs %s, edited in Temporal Web', async (_what, edit) => {
    const { id } = await world.define({ name: 'retouché' })
    await world.engine.applySchedule(id)
    const wanted = await handle(id).describe()
    await handle(id).update((present) => ({ ...present, ...edit(present) }))
    await eventually(
      async () => fingerprint(await handle(id).describe()),
      (seen) => seen !== fingerprint(wanted),
    )
    await eventually(
      async () => {
        await reconcileDefinitions(world.context)
        return fingerprint(await handle(id).describe())
      },
      (seen) => seen === fingerprint(wanted),
    )
    expect(await reportsOf(id)).toEqual([])
  })

  it('pauses the definitions of a deactivated account, with a note, and notifies the administrators once', async () => {
    const gone = await world.prisma.user.create({
      data: { id: randomUUID(), email: `${randomUUID()}@ville.test`, name: 'Paul Partant', role: 'admin' },
    })
    const { id } = await world.define({ ownerId: gone.id, name: 'orphelin de Paul' })
    await world.engine.applySchedule(id)
    await world.scheduleIsListed(id)
    await world.prisma.user.update({ where: { id: gone.id }, data: { banned: true } })
    await reconcileDefinitions(world.context)
    expect(await definitionOf(id)).toMatchObject({
      enabled: false,
      pauseReason: { kind: 'owner_inactive', owner: 'Paul Partant' },
    })
    const { state } = await becomesPaused(id, true)
    expect(state.note).toBe('Mis en pause\u00A0: le compte de Paul Partant est désactivé.')
    const told = () => world.mail.mailsFor(world.owner.email).filter((mail) => mail.raw.includes('Partant'))
    await eventually(
      async () => told().length,
      (count) => count === 1,
    )
    await reconcileDefinitions(world.context)
    expect(world.mail.mailsFor(gone.email)).toEqual([])
    expect(await world.prisma.notice.findMany({ where: { kind: 'owner_gone' } })).toMatchObject([
      { userId: world.owner.id, reportNumber: null },
    ])
    expect(told()).toHaveLength(1)
  })

  it('creates a Schedule again that was deleted in Temporal Web', async () => {
    const { id } = await world.define({ name: 'supprimé' })
    await world.engine.applySchedule(id)
    await world.scheduleIsListed(id)
    await handle(id).delete()
    await eventually(
      async () => {
        await reconcileDefinitions(world.context)
        return exists(id)
      },
      (there) => there,
    )
    expect(await handle(id).describe()).toMatchObject({ state: { paused: false } })
  })
})

describe('an engine that was emptied while the workers continued', () => {
  it('gets the maintenance schedules again, which apply every definition', async () => {
    const { id } = await world.define({ name: 'survivant' })
    // The row as it was before the engine was emptied.
    await world.prisma.scheduledReport.update({
      where: { id },
      data: { appliedVersion: 1, appliedAt: new Date() },
    })
    const own = await readInstallation(world.prisma, world.environment)
    expect(await restoreMaintenanceSchedules(world.temporal, own)).toBe(true)
    await eventually(
      () => exists(id),
      (there) => there,
    )
    expect(await restoreMaintenanceSchedules(world.temporal, own)).toBe(false)
    for (const scheduleId of Object.values(maintenanceSchedules)) {
      await world.temporal.schedule.getHandle(scheduleId).delete()
    }
  })
})

describe('occurrences', () => {
  it('are started by backfill once each, with the period of their own day', async () => {
    const { id } = await world.define({
      recipients: ['b@ville.test'],
      type: 'reception_ticket',
      columns: ['number'],
      filters: { period: { relative: 'yesterday' } },
    })
    await world.engine.applySchedule(id)
    const [from, to] = [new Date('2026-03-10T00:00:00Z'), new Date('2026-03-12T23:00:00Z')]
    const first = await world.engine.backfill(id, { from, to })
    expect(first).toMatchObject({
      ok: true,
      occurrences: [{ action: 'started' }, { action: 'started' }, { action: 'started' }],
    })
    const rows = await eventually(
      () => reportsOf(id),
      (seen) => seen.filter((row) => row.status === 'completed').length === 3,
    )
    expect(rows.map((row) => [row.origin, row.scheduledFor?.toISOString(), row.resolvedFilters])).toEqual([
      ['backfill', '2026-03-10T07:00:00.000Z', { period: { from: '2026-03-09', to: '2026-03-09' } }],
      ['backfill', '2026-03-11T07:00:00.000Z', { period: { from: '2026-03-10', to: '2026-03-10' } }],
      ['backfill', '2026-03-12T07:00:00.000Z', { period: { from: '2026-03-11', to: '2026-03-11' } }],
    ])
    expect(world.mail.mailsFor('b@ville.test')).toHaveLength(3)

    const again = await world.engine.backfill(id, { from, to })
    expect(again).toMatchObject({
      ok: true,
      occurrences: [{ action: 'already_run' }, { action: 'already_run' }, { action: 'already_run' }],
    })
    expect(world.mail.mailsFor('b@ville.test')).toHaveLength(3)
  })

  it('are started by backfill when skipped, relaunched when failed, repeated only when requested', async () => {
    const recipient = 'backfill@ville.test'
    const { id } = await world.define({ recipients: [recipient] })
    const at = (day: number) => new Date(`2026-03-1${day}T07:00:00Z`)
    const period = { from: at(0), to: at(2) }
    await world.engine.backfill(id, { from: at(0), to: at(0) })
    await eventually(
      () => reportsOf(id),
      ([row]) => row?.status === 'completed',
    )
    world.mail.inject({ at: 'recipient', does: 'reply', code: 550, text: '5.1.1 No such user', times: 1 })
    await world.engine.backfill(id, { from: at(1), to: at(1) })
    await eventually(
      () => reportsOf(id),
      (rows) => rows[1]?.status === 'failed',
    )
    const [first] = await reportsOf(id)
    const missed = await world.prisma.report.create({
      data: {
        ...occurrenceSnapshot(world.context.catalogue, await definitionOf(id)),
        scheduledReportId: id,
        scheduledFor: at(2),
        origin: 'schedule',
        workflowId: workflowIdForOccurrence(id, at(2)),
        status: 'skipped',
        skipReason: 'missed',
        finishedAt: new Date(),
      },
    })

    const actions = async (again: boolean) => {
      const outcome = await world.engine.backfill(id, { ...period, again })
      return outcome.ok ? outcome.occurrences.map(({ action }) => action) : outcome.code
    }
    expect(await actions(false)).toEqual(['already_run', 'relaunched', 'started'])
    await eventually(
      () => reportsOf(id),
      (rows) => rows.length === 3 && rows.every(({ status }) => status === 'completed'),
    )
    expect(await world.row(missed.number)).toMatchObject({ origin: 'backfill', skipReason: null })
    expect(world.mail.mailsFor(recipient)).toHaveLength(3)

    expect(await actions(true)).toEqual(['repeated', 'repeated', 'repeated'])
    const rows = await eventually(
      () => reportsOf(id),
      (seen) => seen.length === 6 && seen.every(({ status }) => status === 'completed'),
    )
    expect(rows.slice(3).map((row) => [row.scheduledFor, row.repetition, row.workflowId])).toEqual(
      rows.slice(3).map((row, day) => [at(day), 1, `report:${row.number}`]),
    )
    expect(rows[0]).toMatchObject({ number: first?.number, runIds: first?.runIds })
    expect(world.mail.mailsFor(recipient)).toHaveLength(6)
  })

  it('stay queued when they are backfilled while the engine is unreachable, without a long wait', async () => {
    const recipient = 'absent@ville.test'
    const { id } = await world.define({ recipients: [recipient] })
    const away = {
      ...world.context,
      temporal: unreachableEngine(world.environment.TEMPORAL_NAMESPACE),
    }
    const period = { from: new Date('2026-03-10T00:00:00Z'), to: new Date('2026-03-12T23:00:00Z') }
    const began = Date.now()
    const planned = await backfillOccurrences(away, id, period)
    expect(planned.map(({ action }) => action)).toEqual(['started', 'started', 'started'])
    expect(Date.now() - began).toBeLessThan(15_000)
    expect((await reportsOf(id)).map(({ status }) => status)).toEqual(['queued', 'queued', 'queued'])

    await world.sweepLater()
    const [first] = await eventually(
      () => reportsOf(id),
      (rows) => rows.every(({ status }) => status === 'completed'),
    )
    expect(world.mail.mailsFor(recipient)).toHaveLength(3)

    // Only the engine can relaunch: the backfill fails, and the report is unchanged.
    await world.prisma.report.update({ where: { number: first?.number ?? 0 }, data: { status: 'failed' } })
    await expect(backfillOccurrences(away, id, period)).rejects.toThrow('Temporal does not answer')
    expect((await reportsOf(id)).map(({ status }) => status)).toEqual(['failed', 'completed', 'completed'])
  })

  it('are not repeated when the engine’s own backfill starts them again', async () => {
    const { id } = await world.define({ recipients: ['h@ville.test'] })
    await world.engine.applySchedule(id)
    // A Schedule in a new namespace may drop requests: wait until it has acted once.
    await handle(id).trigger()
    await eventually(
      () => reportsOf(id),
      (rows) => rows[0]?.status === 'completed',
    )
    const [from, to] = [new Date('2026-03-10T00:00:00Z'), new Date('2026-03-10T23:00:00Z')]
    await world.engine.backfill(id, { from, to })
    const [, row] = await eventually(
      () => reportsOf(id),
      (rows) => rows[1]?.status === 'completed',
    )
    await world.workflowEnded(row?.number ?? 0)

    await handle(id).backfill({ start: from, end: to, overlap: 'ALLOW_ALL' })
    const latest = await eventually(
      () => world.temporal.workflow.getHandle(row?.workflowId ?? '').describe(),
      (run) => run.runId !== row?.runIds[0] && run.status.name === 'COMPLETED',
    )
    const repeat = world.temporal.workflow.getHandle(latest.workflowId, latest.runId)
    expect(await repeat.result()).toMatchObject({ status: 'already_claimed' })
    expect(await reportsOf(id)).toHaveLength(2)
    expect((await world.row(row?.number ?? 0)).runIds).toEqual(row?.runIds)
    expect(world.mail.mailsFor('h@ville.test')).toHaveLength(2)
  })

  it('run when the engine’s own backfill starts old ones without a report', async () => {
    const recipient = 'temporal-web@ville.test'
    const anHourAgo = new Date(Date.now() - 3_600_000)
    const { id } = await world.define({
      recipients: [recipient],
      frequency: 'custom',
      cronExpression: `${anHourAgo.getUTCMinutes()} * * * *`,
      timeZone: 'UTC',
      missedRuns: 'latest',
    })
    await world.engine.applySchedule(id)
    // A Schedule in a new namespace may drop requests: wait until it has acted once.
    await handle(id).trigger()
    await eventually(
      () => reportsOf(id),
      ([row]) => row?.status === 'completed',
    )
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000)
    await handle(id).backfill([
      { start: hoursAgo(99.5), end: hoursAgo(96.5), overlap: 'ALLOW_ALL' },
      // Occurrences within the catch-up window count as caught up by the engine.
      { start: hoursAgo(6.5), end: hoursAgo(4.5), overlap: 'ALLOW_ALL' },
    ])
    const rows = await eventually(
      () => reportsOf(id),
      (seen) => seen.length === 6 && seen.every(({ finishedAt }) => finishedAt !== null),
    )
    expect(rows.map(({ origin, status, skipReason }) => [origin, skipReason ?? status]).sort()).toEqual([
      ['backfill', 'completed'],
      ['backfill', 'completed'],
      ['backfill', 'completed'],
      ['schedule', 'completed'],
      ['schedule', 'replaced_by_newer'],
      ['schedule', 'replaced_by_newer'],
    ])
    expect(world.mail.mailsFor(recipient)).toHaveLength(4)
  })

  it('start each minute, and stop when the definition is disabled', async () => {
    const { id } = await world.define({
      frequency: 'custom',
      cronExpression: '* * * * *',
      recipients: ['c@ville.test'],
    })
    await world.engine.applySchedule(id)
    const [row] = await eventually(
      () => reportsOf(id),
      (seen) => seen[0]?.status === 'completed',
      { withinMs: 90_000 },
    )
    expect(row).toMatchObject({ origin: 'schedule', delivery: 'sent' })
    expect(row?.scheduledFor?.getUTCSeconds()).toBe(0)
    expect(row?.workflowId).toBe(
      `${scheduleIdFor(id)}-${row?.scheduledFor?.toISOString().replace('.000Z', 'Z')}`,
    )
    await world.prisma.scheduledReport.update({ where: { id }, data: { enabled: false, version: 2 } })
    await world.engine.applySchedule(id)
    const { state, info } = await eventually(
      () => handle(id).describe(),
      (seen) => seen.state.paused,
    )
    expect(state.paused).toBe(true)
    expect(info.nextActionTimes.length === 0 || state.paused).toBe(true)
  }, 120_000)

  it('are skipped with a reason while the previous one is producing', async () => {
    const { id } = await world.define({ recipients: ['d@ville.test'] })
    await world.engine.applySchedule(id)
    world.mail.inject({ at: 'recipient', does: 'hold', recipient: 'd@ville.test' })
    await handle(id).trigger()
    const [first] = await eventually(
      () => reportsOf(id),
      (seen) => seen[0]?.status === 'running' && seen[0].objectKey !== null,
    )
    // The second trigger must be in another second: its workflow id has a precision of one second.
    await eventually(
      async () => Math.floor(Date.now() / 1000),
      (second) => second > Math.floor((first?.requestedAt.getTime() ?? 0) / 1000) + 1,
    )
    await handle(id).trigger()
    const rows = await eventually(
      () => reportsOf(id),
      (seen) => seen.length === 2 && seen[1]?.status === 'skipped',
    )
    expect(rows[1]).toMatchObject({ skipReason: 'previous_still_running' })
    expect(await world.log(rows[1]?.number ?? 0)).toMatchObject({
      status: 'skipped',
      skip_reason: 'previous_still_running',
    })
    // It is found in Temporal Web by number and status, as the others are.
    const { typedSearchAttributes } = await eventually(
      () => world.temporal.workflow.getHandle(rows[1]?.workflowId ?? '').describe(),
      (run) => run.status.name === 'COMPLETED',
    )
    expect(typedSearchAttributes.get(reportStatusKey)).toBe('skipped')
    expect(typedSearchAttributes.get(reportNumberKey)).toBe(rows[1]?.number)
    world.mail.release()
    await world.rowBecomes(first?.number ?? 0, (row) => row.status === 'completed')
    expect(world.mail.mailsFor('d@ville.test')).toHaveLength(1)
  })

  it.each([
    ['deactivated', { role: 'admin', banned: true }],
    ['made an ordinary user', { role: 'user', banned: false }],
  ])('are skipped when the owner was %s', async (_words, change) => {
    const gone = await world.prisma.user.create({
      data: { id: randomUUID(), email: `${randomUUID()}@ville.test`, name: 'Parti', ...change },
    })
    const { id } = await world.define({ ownerId: gone.id, recipients: ['e@ville.test'] })
    await world.engine.applySchedule(id)
    await handle(id).trigger()
    const [row] = await eventually(
      () => reportsOf(id),
      (seen) => seen[0]?.status === 'skipped',
    )
    expect(row?.skipReason).toBe('owner_not_allowed')
    expect(world.mail.mailsFor('e@ville.test')).toEqual([])
  })
})

describe('the sweep', () => {
  it('starts a report that was requested while the engine was unreachable', async () => {
    const row = await createReportRow(world.prisma, {
      origin: 'request',
      ownerId: world.owner.id,
      title: 'Écoles',
      type: 'schools',
      format: 'csv',
      columns: ['code'],
      filters: {},
      recipients: ['f@ville.test'],
      locale: 'fr',
      timeZone: 'Europe/Paris',
    })
    expect(await world.sweepLater()).toMatchObject({ started: 1 })
    await world.rowBecomes(row.number, (seen) => seen.status === 'completed')
    await world.sweepLater()
    expect(world.mail.mailsFor('f@ville.test')).toHaveLength(1)
  })

  it('ends a report whose workflow was terminated with a failure and its log, and it can be relaunched', async () => {
    world.mail.inject({ at: 'recipient', does: 'hold', recipient: 'g@ville.test' })
    const { number, workflowId } = await world.request({ recipients: ['g@ville.test'] })
    await world.logBecomes(number, (log) => log.phases[2]?.status === 'running')
    await world.temporal.workflow.getHandle(workflowId).terminate('by hand')
    expect(await world.sweepLater()).toMatchObject({ ended: 1 })
    const row = await world.row(number)
    expect(row).toMatchObject({ status: 'failed', failure: { code: 'workflow_lost', phase: 'email' } })
    expect(await world.log(number)).toMatchObject({ status: 'failed' })
    expect(row.archivedLog).not.toBeNull()
    world.mail.release()
    expect(await world.engine.relaunchReport(number)).toEqual({ ok: true })
    await world.rowBecomes(number, (seen) => seen.status === 'completed')
  })

  it('signals a relaunch again whose signal was never sent', async () => {
    world.mail.inject({
      at: 'recipient',
      does: 'reply',
      code: 550,
      text: '5.1.1 No',
      recipient: 'i@ville.test',
    })
    const { number } = await world.request({ recipients: ['i@ville.test'] })
    await world.rowBecomes(number, (row) => row.status === 'failed')
    world.mail.release()
    // The row after an API that died between the row and the signal.
    await world.prisma.report.update({ where: { number }, data: { status: 'queued' } })
    await eventually(
      () => world.sweepLater(),
      (swept) => swept.started >= 1,
    )
    await world.rowBecomes(number, (row) => row.status === 'completed' && row.round === 1)
    expect(world.mail.mailsFor('i@ville.test')).toHaveLength(1)
  })

  it('starts a report whose workflow was terminated before it opened it', async () => {
    await world.stopWorker()
    const { number, workflowId } = await world.request({ recipients: ['j@ville.test'] })
    await world.temporal.workflow.getHandle(workflowId).terminate('before it began')
    await world.startWorker()
    expect((await world.sweepLater()).started).toBeGreaterThanOrEqual(1)
    await world.rowBecomes(number, (row) => row.status === 'completed')
  })

  it('archives a log when the engine has no record of the run', async () => {
    const { number: lost } = await world.request({ recipients: ['k@ville.test'] })
    await world.rowBecomes(lost, (row) => row.status === 'completed')
    await world.workflowEnded(lost)
    await world.prisma.report.update({
      where: { number: lost },
      data: {
        status: 'running',
        runIds: [randomUUID()],
        workflowId: `report:${lost}:gone`,
        logArchived: false,
      },
    })
    expect(await world.sweepLater()).toMatchObject({ ended: 1, failed: 0 })
    // Completed, since all recipients have the mail.
    expect(await world.row(lost)).toMatchObject({ status: 'completed', delivery: 'sent', logArchived: true })
  })

  it('completes a report whose workflow was terminated before it learned of the acceptance', async () => {
    const recipient = 'l@ville.test'
    world.mail.inject({ at: 'answer', does: 'hold', recipient })
    const { number, workflowId } = await world.request({ recipients: [recipient] })
    await world.logBecomes(number, (log) => log.phases[2]?.status === 'running')
    await world.mail.struck(1)
    await world.temporal.workflow.getHandle(workflowId).terminate('by hand')
    world.mail.release()
    await eventually(
      () => world.prisma.delivery.findFirst({ where: { reportNumber: number } }),
      (delivery) => delivery?.status === 'sent',
    )
    expect(await world.sweepLater()).toMatchObject({ ended: 1, failed: 0 })
    expect(await world.row(number)).toMatchObject({
      status: 'completed',
      delivery: 'sent',
      failure: null,
      failedInARow: 0,
      finishedAt: expect.any(Date),
    })
    expect(await world.prisma.notice.count({ where: { reportNumber: number } })).toBe(0)
    const log = await world.log(number)
    expect(log).toMatchObject({ status: 'completed', delivery: 'sent' })
    expect(log.phases.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed'])
    expect(log.recipients).toMatchObject([
      { status: 'sent', attempts: 1, response: expect.stringMatching(/^250/) },
    ])
    expect(world.mail.mailsFor(recipient)).toHaveLength(1)
  })

  it('archives the log of a run whose history has text that PostgreSQL refuses', async () => {
    const { context } = world
    const usual = context.mailTurns
    const response = '550 No\0such user \uD83D'
    const refusal = new MailError('no', {
      kind: 'permanent',
      code: 'mail_refused',
      stage: 'envelope',
      response,
    })
    context.mailTurns = Object.assign(Object.create(usual) as typeof usual, {
      send: () => Promise.reject(refusal),
    })
    const { number, workflowId } = await world.request({ recipients: ['m@ville.test'] })
    const history = world.temporal.workflow.getHandle(workflowId)
    // Like an earlier release that did not clean the reply: the result cannot be written.
    await eventually(
      async () => (await history.describe()).raw.pendingActivities?.[0],
      (pending) => pending?.activityType?.name === 'settleReport' && (pending.attempt ?? 0) > 1,
    )
    context.mailTurns = usual
    await history.terminate('by hand')
    expect(await world.sweepLater()).toMatchObject({ ended: 1, failed: 0 })
    expect(await world.log(number)).toMatchObject({ status: 'failed' })
    expect((await world.row(number)).logArchived).toBe(true)
  })

  it('reports a report that fails, with its error', async () => {
    const { number } = await world.request({ recipients: ['n@ville.test'] })
    await world.rowBecomes(number, (row) => row.status === 'completed')
    await world.workflowEnded(number)
    await world.prisma.report.update({
      where: { number },
      data: { status: 'running', workflowId: `report:${number}:gone` },
    })
    const fault = new Error('storage away')
    const failures: [number, unknown][] = []
    const swept = await world.sweepLater({
      onEnded: () => Promise.reject(fault),
      onFailed: (...failure) => void failures.push(failure),
    })
    expect(swept).toMatchObject({ failed: 1 })
    expect(failures).toEqual([[number, fault]])
  })
})
