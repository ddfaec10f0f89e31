/**
 * What the engine's Schedules do with times, measured: what they describe and list, and what a spread (the engine's
 * jitter) moves. A release of the engine that changes one of these fails here; docs/timing.md describes them.
 */

import type {
  CalendarSpec,
  Month,
  ScheduleDescription,
  ScheduleHandle,
  ScheduleSpec,
} from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '#test/eventually.ts'
import { MatchingTimes } from '#test/matching-times.ts'
import { nextRuns } from './next-runs.ts'
import { parseTiming } from './parse-timing.ts'
import { toScheduleSpec } from './to-schedule-spec.ts'

const now = new Date('2026-11-10T12:00:00Z')
const minuteMs = 60_000

let server: MatchingTimes

beforeAll(async () => {
  server = await MatchingTimes.open()
})
afterAll(async () => await server.close())

describe('Schedules of the engine', () => {
  it('describe calendars, never the cron string; what follows # becomes their comment', async () => {
    const spec = await server.withSchedule(
      { cronExpressions: ['15 8 * * 1#2'] },
      async (id) => (await server.client.schedule.getHandle(id).describe()).spec,
    )
    expect(spec).not.toHaveProperty('cronExpressions')
    expect(spec.calendars).toMatchObject([
      { minute: [{ start: 15 }], hour: [{ start: 8 }], dayOfWeek: [{ start: 'MONDAY' }], comment: '2' },
    ])
  })

  it('list matching times after the start, up to the end, a thousand at most', async () => {
    const at = (text: string) => new Date(`2027-01-${text}:00Z`)
    await server.withSchedule({ calendars: [{ minute: '*', hour: '*' }] }, async (id) => {
      expect(await server.page(id, at('01T00:00'), at('01T00:02'))).toEqual([at('01T00:01'), at('01T00:02')])
      expect(await server.page(id, at('01T00:00'), at('02T00:00'))).toHaveLength(1000)
    })
  })

  it('catch up for a year unless told otherwise, and show the next ten times', async () => {
    const { policies, info } = await server.withSchedule(
      { calendars: [{ hour: 8 }] },
      async (id) => await server.client.schedule.getHandle(id).describe(),
    )
    expect(policies.catchupWindow).toBe(365 * 24 * 3_600_000)
    expect(info.nextActionTimes).toHaveLength(10)
  })

  it('go on after an update that does not say they are paused', async () => {
    await server.withSchedule({ calendars: [{ hour: 8 }] }, async (id) => {
      const handle = server.client.schedule.getHandle(id)
      expect((await handle.describe()).state.paused).toBe(true)
      await handle.update(({ state: _state, ...rest }) => ({ ...rest, state: {} }))
      const { state } = await eventually(
        async () => await handle.describe(),
        ({ state: { paused } }) => !paused,
      )
      expect(state.paused).toBe(false)
    })
  })
})

describe('a spread', () => {
  const daily: ScheduleSpec = { calendars: [{ hour: 8 }], timezone: 'UTC', jitter: 10 * minuteMs }
  const from = new Date('2027-01-01T00:00:00Z')
  const to = new Date('2027-01-31T00:00:00Z')
  const due = (day: number) => Date.UTC(2027, 0, day, 8)

  it.each([
    ['0 9 * * *', 30],
    ['*/5 * * * *', 30],
  ])(
    'of %s over %i minutes delays each start by less, and never to the next time due',
    async (cron, spread) => {
      const result = parseTiming({ frequency: 'custom', cronExpression: cron, timeZone: 'Europe/Paris' })
      if (!result.ok) throw new Error(JSON.stringify(result.issues))
      const times = nextRuns(result.timing, now, 201).map(Number)
      const starts = await server.withSchedule(
        toScheduleSpec(result.timing, now, spread),
        async (id) => await server.page(id, new Date(times[0]! - 1), new Date(times[200]! - 1)),
      )
      const delays = starts.map((start, index) => start.getTime() - times[index]!)
      expect(delays).toHaveLength(200)
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(0)
      const maxDelayMs = Math.min(spread * minuteMs, times[1]! - times[0]!)
      expect(Math.max(...delays)).toBeLessThan(maxDelayMs)
      expect(Math.max(...delays)).toBeGreaterThan(maxDelayMs / 2)
      expect(new Set(delays).size).toBeGreaterThan(100)
    },
  )

  it('delays the same time due of the same Schedule always alike, and in proportion', async () => {
    const scheduleId = crypto.randomUUID()
    const delays = async (id: string, jitter: number) =>
      await server.withSchedule(
        { ...daily, jitter },
        async () => (await server.page(id, from, to)).map((start, index) => start.getTime() - due(index + 1)),
        id,
      )
    const first = await delays(scheduleId, 10 * minuteMs)
    expect(first).toHaveLength(30)
    expect(await delays(scheduleId, 10 * minuteMs)).toEqual(first)
    for (const [index, delay] of (await delays(scheduleId, 5 * minuteMs)).entries())
      expect(Math.abs(delay - first[index]! / 2)).toBeLessThanOrEqual(1)
    expect(await delays(crypto.randomUUID(), 10 * minuteMs)).not.toEqual(first)
  })

  it('shows in listed and described times: neither is a list of the times due', async () => {
    await server.withSchedule(daily, async (id) => {
      const [start] = await server.page(id, from, to)
      const delay = start!.getTime() - due(1)
      expect(delay).toBeGreaterThan(0)
      // A range begins by the time due and ends by the start.
      expect((await server.page(id, new Date(due(1)), to))[0]!.getTime()).toBeGreaterThan(due(2))
      expect(await server.page(id, from, new Date(start!.getTime() - 1))).toEqual([])
      const { info } = await server.client.schedule.getHandle(id).describe()
      for (const time of info.nextActionTimes)
        expect(time.getTime() % (24 * 60 * minuteMs)).toBeGreaterThan(due(1) % (24 * 60 * minuteMs))
    })
  })

  it('makes a backfill of the time due alone start nothing: the range must reach the start', async () => {
    await server.withSchedule(daily, async (id) => {
      const handle = server.client.schedule.getHandle(id)
      const [start] = await server.page(id, new Date(due(2) - 1), to)
      await handle.backfill({ start: new Date(due(1)), end: new Date(due(1)), overlap: 'ALLOW_ALL' })
      await handle.backfill({ start: new Date(due(2)), end: start!, overlap: 'ALLOW_ALL' })
      const started = await eventually(
        async () => await startedBy(handle),
        (ids) => ids.length > 0,
      )
      expect(started.map((workflowId) => workflowId.slice(-20))).toEqual(['2027-01-02T08:00:00Z'])
    })
  })

  it('leaves the time due in the workflow id and in TemporalScheduledStartTime', async () => {
    const { handle, dueAt, startAt } = await waitingStart()
    const { info } = await eventually(
      async () => await handle.describe(),
      ({ info }) => info.recentActions.length > 0,
      // On a busy machine the server's own timers are late.
      { withinMs: 120_000 },
    )
    const workflowId = `${handle.scheduleId}-${wholeSeconds(dueAt)}`
    expect(info.recentActions[0]).toMatchObject({
      scheduledAt: startAt,
      action: { workflow: { workflowId } },
    })
    const { searchAttributes } = await server.client.workflow.getHandle(workflowId).describe()
    expect(searchAttributes.TemporalScheduledStartTime).toEqual([dueAt])
    await handle.delete()
  }, 180_000)

  it('keeps a start that waits through an edit, but loses it when the edit moves it to the past', async () => {
    const [edited, shortened] = await Promise.all([
      startsAfterEdit(({ spec }) => spec),
      startsAfterEdit(({ spec }) => ({ ...spec, jitter: 0 })),
    ])
    expect(edited).toEqual(['due', 'next'])
    expect(shortened).toEqual(['next'])
  }, 300_000)
})

interface WaitingStart {
  handle: ScheduleHandle
  /** Seconds from now. */
  dueAt: Date
  /** Some seconds later. */
  startAt: Date
  /** Twenty seconds after the first; its own start waits less than a second. */
  nextDueAt: Date
}

/** A Schedule that is not paused, with a start about to wait. How long an id waits, only the server knows. */
async function waitingStart(): Promise<WaitingStart> {
  for (;;) {
    const dueAt = new Date(Math.ceil(Date.now() / 1000) * 1000 + 3000)
    const nextDueAt = new Date(dueAt.getTime() + 20_000)
    const times = [dueAt, nextDueAt, new Date(nextDueAt.getTime() + 1000)]
    const scheduleId = crypto.randomUUID()
    const handle = await server.client.schedule.create({
      scheduleId,
      spec: { calendars: times.map(atSecond), timezone: 'UTC', jitter: minuteMs },
      policies: { overlap: 'ALLOW_ALL' },
      action: { type: 'startWorkflow', workflowType: 'none', taskQueue: 'none', workflowId: scheduleId },
    })
    const [startAt] = await server.page(scheduleId, new Date(dueAt.getTime() - 1), nextDueAt)
    const delay = startAt!.getTime() - dueAt.getTime()
    if (delay > 6000 && delay < 14_000 && Date.now() < dueAt.getTime())
      return { handle, dueAt, startAt: startAt!, nextDueAt }
    await handle.delete()
  }
}

/** Which of the two times due start after an edit that comes while the first waits. */
async function startsAfterEdit(
  edit: (before: ScheduleDescription) => ScheduleSpec,
): Promise<('due' | 'next')[]> {
  for (;;) {
    const { handle, dueAt, startAt, nextDueAt } = await waitingStart()
    await eventually(
      async () => Date.now(),
      (at) => at > dueAt.getTime() + 500,
    )
    await handle.update((before) => ({ ...before, spec: edit(before) }))
    const inTime = Date.now() < startAt.getTime() - 1000
    const ids = [dueAt, nextDueAt].map((at) => `${handle.scheduleId}-${wholeSeconds(at)}`)
    const started = inTime
      ? await eventually(
          async () => await startedBy(handle),
          (started) => started.includes(ids[1]!),
          // On a busy machine the server's own timers are late.
          { withinMs: 120_000 },
        )
      : []
    await handle.delete()
    // On a slow machine the edit may have come after the start: try again.
    if (inTime) return (['due', 'next'] as const).filter((_, index) => started.includes(ids[index]!))
  }
}

async function startedBy(handle: ScheduleHandle): Promise<string[]> {
  const { info } = await handle.describe()
  return info.recentActions.map(({ action }) => action.workflow.workflowId)
}

const wholeSeconds = (at: Date) => `${at.toISOString().slice(0, 19)}Z`
const monthName = new Intl.DateTimeFormat('en-US', { month: 'long', timeZone: 'UTC' })

function atSecond(at: Date): CalendarSpec {
  return {
    year: at.getUTCFullYear(),
    month: monthName.format(at).toUpperCase() as Month,
    dayOfMonth: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
  }
}
