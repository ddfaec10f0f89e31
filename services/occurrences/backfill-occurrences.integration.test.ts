import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { workflowIdForNumber, workflowIdForOccurrence } from '#contract/names.ts'
import type { Report, ScheduledReport } from '#prisma/client/client.ts'
import { eventually } from '#test/eventually.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { planBackfill } from './backfill-occurrences.ts'
import { nextReportNumbers } from '../reports/create-report-row.ts'
import { occurrenceSnapshot } from '../definitions/occurrence-snapshot.ts'

let world: ReportWorld

beforeAll(async () => {
  world = await ReportWorld.create()
  await world.startWorker()
})
afterAll(() => world.close())

/** A day of the week in which 08:00 became 09:00. */
const at = (day: number, time: string) => new Date(`2026-03-0${day}T${time}Z`)
const week = { from: at(2, '00:00:00'), to: at(6, '23:59:59') }

/** A definition that is due at 09:00 now, and was due at another time before. */
function retimed(recipient: string): Promise<ScheduledReport> {
  return world.define({ time: '09:00', timeZone: 'UTC', recipients: [recipient] })
}

async function reported(
  definition: ScheduledReport,
  scheduledFor: Date,
  outcome: Pick<Report, 'status'> & Partial<Pick<Report, 'skipReason' | 'repetition' | 'origin'>>,
): Promise<number> {
  const [number = 0] = await nextReportNumbers(world.prisma, 1)
  const ran = outcome.status === 'skipped' ? null : scheduledFor
  await world.prisma.report.create({
    data: {
      ...occurrenceSnapshot(world.context.catalogue, definition),
      number,
      scheduledReportId: definition.id,
      scheduledFor,
      origin: 'schedule',
      workflowId: outcome.repetition
        ? workflowIdForNumber(number)
        : workflowIdForOccurrence(definition.id, scheduledFor),
      startedAt: ran,
      finishedAt: scheduledFor,
      ...outcome,
    },
  })
  return number
}

describe('a backfill over days on which another time was due', () => {
  it('runs what was skipped or failed then, and sends nothing twice', async () => {
    const recipient = 'horaire@ville.test'
    const definition = await retimed(recipient)
    for (const day of [2, 3, 4, 5, 6])
      await reported(definition, at(day, '09:00:00'), { status: 'completed' })
    const skipped = await reported(definition, at(2, '08:00:00'), { status: 'skipped', skipReason: 'missed' })
    const failed = await reported(definition, at(3, '08:00:00'), { status: 'failed' })
    await reported(definition, at(4, '08:00:00'), { status: 'completed' })
    await reported(definition, at(5, '08:00:00'), { status: 'skipped', skipReason: 'already_run' })
    // Outside of the period.
    await reported(definition, at(1, '08:00:00'), { status: 'failed' })

    const outcome = await world.engine.backfill(definition.id, week)
    const done = outcome.ok ? outcome.occurrences.filter(({ action }) => action !== 'already_run') : []
    expect(done).toEqual([
      { scheduledFor: at(2, '08:00:00'), action: 'started' },
      { scheduledFor: at(3, '08:00:00'), action: 'relaunched' },
    ])
    for (const number of [skipped, failed])
      await eventually(
        () => world.row(number),
        ({ status }) => status === 'completed',
      )
    expect(world.mail.mailsFor(recipient)).toHaveLength(2)

    const left = await planBackfill(world.prisma, definition, week)
    expect(left.map(({ scheduledFor }) => scheduledFor.getUTCHours())).toEqual([9, 9, 9, 9, 9])
    const again = await planBackfill(world.prisma, definition, { ...week, again: true })
    expect(again.map(({ scheduledFor, action }) => [scheduledFor, action])).toEqual(
      [2, 3, 4, 5, 6].flatMap((day) => [
        ...(day === 6 ? [] : [[at(day, '08:00:00'), 'repeated']]),
        [at(day, '09:00:00'), 'repeated'],
      ]),
    )
  })

  it('decides by the newest report of each, ignores starts by hand, and keeps its limit', async () => {
    const definition = await retimed('limite@ville.test')
    const other = await retimed('autre@ville.test')
    await reported(other, at(2, '08:00:00'), { status: 'failed' })
    await reported(definition, at(2, '08:00:00'), { status: 'completed' })
    const repeated = { origin: 'backfill', repetition: 1 }
    const newest = await reported(definition, at(2, '08:00:00'), { status: 'failed', ...repeated })
    await reported(definition, at(3, '08:00:00'), { status: 'failed' })
    await reported(definition, at(3, '08:00:00'), { status: 'completed', ...repeated })
    await reported(definition, at(4, '08:00:07'), { status: 'failed' })
    await reported(definition, at(4, '08:30:00'), { status: 'failed', origin: 'run_now' })
    await reported(definition, at(5, '08:00:00'), { status: 'cancelled' })

    const plan = async (limit?: number) =>
      (await planBackfill(world.prisma, definition, week, limit)).map(({ scheduledFor, action, report }) => [
        scheduledFor.toISOString().slice(8, 16),
        report?.number === newest ? 'the newest' : action,
      ])
    const whole = [
      ['02T08:00', 'the newest'],
      ['02T09:00', 'started'],
      ['03T09:00', 'started'],
      ['04T09:00', 'started'],
      ['05T08:00', 'relaunched'],
      ['05T09:00', 'started'],
      ['06T09:00', 'started'],
    ]
    expect(await plan()).toEqual(whole)
    for (const limit of [1, 2, 5]) expect(await plan(limit)).toEqual(whole.slice(0, limit))

    const hour = { from: at(5, '07:30:00'), to: at(5, '08:00:00') }
    expect(await planBackfill(world.prisma, definition, hour)).toMatchObject([{ action: 'relaunched' }])
  })
})
