import { describe, expect, it } from 'vitest'
import { parseTiming } from './parse-timing.ts'
import { scheduleHorizon, toScheduleSpec } from './to-schedule-spec.ts'
import type { Timing, TimingInput } from './timing.ts'

const now = new Date('2026-11-10T12:00:00Z')

function timing(input: Partial<TimingInput>): Timing {
  const result = parseTiming({ frequency: 'daily', timeZone: 'Europe/Paris', ...input })
  if (!result.ok) throw new Error(JSON.stringify(result.issues))
  return result.timing
}

function cron(cronExpression: string, timeZone: string): Timing {
  return timing({ frequency: 'custom', cronExpression, timeZone })
}

describe('toScheduleSpec', () => {
  it('needs one calendar where clocks never change', () => {
    const { calendars, timezone } = toScheduleSpec(
      timing({ time: '08:30', timeZone: 'Africa/Kinshasa' }),
      now,
    )
    expect(timezone).toBe('UTC')
    expect(calendars).toEqual([
      {
        second: [{ start: 0, end: 0, step: 1 }],
        minute: [{ start: 30, end: 30, step: 1 }],
        hour: [{ start: 7, end: 7, step: 1 }],
        dayOfMonth: [{ start: 1, end: 31, step: 1 }],
        month: [{ start: 'JANUARY', end: 'DECEMBER', step: 1 }],
        year: [],
        dayOfWeek: [{ start: 'SUNDAY', end: 'SATURDAY', step: 1 }],
        comment: '30 8 * * * Africa/Kinshasa',
      },
    ])
  })

  it('needs one calendar for an hourly rule, whatever clocks do', () => {
    for (const zone of ['Europe/Paris', 'America/New_York', 'Pacific/Chatham', 'Asia/Kolkata'])
      expect(toScheduleSpec(cron('*/15 * * * *', zone), now).calendars, zone).toHaveLength(1)
    const [calendar] = toScheduleSpec(cron('0 * * * *', 'Asia/Kolkata'), now).calendars ?? []
    expect(calendar).toMatchObject({
      minute: [{ start: 30, end: 30, step: 1 }],
      hour: [{ start: 0, end: 23, step: 1 }],
    })
  })

  it('stays small where clocks change', () => {
    const count = (input: Timing) => toScheduleSpec(input, now).calendars?.length ?? 0
    expect(count(timing({}))).toBeLessThanOrEqual(30)
    expect(count(timing({ time: '02:30' }))).toBeLessThanOrEqual(36)
    expect(count(timing({ frequency: 'weekly', weekdays: [1, 2, 3, 4, 5] }))).toBeLessThanOrEqual(30)
    expect(count(timing({ frequency: 'monthly', monthDay: 'last' }))).toBeLessThanOrEqual(12)
    expect(count(cron('* 8-18 * * MON-FRI', 'Europe/Paris'))).toBeLessThanOrEqual(30)
  })

  it('uses no cron strings, intervals or skips', () => {
    const spec = toScheduleSpec(timing({ time: '02:30' }), now)
    expect(Object.keys(spec).sort()).toEqual(['calendars', 'timezone'])
  })

  it('takes a spread in minutes as milliseconds, and nothing else changes', () => {
    const { jitter, ...rest } = toScheduleSpec(timing({}), now, 10)
    expect(jitter).toBe(600_000)
    expect(rest).toEqual(toScheduleSpec(timing({}), now))
    expect(toScheduleSpec(timing({}), now, 0)).not.toHaveProperty('jitter')
  })

  it('does not change from day to day, nor from year to year within five', () => {
    const daily = timing({})
    expect(toScheduleSpec(daily, new Date('2027-03-29T00:00:00Z'))).toEqual(toScheduleSpec(daily, now))
    expect(toScheduleSpec(daily, new Date('2029-12-31T23:59:59Z'))).toEqual(toScheduleSpec(daily, now))
    expect(toScheduleSpec(daily, new Date('2030-01-01T00:00:00Z'))).not.toEqual(toScheduleSpec(daily, now))
  })

  it('is the same for equivalent timings', () => {
    expect(toScheduleSpec(cron('0 8 * * *', 'europe/paris'), now)).toEqual(toScheduleSpec(timing({}), now))
  })

  it('keeps comments within what the engine takes', () => {
    const minutes = Array.from({ length: 60 }, (_, minute) => minute).join()
    const spec = toScheduleSpec(cron(`${minutes} 1 * * *`, 'America/Argentina/ComodRivadavia'), now)
    for (const { comment } of spec.calendars ?? []) expect(comment?.length).toBeLessThanOrEqual(200)
  })
})

describe('scheduleHorizon', () => {
  it('ends with the engine’s calendar, and no calendar names a later year', () => {
    for (const year of [2085, 2090, 2099, 2100, 2107]) {
      const at = new Date(Date.UTC(year, 5, 15))
      expect(scheduleHorizon(at).to.getTime()).toBeLessThan(Date.UTC(2101, 0, 1))
      for (const { year: years } of toScheduleSpec(timing({ time: '02:30' }), at).calendars ?? [])
        expect(JSON.stringify(years)).not.toMatch(/21(?!00)\d\d/)
    }
  })

  it('reaches at least five years back and ten ahead', () => {
    for (let year = 2024; year < 2046; year += 1)
      for (const month of [0, 11]) {
        const at = new Date(Date.UTC(year, month, 15))
        const { from, to } = scheduleHorizon(at)
        expect(from.getTime()).toBeLessThanOrEqual(Date.UTC(year - 5, month, 15))
        expect(to.getTime()).toBeGreaterThanOrEqual(Date.UTC(year + 10, month, 15))
      }
  })
})
