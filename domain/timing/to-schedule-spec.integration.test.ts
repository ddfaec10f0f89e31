import type { ScheduleSpecDescription } from '@temporalio/client'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allZones, arbitraryNow, arbitraryTiming } from '#test/arbitrary-timing.ts'
import { MatchingTimes } from '#test/matching-times.ts'
import { clockChanges } from './clock-changes.ts'
import { nextRuns, runsBetween } from './next-runs.ts'
import { parseTiming } from './parse-timing.ts'
import { scheduleHorizon, toScheduleSpec } from './to-schedule-spec.ts'
import type { Timing, TimingInput } from './timing.ts'

const dayMs = 86_400_000
const now = new Date('2026-11-10T12:00:00Z')

let server: MatchingTimes

beforeAll(async () => {
  server = await MatchingTimes.open()
})
afterAll(async () => await server.close())

describe('the server’s matching times', () => {
  it('are the preview, for thousands of timings, zones and dates', async () => {
    const drawn = new Set<string>()
    const zones = new Set<string>()
    const property = fc.asyncProperty(arbitraryTiming, arbitraryNow, fc.nat(), async (timing, at, pick) => {
      drawn.add(`${timing.timeZone} ${timing.expression}`)
      zones.add(timing.timeZone)
      await expectServerAgrees(timing, at, windowFrom(timing, at, pick))
    })
    // The server answers dozens at once faster than one after another. Each lane draws with a seed of its own,
    // which fast-check prints when the lane fails.
    const lanes = await Promise.allSettled(
      Array.from({ length: 32 }, async () => await fc.assert(property, { numRuns: 66 })),
    )
    for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason
    expect(drawn.size).toBeGreaterThanOrEqual(2000)
    expect(zones.size).toBeGreaterThanOrEqual(300)
  }, 600_000)

  it('are the preview in every zone over ten years', async () => {
    const to = new Date(now.getTime() + 3650 * dayMs)
    const horizon = scheduleHorizon(now)
    // Half of all zones only have another's name for the same clock.
    const clocks = new Map<string, string>()
    for (const zone of allZones) {
      const offset = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }).format(
        now,
      )
      clocks.set(JSON.stringify([offset, clockChanges(zone, horizon.from, horizon.to)]), zone)
    }
    const cases = [...clocks.values()].flatMap((timeZone) =>
      ['30 2 * * *', '0 * * 3,4,9-11 SUN', '30 0 1 * *'].map((cronExpression) =>
        parsed({ frequency: 'custom', cronExpression, timeZone }),
      ),
    )
    await inLanes(cases, async (timing) => await expectServerAgrees(timing, now, [now, to]))
    expect(allZones.length).toBeGreaterThan(400)
    expect(clocks.size).toBeGreaterThan(70)
  }, 600_000)

  // docs/timing.md says what the engine itself makes of each of these.
  it.each<[string, TimingInput, from: string, to: string, expected: string[]]>([
    [
      'daily at an hour that the day lacks',
      { frequency: 'daily', time: '02:30', timeZone: 'Europe/Paris' },
      '2027-03-27T12:00Z',
      '2027-03-29T12:00Z',
      ['2027-03-28T01:00', '2027-03-29T00:30'],
    ],
    [
      'daily at an hour that comes twice',
      { frequency: 'daily', time: '02:30', timeZone: 'Europe/Paris' },
      '2027-10-30T12:00Z',
      '2027-11-01T12:00Z',
      ['2027-10-31T00:30', '2027-11-01T01:30'],
    ],
    [
      'daily at an hour that comes twice, west of Greenwich',
      { frequency: 'daily', time: '01:30', timeZone: 'America/New_York' },
      '2027-11-07T00:00Z',
      '2027-11-08T12:00Z',
      ['2027-11-07T05:30', '2027-11-08T06:30'],
    ],
    [
      'daily in the hour before the one that comes twice',
      { frequency: 'daily', time: '01:30', timeZone: 'Europe/Paris' },
      '2027-10-30T12:00Z',
      '2027-11-01T12:00Z',
      ['2027-10-30T23:30', '2027-11-01T00:30'],
    ],
    [
      'hourly over the hour that comes twice',
      { frequency: 'custom', cronExpression: '0 * * * *', timeZone: 'Europe/Paris' },
      '2027-10-30T23:00Z',
      '2027-10-31T02:30Z',
      ['2027-10-30T23:00', '2027-10-31T00:00', '2027-10-31T01:00', '2027-10-31T02:00'],
    ],
    [
      'weekly on a day without a midnight',
      { frequency: 'weekly', weekdays: [7], time: '08:00', timeZone: 'America/Santiago' },
      '2027-08-30T00:00Z',
      '2027-09-13T00:00Z',
      ['2027-09-05T11:00', '2027-09-12T11:00'],
    ],
    [
      'a day of the month or a weekday',
      { frequency: 'custom', cronExpression: '0 8 1 * MON', timeZone: 'UTC' },
      '2026-11-30T00:00Z',
      '2026-12-08T00:00Z',
      ['2026-11-30T08:00', '2026-12-01T08:00', '2026-12-07T08:00'],
    ],
    [
      'the 31st',
      { frequency: 'monthly', monthDay: '31', timeZone: 'UTC' },
      '2027-01-01T00:00Z',
      '2027-06-01T00:00Z',
      ['2027-01-31T08:00', '2027-03-31T08:00', '2027-05-31T08:00'],
    ],
    [
      'the last day of the month',
      { frequency: 'monthly', monthDay: 'last', time: '00:30', timeZone: 'Europe/Paris' },
      '2027-12-01T00:00Z',
      '2028-03-31T12:00Z',
      ['2027-12-30T23:30', '2028-01-30T23:30', '2028-02-28T23:30', '2028-03-30T22:30'],
    ],
    [
      'day 7 of the week',
      { frequency: 'custom', cronExpression: '0 8 * * 7', timeZone: 'UTC' },
      '2026-11-10T00:00Z',
      '2026-11-23T00:00Z',
      ['2026-11-15T08:00', '2026-11-22T08:00'],
    ],
  ])('%s', async (_name, input, from, to, expected) => {
    const timing = parsed(input)
    await expectServerAgrees(timing, now, [new Date(from), new Date(to)])
    const runs = [...runsBetween(timing, new Date(from), new Date(to))].map((run) =>
      run.toISOString().slice(0, 16),
    )
    expect(runs).toEqual(expected)
  })

  it.each([
    // The most calendars (402) among 6,000 rules made up to need many.
    ['24,28,29,38,44 1,2,6,13-16,18-23 5,8,10,22,28,29 * 1,4,6', 'Asia/Gaza', '2047-06-15'],
    // Gaza's Ramadan ends a week before its summer time does: the shortest that any zone keeps an offset.
    ['0 1-3 * * *', 'Asia/Gaza', '2040-10-10'],
    // The last years that the engine knows.
    ['30 2 * * *', 'Europe/Paris', '2099-06-15'],
    ['0 0 29 2 *', 'Europe/Paris', '2093-01-01'],
  ])('are the preview of %s %s made at %s', async (cronExpression, timeZone, made) => {
    const timing = parsed({ frequency: 'custom', cronExpression, timeZone })
    const at = new Date(made)
    const next = nextRuns(timing, at, 1500)
    await expectServerAgrees(timing, at, [at, next.at(-1)!])
    expect(next.length).toBeGreaterThan(0)
  })

  it('go on past the last clock change that the calendars name', async () => {
    // A leap day on a Sunday: 2032, 2060.
    const timing = parsed({ frequency: 'custom', cronExpression: '0 8 29 2 */7', timeZone: 'Europe/Paris' })
    const later = new Date('2033-01-01T00:00:00Z')
    const times = await server.withSchedule(
      toScheduleSpec(timing, later),
      async (id) => await server.between(id, later, new Date('2061-01-01Z')),
    )
    expect(times).toEqual(nextRuns(timing, later, 1))
  })
})

describe('what the server describes', () => {
  it('has the calendars exactly as they were given', async () => {
    for (const timing of fc.sample(arbitraryTiming, 20)) {
      const spec = await server.withSchedule(toScheduleSpec(timing, now), describeSpec)
      expect(spec.calendars).toEqual(toScheduleSpec(timing, now).calendars)
      expect(spec.timezone ?? 'UTC').toBe('UTC')
    }
  })

  it('has the spread in the same milliseconds, and none without one', async () => {
    const timing = parsed({ frequency: 'daily', time: '09:00', timeZone: 'Europe/Paris' })
    for (const spreadMinutes of [1, 10, 90]) {
      const spec = await server.withSchedule(toScheduleSpec(timing, now, spreadMinutes), describeSpec)
      expect(spec.jitter).toBe(toScheduleSpec(timing, now, spreadMinutes).jitter)
      expect(spec.calendars).toEqual(toScheduleSpec(timing, now).calendars)
    }
    const spec = await server.withSchedule(toScheduleSpec(timing, now, 0), describeSpec)
    expect(spec.jitter).toBe(toScheduleSpec(timing, now, 0).jitter)
    expect(spec.jitter).toBeUndefined()
  })
})

type Window = [from: Date, to: Date]

async function expectServerAgrees(timing: Timing, at: Date, [from, to]: Window): Promise<void> {
  const times = await server.withSchedule(
    toScheduleSpec(timing, at),
    async (scheduleId) => await server.between(scheduleId, from, to),
  )
  const name = `${timing.expression} ${timing.timeZone} at ${at.toISOString()} from ${from.toISOString()}`
  expectSame(times, runsBetween(timing, from, to), name)
}

/** Compares thousands of instants a hundred times as fast as `toEqual`, which only words what differs. */
function expectSame(actual: readonly Date[], expected: Iterable<Date>, name: string): void {
  const runs = [...expected]
  const same =
    actual.length === runs.length && runs.every((run, index) => run.getTime() === actual[index]?.getTime())
  if (!same) expect(actual, name).toEqual(runs)
}

/**
 * From three days before some clock change of all the years that a Schedule made at that time keeps, four hundred
 * runs long: for a daily timing more than a year, with the changes in it.
 */
function windowFrom(timing: Timing, at: Date, pick: number): Window {
  const { from, to } = scheduleHorizon(at)
  const changes = clockChanges(timing.timeZone, from, to)
  const anywhere = from.getTime() + ((pick * 60_000) % (to.getTime() - from.getTime()))
  // A minutely timing would not come to the change within so many runs.
  const before = timing.minutes.length * timing.hours.length > 300 ? dayMs / 12 : 3 * dayMs
  const start = new Date((changes[pick % changes.length]?.at ?? anywhere) - before)
  const first = start < from ? from : start
  let count = 0
  for (const run of runsBetween(timing, first, to)) {
    count += 1
    if (count === 400) return [first, run]
  }
  return [first, to]
}

/** Many at once: the server is slower when its queue is empty. */
async function inLanes<Item>(items: readonly Item[], check: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      for (const item of queue) await check(item)
    }),
  )
}

async function describeSpec(scheduleId: string): Promise<ScheduleSpecDescription> {
  return (await server.client.schedule.getHandle(scheduleId).describe()).spec
}

function parsed(input: TimingInput): Timing {
  const result = parseTiming(input)
  if (!result.ok) throw new Error(JSON.stringify(result.issues))
  return result.timing
}
