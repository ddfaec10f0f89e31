import { Client, Connection } from '@temporalio/client'
import type { ScheduleDescription } from '@temporalio/client'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { arbitraryTiming, unusualZones } from '#test/arbitrary-timing.ts'
import { createTestNamespace } from '#test/temporal-namespace.ts'
import { clockChanges } from './clock-changes.ts'
import { nextRuns, runsBetween } from './next-runs.ts'
import { parseTiming } from './parse-timing.ts'
import { scheduleHorizon, toScheduleSpec } from './to-schedule-spec.ts'
import type { Timing, TimingInput } from './timing.ts'

const dayMs = 86_400_000
const now = new Date('2026-11-10T12:00:00Z')

let namespace = ''
let connection: Connection
let client: Client

beforeAll(async () => {
  const testNamespace = await createTestNamespace()
  namespace = testNamespace.TEMPORAL_NAMESPACE
  connection = await Connection.connect({ address: testNamespace.TEMPORAL_ADDRESS })
  client = new Client({ connection, namespace })
})
afterAll(async () => await connection.close())

describe('the server’s matching times', () => {
  it('are the preview, for any timing, around each clock change of the next two years', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTiming, async (timing) => {
        const changes = clockChanges(timing.timeZone, now, new Date(now.getTime() + 730 * dayMs))
        // A minutely timing has thousands of matching times within a few days.
        const radius = timing.minutes.length * timing.hours.length > 300 ? dayMs : 3 * dayMs
        const windows = changes.map(({ at }): Window => [new Date(at - radius), new Date(at + radius)])
        await expectServerAgrees(timing, [...windows, windowOfRuns(timing, 200)])
      }),
      { numRuns: 150 },
    )
  }, 120_000)

  it('are the preview where clocks change in unusual ways, over ten years', async () => {
    for (const timeZone of unusualZones)
      for (const cronExpression of ['30 2 * * *', '0 * * * SUN']) {
        const timing = parsed({ frequency: 'custom', cronExpression, timeZone })
        const changes = clockChanges(timeZone, now, new Date(now.getTime() + 3650 * dayMs))
        await expectServerAgrees(
          timing,
          changes.map(({ at }): Window => [new Date(at - 2 * dayMs), new Date(at + 2 * dayMs)]),
        )
      }
  }, 120_000)

  // What the engine makes of each of these by itself is told in docs/timing.md.
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
    await expectServerAgrees(timing, [[new Date(from), new Date(to)]])
    const runs = [...runsBetween(timing, new Date(from), new Date(to))].map((run) =>
      run.toISOString().slice(0, 16),
    )
    expect(runs).toEqual(expected)
  })

  it('go on past the last clock change that the calendars name', async () => {
    // A leap day on a Sunday: 2032, 2060.
    const timing = parsed({ frequency: 'custom', cronExpression: '0 8 29 2 */7', timeZone: 'Europe/Paris' })
    const later = new Date('2033-01-01T00:00:00Z')
    const times = await withSchedule(
      timing,
      later,
      async (id) => await serverTimes(id, later, new Date('2061-01-01Z')),
    )
    expect(times).toEqual(nextRuns(timing, later, 1))
  })
})

describe('what the server describes', () => {
  it('is the calendars in the same words', async () => {
    for (const timing of fc.sample(arbitraryTiming, 20)) {
      const { spec } = await withSchedule(timing, now, describeSchedule)
      expect(spec.calendars).toEqual(toScheduleSpec(timing, now).calendars)
      expect(spec.timezone ?? 'UTC').toBe('UTC')
    }
  })

  it('is the spread in the same milliseconds, and nothing without one', async () => {
    const timing = parsed({ frequency: 'daily', time: '09:00', timeZone: 'Europe/Paris' })
    for (const spreadMinutes of [1, 10, 90]) {
      const { spec } = await withSchedule(timing, now, describeSchedule, spreadMinutes)
      expect(spec.jitter).toBe(toScheduleSpec(timing, now, spreadMinutes).jitter)
      expect(spec.calendars).toEqual(toScheduleSpec(timing, now).calendars)
    }
    const { spec } = await withSchedule(timing, now, describeSchedule, 0)
    expect(spec.jitter).toBe(toScheduleSpec(timing, now, 0).jitter)
    expect(spec.jitter).toBeUndefined()
  })
})

it('a spread delays each start by less than its minutes, and never past the next time due', async () => {
  for (const [cronExpression, spreadMinutes] of [
    ['0 9 * * *', 30],
    ['*/5 * * * *', 30],
  ] as const) {
    const timing = parsed({ frequency: 'custom', cronExpression, timeZone: 'Europe/Paris' })
    const due = nextRuns(timing, now, 201)
    const starts = await withSchedule(
      timing,
      now,
      async (scheduleId) => await serverTimes(scheduleId, due[0]!, new Date(due[200]!.getTime() - 1)),
      spreadMinutes,
    )
    for (const [index, start] of starts.entries()) {
      const delay = start.getTime() - due[index]!.getTime()
      const gap = due[index + 1]!.getTime() - due[index]!.getTime()
      expect(delay, `${cronExpression} ${due[index]!.toISOString()}`).toBeGreaterThanOrEqual(0)
      expect(delay, `${cronExpression} ${due[index]!.toISOString()}`).toBeLessThan(
        Math.min(spreadMinutes * 60_000, gap),
      )
    }
    expect(starts).toHaveLength(200)
    expect(
      new Set(starts.map((start, index) => start.getTime() - due[index]!.getTime())).size,
    ).toBeGreaterThan(50)
  }
})

async function describeSchedule(scheduleId: string): Promise<ScheduleDescription> {
  return await client.schedule.getHandle(scheduleId).describe()
}

type Window = [from: Date, to: Date]

async function expectServerAgrees(timing: Timing, windows: readonly Window[]): Promise<void> {
  await withSchedule(timing, now, async (scheduleId) => {
    for (const [from, to] of windows) {
      const name = `${timing.expression} ${timing.timeZone} from ${from.toISOString()}`
      expect(await serverTimes(scheduleId, from, to), name).toEqual([...runsBetween(timing, from, to)])
    }
  })
}

async function withSchedule<Result>(
  timing: Timing,
  at: Date,
  use: (scheduleId: string) => Promise<Result>,
  spreadMinutes = 0,
): Promise<Result> {
  const scheduleId = crypto.randomUUID()
  const handle = await client.schedule.create({
    scheduleId,
    spec: toScheduleSpec(timing, at, spreadMinutes),
    state: { paused: true },
    action: { type: 'startWorkflow', workflowType: 'none', taskQueue: 'none', args: [] },
  })
  try {
    return await use(scheduleId)
  } finally {
    await handle.delete()
  }
}

/** Both ends included; the server leaves the start out and stops at 1,000 times. */
async function serverTimes(scheduleId: string, from: Date, to: Date): Promise<Date[]> {
  const times: Date[] = []
  let after = from.getTime() - 1000
  for (;;) {
    const { startTime } = await client.workflowService.listScheduleMatchingTimes({
      namespace,
      scheduleId,
      startTime: timestamp(after),
      endTime: timestamp(to.getTime()),
    })
    const page = (startTime ?? []).map(({ seconds }) => new Date(Number(seconds) * 1000))
    times.push(...page)
    if (page.length < 1000) return times
    after = page.at(-1)!.getTime()
  }
}

type Timestamp = NonNullable<
  Parameters<typeof client.workflowService.listScheduleMatchingTimes>[0] extends {
    startTime?: infer T | null
  }
    ? T
    : never
>

function timestamp(instant: number): Timestamp {
  return { seconds: Math.floor(instant / 1000) as unknown as Timestamp['seconds'] }
}

function windowOfRuns(timing: Timing, count: number): Window {
  const last = nextRuns(timing, now, count).at(-1) ?? now
  const { to } = scheduleHorizon(now)
  return [now, last < to ? last : to]
}

function parsed(input: TimingInput): Timing {
  const result = parseTiming(input)
  if (!result.ok) throw new Error(JSON.stringify(result.issues))
  return result.timing
}
