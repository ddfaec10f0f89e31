import { expect, it } from 'vitest'
import { offsetPeriods, periodIndexAt } from './zone-offsets.ts'

const dayMs = 86_400_000

/** Zones with the shortest periods, with changes of other than an hour, and with a day that never was. */
const zones = [
  'Asia/Gaza',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Pacific/Fiji',
  'Pacific/Apia',
  'Asia/Pyongyang',
  'Australia/Lord_Howe',
  'Antarctica/Casey',
  'Antarctica/Troll',
  'Europe/Paris',
]

it.each(zones)('the periods of %s are what its clock shows on each day until 2100', (timeZone) => {
  const from = Date.UTC(2005, 0, 1)
  const to = Date.UTC(2101, 0, 1)
  const periods = offsetPeriods(timeZone, from, to)
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  for (let instant = from; instant < to; instant += dayMs) {
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = format
      .format(instant)
      .split(/\D+/)
      .map(Number)
    const shown = Date.UTC(year, month - 1, day, hour, minute)
    const { offset } = periods[periodIndexAt(periods, instant)]!
    if (shown !== instant + offset)
      expect(new Date(instant + offset), new Date(instant).toISOString()).toEqual(new Date(shown))
  }
  for (const [index, { start, offset }] of periods.entries()) {
    if (index === 0) continue
    expect(periods[index - 1]!.end).toBe(start)
    expect(periods[index - 1]!.offset).not.toBe(offset)
  }
})

it('the periods of Gaza hold the shortest of all, a week less an hour', () => {
  const periods = offsetPeriods('Asia/Gaza', Date.UTC(2040, 0, 1), Date.UTC(2040, 11, 31))
  const lengths = periods.slice(1, -1).map(({ start, end }) => (end - start) / 3_600_000)
  expect(Math.min(...lengths)).toBe(7 * 24 - 1)
})
