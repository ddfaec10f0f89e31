import { describe, expect, it } from 'vitest'
import { firstDay, isoDay, localDay, momentOf, timestamp, utcDay, weekday } from './calendar.ts'

const dayOf = (iso: string) => utcDay(Date.parse(iso))

describe('days', () => {
  it('have their date and weekday', () => {
    expect(isoDay(firstDay)).toBe('2025-01-01')
    expect(weekday(dayOf('2026-11-22'))).toBe(7)
    expect(weekday(dayOf('2026-11-23'))).toBe(1)
    expect(isoDay(dayOf('1899-12-31'))).toBe('1899-12-31')
  })

  it('are as long as the clock makes them', () => {
    const hours = (iso: string) => {
      const { startMs, endMs, changesClock } = localDay(dayOf(iso), 'Europe/Paris')
      return [(endMs - startMs) / 3_600_000, changesClock]
    }
    expect(hours('2026-03-29')).toEqual([23, true])
    expect(hours('2026-10-25')).toEqual([25, true])
    expect(hours('2026-10-26')).toEqual([24, false])
  })
})

describe('momentOf', () => {
  const moments = (iso: string, count: number) =>
    Array.from({ length: count }, (_, index) =>
      momentOf(localDay(dayOf(iso), 'Europe/Paris'), {
        index,
        count,
        jitter: 0.5,
        micros: 7,
        hours: [9, 18],
      }),
    ).map(({ ms, micros }) => timestamp(ms, micros))

  it('puts them in order, within the hours', () => {
    const texts = moments('2026-11-18', 20)
    expect(texts).toEqual([...texts].sort())
    expect(texts[0]).toBe('2026-11-18 08:13:30.000007+00'.replace(' ', 'T'))
  })

  it('puts one at each end of a month, to the microsecond', () => {
    expect(moments('2026-11-01', 12)[0]).toBe('2026-10-31T23:00:00.000000+00')
    expect(moments('2026-11-30', 12).at(-1)).toBe('2026-11-30T22:59:59.999999+00')
  })

  it('puts one in each of the two hours from two to three on the day that has both', () => {
    const texts = moments('2026-10-25', 12)
    expect(texts).toEqual([...texts].sort())
    expect(texts.filter((text) => /T0[01]:30/.test(text))).toEqual([
      '2026-10-25T00:30:00.000007+00',
      '2026-10-25T01:30:00.000007+00',
    ])
  })
})
