import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { scheduleIdFor, taskQueues, workflowIdForOccurrence, workflowTypes } from '#contract/names.ts'
import { eventually } from '#test/eventually.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { unreachableEngine } from '#test/servers/unreachable-engine.ts'
import { accountForOccurrences, advance } from './account-for-occurrences.ts'
import { accountForOwner, changeDefinition } from './change-definition.ts'
import { reconcileDefinitions } from '../maintenance/reconcile-definitions.ts'
import { nominalTimeKey } from '#contract/search-attributes.ts'

let world: ReportWorld
const dayMs = 86_400_000

beforeAll(async () => {
  world = await ReportWorld.create()
  await world.startWorker()
})
beforeEach(async () => {
  await world.prisma.scheduledReport.deleteMany()
  await reconcileDefinitions(world.context)
})
afterAll(() => world.close())

const definitionOf = (id: string) => world.prisma.scheduledReport.findUniqueOrThrow({ where: { id } })
const occurrencesOf = (id: string) =>
  world.prisma.report.findMany({
    where: { scheduledReportId: id },
    orderBy: [{ scheduledFor: 'asc' }, { number: 'asc' }],
  })

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000)
/** In UTC, as a definition's `time`. */
const timeOf = (at: Date) => at.toISOString().slice(11, 16)

/** Due each day at the minute that was an hour ago, and not accounted for in so many days. */
function neglected(days: number, extra: Parameters<ReportWorld['define']>[0] = {}) {
  const anHourAgo = minutesAgo(60)
  return world.define({
    time: timeOf(anHourAgo),
    timeZone: 'UTC',
    accountedUntil: new Date(anHourAgo.getTime() - days * dayMs + 60_000),
    ...extra,
  })
}

async function rowsOnceSettled(id: string, count: number) {
  const rows = await eventually(
    () => occurrencesOf(id),
    (seen) =>
      seen.length === count && seen.every(({ status }) => status !== 'queued' && status !== 'running'),
  )
  return rows.map(({ status, skipReason }) => skipReason ?? status)
}

describe('an outage longer than the catch-up window', () => {
  it.each([
    ['latest', ['replaced_by_newer', 'replaced_by_newer', 'completed']],
    ['none', ['missed', 'missed', 'missed']],
    ['all', ['completed', 'completed', 'completed']],
  ])('leaves a report for each occurrence: %s', async (missedRuns, expected) => {
    const recipient = `${missedRuns}@ville.test`
    const { id } = await neglected(3, { missedRuns, recipients: [recipient] })
    const found = await reconcileDefinitions(world.context)
    expect(found.started + found.skipped).toBe(3)
    expect(await rowsOnceSettled(id, 3)).toEqual(expected)
    const ran = expected.filter((result) => result === 'completed').length
    expect(world.mail.mailsFor(recipient)).toHaveLength(ran)

    // Until then the reconciler takes the Schedule for missing, and applies it once more.
    await world.scheduleIsListed(id)
    expect(await reconcileDefinitions(world.context)).toMatchObject({ started: 0, skipped: 0, applied: 0 })
    expect(await occurrencesOf(id)).toHaveLength(3)
    const [first] = await occurrencesOf(id)
    const log = await world.log(first?.number ?? 0)
    expect(log).toMatchObject({ scheduled_for: first?.scheduledFor?.toISOString() })
    expect(log.skip_reason ?? log.status).toBe(expected[0])
  })

  it('counts nothing as due while an operator has paused it, and adopts the pause', async () => {
    const { id } = await neglected(3)
    await world.engine.applySchedule(id)
    const handle = world.temporal.schedule.getHandle(scheduleIdFor(id))
    await handle.pause('inventaire')
    await eventually(
      async () => {
        for await (const seen of world.temporal.schedule.list()) {
          if (seen.scheduleId === scheduleIdFor(id)) return seen.state.paused
        }
        return null
      },
      (paused) => paused === true,
    )
    expect(await reconcileDefinitions(world.context)).toMatchObject({ started: 0, skipped: 0 })
    const adopted = await definitionOf(id)
    const pauseReason = { kind: 'operator', note: 'inventaire' }
    expect(adopted).toMatchObject({ enabled: false, pauseReason, version: 2, appliedVersion: 2 })
    // Saving an older version is refused, instead of undoing the pause.
    expect(await changeDefinition(world.context, adopted, { enabled: true }, 1)).toBe(false)
    // The scheduler drops requests while it still applies the adoption: an operator would click again.
    await eventually(
      async () => {
        await handle.unpause()
        return (await handle.describe()).state.paused
      },
      (paused) => !paused,
    )
    await eventually(
      async () => {
        await reconcileDefinitions(world.context)
        return definitionOf(id)
      },
      ({ enabled }) => enabled,
    )
    await reconcileDefinitions(world.context)
    expect(await occurrencesOf(id)).toEqual([])
  })

  it('ignores an occurrence that the engine has started and no worker has opened yet', async () => {
    await world.stopWorker()
    const { id } = await neglected(1)
    const due = (await definitionOf(id)).accountedUntil.getTime() - 60_000 + dayMs
    const scheduledFor = new Date(Math.floor(due / 60_000) * 60_000)
    await startAsTheEngineDoes(id, scheduledFor)
    expect(await reconcileDefinitions(world.context)).toMatchObject({ started: 0, skipped: 0 })
    expect(await occurrencesOf(id)).toEqual([])
    expect((await definitionOf(id)).accountedUntil.getTime()).toBeLessThan(scheduledFor.getTime())
    await world.startWorker()
    expect(await rowsOnceSettled(id, 1)).toEqual(['completed'])
  })

  it.each([
    ['was started in time and waited days for a worker', 0, { origin: 'schedule', skipReason: 'missed' }],
    ['was started within the window', dayMs, { origin: 'schedule', skipReason: 'missed' }],
    ['was started later, by an operator', 2 * dayMs, { origin: 'backfill', status: 'completed' }],
  ])('tells by its start what the engine caught up: %s', async (_what, startedAfterMs, expected) => {
    const { id } = await world.define({ missedRuns: 'none' })
    const scheduledFor = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 3 * dayMs)
    const { workflow } = world.temporal
    const getHandle = workflow.getHandle.bind(workflow)
    const asIfStartedThen = vi.spyOn(workflow, 'getHandle').mockImplementation((...of) => {
      const handle = getHandle(...of)
      const startTime = new Date(scheduledFor.getTime() + startedAfterMs)
      return { ...handle, describe: async () => ({ ...(await handle.describe()), startTime }) }
    })
    try {
      await startAsTheEngineDoes(id, scheduledFor).then((run) => run.result())
    } finally {
      asIfStartedThen.mockRestore()
    }
    const rows = await occurrencesOf(id)
    expect(rows).toMatchObject([expected])
    // Also in the log of one that was skipped when it was opened.
    expect(await world.log(rows[0]?.number ?? 0)).toMatchObject({ scheduled_for: scheduledFor.toISOString() })
  })
})

describe('a database restored from a backup', () => {
  it('runs nothing again that the engine knows, and gives no number twice', async () => {
    const { id } = await neglected(1, { recipients: ['restauration@ville.test'] })
    const before = await definitionOf(id)
    await reconcileDefinitions(world.context)
    expect(await rowsOnceSettled(id, 1)).toEqual(['completed'])
    const [row] = await occurrencesOf(id)
    await world.workflowEnded(row?.number ?? 0)

    // The backup was taken before all this.
    await world.prisma.report.deleteMany({ where: { scheduledReportId: id } })
    await world.prisma.scheduledReport.update({
      where: { id },
      data: { accountedUntil: before.accountedUntil },
    })
    const older = Math.max(1, (row?.number ?? 0) - 1)
    await world.prisma.$executeRaw`SELECT setval(pg_get_serial_sequence('report', 'number'), ${older})`

    await eventually(
      () => reconcileDefinitions(world.context),
      ({ skipped }) => skipped === 1,
    )
    const [again] = await occurrencesOf(id)
    expect(again).toMatchObject({ status: 'skipped', skipReason: 'already_run', runIds: row?.runIds })
    expect(again?.number).toBeGreaterThan(row?.number ?? 0)
    expect(world.mail.mailsFor('restauration@ville.test')).toHaveLength(1)

    // The recipients come from the engine's run, the status from the row, in the log as in the list.
    expect(await world.log(again?.number ?? 0)).toMatchObject({
      status: 'skipped',
      skip_reason: 'already_run',
      delivery: 'none',
      recipients: [{ email: 'restauration@ville.test', status: 'sent' }],
    })

    const backfill = async (repeat: boolean) => {
      const at = again?.scheduledFor ?? new Date()
      const outcome = await world.engine.backfill(id, { from: at, to: at, again: repeat })
      return outcome.ok ? outcome.occurrences.map(({ action }) => action) : outcome.code
    }
    expect(await backfill(false)).toEqual(['already_run'])
    expect(await occurrencesOf(id)).toMatchObject([{ status: 'skipped', skipReason: 'already_run' }])
    expect(world.mail.mailsFor('restauration@ville.test')).toHaveLength(1)
    expect(await backfill(true)).toEqual(['repeated'])
    expect(await rowsOnceSettled(id, 2)).toEqual(['already_run', 'completed'])
    expect(world.mail.mailsFor('restauration@ville.test')).toHaveLength(2)
  })
})

describe('of what may not be late', () => {
  it.each([
    ['runs ten minutes after its time, as the last of many', 10, 'completed'],
    ['is missed above fifteen minutes', 16, 'missed'],
  ])('an occurrence %s', async (_what, minutes, expected) => {
    const { id } = await world.define({
      frequency: 'custom',
      cronExpression: '* * * * *',
      missedRuns: 'none',
    })
    const scheduledFor = new Date(Math.floor(Date.now() / 60_000 - minutes) * 60_000)
    await (await startAsTheEngineDoes(id, scheduledFor)).result()
    expect(await rowsOnceSettled(id, 1)).toEqual([expected])
  })
})

describe('a change during an outage', () => {
  it('accounts for what was due until then under the old definition', async () => {
    const { id } = await neglected(2, { missedRuns: 'none' })
    expect(await changeInOutage(id, { enabled: false })).toBe(true)
    expect(await rowsOnceSettled(id, 2)).toEqual(['missed', 'missed'])
    expect(await definitionOf(id)).toMatchObject({ enabled: false, version: 2 })
  })

  it.each([
    ['moved', {}],
    ['paused', { enabled: false, accountedUntil: minutesAgo(45) }],
  ])('runs the newest occurrence that was due before it was %s', async (_what, since) => {
    const recipient = `avant-${randomUUID()}@ville.test`
    const { id } = await neglected(2, { missedRuns: 'latest', recipients: [recipient] })
    await changeInOutage(id, { time: timeOf(minutesAgo(30)) })
    await world.prisma.scheduledReport.update({ where: { id }, data: since })
    await startQueuedOf(id)
    expect(await rowsOnceSettled(id, 2)).toEqual(['replaced_by_newer', 'completed'])
    // Its result starts nothing else.
    await world.workflowEnded((await occurrencesOf(id)).at(-1)?.number ?? 0)
    expect(await occurrencesOf(id)).toHaveLength(2)
    expect(world.mail.mailsFor(recipient)).toHaveLength(1)
  })

  it('skips it when a newer occurrence was due, under any timing', async () => {
    const { id } = await neglected(1, { missedRuns: 'latest' })
    await changeInOutage(id, { time: timeOf(minutesAgo(30)) })
    // As if the change had been made earlier.
    await world.prisma.scheduledReport.update({ where: { id }, data: { accountedUntil: minutesAgo(45) } })
    await changeInOutage(id, { name: 'encore' })
    await startQueuedOf(id)
    expect(await rowsOnceSettled(id, 2)).toEqual(['replaced_by_newer', 'completed'])
  })

  it('counts nothing as due while an operator has paused it', async () => {
    const { id } = await neglected(2)
    await world.engine.applySchedule(id)
    await world.temporal.schedule.getHandle(scheduleIdFor(id)).pause('inventaire')
    await changeDefinition(world.context, await definitionOf(id), { name: 'retouché' })
    expect(await occurrencesOf(id)).toEqual([])
  })

  it('accounts for the definitions of an account that is closed', async () => {
    const context = { ...world.context, temporal: unreachableEngine(world.environment.TEMPORAL_NAMESPACE) }
    const { id, ownerId } = await neglected(2, { missedRuns: 'all' })
    const began = Date.now()
    await accountForOwner(context, ownerId)
    // An unreachable engine does not keep the caller waiting.
    expect(Date.now() - began).toBeLessThan(10_000)
    expect(await occurrencesOf(id)).toHaveLength(2)
    const { accountedUntil } = await definitionOf(id)
    expect(accountedUntil.getTime()).toBeGreaterThan(Date.now() - 60_000)
  })

  it('ends an occurrence that the engine catches up under the old timing as no longer due', async () => {
    const { id } = await world.define({ time: '08:00', timeZone: 'UTC' })
    await world.engine.applySchedule(id)
    await changeInOutage(id, { time: '23:30' })
    await world.prisma.scheduledReport.update({
      where: { id },
      data: { accountedUntil: new Date('2026-01-01T00:00:00Z') },
    })
    const result = await startAsTheEngineDoes(id, new Date('2026-03-10T08:00:00Z')).then((run) =>
      run.result(),
    )
    expect(result).toMatchObject({ status: 'no_longer_due' })
    const due = await startAsTheEngineDoes(id, new Date('2026-03-10T23:30:00Z')).then((run) => run.result())
    expect(due).toMatchObject({ status: 'completed' })
    expect(await occurrencesOf(id)).toHaveLength(1)
  })

  it('that are to come are neither claimed nor passed over, whoever asks for it', async () => {
    const definition = await world.define()
    const { id } = definition
    const tomorrow = new Date(Date.now() + dayMs)
    await advance(world.context, [definition], tomorrow)
    expect((await definitionOf(id)).accountedUntil.getTime()).toBeLessThanOrEqual(Date.now())
    await expect(
      accountForOccurrences(world.context, { ...definition, accountedUntil: new Date() }, tomorrow),
    ).rejects.toThrow('is still to come')
    expect(await world.engine.backfill(id, { from: new Date(), to: tomorrow })).toEqual({
      ok: true,
      occurrences: [],
    })
    const run = await startAsTheEngineDoes(id, tomorrow)
    const { workflowId } = run
    await eventually(
      async () => (await run.describe()).raw.pendingActivities?.[0]?.lastFailure?.message ?? '',
      (message) => message.includes('is still to come'),
    )
    await world.temporal.workflow.getHandle(workflowId).terminate()
    expect(await occurrencesOf(id)).toEqual([])
  })

  it('writes only at the given version', async () => {
    const definition = await world.define()
    expect(await changeDefinition(world.context, definition, { name: 'un' }, 1)).toBe(true)
    expect(await changeDefinition(world.context, definition, { name: 'deux' }, 1)).toBe(false)
    expect(await definitionOf(definition.id)).toMatchObject({ name: 'un', version: 2 })
  })
})

async function changeInOutage(id: string, change: Parameters<typeof changeDefinition>[2]) {
  const dead = unreachableEngine(world.environment.TEMPORAL_NAMESPACE)
  return changeDefinition({ ...world.context, temporal: dead }, await definitionOf(id), change)
}

/** Starts queued reports, as the sweep does when the engine is back. */
async function startQueuedOf(id: string) {
  for (const row of await occurrencesOf(id)) {
    if (row.status === 'queued') await world.engine.startReport(row.number)
  }
}

/** Starts an occurrence as a Schedule does: with its workflow id, its nominal time and the definition's id only. */
function startAsTheEngineDoes(id: string, scheduledFor: Date) {
  return world.temporal.workflow.start(workflowTypes.report, {
    workflowId: workflowIdForOccurrence(id, scheduledFor),
    taskQueue: taskQueues.reports,
    args: [{ scheduledReportId: id }],
    typedSearchAttributes: [{ key: nominalTimeKey, value: scheduledFor }],
  })
}
