import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allZones, arbitraryTiming } from '#test/arbitrary-timing.ts'
import { clockChanges } from './clock-changes.ts'
import { nextRuns, runsBetween } from './next-runs.ts'
import { parseTiming } from './parse-timing.ts'
import { isHourly, matchesDate } from './timing.ts'
import type { Timing } from './timing.ts'

const minuteMs = 60_000
const hourMs = 3_600_000

function cron(cronExpression: string, timeZone: string): Timing {
  const result = parseTiming({ frequency: 'custom', cronExpression, timeZone })
  if (!result.ok) throw new Error(JSON.stringify(result.issues))
  return result.timing
}

function between(timing: Timing, from: string, to: string): string[] {
  return [...runsBetween(timing, new Date(from), new Date(to))].map((run) => run.toISOString().slice(0, 16))
}

describe('when clocks change', () => {
  it('runs a time that the day lacks at the first instant after the gap', () => {
    const timing = cron('30 2 * * *', 'Europe/Paris')
    expect(between(timing, '2027-03-27T00:00Z', '2027-03-30T00:00Z')).toEqual([
      '2027-03-27T01:30',
      '2027-03-28T01:00',
      '2027-03-29T00:30',
    ])
  })

  it('runs a time that occurs twice the first time', () => {
    const timing = cron('30 2 * * *', 'Europe/Paris')
    expect(between(timing, '2027-10-30T12:00Z', '2027-11-01T12:00Z')).toEqual([
      '2027-10-31T00:30',
      '2027-11-01T01:30',
    ])
    const american = cron('30 1 * * *', 'America/New_York')
    expect(between(american, '2027-11-07T00:00Z', '2027-11-08T12:00Z')).toEqual([
      '2027-11-07T05:30',
      '2027-11-08T06:30',
    ])
  })

  it('runs once for several times that the day lacks', () => {
    const timing = cron('*/15 2,3 * * *', 'Europe/Paris')
    expect(between(timing, '2027-03-28T00:00Z', '2027-03-28T12:00Z')).toEqual([
      '2027-03-28T01:00',
      '2027-03-28T01:15',
      '2027-03-28T01:30',
      '2027-03-28T01:45',
    ])
  })

  it('runs midnight of a day that starts later, and keeps its weekday', () => {
    // Santiago, Sunday 5 September 2027: 24:00 on Saturday becomes 01:00 on Sunday.
    const timing = cron('0 0 * * SUN', 'America/Santiago')
    expect(between(timing, '2027-09-01T00:00Z', '2027-09-13T00:00Z')).toEqual([
      '2027-09-05T04:00',
      '2027-09-12T03:00',
    ])
  })

  it('runs a date that a zone never had at the first instant after', () => {
    // Samoa went from 29 to 31 December 2011.
    const timing = cron('0 8 30 12 *', 'Pacific/Apia')
    expect(between(timing, '2011-12-01T00:00Z', '2012-01-31T00:00Z')).toEqual(['2011-12-30T10:00'])
  })

  it('runs hourly timings once in each real hour', () => {
    for (const minute of [0, 30, 59])
      for (const zone of ['Europe/Paris', 'America/New_York', 'Pacific/Chatham', 'Asia/Kolkata']) {
        const runs = nextRuns(cron(`${minute} * * * *`, zone), new Date('2027-01-01T00:00Z'), 366 * 24)
        const distances = new Set(runs.slice(1).map((run, index) => run.getTime() - runs[index]!.getTime()))
        expect([...distances], `${minute} ${zone}`).toEqual([hourMs])
      }
  })

  it('runs hourly timings in an hour cut short by half', () => {
    // Lord Howe Island goes from 02:00 to 02:30, at 15:30 UTC: the hour from 2 has no minute 0.
    const timing = cron('0 * * * *', 'Australia/Lord_Howe')
    expect(between(timing, '2027-10-02T14:00Z', '2027-10-02T17:00Z')).toEqual([
      '2027-10-02T14:30',
      '2027-10-02T15:30',
      '2027-10-02T16:00',
      '2027-10-02T17:00',
    ])
  })

  it('follows the rules in every zone over ten years, minute by minute', () => {
    const from = new Date('2026-11-10T00:00Z')
    const to = new Date('2036-11-10T00:00Z')
    let changes = 0
    for (const zone of allZones) {
      const timings = ['30 2 * * *', '*/20 0-3 * * *', '15 * * * SAT-SUN', '0 23 * * *'].map((text) =>
        cron(text, zone),
      )
      for (const { at } of clockChanges(zone, from, to)) {
        changes += 1
        const clock = minutesShown(zone, at - 3 * hourMs, at + 3 * hourMs)
        for (const timing of timings)
          expect(runsIn(timing, at), `${timing.expression} ${zone} ${new Date(at).toISOString()}`).toEqual(
            expectedRuns(timing, clock).filter((run) => Math.abs(run - at) <= 2 * hourMs),
          )
      }
    }
    expect(changes).toBeGreaterThan(1000)
  }, 300_000)

  it('follows the rules for any timing', () => {
    const from = new Date('2026-11-10T00:00Z')
    const to = new Date('2036-11-10T00:00Z')
    fc.assert(
      fc.property(arbitraryTiming, fc.nat(), (timing, pick) => {
        const changes = clockChanges(timing.timeZone, from, to)
        const at =
          changes.length > 0
            ? changes[pick % changes.length]!.at
            : from.getTime() + (pick % 5_000_000) * minuteMs
        const clock = minutesShown(timing.timeZone, at - 3 * hourMs, at + 3 * hourMs)
        expect(runsIn(timing, at)).toEqual(
          expectedRuns(timing, clock).filter((run) => Math.abs(run - at) <= 2 * hourMs),
        )
      }),
      { numRuns: 500 },
    )
  }, 300_000)
})

describe('runsBetween', () => {
  it('includes both ends', () => {
    const timing = cron('0 8 * * *', 'UTC')
    expect(between(timing, '2026-11-10T08:00Z', '2026-11-11T08:00Z')).toEqual([
      '2026-11-10T08:00',
      '2026-11-11T08:00',
    ])
    expect(between(timing, '2026-11-10T08:01Z', '2026-11-10T08:01Z')).toEqual([])
    expect(between(timing, '2026-11-11T08:00Z', '2026-11-10T08:00Z')).toEqual([])
  })

  it('gives the same runs when the range is split anywhere, in order and each once', () => {
    const start = Date.UTC(2027, 2, 1)
    fc.assert(
      fc.property(
        arbitraryTiming,
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (timing, days, part) => {
          const end = start + Math.ceil(days / (timing.minutes.length * timing.hours.length)) * 24 * hourMs
          const cut = Math.floor(start + (end - start) * part)
          const times = (from: number, to: number) =>
            [...runsBetween(timing, new Date(from), new Date(to))].map(Number)
          const whole = times(start, end)
          expect([...times(start, cut), ...times(cut + 1, end)]).toEqual(whole)
          expect(whole).toEqual([...new Set(whole)].sort((a, b) => a - b))
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('nextRuns', () => {
  it('starts after the given instant', () => {
    const timing = cron('0 8 * * *', 'UTC')
    expect(nextRuns(timing, new Date('2026-11-10T08:00:00Z'), 1)).toEqual([new Date('2026-11-11T08:00Z')])
    expect(nextRuns(timing, new Date('2026-11-10T07:59:59.999Z'), 1)).toEqual([new Date('2026-11-10T08:00Z')])
    expect(nextRuns(timing, new Date('2026-11-10T08:00:00Z'), 0)).toEqual([])
  })

  it('finds the last day of each month', () => {
    const result = parseTiming({ frequency: 'monthly', monthDay: 'last', time: '18:00', timeZone: 'UTC' })
    if (!result.ok) throw new Error('refused')
    const days = nextRuns(result.timing, new Date('2027-11-01T00:00Z'), 5).map((run) =>
      run.toISOString().slice(0, 10),
    )
    expect(days).toEqual(['2027-11-30', '2027-12-31', '2028-01-31', '2028-02-29', '2028-03-31'])
  })

  it('ends with the year 2100', () => {
    const timing = cron('0 0 1 1 *', 'Europe/Paris')
    expect(nextRuns(timing, new Date('2099-06-01T00:00Z'), 5)).toHaveLength(2)
  })
})

interface ShownMinute {
  instant: number
  /** What the clock shows, in milliseconds as if UTC. */
  wall: number
}

/** Every real minute with what the zone's clock shows, straight from `Intl`: the reference of these tests. */
function minutesShown(timeZone: string, from: number, to: number): ShownMinute[] {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  const minutes: ShownMinute[] = []
  for (let instant = from; instant <= to; instant += minuteMs) {
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = format
      .format(instant)
      .split(/\D+/)
      .map(Number)
    minutes.push({ instant, wall: Date.UTC(year, month - 1, day, hour, minute) })
  }
  return minutes
}

/** The rules of docs/timing.md, applied one minute after another. */
function expectedRuns(timing: Timing, clock: readonly ShownMinute[]): number[] {
  const runs: number[] = []
  const shown = new Set<number>()
  let before: ShownMinute | undefined
  for (const minute of clock) {
    const first = !shown.has(minute.wall)
    const gap =
      before && minute.wall - before.wall > minuteMs ? wallTimes(before.wall + minuteMs, minute.wall) : []
    shown.add(minute.wall)
    before = minute
    if (isHourly(timing)) {
      const hourStart = Math.floor(minute.wall / hourMs) * hourMs
      const wholeHour = wallTimes(hourStart, hourStart + hourMs)
      const lost =
        gap.length > 0 &&
        gap.length < 60 &&
        minute.wall > hourStart &&
        wholeHour.some((wall) => matches(timing, wall)) &&
        !wholeHour.some((wall) => !gap.includes(wall) && matches(timing, wall))
      if (matches(timing, minute.wall) || lost) runs.push(minute.instant)
    } else if ((first && matches(timing, minute.wall)) || gap.some((wall) => matches(timing, wall))) {
      runs.push(minute.instant)
    }
  }
  return runs
}

function wallTimes(from: number, to: number): number[] {
  return Array.from({ length: (to - from) / minuteMs }, (_, index) => from + index * minuteMs)
}

function matches(timing: Timing, wall: number): boolean {
  const date = new Date(wall)
  return (
    timing.minutes.includes(date.getUTCMinutes()) &&
    timing.hours.includes(date.getUTCHours()) &&
    matchesDate(timing, date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCDay())
  )
}

function runsIn(timing: Timing, at: number): number[] {
  return [...runsBetween(timing, new Date(at - 2 * hourMs), new Date(at + 2 * hourMs))].map(Number)
}
