/**
 * How the engine itself treats times, measured, beside what Rapporteur gives it instead. A release of the engine
 * that changes one of these fails here; docs/timing.md describes them.
 */

import type { ScheduleSpec } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MatchingTimes } from '#test/matching-times.ts'
import { nextRuns } from './next-runs.ts'
import { parseTiming } from './parse-timing.ts'
import { toScheduleSpec } from './to-schedule-spec.ts'
import type { Timing, TimingInput } from './timing.ts'

const now = new Date('2026-11-10T12:00:00Z')

let server: MatchingTimes

beforeAll(async () => {
  server = await MatchingTimes.open()
})
afterAll(async () => await server.close())

interface Trap {
  trap: string
  /** A cron expression, given to both, or its closest equivalent in the engine's own terms. */
  engine: string | ScheduleSpec
  here: string | TimingInput
  timeZone: string
  from: string
  to: string
  engineRuns: string[]
  runs: string[]
}

const paris = 'Europe/Paris'
const spring = { timeZone: paris, from: '2027-03-27T12:00Z', to: '2027-03-29T12:00Z' }
const autumn = { timeZone: paris, from: '2027-10-30T12:00Z', to: '2027-11-01T00:00Z' }
const winter = { timeZone: 'UTC', from: '2027-01-15T00:00Z', to: '2027-03-02T00:00Z' }

const traps: Trap[] = [
  {
    trap: 'a time that the day lacks: the engine leaves the day out',
    ...both('30 2 * * *'),
    ...spring,
    engineRuns: ['2027-03-29T00:30'],
    runs: ['2027-03-28T01:00', '2027-03-29T00:30'],
  },
  {
    trap: 'a time that comes twice: the engine takes the second',
    ...both('30 2 * * *'),
    ...autumn,
    engineRuns: ['2027-10-31T01:30'],
    runs: ['2027-10-31T00:30'],
  },
  {
    trap: 'the hour before the one that comes twice: the engine fires in it and an hour later',
    ...both('30 1 * * *'),
    ...autumn,
    engineRuns: ['2027-10-30T23:30', '2027-10-31T00:30'],
    runs: ['2027-10-30T23:30'],
  },
  {
    trap: 'a time that comes twice, west of Greenwich: the engine fires twice',
    ...both('30 1 * * *'),
    timeZone: 'America/New_York',
    from: '2027-11-07T00:00Z',
    to: '2027-11-08T00:00Z',
    engineRuns: ['2027-11-07T05:30', '2027-11-07T06:30'],
    runs: ['2027-11-07T05:30'],
  },
  {
    trap: 'hourly over the hour that comes twice: the engine leaves one out',
    ...both('0 * * * *'),
    timeZone: paris,
    from: '2027-10-30T23:00Z',
    to: '2027-10-31T02:00Z',
    engineRuns: ['2027-10-30T23:00', '2027-10-31T00:00', '2027-10-31T02:00'],
    runs: ['2027-10-30T23:00', '2027-10-31T00:00', '2027-10-31T01:00', '2027-10-31T02:00'],
  },
  {
    trap: 'a day without a midnight: the engine leaves the day out',
    ...both('0 8 * * SUN'),
    timeZone: 'America/Santiago',
    from: '2027-09-04T00:00Z',
    to: '2027-09-13T00:00Z',
    engineRuns: ['2027-09-12T11:00'],
    runs: ['2027-09-05T11:00', '2027-09-12T11:00'],
  },
  {
    trap: '… and takes it for the day before',
    ...both('0 8 * * SAT'),
    timeZone: 'America/Santiago',
    from: '2027-09-04T00:00Z',
    to: '2027-09-10T00:00Z',
    engineRuns: ['2027-09-04T12:00', '2027-09-05T11:00'],
    runs: ['2027-09-04T12:00'],
  },
  {
    trap: 'both day fields: the engine wants both, cron either',
    ...both('0 8 1 * MON'),
    ...winter,
    engineRuns: ['2027-02-01T08:00', '2027-03-01T08:00'],
    runs: [18, 25].map((day) => `2027-01-${day}T08:00`).concat(mondaysFromFebruary()),
  },
  {
    trap: 'two calendars: the engine fires for either',
    engine: {
      calendars: [
        { dayOfMonth: 1, hour: 8 },
        { dayOfWeek: 'MONDAY', hour: 8 },
      ],
    },
    here: '0 8 1 * MON',
    ...winter,
    engineRuns: [18, 25].map((day) => `2027-01-${day}T08:00`).concat(mondaysFromFebruary()),
    runs: [18, 25].map((day) => `2027-01-${day}T08:00`).concat(mondaysFromFebruary()),
  },
  {
    trap: 'the 31st: both leave out months without one',
    ...both('0 8 31 * *'),
    timeZone: 'UTC',
    from: '2027-01-01T00:00Z',
    to: '2027-06-01T00:00Z',
    engineRuns: ['2027-01-31T08:00', '2027-03-31T08:00', '2027-05-31T08:00'],
    runs: ['2027-01-31T08:00', '2027-03-31T08:00', '2027-05-31T08:00'],
  },
  {
    trap: 'the last day of the month: the engine needs a calendar for each length',
    engine: {
      calendars: [
        { month: ['JANUARY', 'MARCH'], dayOfMonth: 31, hour: 8 },
        { month: 'FEBRUARY', dayOfMonth: 28, hour: 8 },
      ],
    },
    here: { frequency: 'monthly', monthDay: 'last', timeZone: 'UTC' },
    timeZone: 'UTC',
    from: '2028-01-01T00:00Z',
    to: '2028-04-01T00:00Z',
    engineRuns: ['2028-01-31T08:00', '2028-02-28T08:00', '2028-03-31T08:00'],
    runs: ['2028-01-31T08:00', '2028-02-29T08:00', '2028-03-31T08:00'],
  },
  {
    trap: 'day 7 of the week: Sunday for both',
    ...both('0 8 * * 7'),
    timeZone: 'UTC',
    from: '2026-11-10T00:00Z',
    to: '2026-11-23T00:00Z',
    engineRuns: ['2026-11-15T08:00', '2026-11-22T08:00'],
    runs: ['2026-11-15T08:00', '2026-11-22T08:00'],
  },
  {
    trap: 'a day field that starts with a star: both must match for both',
    ...both('0 8 */2 * MON'),
    ...winter,
    engineRuns: ['2027-01-25T08:00', '2027-02-01T08:00', '2027-02-15T08:00', '2027-03-01T08:00'],
    runs: ['2027-01-25T08:00', '2027-02-01T08:00', '2027-02-15T08:00', '2027-03-01T08:00'],
  },
  {
    trap: 'an interval of a day: the engine counts from 1970 in UTC, whatever the time zone',
    engine: { intervals: [{ every: '1 day' }] },
    here: '0 0 * * *',
    ...spring,
    engineRuns: ['2027-03-28T00:00', '2027-03-29T00:00'],
    runs: ['2027-03-27T23:00', '2027-03-28T22:00'],
  },
]

describe('the engine by itself, and here', () => {
  it.each(traps)('$trap', async ({ engine, here, timeZone, from, to, engineRuns, runs }) => {
    const spec = typeof engine === 'string' ? { cronExpressions: [engine] } : engine
    expect(await matching({ ...spec, timezone: timeZone }, from, to)).toEqual(engineRuns)
    const timing = parsed(
      typeof here === 'string' ? { frequency: 'custom', cronExpression: here, timeZone } : here,
    )
    expect(await matching(toScheduleSpec(timing, now), from, to)).toEqual(runs)
  })

  // The second column: the engine's own refusal, or the runs of the first days of 2027 that it makes of it.
  it.each<[expression: string, engine: RegExp | string[], here: RegExp]>([
    ['0 0 8 * * *', ['2027-01-08T00:00', '2027-02-08T00:00'], /Write 0 8 \* \* \*\.$/],
    ['0 0 8 1 * * *', ['2027-01-01T08:00', '2027-02-01T08:00'], /neither seconds nor years/],
    ['0 8 * 1 1#2', [4, 11, 18, 25].map((day) => `2027-01-${String(day).padStart(2, '0')}T08:00`), /“#”/],
    ['0 8 L * *', /DayOfMonth is not in range/, /“last day of the month”/],
    ['61 8 * * *', /Minute is not in range/, /Write a number from 0 to 59/],
    ['0 8 31 2 *', [], /would never run/],
    ['@every 480h', ['2027-01-02T00:00', '2027-01-22T00:00', '2027-02-11T00:00'], /Write a step/],
    ['@reboot', /does not have 5-7 fields/, /is not a time/],
    ['0 22-6 * * *', /End is before Start/, /Write 22-23,0-6/],
    ['*/0 8 * * *', /invalid Step/, /Write a step of 1 or more/],
  ])('refused here: %s', async (expression, engine, here) => {
    const spec = { cronExpressions: [expression], timezone: 'UTC' }
    const measured = matching(spec, '2027-01-01T00:00Z', '2027-03-01T00:00Z')
    if (engine instanceof RegExp) await expect(measured).rejects.toThrow(engine)
    else expect(await measured).toEqual(engine)
    const result = parseTiming({ frequency: 'custom', cronExpression: expression, timeZone: 'UTC' })
    expect(result.ok ? [] : result.issues.map(({ message }) => message.en)).toEqual([
      expect.stringMatching(here),
    ])
  })

  it('refused by the engine, accepted here: a span that ends on Sunday', async () => {
    await expect(
      matching({ cronExpressions: ['0 8 * * FRI-SUN'] }, '2027-01-01Z', '2027-01-08Z'),
    ).rejects.toThrow(/DayOfWeek End is before Start/)
    const timing = parsed({ frequency: 'custom', cronExpression: '0 8 * * FRI-SUN', timeZone: 'UTC' })
    expect(nextRuns(timing, new Date('2027-01-01Z'), 4).map((run) => run.getUTCDay())).toEqual([5, 6, 0, 5])
  })

  it('an unknown time zone: refused by the engine when the Schedule is made, here before', async () => {
    const spec = { cronExpressions: ['0 8 * * *'], timezone: 'Mars/Base' }
    await expect(matching(spec, '2027-01-01Z', '2027-01-08Z')).rejects.toThrow('unknown time zone Mars/Base')
    const result = parseTiming({ frequency: 'daily', timeZone: 'Mars/Base' })
    expect(result.ok ? [] : result.issues.map(({ path }) => path)).toEqual(['time_zone'])
  })
})

function both(expression: string): { engine: string; here: string } {
  return { engine: expression, here: expression }
}

function mondaysFromFebruary(): string[] {
  return ['02-01', '02-08', '02-15', '02-22', '03-01'].map((day) => `2027-${day}T08:00`)
}

async function matching(spec: ScheduleSpec, from: string, to: string): Promise<string[]> {
  const times = await server.withSchedule(
    spec,
    async (id) => await server.between(id, new Date(from), new Date(to)),
  )
  return times.map((time) => time.toISOString().slice(0, 16))
}

function parsed(input: TimingInput): Timing {
  const result = parseTiming(input)
  if (!result.ok) throw new Error(JSON.stringify(result.issues))
  return result.timing
}
